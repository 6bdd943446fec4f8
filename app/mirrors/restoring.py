"""A bucket as the source of a download: folders' markers are left out, and without any object nothing is deleted."""

from collections.abc import Iterator, Sequence

from app.errors import SourceEmpty, StorageError
from app.storages.base import LEVEL_LIMIT, Content, Entry, Level, Listed, Omission, Prune, Rights, Storage

MARKER = "It is the marker of a folder and not a file; folders are made for the files in them."


class BucketToRestore:
    """All that ``inner`` has, but for empty objects whose key ends with ``/``.

    Consoles and some clients store such objects to show folders; no file can have their key, and nothing is lost
    without them, so they are omissions.

    Args:
        inner: the bucket, or the part of it below a prefix; closed with this one.
        deletes: whether the target loses what is not listed here.
    """

    def __init__(self, inner: Storage, *, deletes: bool) -> None:
        self._inner = inner
        self._deletes = deletes

    def check(self) -> None:
        """Check the inner storage."""
        self._inner.check()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """Yield what is stored, markers as omissions.

        Raises:
            SourceEmpty: there was no object, and the target would lose all it has for that.
        """
        holds_objects = False
        for listed in self._inner.list(prefix, after, prune):
            if isinstance(listed, Entry) and listed.key.endswith("/") and not listed.size:
                yield Omission(listed.key, MARKER, failed=False, subtree=False)
            else:
                holds_objects = True
                yield listed
        if self._deletes and not holds_objects and not (after and self._holds_objects(prefix)):
            raise SourceEmpty("The bucket holds no object there, and a download deletes nothing for that.")

    def _holds_objects(self, prefix: str) -> bool:
        """Return whether there is any object, where there is none in the rest of a listing."""
        listing = self._inner.list(prefix)
        return any(isinstance(listed, Omission) or listed.size or not listed.key.endswith("/") for listed in listing)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level of the inner storage, markers included."""
        return self._inner.browse(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        return self._inner.stat(key)

    def rights(self) -> Rights:
        """Find out what is allowed with the inner storage."""
        return self._inner.rights()

    def read(self, key: str) -> Content:
        """Open the object for reading."""
        return self._inner.read(key)

    def write(self, key: str, content: Content) -> Entry:
        """Store ``content`` in the inner storage."""
        return self._inner.write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        """Copy an object within the inner storage."""
        return self._inner.copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects of the inner storage."""
        return self._inner.delete(keys)

    def create(self) -> None:
        """Make the inner storage."""
        self._inner.create()

    def drop(self) -> None:
        """Remove the inner storage."""
        self._inner.drop()

    def tidy(self) -> None:
        """Tidy the inner storage."""
        self._inner.tidy()

    def close(self) -> None:
        """Close the inner storage."""
        self._inner.close()
