"""A wrapper that shows the part of a storage below a prefix as a storage of its own."""

from collections.abc import Iterator, Sequence

from app.errors import KeyRefused, ListingBroken, ObjectMissing, SourceUnreadable, StorageError, StorageNotEmpty
from app.storages.base import LEVEL_LIMIT, Content, Entry, Folder, Level, Listed, Omission, Prune, Rights, Storage


class PrefixedStorage:
    """All keys of ``inner`` that start with ``prefix``, told without it.

    An object whose key is exactly the prefix (a folder's marker) has no name here and is never seen or touched.

    Args:
        inner: the whole storage; closed with this one.
        prefix: what is put before each key as it is; end it with ``/`` for a folder.
    """

    def __init__(self, inner: Storage, prefix: str) -> None:
        self._inner = inner
        self._prefix = prefix

    def check(self) -> None:
        """Check the inner storage."""
        self._inner.check()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """Yield what is below the prefix.

        Raises:
            SourceUnreadable: the folder that the prefix names, or one above it, was omitted by the inner listing.
        """
        inner = self._inner.list(self._prefix + prefix, self._prefix + after, prune and self._mapped(prune))
        for listed in inner:
            yield self._told(listed)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level of the part below the prefix; a page that held only its marker is empty."""
        level = self._inner.browse(self._prefix + prefix, limit, token)
        return level._replace(found=[self._shown(found) for found in level.found if found.key != self._prefix])

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        return self._inner.stat(self._prefix + self._named(key))._replace(key=key)

    def rights(self) -> Rights:
        """Find out what is allowed with the whole inner storage; it is not asked about this part alone."""
        return self._inner.rights()

    def read(self, key: str) -> Content:
        """Open the object for reading."""
        return self._inner.read(self._prefix + self._named(key))

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` below the prefix."""
        if not key:
            raise KeyRefused("A key cannot be empty.")
        return self._inner.write(self._prefix + key, content)._replace(key=key)

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the object ``source`` under ``key`` too, both below the prefix."""
        if not key:
            raise KeyRefused("A key cannot be empty.")
        copied = self._inner.copy(self._prefix + self._named(source), self._prefix + key)
        return copied and copied._replace(key=key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects."""
        kept = self._inner.delete([self._prefix + key for key in keys if key])
        return {key.removeprefix(self._prefix): error for key, error in kept.items()}

    def create(self) -> None:
        """Make the inner storage."""
        self._inner.create()

    def drop(self) -> None:
        """Refuse: others may use the rest of the inner storage.

        Raises:
            StorageNotEmpty: always.
        """
        raise StorageNotEmpty(f"Only the part below {self._prefix!r} is ours: a prefix is never dropped.")

    def tidy(self) -> None:
        """Tidy the inner storage, also beside the prefix: what is left there is nobody's."""
        self._inner.tidy()

    def close(self) -> None:
        """Close the inner storage."""
        self._inner.close()

    def _mapped(self, prune: Prune) -> Prune:
        def answer(folder: str) -> bool:
            told = folder.removeprefix(self._prefix)
            return folder.startswith(self._prefix) and told != "" and prune(told)

        return answer

    def _named(self, key: str) -> str:
        if not key:
            raise ObjectMissing("There is no object without a key.")
        return key

    def _shown(self, found: Entry | Folder) -> Entry | Folder:
        if not found.key.startswith(self._prefix):
            raise ListingBroken(f"{found.key!r} was listed below the prefix {self._prefix!r}.")
        return found._replace(key=found.key.removeprefix(self._prefix))

    def _told(self, listed: Listed) -> Listed:
        told = listed.key.removeprefix(self._prefix)
        if listed.key.startswith(self._prefix) and told:
            return listed._replace(key=told)
        if isinstance(listed, Omission):
            raise SourceUnreadable(f"{self._prefix!r} cannot be listed: {listed.why}")
        raise ListingBroken(f"{listed.key!r} was listed below the prefix {self._prefix!r}.")
