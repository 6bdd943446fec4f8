"""Opens what a copy job reads from or writes to, buckets and Drives, as it and the job's owner stand when it runs."""

from typing import NamedTuple

from app.authorizations.service import AuthorizationService
from app.cancellation import CancelToken
from app.connections.address import target_of
from app.connections.gdrive_kind import GdriveKind
from app.connections.kind import Room
from app.connections.kinds import kind_named
from app.connections.service import ConnectionService
from app.copies.contract import BucketPlace
from app.errors import ConnectionUnusable
from app.settings import Settings
from app.storages.base import Storage
from app.storages.gdrive.files import DriveFiles


class OpenedDrive(NamedTuple):
    """The files of an account, and the id of the folder that the connection's own folder is somewhere in."""

    files: DriveFiles
    root_id: str


class Places:
    """Opens places. One for all jobs, thread-safe."""

    def __init__(
        self, settings: Settings, connections: ConnectionService, authorizations: AuthorizationService
    ) -> None:
        self._connections, self._authorizations = connections, authorizations
        self._room = Room(
            settings.transfers_per_job + 2, settings.data_dir / "multipart", settings.multipart_keep_hours
        )

    def opened(
        self, place: BucketPlace, target: str, owner_id: int | None, *, writes: bool, token: CancelToken | None = None
    ) -> Storage:
        """Open a bucket; the storage is not asked yet.

        Args:
            place: the bucket.
            target: the bucket's identity when the job was made; see `target_of`.
            owner_id: whose job it is.
            writes: whether the job writes to the bucket.
            token: ends waits for it, where the driver can do that.

        Raises:
            ConnectionUnusable: it is gone, leads elsewhere now, or the owner may not use it so any more.
            AuthorizationUnusable: the same of an authorization, or no credentials can be made of it.
            StorageError: temporary credentials are refused, or the address is one that is refused.
        """
        room = self._room._replace(token=token)
        if place.authorization is not None:
            return self._authorizations.opened(
                place.authorization, owner_id, place.bucket, room, writes=writes, target=target
            )
        return self._connected(place, target, owner_id, room, writes=writes)

    def drive(self, place: BucketPlace, target: str, owner_id: int | None, *, writes: bool) -> OpenedDrive:
        """Open the Drive of a connection, with all files that it leads to; Google is not asked yet.

        Args:
            place: names the connection.
            target: `Connection.url` when the job was made: the account.
            owner_id: whose job it is.
            writes: whether the job writes to the Drive.

        Raises:
            ConnectionUnusable: as `opened`; or it leads to no Drive.
            StorageError: the address is one that is refused.
        """
        connection, credentials = self._connections.opened(str(place.connection), owner_id, writes=writes)
        kind = kind_named(self._connections.kinds, connection.kind)
        if not isinstance(kind, GdriveKind) or connection.url != target:
            raise ConnectionUnusable(
                f"The connection {connection.id} leads to another account than when this job was made. Start it again."
            )
        kind.require_reachable(connection.address)
        files = kind.files(connection.address, credentials, self._room)
        return OpenedDrive(files, files.root(connection.address.get("drive")))

    def _connected(self, place: BucketPlace, target: str, owner_id: int | None, room: Room, *, writes: bool) -> Storage:
        connection, credentials = self._connections.opened(str(place.connection), owner_id, writes=writes)
        if target_of(connection.url, connection.bucket) != target:
            raise ConnectionUnusable(
                f"The connection {connection.id} leads to another bucket than when this job was made. Start it again."
            )
        kind = kind_named(self._connections.kinds, connection.kind)
        kind.require_reachable(connection.address)
        return kind.opened(connection.address, credentials, room)
