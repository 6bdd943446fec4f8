"""Opens what a job mirrors: the folder, the bucket with the right credentials, and the index of the two."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from app.cancellation import CancelToken
from app.connections.contract import Connection
from app.connections.kind import Room
from app.connections.kinds import kind_named
from app.connections.service import ConnectionService
from app.db import Database
from app.errors import ConnectionUnusable, InvalidCredentials
from app.mirrors.direction import Direction, direction_of
from app.mirrors.request import KEYS_WANTED, is_configured_storage
from app.mirrors.restoring import BucketToRestore
from app.mirrors.shared_index import SharedIndex
from app.settings import Settings
from app.storages.base import Storage
from app.storages.names import name_of_argument
from app.storages.prefixed import PrefixedStorage
from app.storages.registry import open_storage
from app.transfer.index import Index


@dataclass(frozen=True, slots=True)
class StorageKeys:
    """The configured credentials, used where a job brings none and its bucket is in the configured storage."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


class Asked(Protocol):
    """What is known of a job by whoever does it, or a batch of it."""

    job_id: str
    arguments: Mapping[str, Any]
    secrets: Mapping[str, str]
    owner_id: int | None


class Stoppable(Asked, Protocol):
    """The same of a job that can be asked to stop."""

    token: CancelToken


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a mirror.

    Attributes:
        index: where a batch notes what has become equal; None: nowhere but in its result.
    """

    source: Storage
    target: Storage
    index: SharedIndex | None = None

    def close(self) -> None:
        """Close all of it."""
        for each in (self.target, self.source, self.index):
            if each is not None:
                each.close()


class Opening:
    """Opens storages and indexes for the handlers of jobs; one for all, thread-safe.

    The arguments of such a job name the bucket as ``storage_url``, ``dest`` and ``prefix``, and the connection to it
    as ``connection``, if it has one.

    Args:
        keys: the credentials of the configured storage.
        database: where it is shared by machines, it holds the indexes; None: they are files in DATA_DIR.
    """

    def __init__(
        self, settings: Settings, keys: StorageKeys, connections: ConnectionService, database: Database | None = None
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._connections = connections
        self._shared = database if database is not None and database.is_shared else None

    def sides(self, context: Stoppable) -> Sides:
        """Return source and target of a mirror, without an index; raises as `bucket` does."""
        return self._sides(context, context.token)

    def _sides(self, context: Asked, token: CancelToken | None) -> Sides:
        is_upload = direction_of(context.arguments) is Direction.UPLOAD
        bucket = self.bucket(context, writes=is_upload, token=token)
        folder = self.folder(self.folder_path(context.arguments), self._settings.uploads_dir)
        if is_upload:
            return Sides(folder, bucket)
        return Sides(BucketToRestore(bucket, deletes=context.arguments["delete"]), folder)

    def noting_sides(self, context: Asked) -> Sides:
        """Return source and target of a mirror for its batches, with an index to note in where it is shared.

        No token ends the waits of these: they stay open for batches that others stop.
        """
        sides = self._sides(context, None)
        if self._shared is None:
            return sides
        places = self._places(context.arguments, self.folder_path(context.arguments))
        return replace(sides, index=SharedIndex.open(self._shared, *places))

    def folder_path(self, arguments: Mapping[str, Any]) -> Path:
        """Return where the folder of a mirror lies."""
        names = [name_of_argument(segment) for segment in str(arguments["source"]).split("/") if segment]
        return Path(self._settings.uploads_dir, *names)

    def bucket(self, context: Asked, *, writes: bool, token: CancelToken | None = None) -> Storage:
        """Return the bucket, or the part of it below the prefix; the resolver is asked, the storage is not.

        Args:
            context: of the job.
            writes: whether the job writes to the bucket.
            token: ends waits for it, where the driver can do that.

        Raises:
            ConnectionUnusable: it is gone, leads elsewhere now, or the job's owner may not use it so any more.
            InvalidCredentials: the job brings no keys, and its bucket is not in the configured storage.
            StorageUnreachable: the endpoint's name is unknown, or leads to an address that is refused.
        """
        arguments = context.arguments
        kind_name, address, credentials = self._reached(context, writes=writes)
        kind = kind_named(self._connections.kinds, kind_name)
        kind.require_reachable(address)
        bucket = kind.opened(address, credentials, self._room(token))
        return PrefixedStorage(bucket, arguments["prefix"]) if arguments["prefix"] else bucket

    def may_drop(self, context: Asked) -> bool:
        """Return whether the bucket itself may be removed when it is empty.

        A folder of Drive may not: what others keep in it is hidden from a grant for the files of this service alone.

        Raises:
            ConnectionUnusable: as `bucket`.
        """
        return self._reached(context, writes=True)[0] != "gdrive"

    def folder(self, path: Path, confine: Path) -> Storage:
        """Return a folder of this machine; links that lead out of ``confine`` are not followed."""
        return open_storage("local", root=path, confine=confine, keep_hours=self._settings.multipart_keep_hours)

    def index(self, arguments: Mapping[str, Any], folder: Path) -> Index | SharedIndex:
        """Open the index of the job's bucket and ``folder``, which is another one for each direction."""
        places, read_only = self._places(arguments, folder), bool(arguments["dry_run"])
        if self._shared is not None:
            return SharedIndex.open(self._shared, *places, read_only=read_only)
        return Index.open(self._settings.data_dir / "index", *places, read_only=read_only)

    def _places(self, arguments: Mapping[str, Any], folder: Path) -> tuple[str, str]:
        bucket = f"{arguments['storage_url']}/{arguments['dest']}/{arguments['prefix']}"
        return (bucket, str(folder)) if direction_of(arguments) is Direction.DOWNLOAD else (str(folder), bucket)

    def _reached(self, context: Asked, *, writes: bool) -> tuple[str, Mapping[str, Any], Mapping[str, str]]:
        """Return kind, address and credentials of the bucket."""
        arguments = context.arguments
        connection_id = arguments.get("connection")  # jobs of versions before connections have no such argument
        if connection_id is None:
            return "s3", self._named(arguments), self._given(context)
        connection, credentials = self._connections.opened(str(connection_id), context.owner_id, writes=writes)
        _require_same_place(connection, arguments)
        return connection.kind, connection.address, credentials

    def _named(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "endpoint": arguments["storage_url"],
            "bucket": arguments["dest"],
            "region": self._settings.storage_region,
        }

    def _given(self, context: Asked) -> Mapping[str, str]:
        if context.secrets:
            return {name: context.secrets[name] for name in ("access_key", "secret_key")}
        if not is_configured_storage(str(context.arguments["storage_url"]), self._settings):
            raise InvalidCredentials(KEYS_WANTED)  # of an earlier version, or from before a change of STORAGE_URL
        return {"access_key": self._keys.access_key, "secret_key": self._keys.secret_key}

    def _room(self, token: CancelToken | None) -> Room:
        settings = self._settings
        return Room(
            settings.transfers_per_job + 2, settings.data_dir / "multipart", settings.multipart_keep_hours, token
        )


def _require_same_place(connection: Connection, arguments: Mapping[str, Any]) -> None:
    """Return unless somebody changed the address since the job was made: it holds the lock of another bucket then."""
    if (connection.url, connection.bucket) != (arguments["storage_url"], arguments["dest"]):
        raise ConnectionUnusable(
            f"The connection {connection.id} leads to another bucket than when this job was started. Start it again."
        )
