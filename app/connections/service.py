"""What the product can do with connections: make, find, ask, change and delete them, and open them for jobs."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from app.accounts.caller import Caller
from app.connections.address import AddressPolicy
from app.connections.asking import Asking
from app.connections.checking import PATIENCE_SECONDS
from app.connections.contract import (
    Changes,
    Checked,
    Connection,
    Found,
    Listener,
    NewConnection,
    Scope,
    Selection,
    Status,
    owner_of,
)
from app.connections.drafts import Draft, drafted, redrafted
from app.connections.finding import found
from app.connections.granted import TokenSource, nothing_granted
from app.connections.kinds import kind_named, storage_kinds
from app.connections.opening import opened_credentials, usable_by
from app.connections.permissions import may_see
from app.connections.refusals import require_may_change, require_may_create
from app.connections.secrets import SecretBox
from app.connections.store import Beside, ConnectionStore, Kept, no_such
from app.db import Database
from app.errors import ConnectionUnusable, NotAllowed, NotFound, SluiceError, TooBusy
from app.settings import Settings
from app.storages.base import Storage

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ATTEMPTS = 2


class ConnectionService:
    """The connections of all users. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    Who may not see a connection is told that there is none, but for `numbered`.

    Args:
        tokens: gives those of a connection of the form ``oauth``.

    Attributes:
        kinds: what they can lead to, by name; whoever opens storages beside this does so with these.
        asking: puts all their questions.
    """

    def __init__(
        self, database: Database, box: SecretBox, settings: Settings, *, tokens: TokenSource = nothing_granted
    ) -> None:
        self._store = ConnectionStore(database, box.seal)
        self._box = box
        self.kinds = storage_kinds(settings, AddressPolicy.of(settings), tokens)
        self.asking = Asking(self.kinds, settings.web_threads)
        self._listeners: list[Listener] = []

    def tell(self, listener: Listener) -> None:
        """Have ``listener`` told from now on."""
        self._listeners.append(listener)

    def create(
        self, caller: Caller, new: NewConnection, *, checked: bool = False, beside: Beside | None = None
    ) -> Connection:
        """Make a connection. Its credentials are kept sealed.

        Args:
            caller: who asks, and owns it then.
            new: what to make.
            checked: ask the storage first, and then for each manifest; about ten seconds at most.
            beside: adds rows of its own in the transaction in which the connection is made, so that both are there or
                neither; what it raises is raised here.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            NotAllowed: the caller may make none, or none of this organisation.
            NotFound: there is no such organisation.
            CheckFailed: the storage does not answer as it must.
        """
        require_may_create(caller, new.organisation_id)
        draft = drafted(kind_named(self.kinds, new.kind), new)
        if checked:
            self.asking.require_there(caller.user_id, draft, draft.credentials or {}, draft.manifests)
        return self._store.add(draft, owner_of(caller), new.organisation_id, beside)

    def get(self, caller: Caller, connection_id: str) -> Connection:
        """Return a connection that the caller may see.

        Raises:
            NotFound: there is none of this id.
        """
        return self._visible(caller, connection_id).connection

    def list(self, caller: Caller) -> Sequence[Connection]:
        """Return the caller's own connections, oldest first; an admin gets everybody's."""
        found = self._store.all(None if caller.is_admin else caller.user_id)
        return [connection for connection in found if may_see(caller, connection)]

    def numbered(self, caller: Caller, number: int, kinds: Collection[str] | None = None) -> Connection:
        """Return a connection by its number. CVAT does not hide what exists, so this does not either.

        Args:
            caller: who asks.
            number: its number.
            kinds: the kinds of storage that count; None: all.

        Raises:
            NotFound: there is none of this number, or it is of another kind.
            NotAllowed: there is one, and the caller may not see it.
        """
        connection = self._store.numbered(number)
        if kinds is not None and connection.kind not in kinds:
            raise no_such(str(number))
        if not may_see(caller, connection):
            raise NotAllowed("You may not see this connection.")
        return connection

    def find(self, caller: Caller, scope: Scope, selection: Selection, first: int, count: int | None) -> Found:
        """Look through what the caller may see, and return a part of what is wanted.

        Args:
            caller: who asks.
            scope: what is looked through.
            selection: what of it is wanted, in which order.
            first: how many of these to pass over.
            count: how many to return at most; None: all that follow.

        Raises:
            NotAllowed: the scope names an organisation that the caller is no member of.
        """
        return found(self._store, caller, scope, selection, slice(first, None if count is None else first + count))

    def change(self, caller: Caller, connection_id: str, changes: Changes, *, checked: bool = False) -> Connection:
        """Change what is given, all of it or nothing; ``updated_at`` becomes another one whatever is given.

        Args:
            caller: who asks.
            connection_id: the connection.
            changes: what shall be another.
            checked: ask the storage first, as it would be then, and then for each manifest that is new.

        Raises:
            InvalidInput: naming the first field that cannot be accepted; ``credentials``: they would be sent to
                another endpoint than they were given for.
            NotAllowed: the caller may see it, and no more.
            TooBusy: others keep changing it while its storage is asked.
            NotFound: there is none of this id.
            ConnectionUnusable: the credentials that shall stay are needed and cannot be opened.
            CheckFailed: the storage does not answer as it must.
        """
        apply = self._changed_when_there if checked else self._changed
        before, after = apply(caller, connection_id, changes)
        if changes.credentials is not None or _leads(before) != _leads(after):
            self._tell(lambda listener: listener.connection_changed(connection_id))
        return after

    def delete(self, caller: Caller, connection_id: str) -> Connection:
        """Delete a connection and return it as it was. What its storage holds stays.

        Raises:
            NotAllowed: the caller may see it, and no more.
            NotFound: there is none of this id.
        """
        with self._store.changing(connection_id) as change:
            require_may_change(caller, change.before)
            change.remove()
        self._tell(lambda listener: listener.connection_deleted(connection_id))
        return change.before

    def credentials(self, caller: Caller, connection_id: str) -> Mapping[str, str]:
        """Return what opens a connection that the caller may see; it must not be logged.

        Raises:
            NotFound: there is none of this id.
            ConnectionUnusable: what is kept cannot be opened.
        """
        return self._opened(self._visible(caller, connection_id))

    def opened(
        self, connection_id: str, owner_id: int | None, *, writes: bool = False
    ) -> tuple[Connection, Mapping[str, str]]:
        """Return a connection and its credentials for a job, as both and the job's owner stand now.

        Args:
            connection_id: the connection.
            owner_id: whose job it is; None: the command line's.
            writes: the job writes to the storage, and not just reads from it.

        Raises:
            ConnectionUnusable: it is gone, its credentials cannot be opened, or the owner may not use it so any more.
        """
        try:
            kept = usable_by(self._store, connection_id, owner_id, writes=writes)
        except NotFound:
            raise ConnectionUnusable(f"The connection {connection_id} was deleted. Start a job with another.") from None
        return kept.connection, self._opened(kept)

    def check(self, caller: Caller, connection_id: str) -> Checked:
        """Ask the storage whether it is there and takes the credentials; takes about ten seconds at most.

        Raises:
            NotFound: there is none of this id.
        """
        kept = self._visible(caller, connection_id)
        try:
            credentials = self._opened(kept)
        except ConnectionUnusable as error:
            return Checked(Status.FORBIDDEN, error.reason, str(error))
        return self.asking.checked(caller.user_id, kept.connection, credentials)

    def ask(
        self,
        caller: Caller,
        connection_id: str,
        question: Callable[[Storage], T],
        seconds: float = PATIENCE_SECONDS,
    ) -> T:
        """Open the storage of a connection that the caller may see, for a short question, and return the answer.

        Args:
            caller: who asks.
            connection_id: the connection.
            question: runs on another thread, maybe longer than it is waited for; what it raises is raised here.
            seconds: how long to wait.

        Raises:
            StorageError: of the storage; `StorageUnreachable` also when there is no answer in time.
            TooBusy: too much is being asked, by this caller or by all, so that nothing is known of the storage.
            ConnectionUnusable: the credentials cannot be opened.
            NotFound: there is none of this id.
        """
        kept = self._visible(caller, connection_id)
        return self.asking.answer(caller.user_id, kept.connection, self._opened(kept), question, seconds)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have all credentials sealed again; see `app.connections.secrets.Reseal`."""
        return self._store.reseal(again)

    def _changed(self, caller: Caller, connection_id: str, changes: Changes) -> tuple[Connection, Connection]:
        with self._store.changing(connection_id) as change:
            draft = self._redrafted(caller, change.kept, changes)
            return change.before, change.apply(draft)

    def _changed_when_there(
        self, caller: Caller, connection_id: str, changes: Changes
    ) -> tuple[Connection, Connection]:
        """Ask outside of the transaction, which only one can have; whoever changes it meanwhile comes first."""
        for _ in range(_ATTEMPTS):
            kept = self._store.get(connection_id)
            draft = self._redrafted(caller, kept, changes)
            credentials = self._opened(kept) if draft.credentials is None else draft.credentials
            new = [key for key in draft.manifests if key not in kept.connection.manifests]
            self.asking.require_there(caller.user_id, draft, credentials, new)
            with self._store.changing(connection_id) as change:
                if change.before == kept.connection:
                    return change.before, change.apply(draft)
        raise TooBusy(1)

    def _redrafted(self, caller: Caller, kept: Kept, changes: Changes) -> Draft:
        require_may_change(caller, kept.connection)

        def opened(or_none: bool) -> Mapping[str, str]:
            try:
                return self._opened(kept)
            except ConnectionUnusable:
                if or_none:
                    return {}
                raise

        return redrafted(kind_named(self.kinds, kept.connection.kind), kept.connection, opened, changes)

    def _visible(self, caller: Caller, connection_id: str) -> Kept:
        kept = self._store.get(connection_id)
        if not may_see(caller, kept.connection):
            raise no_such(connection_id)
        return kept

    def _opened(self, kept: Kept) -> Mapping[str, str]:
        return opened_credentials(self._box, kept)

    def _tell(self, what: Callable[[Listener], None]) -> None:
        for listener in self._listeners:
            try:
                what(listener)
            except SluiceError as error:
                logger.warning("A connection was changed, and not all who use it could be told: %s", error)


def _leads(connection: Connection) -> tuple[object, ...]:
    """Return what jobs and caches depend on."""
    return connection.address, connection.form, connection.manifests
