"""Finds out where a copy would go or come from before a job is made of it, and whether the caller may do that."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from app.accounts.caller import Caller
from app.accounts.permissions import require_user
from app.authorizations.resolving import connection_named
from app.authorizations.service import AuthorizationService
from app.connections.address import target_of
from app.connections.contract import OPERATOR, owner_of
from app.connections.permissions import may_change
from app.connections.service import ConnectionService
from app.copies.contract import BucketPlace
from app.copies.work import End
from app.errors import AuthorizationUnusable, InvalidInput, NotAllowed, NotFound
from app.storages.base import Storage

T = TypeVar("T")


class Ends:
    """The buckets that callers name. Thread-safe."""

    def __init__(self, connections: ConnectionService, authorizations: AuthorizationService) -> None:
        self._connections, self._authorizations = connections, authorizations

    def find(self, caller: Caller, place: BucketPlace, *, writes: bool) -> End:
        """Return what a job has to know of a bucket; its storage is not asked.

        Raises:
            NotFound: there is no such connection or authorization, or the caller may not know of the connection.
            NotAllowed: it is somebody else's authorization, or a connection that the caller may only read from.
            InvalidInput: the place names neither or both, or another bucket than the connection's (``bucket``).
            AuthorizationUnusable: nothing can be made of the authorization.
        """
        if (place.authorization is None) == (place.connection is None):
            raise InvalidInput("bucket", "Name an authorization or a connection, and not both.")
        if place.authorization is None:
            return self._connected(caller, place, writes=writes)
        self._authorizations.get(caller, place.authorization)
        return End(place, self._authorizations.target(place.authorization, owner_of(caller), place.bucket))

    def ask(self, caller: Caller, place: BucketPlace, question: Callable[[Storage], T], seconds: float) -> T:
        """Ask a bucket that was found something that only reads; see `ConnectionService.ask`."""
        if place.authorization is not None:
            return self._authorizations.ask(caller, place.authorization, place.bucket, question, seconds)
        return self._connections.ask(caller, str(place.connection), question, seconds)

    def has_lost_connection(self, end: End, owner_id: int | None) -> bool:
        """Return whether a job's end is an authorization that stands for a connection which cannot be used any more.

        Args:
            end: as `find` returned it.
            owner_id: whose job it is.
        """
        number = end.place.authorization
        try:
            if number is None or connection_named(self._authorizations.get(OPERATOR, number).config) is None:
                return False
            self._authorizations.target(number, owner_id, end.place.bucket)
        except AuthorizationUnusable:
            return True
        except NotFound:
            return False  # the authorization was removed, whatever it stood for
        return False

    def _connected(self, caller: Caller, place: BucketPlace, *, writes: bool) -> End:
        connection = self._connections.get(caller, str(place.connection))
        if writes and not may_change(caller, connection):
            raise NotAllowed(
                "You may see this connection and not change it, so you may copy from its storage and not into it."
            )
        if place.bucket not in ("", connection.bucket):
            raise InvalidInput("bucket", f"The bucket of this connection is {connection.bucket}.")
        place = replace(place, bucket=connection.bucket)
        return End(place, target_of(connection.url, connection.bucket), connection.url)


def require_may_start(caller: Caller) -> None:
    """Return when the caller may start copy jobs.

    Raises:
        NotAllowed: his role is worker, or his key may only read.
    """
    require_user(caller, "start copies")
