"""Opens the buckets that a copy job reads from or writes to, as they and the job's owner stand when it runs."""

from app.authorizations.service import AuthorizationService
from app.connections.address import AddressPolicy, target_of
from app.connections.kind import Room
from app.connections.kinds import kind_named, storage_kinds
from app.connections.service import ConnectionService
from app.copies.contract import BucketPlace
from app.errors import ConnectionUnusable
from app.settings import Settings
from app.storages.base import Storage


class Places:
    """Opens places. One for all jobs, thread-safe."""

    def __init__(
        self, settings: Settings, connections: ConnectionService, authorizations: AuthorizationService
    ) -> None:
        self._kinds = storage_kinds(settings, AddressPolicy.of(settings))
        self._connections, self._authorizations = connections, authorizations
        self._room = Room(
            settings.transfers_per_job + 2, settings.data_dir / "multipart", settings.multipart_keep_hours
        )

    def opened(self, place: BucketPlace, target: str, owner_id: int | None, *, writes: bool) -> Storage:
        """Open a bucket; the storage is not asked yet.

        Args:
            place: the bucket.
            target: the bucket's identity when the job was made; see `target_of`.
            owner_id: whose job it is.
            writes: whether the job writes to the bucket.

        Raises:
            ConnectionUnusable: it is gone, leads elsewhere now, or the owner may not use it so any more.
            AuthorizationUnusable: the same of an authorization, or no credentials can be made of it.
            StorageError: temporary credentials are refused, or the address is one that is refused.
        """
        if place.authorization is not None:
            return self._authorizations.opened(
                place.authorization, owner_id, place.bucket, self._room, writes=writes, target=target
            )
        return self._connected(place, target, owner_id, writes=writes)

    def _connected(self, place: BucketPlace, target: str, owner_id: int | None, *, writes: bool) -> Storage:
        connection, credentials = self._connections.opened(str(place.connection), owner_id, writes=writes)
        if target_of(connection.url, connection.bucket) != target:
            raise ConnectionUnusable(
                f"The connection {connection.id} leads to another bucket than when this job was made. Start it again."
            )
        kind = kind_named(self._kinds, connection.kind)
        kind.require_reachable(connection.address)
        return kind.opened(connection.address, credentials, self._room)
