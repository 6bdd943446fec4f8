"""The pieces of an object, all of one version."""

from app.errors import FileChanged, ObjectMissing
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.requests import object_path
from app.storages.gcs.resources import Resource
from app.storages.http_api.exchange import Request
from app.storages.http_api.meanings import BROKEN_OFF


class PieceRequest:
    """How pieces of one version of an object are asked for. Thread-safe."""

    def __init__(self, api: Api, address: GcsAddress, found: Resource) -> None:
        self._api, self._address, self._found = api, address, found

    def piece(self, begin: int, end: int) -> bytes:
        """Return the bytes from ``begin`` up to ``end``, as they are stored.

        Raises:
            FileChanged: this version is gone.
            StorageError: they cannot be had.
        """
        key, size = self._found.entry.key, self._found.entry.size
        span, is_whole = f"{begin}-{end - 1}", (begin, end) == (0, size)
        # Else Google unpacks what was stored with a Content-Encoding, and its size and checksum are others then.
        headers = {"Accept-Encoding": "gzip"} | ({} if is_whole else {"Range": f"bytes={span}"})
        query = {"alt": "media", "generation": self._found.generation}
        path = object_path(self._address.bucket, key)
        good = (200,) if is_whole else (206,)
        try:
            answer = self._api.ask(
                Request("GET", path, query, headers, key=key, accepted=good, most=end - begin, is_media=True)
            )
        except ObjectMissing:
            raise self._changed() from None
        if not is_whole and answer.headers.get("Content-Range") != f"bytes {span}/{size}":
            raise said(NOT_GCS, self._address, key)
        if answer.headers.get("X-Goog-Generation", self._found.generation) != self._found.generation:
            raise self._changed()
        if len(answer.data) != end - begin:
            raise said(BROKEN_OFF, self._address, key)
        return answer.data

    def _changed(self) -> FileChanged:
        return FileChanged(f"{self._found.entry.key!r} was replaced while it was read.")
