"""What the product can do to look around in the storage of a connection, for people who look and not for jobs."""

from app.accounts.caller import Caller
from app.browsing.contract import PAGE_LIMIT, Content, ContentQuery
from app.browsing.levels import beginning, items_of
from app.browsing.manifests import Manifests, part_told
from app.browsing.picturing import Picturing
from app.browsing.previews import PreviewFiles
from app.browsing.thumbnails import Thumbnails, read_image, require_image_name
from app.connections.contract import Connection
from app.connections.service import ConnectionService
from app.errors import InvalidInput, NoManifest, NotFound, ObjectMissing
from app.settings import Settings
from app.storages.base import Rights, Storage

CONTENT_SECONDS = 20.0
PREVIEW_SECONDS = 30.0
THUMBNAIL_SECONDS = 20.0


class BrowsingService:
    """Looks around in storages, as they are now. Thread-safe.

    Every method may raise `NotFound` (there is no such connection that the caller may see), `StorageError` (about the
    storage), `CheckFailed` (about one object of it, whose key is ``manifest``, be it a manifest or an image),
    `ConnectionUnusable` (its credentials cannot be opened) and `DatabaseUnavailable`. A caller waits ten seconds for
    rights, 20 for content and for the bytes of a thumbnail, and 30 for a preview, and no longer.
    """

    def __init__(self, settings: Settings, connections: ConnectionService) -> None:
        self._connections = connections
        self._manifests = Manifests()
        self._files = PreviewFiles(settings.data_dir)
        self._picturing = Picturing(self._manifests, self._files)
        self._thumbnails = Thumbnails(settings.web_threads)

    def content(self, caller: Caller, connection_id: str, query: ContentQuery) -> Content:
        """Return one page of what lies directly below a prefix, in the storage or as one of its manifests says.

        Raises:
            InvalidInput: for ``limit`` or ``next_token``.
            ManifestUnusable: what was named as a manifest is none.
            TooBusy: too many large manifests are being put in order.
        """
        if not 1 <= query.limit <= PAGE_LIMIT:
            raise InvalidInput("limit", f"Use a number from 1 to {PAGE_LIMIT}.")
        connection = self._connections.get(caller, connection_id)
        search = beginning(connection.address.get("prefix", ""), query.prefix.removeprefix("/"))
        if isinstance(search, Content):
            return search
        if query.manifest:
            return self._listed(caller, connection, query.manifest, search, part_told(query.token, query.limit))
        level = self._connections.ask(
            caller,
            connection_id,
            lambda storage: storage.browse(search, query.limit, query.token or None),
            CONTENT_SECONDS,
        )
        return Content(items_of(search, level.found), level.next_token)

    def preview(self, caller: Caller, connection_id: str) -> bytes:
        """Return the first image of the first manifest that names one, as a JPEG that fits into 256 x 256 pixels.

        Raises:
            NoManifest, NoImages: nothing says which images there are; there are none.
            ManifestUnusable: a manifest is none.
            ImageUnusable: the image is broken, of an unknown kind or too large.
            TooBusy: too many are being made.
        """
        connection = self._connections.get(caller, connection_id)
        if not connection.manifests:
            raise NoManifest("This connection has no manifest, so nothing says which images it holds.")

        def pictured(storage: Storage) -> bytes:
            jpeg = self._picturing.preview(storage, connection)
            self._require_there(caller, connection_id)
            return jpeg

        return self._connections.ask(caller, connection_id, pictured, PREVIEW_SECONDS)

    def thumbnail(self, caller: Caller, connection_id: str, key: str) -> bytes:
        """Return the image under a key as a JPEG that fits into 256 x 256 pixels. Nothing of it is kept.

        Raises:
            ObjectMissing: there is no such object, or it lies outside of the connection's prefix.
            ImageUnusable: its name is no image's, or it is broken or too large.
            TooBusy: too many are being made, for this caller or for all.
        """
        connection = self._connections.get(caller, connection_id)
        require_image_name(key)
        if not key.startswith(connection.address.get("prefix", "")):
            raise ObjectMissing("This object lies outside of the connection's prefix.")

        def read() -> bytes:
            return self._connections.ask(
                caller, connection_id, lambda storage: read_image(storage, key), THUMBNAIL_SECONDS
            )

        return self._thumbnails.made(caller.user_id, read)

    def rights(self, caller: Caller, connection_id: str) -> Rights:
        """Return what the credentials allow."""
        return self._connections.ask(caller, connection_id, lambda storage: storage.rights())

    def connection_deleted(self, connection_id: str) -> None:
        """Forget all of it."""
        self._manifests.forget(connection_id)
        self._files.forget(connection_id)

    def connection_changed(self, connection_id: str) -> None:
        """Forget all of it; it may lead elsewhere."""
        self.connection_deleted(connection_id)

    def _listed(self, caller: Caller, connection: Connection, manifest: str, search: str, part: range) -> Content:
        return self._connections.ask(
            caller,
            connection.id,
            lambda storage: self._manifests.page(storage, connection, manifest, search, part),
            CONTENT_SECONDS,
        )

    def _require_there(self, caller: Caller, connection_id: str) -> None:
        """Leave no preview behind of a connection that was deleted while it was made."""
        try:
            self._connections.get(caller, connection_id)
        except NotFound:
            self._files.forget(connection_id)
            raise
