"""Single objects of a storage, looked at: their version, and whom an error about one of them concerns."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import AccessDenied, CheckFailed, FileChanged, FileError, ObjectMissing, StorageFailure
from app.storages.base import Content, Entry, Storage


def mark_of(entry: Entry) -> str:
    """Return what tells this version of an object from any other, as exactly as its storage can tell."""
    return entry.mark or f"{entry.size}-{entry.modified}"


@contextmanager
def looking_at(storage: Storage, key: str) -> Iterator[None]:
    """Have errors say whether they are about one object or about the storage as a whole.

    Raises:
        CheckFailed: the object is missing, or forbidden while the storage itself is not.
        StorageFailure: it was replaced while it was read.
        StorageError: anything about the storage.
    """
    try:
        yield
    except ObjectMissing as error:
        raise CheckFailed(error, key) from None
    except AccessDenied as error:
        storage.check()
        raise CheckFailed(error, key) from None
    except FileError as error:
        raise StorageFailure(f"{key!r} cannot be read just now: {error} Try again.") from None


def stat(storage: Storage, key: str) -> Entry:
    """Return the entry of one object.

    Raises:
        CheckFailed, StorageError: see `looking_at`.
    """
    with looking_at(storage, key):
        return storage.stat(key)


@contextmanager
def opened(storage: Storage, entry: Entry) -> Iterator[Content]:
    """Give the content of just the version that ``entry`` is of.

    Raises:
        FileChanged: it is another one by now.
        StorageError: as `Storage.read`.
    """
    with storage.read(entry.key) as content:
        if content.size != entry.size or (content.mark and entry.mark and content.mark != entry.mark):
            raise FileChanged("It was replaced a moment ago.")
        yield content
