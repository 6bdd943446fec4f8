"""What the product can do with connections: make, find, check, change and delete them, and open them for jobs."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

from app.accounts.caller import Caller
from app.connections.address import AddressPolicy
from app.connections.checking import Checker
from app.connections.contract import Checked, Connection, Listener, NewConnection, Status, owner_of
from app.connections.fields import connection_name
from app.connections.kind import Room
from app.connections.kinds import kind_named, storage_kinds
from app.connections.permissions import may_change, may_create, may_see
from app.connections.secrets import SecretBox
from app.connections.store import ConnectionStore, Kept, no_such
from app.db import Database
from app.errors import ConnectionUnusable, NotAllowed, NotFound, SettingsError, SluiceError
from app.settings import Settings

logger = logging.getLogger(__name__)

_REQUESTS_OF_A_CHECK = 2


class ConnectionService:
    """The connections of all users. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    Who may not see a connection is told that there is none.
    """

    def __init__(self, database: Database, box: SecretBox, settings: Settings) -> None:
        self._store = ConnectionStore(database, box.seal)
        self._box = box
        self._kinds = storage_kinds(settings, AddressPolicy.of(settings))
        self._checker = Checker()
        self._listeners: list[Listener] = []

    def tell(self, listener: Listener) -> None:
        """Have ``listener`` told from now on."""
        self._listeners.append(listener)

    def create(self, caller: Caller, new: NewConnection) -> Connection:
        """Make a connection; its storage is not asked. Its credentials are kept sealed.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            NotAllowed: the caller may make none, or none of this organisation.
            NotFound: there is no such organisation.
        """
        if not may_create(caller, new.organisation_id):
            raise NotAllowed(_MAY_NOT_CREATE if new.organisation_id is None else _MAY_NOT_CREATE_THERE)
        _require_changes(caller)
        kind = kind_named(self._kinds, new.kind)
        address = kind.address(new.address)
        kept = {
            "kind": new.kind,
            "name": connection_name(new.name or kind.name_of(address)),
            "address": address,
            "form": new.form,
            "description": new.description,
            "attributes": new.attributes,
            "manifests": [*new.manifests],
        }
        return self._store.add(kept, kind.credentials(new.credentials), owner_of(caller), new.organisation_id)

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

    def change(
        self,
        caller: Caller,
        connection_id: str,
        *,
        name: str | None = None,
        address: Mapping[str, Any] | None = None,
        credentials: Mapping[str, str] | None = None,
    ) -> Connection:
        """Change what is given, all of it or nothing; an address and credentials are replaced as a whole.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            NotAllowed: the caller may see it, and no more.
            NotFound: there is none of this id.
        """
        with self._store.changing(connection_id) as change:
            _require_may_change(caller, change.before)
            kind = kind_named(self._kinds, change.before.kind)
            change.apply(
                connection_name(name) if name is not None else None,
                kind.address(address) if address is not None else None,
                kind.credentials(credentials) if credentials is not None else None,
            )
            changed = change.after()
        if address is not None or credentials is not None:
            self._tell(lambda listener: listener.connection_changed(connection_id))
        return changed

    def delete(self, caller: Caller, connection_id: str) -> Connection:
        """Delete a connection and return it as it was. What its storage holds stays.

        Raises:
            NotAllowed: the caller may see it, and no more.
            NotFound: there is none of this id.
        """
        with self._store.changing(connection_id) as change:
            _require_may_change(caller, change.before)
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
            kept = self._kept_for(connection_id, owner_id, writes=writes)
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
        kind, address = kind_named(self._kinds, kept.connection.kind), kept.connection.address

        def look() -> None:
            kind.require_reachable(address)
            with closing(kind.opened(address, credentials, Room(_REQUESTS_OF_A_CHECK))) as storage:
                storage.check()

        return self._checker.checked(look)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have all credentials sealed again; see `app.connections.secrets.Reseal`."""
        return self._store.reseal(again)

    def _visible(self, caller: Caller, connection_id: str) -> Kept:
        kept = self._store.get(connection_id)
        if not may_see(caller, kept.connection):
            raise no_such(connection_id)
        return kept

    def _kept_for(self, connection_id: str, owner_id: int | None, *, writes: bool) -> Kept:
        if owner_id is None:
            return self._store.get(connection_id)
        kept, owner = self._store.with_user(connection_id, owner_id)
        if owner is None:
            raise ConnectionUnusable("Whoever started this job is no user any more, or is disabled.")
        may_use = may_change if writes else may_see
        if not may_use(owner, kept.connection):
            raise ConnectionUnusable(f"{owner.name}, who started this job, may not use its connection any more.")
        return kept

    def _opened(self, kept: Kept) -> Mapping[str, str]:
        connection_id = kept.connection.id
        if kept.sealed is None:
            raise ConnectionUnusable(f"The connection {connection_id} has no credentials any more. Give them again.")
        try:
            return self._box.open(kept.sealed, connection_id)
        except SettingsError as error:
            raise ConnectionUnusable(f"The connection {connection_id}: {error}") from None

    def _tell(self, what: Callable[[Listener], None]) -> None:
        for listener in self._listeners:
            try:
                what(listener)
            except SluiceError as error:
                logger.warning("A connection was changed, and not all who use it could be told: %s", error)


def _require_may_change(caller: Caller, connection: Connection) -> None:
    if not may_see(caller, connection):
        raise no_such(connection.id)
    if not may_change(caller, connection):
        raise NotAllowed("You may see this connection and not change it; its owner or a maintainer may.")
    _require_changes(caller)


def _require_changes(caller: Caller) -> None:
    if caller.read_only:
        raise NotAllowed("You came with a key that may read and not change anything.")


_MAY_NOT_CREATE = "Your role is worker, which may not make connections. Ask an admin."
_MAY_NOT_CREATE_THERE = "You may not make connections of this organisation; its maintainers and its owner may."
