"""The storage protocol: what every driver promises. No driver code here.

The promises below are proved for each driver by ``tests/conformance``.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol, Self, TypeAlias

from app.errors import StorageError

KEEP_HOURS = 48.0
"""How long what an interrupted write has left behind is kept, where nothing else is said; see `Storage.tidy`."""

Prune: TypeAlias = Callable[[str], bool]
"""Answers for a folder key ending in ``/``: may everything below it be left out of a listing?"""


class Entry(NamedTuple):
    """One listed object.

    Attributes:
        key: the object's name, ``/``-separated, without a surrogate character.
        size: length in bytes.
        modified: POSIX seconds, UTC.
        etag: the storage's own content tag without quotes, or None where it keeps none.
        stamp: of a file, a word that is another one after any change to it; None where the storage keeps none.
    """

    key: str
    size: int
    modified: float
    etag: str | None = None
    stamp: str | None = None

    @property
    def mark(self) -> str | None:
        """What tells this version of the object from any other: its etag, else its stamp."""
        return self.etag or self.stamp


class Omission(NamedTuple):
    """Something that a listing saw but cannot or must not offer as an object.

    A listing is complete when each key is an entry, or covered by an omission, or truly absent.

    Attributes:
        key: the key that it would have had; of a folder too, without a ``/`` at its end.
        why: a sentence for people.
        failed: True: it should have been an entry (unreadable); False: left out by rule (a pipe, a link outside).
        subtree: True: it is or may be a folder, and nothing is known of the keys that start with ``key + "/"`` either.
    """

    key: str
    why: str
    failed: bool
    subtree: bool


Listed: TypeAlias = Entry | Omission


class Folder(NamedTuple):
    """All objects whose keys start with ``key``, which ends with ``/``, shown as one."""

    key: str


class Level(NamedTuple):
    """One page of what lies directly below a prefix.

    Attributes:
        found: keys ascending by their UTF-8 bytes, over all pages, each once; it can be empty with more pages to come.
        next_token: what `Storage.browse` takes to go on; None: this was the last page.
    """

    found: Sequence["Entry | Folder"]
    next_token: str | None


class Rights(NamedTuple):
    """What the credentials of a storage allow with its objects."""

    reads: bool
    writes: bool


LEVEL_LIMIT = 1000
"""How many objects and folders a `Level` can hold."""


class Content(Protocol):
    """The bytes of one object or file, read once from start to end. Used by one thread; a context manager.

    Attributes:
        size: length in bytes when it was opened.
        modified_ns: POSIX nanoseconds, UTC; whole, since rclone tells times apart to the nanosecond.
        mark: as `Entry.mark` of what was opened; None where it is not known, or where a later change could keep it.
    """

    size: int
    modified_ns: int
    mark: str | None

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes (all that is left when negative), ``b""`` at the end.

        Raises:
            FileChanged: it ended before, or went on after, ``size`` bytes.
            FileUnreadable: the bytes cannot be read.
            StorageError: the storage they come from failed.
        """
        ...

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes as if they had been read; never more than are left.

        Raises:
            FileChanged, FileUnreadable, StorageError: as `read`.
        """
        ...

    def verify(self) -> None:
        """Raise `FileChanged` unless all bytes read so far belong to one instant of the file.

        A writer calls this after the last read and before it makes an object visible.
        """
        ...

    def close(self) -> None:
        """Release what is held; harmless when called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class Storage(Protocol):
    """A place that holds objects under keys. Every method may be called from several threads at once.

    Each method raises only `SluiceError` classes and `Cancelled`; vendor errors end at the driver's edge.
    Any method may raise `StorageUnreachable`, `InvalidCredentials`, `AccessDenied`, `StorageMissing`
    (but for `create`, `delete` and `drop`), `StorageFailure`.
    """

    def check(self) -> None:
        """Return when the storage is there and answers; raise what is wrong within seconds otherwise."""
        ...

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """Yield what is stored, keys strictly ascending by their UTF-8 bytes, without holding it all.

        Either all is yielded or an exception is raised: an early end without one never happens.

        Args:
            prefix: only keys that start with it (a plain string prefix, not a folder).
            after: only keys greater than it.
            prune: a hint; a driver that walks folders leaves out those for which it answers True.

        Raises:
            ListingBroken: the storage's pages are out of order or cannot be followed.
            SourceUnreadable: a local root exists but cannot be listed, or was replaced meanwhile.
        """
        ...

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of what lies directly below ``prefix``; answers, or raises, within seconds.

        A key that has a ``/`` after the prefix stands there as the `Folder` that ends with the first such ``/``, and so
        does a folder's marker, an object whose key ends with ``/``; where that is the prefix itself, it is an entry.
        What a local folder would omit is left out; whether a folder in it holds any file is not looked at.

        Args:
            prefix: a plain string prefix, not a folder.
            limit: objects and folders together, 1 to `LEVEL_LIMIT`.
            token: where the last page ended; made by this method for the same prefix.

        Raises:
            InvalidInput: for ``next_token``: the storage did not make this token.
        """
        ...

    def stat(self, key: str) -> Entry:
        """Return the entry of one object; answers, or raises, within seconds.

        Raises:
            ObjectMissing: there is no such object.
        """
        ...

    def rights(self) -> Rights:
        """Find out what the credentials allow, changing nothing that anybody sees; within seconds.

        A refusal is an answer. Raises as `check` does where the storage itself is missing or cannot be reached, and
        where it does not know who asks.
        """
        ...

    def read(self, key: str) -> Content:
        """Open the object for reading.

        Raises:
            ObjectMissing: a storage has no such object.
            FileMissing, FileUnreadable: a local file went away, or may not be read.
        """
        ...

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``, replacing what was there, and return its entry, mark included.

        The object becomes visible whole or not at all. ``content.verify()`` is called after the last byte
        was read and before that. Whatever is raised (by ``content`` too), the old object stays and
        nothing is left behind: no partial object, no temporary file, no open multipart upload.

        Raises:
            KeyRefused: this storage cannot hold such a key.
            StorageFull: there is no room.
        """
        ...

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the object ``source`` under ``key`` too, by the storage itself: none of its bytes comes through here.

        Its content type, its time and what else the storage keeps beside the bytes go along. What was under ``key`` is
        replaced, by all of it or not at all; whatever is raised, the old object stays and nothing is left behind. An
        object that is copied onto itself stays as it is.

        Returns:
            The entry of ``key``, mark included; None: this storage cannot do that, or not with this object, and
            nothing was changed: its bytes must be read and written.

        Raises:
            ObjectMissing: there is no object ``source``; of a local file too.
            FileChanged, FileUnreadable: ``source`` was replaced meanwhile; a local file may not be read.
            KeyRefused, StorageFull: as `write`.
        """
        ...

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects, any number of them; an absent one, or an absent storage, is not an error.

        Returns:
            The keys that are still there, each with what stood in the way; empty when all are gone.
        """
        ...

    def create(self) -> None:
        """Make the storage itself; harmless when it is already there and ours."""
        ...

    def drop(self) -> None:
        """Remove the storage itself, which must be empty; harmless when it is absent.

        Raises:
            StorageNotEmpty: it still holds something.
        """
        ...

    def tidy(self) -> None:
        """Remove what interrupted writes have left behind and nobody has come back to for long; harmless.

        How long is told where the storage is opened. What cannot be removed now is left for the next time, so
        nothing is raised for it, not even that the storage cannot be reached.
        """
        ...

    def close(self) -> None:
        """Release connections; harmless when called twice."""
        ...
