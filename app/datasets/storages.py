"""Connections together with whether they are synchronised: what the CVAL dialect calls a storage."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from app.accounts.caller import Caller
from app.connections.contract import Connection, NewConnection
from app.connections.service import ConnectionService
from app.datasets.synchronisation import SynchronisationService
from app.errors import ConnectionUnusable, NotFound


@dataclass(frozen=True, slots=True)
class SynchronisedStorage:
    """One connection as it stood when it was read.

    Attributes:
        access_key: the public part of what opens it: an access key, or the account that it is for; empty when it has
            none (any more).
        secret_key: what goes with an access key; empty for every other form of credentials.
        synchronise: whether its bucket is mirrored again and again.
    """

    connection: Connection
    access_key: str
    secret_key: str = field(repr=False)
    synchronise: bool


class SynchronisedStorages:
    """The connections of all users, each with its synchronisation. Thread-safe.

    Every method may raise `DatabaseUnavailable`.
    """

    def __init__(self, connections: ConnectionService, synchronisation: SynchronisationService) -> None:
        self._connections = connections
        self._synchronisation = synchronisation

    def add(
        self, caller: Caller, new: NewConnection, synchronise: bool, *, checked: bool = False
    ) -> SynchronisedStorage:
        """Make a connection, and have it synchronised if that is wanted; both or nothing.

        Args:
            caller: who asks, and owns it then.
            new: what to make.
            synchronise: have it mirrored again and again.
            checked: ask the storage first; see `ConnectionService.create`.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            NotAllowed: the caller may make no connections, or none of this organisation.
            NotFound: there is no such organisation.
            CheckFailed: the storage does not answer as it must.
        """
        connection = self._connections.create(caller, new, checked=checked)
        if synchronise:
            try:
                self._synchronisation.switch(caller, connection.id, on=True)
            except BaseException:
                self._connections.delete(caller, connection.id)
                raise
        return self._with(caller, connection, synchronise)

    def get(self, caller: Caller, connection_id: str) -> SynchronisedStorage:
        """Return one that the caller may see.

        Raises:
            NotFound: there is none of this id.
        """
        connection = self._connections.get(caller, connection_id)
        return self._with(caller, connection, connection_id in self._synchronisation.is_on([connection_id]))

    def all(self, caller: Caller) -> Sequence[SynchronisedStorage]:
        """Return the caller's own, oldest first; an admin gets everybody's."""
        connections = self._connections.list(caller)
        on = self._synchronisation.is_on(connection.id for connection in connections)
        found = []
        for connection in connections:
            with suppress(NotFound):  # deleted since
                found.append(self._with(caller, connection, connection.id in on))
        return found

    def remove(self, caller: Caller, connection_id: str) -> Connection:
        """Delete a connection with its synchronisation and its mirror; return it as it was.

        Raises:
            NotFound: there is none of this id.
            NotAllowed: the caller may see it, and no more.
        """
        return self._connections.delete(caller, connection_id)

    def switch(self, caller: Caller, connection_id: str, on: bool) -> Connection:
        """Switch a synchronisation on or off; see `SynchronisationService.switch`."""
        self._synchronisation.switch(caller, connection_id, on)
        return self._connections.get(caller, connection_id)

    def _with(self, caller: Caller, connection: Connection, synchronise: bool) -> SynchronisedStorage:
        try:
            credentials = self._connections.credentials(caller, connection.id)
        except ConnectionUnusable:
            credentials = {}
        return SynchronisedStorage(
            connection, _public_part(connection, credentials), credentials.get("secret_key", ""), synchronise
        )


def _public_part(connection: Connection, credentials: Mapping[str, str]) -> str:
    if "key_file" in credentials:
        return str(json.loads(credentials["key_file"])["client_email"])
    return credentials.get("access_key") or str(connection.address.get("account", ""))
