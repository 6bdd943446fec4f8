"""Access tokens that are good: kept ones, and new ones from Google, fetched once for all threads and processes.

While Google is asked, no transaction is open; what keeps others from asking too is a lock of this one connection in
this process, and a lease in the database between processes.
"""

import time
from collections.abc import Callable
from contextlib import suppress

from app.connections.secrets import SecretBox
from app.db import Database
from app.errors import ConsentRequired, DatabaseUnavailable, StorageError, StorageUnreachable
from app.grants.leases import LEASE_SECONDS, Lease, Leases
from app.grants.oauth import GoogleOAuth
from app.grants.store import GrantStore, Kept
from app.grants.turns import Turns
from app.settings import Settings
from app.storages.gdrive.tokens import Tokens

GOOD_SECONDS = 60.0

_LOOK_EVERY = 0.1
_PATIENCE = LEASE_SECONDS + 5.0

_NOTHING = "Nothing is granted for this connection any more. Connect the account again."
_ENDED = "Google does not take what was granted any more. The account's owner has to connect it again."
_WAITED = "Somebody else has been asking Google for a new token for this connection, and gets none. Try again."


class GrantTokens:
    """The access tokens of all grants. Thread-safe; every method but `of` may raise `DatabaseUnavailable`.

    Args:
        clock: POSIX seconds.
        pause: waits that many seconds.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        box: SecretBox,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._google = GoogleOAuth(settings)
        self._store = GrantStore(database, box, clock)
        self._leases = Leases(database, box, clock)
        self._turns = Turns()
        self._clock = clock
        self._pause = pause

    def of(self, connection_id: str) -> Tokens:
        """Return the tokens of a connection, whether there are any or not."""
        return _TokensOf(self, connection_id)

    def token(
        self, connection_id: str, seconds: float = GOOD_SECONDS, instead_of: str | None = None
    ) -> tuple[str, float]:
        """Return a token, and until when it is good (POSIX seconds, UTC).

        Args:
            connection_id: of the connection.
            seconds: how long it is to be good; it may be less where Google gives no new one just now.
            instead_of: a token that Google does not take; another one is returned.

        Raises:
            ConsentRequired: there is none, and none can be had.
            InvalidCredentials: Google does not take this service itself.
            StorageUnreachable: Google does not answer, and what is kept is good no more.
        """
        began = time.monotonic()
        kept = self._kept(connection_id)
        if not self._is_good(kept, seconds, instead_of):
            with self._turns.of(connection_id) as turn:
                failure = turn.failure_since(began)
                try:
                    kept = self._renewed(connection_id, seconds, instead_of, failure)
                except (StorageError, DatabaseUnavailable) as error:
                    turn.fail(error)
                    raise
        with suppress(DatabaseUnavailable):  # that it was used is not worth a failure
            self._store.note_use(kept.grant)
        return str(kept.access_token), kept.expires_at

    def give_up(self, connection_id: str, refused: str) -> None:
        """Have a grant be active no more because Google takes not even a new token, if that is still the one kept."""
        kept = self._store.kept(connection_id)
        if kept is not None and kept.access_token == refused:
            self._store.deactivate(kept)

    def _renewed(self, connection_id: str, seconds: float, refused: str | None, failure: Exception | None) -> Kept:
        """Return a grant with a good token, by whomever it was fetched; this thread has the turn."""
        until = self._clock() + _PATIENCE
        while True:
            kept = self._kept(connection_id)
            if self._is_good(kept, seconds, refused):
                return kept
            if failure is not None:
                return self._as_it_was(kept, refused, failure)
            lease = self._leases.claim(kept)
            if lease is not None:
                failure = self._fetched(kept, lease)
                if failure is None:
                    return self._kept(connection_id)  # good or not: asking once more would bring no better one
            elif self._clock() > until:
                failure = StorageUnreachable(_WAITED)
            else:
                self._pause(_LOOK_EVERY)

    def _fetched(self, kept: Kept, lease: Lease) -> StorageError | None:
        """Have a new token fetched and kept; return why there is none, if so."""
        try:
            new = self._google.renewed(kept.refresh_token)
        except ConsentRequired as error:
            return error if self._leases.deactivate(lease) else None  # or its owner has just consented anew
        except StorageError as error:
            self._leases.give_back(lease)
            return error
        except BaseException:
            self._leases.give_back(lease)
            raise
        self._leases.renew(lease, new, kept.refresh_token)
        return None

    def _as_it_was(self, kept: Kept, refused: str | None, failure: Exception) -> Kept:
        """Return what is kept while it is good at all."""
        if isinstance(failure, ConsentRequired) or not self._is_good(kept, 0.0, refused):
            raise failure
        return kept

    def _kept(self, connection_id: str) -> Kept:
        kept = self._store.kept(connection_id)
        if kept is None:
            raise ConsentRequired(_NOTHING)
        if not kept.grant.is_active:
            raise ConsentRequired(_ENDED)
        if kept.access_token is None:
            raise ConsentRequired("What was granted cannot be opened: its sealing key is missing. Connect it again.")
        return kept

    def _is_good(self, kept: Kept, seconds: float, refused: str | None) -> bool:
        return kept.access_token != refused and kept.expires_at - self._clock() > seconds


class _TokensOf:
    """The tokens of one connection; see `app.storages.gdrive.tokens.Tokens`."""

    def __init__(self, tokens: GrantTokens, connection_id: str) -> None:
        self._tokens = tokens
        self._connection_id = connection_id

    def current(self) -> str:
        """Return a token that is good for another minute, as far as is known."""
        return self._tokens.token(self._connection_id)[0]

    def instead_of(self, refused: str) -> str:
        """Return another one than ``refused``."""
        return self._tokens.token(self._connection_id, instead_of=refused)[0]

    def give_up(self, refused: str) -> None:
        """Say that Google does not take ``refused`` either."""
        self._tokens.give_up(self._connection_id, refused)
