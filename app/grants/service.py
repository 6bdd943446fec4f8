"""What the product can do with grants: have accounts connected by consent, list them, and give them back."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.accounts.caller import Caller
from app.connections.contract import CredentialsForm, NewConnection
from app.connections.fields import NAME_LENGTH
from app.connections.refusals import require_may_create
from app.connections.secrets import SecretBox
from app.connections.service import ConnectionService
from app.db import Database
from app.errors import AlreadyExists, ConsentRefused, NotFound, SluiceError, TooBusy
from app.grants.answers import Account, Issued
from app.grants.consents import Consent, ConsentStore
from app.grants.contract import Begun, Completed, Grant, Provider
from app.grants.oauth import GoogleOAuth
from app.grants.origins import allowed_redirect, hearing_origin
from app.grants.store import GrantStore
from app.settings import Settings

logger = logging.getLogger(__name__)

KINDS = {Provider.GOOGLE_DRIVE: "gdrive"}
"""The kind of storage that an account of each provider is connected as."""

DRIVE_SCOPES = frozenset(
    f"https://www.googleapis.com/auth/{name}" for name in ("drive", "drive.file", "drive.readonly")
)
"""Any one of these lets files be read."""

_REVOKING_SECONDS = 5.0
_ATTEMPTS = 3

_NO_CONSENT = "This consent is not under way (any more). Begin anew, and finish it within ten minutes."
_NOT_DRIVE = "Access to Google Drive was not granted. Begin anew, and leave its box ticked."
_NOT_OFFLINE = (
    "Google has given no lasting (offline) access. Remove this service from your Google account's list of third-party "
    "apps, and begin anew."
)


class GrantService:
    """The grants of all users. Thread-safe; every method may raise `DatabaseUnavailable`.

    A grant is only its owner's: not even an admin uses or sees what somebody else's account has granted. Its connection
    is a connection as any other.

    Args:
        clock: POSIX seconds.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        box: SecretBox,
        connections: ConnectionService,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._consents = ConsentStore(database, box, clock)
        self._store = GrantStore(database, box, clock)
        self._google = GoogleOAuth(settings)

    def begin(self, caller: Caller, provider: str, redirect_uri: str | None, origin: str | None) -> Begun:
        """Begin a consent, to be given within ten minutes.

        Args:
            caller: who asks; only he can finish it.
            provider: where his account is.
            redirect_uri: where its answer goes; None: to the page of this service.
            origin: of the page that asks, as its browser says.

        Raises:
            NotFound: there is no such provider.
            NotConfigured: the operator has not registered this service there.
            InvalidInput: for ``redirect_uri``: the operator has not allowed it.
            NotAllowed: the caller may make no connections.
        """
        asked = _provider_named(provider)
        require_may_create(caller, None)
        self._google.require_configured()
        redirect = allowed_redirect(self._settings, asked, redirect_uri)
        consent = Consent(
            provider=asked,
            redirect_uri=redirect,
            origin=hearing_origin(self._settings, asked, origin, redirect),
            scopes=self._settings.google_scopes,
            verifier=secrets.token_urlsafe(64),
        )
        state = self._consents.add(caller.user_id, consent)
        return Begun(self._google.authorization_url(redirect, state, consent.verifier), state)

    def landing(self, provider: str, state: str) -> str | None:
        """Return the origin of the page that may hear how a consent ended; it stays under way.

        Returns:
            None: no such consent is under way.
        """
        return self._consents.origin(Provider(provider), state) if provider in [*Provider] else None

    def complete(
        self, caller: Caller, provider: str, code: str, state: str, redirect_uri: str | None = None
    ) -> Completed:
        """Finish a consent. It can be tried once: whatever comes of it, the state is used up.

        Args:
            caller: who began it.
            provider: where the account is.
            code: what the provider has given for the consent.
            state: what `begin` has returned.
            redirect_uri: the same as then; None: whatever it was.

        Raises:
            NotFound: there is no such provider.
            ConsentRefused: it is not under way (any more) or somebody else's; or Google does not take the code; or too
                little was granted.
            NotConfigured: Google does not take this service.
            StorageUnreachable: Google does not answer.
            NotAllowed: the caller may make no connections.
        """
        asked = _provider_named(provider)
        require_may_create(caller, None)
        self._google.require_configured()
        consent = self._consents.taken(caller.user_id, state)
        if consent is None or consent.provider != asked or redirect_uri not in (None, consent.redirect_uri):
            raise ConsentRefused(_NO_CONSENT)
        new = self._google.exchange(code, consent.verifier, consent.redirect_uri)
        new = replace(new, scopes=consent.scopes if new.scopes is None else new.scopes)
        self._require_drive(new)
        return self._kept(caller, asked, self._google.account(new.access_token), new)

    def list(self, caller: Caller, provider: str | None = None, *, active_only: bool = True) -> Sequence[Grant]:
        """Return the caller's own, oldest first.

        Raises:
            NotFound: there is no such provider.
        """
        wanted = None if provider is None else _provider_named(provider)
        found = self._store.of(caller.user_id)
        return [one for one in found if wanted in (None, one.provider) and (one.is_active or not active_only)]

    def get(self, caller: Caller, connection_id: str) -> Grant:
        """Return the grant of a connection of the caller's own.

        Raises:
            NotFound: there is none of this id.
        """
        grant = self.of_connection(connection_id)
        if grant is None or grant.owner_id is None or grant.owner_id != caller.user_id:
            raise NotFound(f"There is no connection {connection_id[:64]!r}.")
        return grant

    def of_connection(self, connection_id: str) -> Grant | None:
        """Return the grant of a connection, whoever's it is; None: it has none."""
        kept = self._store.kept(connection_id)
        return None if kept is None else kept.grant

    def disconnect(self, caller: Caller, connection_id: str) -> None:
        """Delete a connection of the caller's own; its jobs are cancelled, and what was granted is revoked.

        Raises:
            NotFound: there is none of this id.
            NotAllowed: the caller's key may only read.
        """
        self._connections.delete(caller, self.get(caller, connection_id).connection_id)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have all tokens sealed again, and the verifiers of consents; see `app.connections.secrets.Reseal`."""
        self._consents.reseal(again)
        return self._store.reseal(again)

    @property
    def chores(self) -> Sequence[Callable[[], None]]:
        """What is to be done now and then."""
        return (self._consents.sweep, self._revoke_orphans)

    def connection_deleted(self, connection_id: str) -> None:
        """Have the provider forget what was granted for a connection that is gone, and forget it; five seconds at most.

        The tokens go whatever the provider answers.
        """
        kept = self._store.orphan(connection_id)
        if kept is None:
            return
        self._revoke(kept.refresh_token or kept.access_token)
        self._store.forget(connection_id)

    def connection_changed(self, connection_id: str) -> None:
        """Nothing: what was granted is for the account, wherever in it the connection leads."""

    def _require_drive(self, new: Issued) -> None:
        if not DRIVE_SCOPES.intersection(new.scopes or ()):
            self._revoke(new.refresh_token or new.access_token)
            raise ConsentRefused(_NOT_DRIVE)

    def _kept(self, caller: Caller, provider: Provider, account: Account, new: Issued) -> Completed:
        """Keep what was granted, for the connection that there is, else for a new one."""
        for _ in range(_ATTEMPTS):
            again = self._store.again(caller.user_id, provider, account, new)
            if again is not None:
                return Completed(again, is_new=False)
            if new.refresh_token is None:
                raise ConsentRefused(_NOT_OFFLINE)
            try:
                return Completed(self._connected(caller, provider, account, new), is_new=True)
            except AlreadyExists:  # by another consent of the same user, since `again`
                continue
        raise TooBusy(1)

    def _connected(self, caller: Caller, provider: Provider, account: Account, new: Issued) -> Grant:
        made: list[Grant] = []
        self._connections.create(
            caller,
            NewConnection(
                kind=KINDS[provider],
                name=_name_of(account),
                address={"account": account.id},
                credentials={},
                form=CredentialsForm.OAUTH,
            ),
            beside=lambda session, connection: made.append(
                self._store.add(session, connection.id, caller.user_id, provider, account, new)
            ),
        )
        return made[0]

    def _revoke_orphans(self) -> None:
        """Finish what a process has begun and not ended: the connections are gone."""
        for connection_id in self._store.orphans():
            self.connection_deleted(connection_id)

    def _revoke(self, token: str | None) -> None:
        """Have the provider forget a token; what stands in the way is logged."""
        if token is None:
            return
        checker = self._connections.asking.checker
        try:
            checker.answer(lambda: self._google.revoke(token), _REVOKING_SECONDS)
        except SluiceError as error:
            logger.warning("Google was not told that a grant is not needed any more: %s", error)


def _provider_named(name: str) -> Provider:
    try:
        return Provider(name)
    except ValueError:
        raise NotFound(f"There is no such provider. Use {', '.join(Provider)}.") from None


def _name_of(account: Account) -> str:
    """Return what the connection to an account is called: something that `connection_name` takes."""
    name = "".join(character for character in account.email or "" if character.isprintable()).strip()
    return (name or account.id)[:NAME_LENGTH].strip()
