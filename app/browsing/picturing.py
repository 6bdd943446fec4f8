"""Which image stands for a storage, and its preview: made anew when anything that it was made of is another one."""

from app.browsing.decoder import Decoder
from app.browsing.manifests import Manifests
from app.browsing.objects import looking_at, mark_of, opened, stat
from app.browsing.places import Places
from app.browsing.previews import PreviewFiles, fingerprint
from app.connections.contract import Connection
from app.errors import ImageUnusable, NoImages
from app.storages.base import Entry, Storage

MAX_BYTES = 64 * 1024 * 1024
_READINGS = 8


class Picturing:
    """Makes previews, and keeps them. Thread-safe.

    Args:
        manifests: where the first image is found.
        files: where previews are kept.
        decoder: what makes images small.
    """

    def __init__(self, manifests: Manifests, files: PreviewFiles, decoder: Decoder | None = None) -> None:
        self._manifests = manifests
        self._files = files
        self._decoder = decoder or Decoder()
        self._readings = Places(_READINGS)  # an image is held in memory while it is read

    def preview(self, storage: Storage, connection: Connection) -> bytes:
        """Return the preview of a storage. Its manifest and its image are looked at each time, which is cheap.

        Raises:
            NoImages: the manifests name none.
            CheckFailed: about a manifest or the image; see `looking_at`.
            ManifestUnusable, ImageUnusable, TooBusy, StorageError: see `BrowsingService.preview`.
        """
        manifest, mark, key = self._first(storage, connection)
        image = stat(storage, key)
        print_of_it = fingerprint((connection.updated_at, manifest, mark, key, mark_of(image)))
        kept = self._files.get(connection.id, print_of_it)
        if kept is None:
            kept = self._made(storage, image)
            self._files.keep(connection.id, print_of_it, kept)
        return kept

    def _first(self, storage: Storage, connection: Connection) -> tuple[str, str, str]:
        for manifest in connection.manifests:
            first = self._manifests.first(storage, connection, manifest)
            if first.key is not None:
                return manifest, first.mark, first.key
        raise NoImages("The manifests of this connection name no image.")

    def _made(self, storage: Storage, image: Entry) -> bytes:
        if image.size > MAX_BYTES:
            raise ImageUnusable(f"The image has {image.size:,} bytes, and {MAX_BYTES:,} are the most that is read.")
        with self._readings.taken():
            with looking_at(storage, image.key), opened(storage, image) as content:
                data = content.read()
                content.verify()
            return self._decoder.thumbnail(data)
