"""What an authorization leads to, as it and all who matter to it stand now. It is used with the rights of its owner."""

from collections.abc import Mapping
from typing import NamedTuple

from app.accounts.caller import Caller
from app.authorizations.contract import Authorization
from app.authorizations.masking import joined
from app.authorizations.permissions import may_use, require_may_use
from app.authorizations.resolving import Means, connection_named, means_of
from app.authorizations.store import AuthorizationStore, Kept
from app.connections.contract import Connection
from app.connections.secrets import SecretBox
from app.connections.service import ConnectionService
from app.errors import AuthorizationUnusable, ConnectionUnusable, NotFound, SettingsError


class Usable(NamedTuple):
    """An authorization that somebody may use now, and its owner."""

    kept: Kept
    owner: Caller

    @property
    def authorization(self) -> Authorization:
        """The authorization."""
        return self.kept.authorization


class Using:
    """Finds authorizations to be used. Thread-safe; every method may raise `DatabaseUnavailable`."""

    def __init__(self, store: AuthorizationStore, box: SecretBox, connections: ConnectionService) -> None:
        self._store = store
        self._box = box
        self._connections = connections

    def by_caller(self, caller: Caller, number: int) -> Usable:
        """Return an authorization that the caller may use.

        Raises:
            NotFound: there is none of this number.
            NotAllowed: there is one, and it is somebody else's.
            AuthorizationUnusable: its owner is disabled.
        """
        kept, owner, _ = self._store.with_users(number, caller.user_id)
        require_may_use(caller, kept.authorization)
        return _owned(kept, owner)

    def by_job(self, number: int, user_id: int | None) -> Usable:
        """Return an authorization that whoever started a job may use.

        Raises:
            AuthorizationUnusable: it is gone, or he may not use it (any more), or is no user any more.
        """
        try:
            kept, owner, user = self._store.with_users(number, user_id or 0)
        except NotFound:
            raise AuthorizationUnusable("The authorization was deleted. Start a job with another.") from None
        if user is None:
            raise AuthorizationUnusable("Whoever started this job is no user any more, or is disabled.")
        if not may_use(user, kept.authorization):
            raise AuthorizationUnusable(f"{user.name}, who started this job, may not use its authorization any more.")
        return _owned(kept, owner)

    def means(self, usable: Usable, *, writes: bool) -> Means:
        """Return what its config leads to.

        Args:
            usable: the authorization.
            writes: what is opened is to be written to.

        Raises:
            AuthorizationUnusable: nothing can be made of it; see `means_of`. `KeysMissing`, `ProviderUnsupported`.
        """
        config = joined(usable.authorization.config, self.secrets(usable.kept))
        named = connection_named(config)
        if named is None:
            return means_of(usable.authorization.provider, config)
        return self._of_connection(named, usable.owner, writes=writes)

    def secrets(self, kept: Kept) -> Mapping[str, str]:
        """Return the secrets of a config, by their places in it.

        Raises:
            AuthorizationUnusable: they cannot be opened.
        """
        if kept.sealed is None:
            return {}
        try:
            return self._box.open(kept.sealed, kept.authorization.id)
        except SettingsError as error:
            raise AuthorizationUnusable(f"The authorization: {error}") from None

    def _of_connection(self, named: str, owner: Caller, *, writes: bool) -> Means:
        try:
            found = self._connection(named, owner)
            connection, credentials = self._connections.opened(found.id, owner.user_id, writes=writes)
        except ConnectionUnusable as error:
            raise AuthorizationUnusable(f"The connection of the authorization cannot be used: {error}") from None
        return Means(connection.kind, connection.address, connection.form, credentials, bucket=connection.bucket)

    def _connection(self, named: str, owner: Caller) -> Connection:
        """Return the connection of this id that the owner may see, else the one of this name that he owns."""
        try:
            return self._connections.get(owner, named)
        except NotFound:
            pass
        found = [one for one in self._connections.list(owner) if one.name == named and one.owner_id == owner.user_id]
        if len(found) != 1:
            what = "None" if not found else "More than one"
            raise AuthorizationUnusable(
                f"{what} of your connections is called {named[:64]!r}. Use the id of one that you may see."
            )
        return found[0]


def _owned(kept: Kept, owner: Caller | None) -> Usable:
    if owner is None:
        raise AuthorizationUnusable("The owner of this authorization is disabled.")
    return Usable(kept, owner)
