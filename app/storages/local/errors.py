"""The one place where what the file system refuses becomes a product error."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import AccessDenied, KeyRefused, StorageError, StorageFailure, StorageFull

_KINDS: dict[int, tuple[type[StorageError], str]] = {
    errno.ENOSPC: (StorageFull, "There is no room left"),
    errno.EDQUOT: (StorageFull, "The quota is used up"),
    errno.EACCES: (AccessDenied, "This process may not write there"),
    errno.EPERM: (AccessDenied, "This process may not write there"),
    errno.EROFS: (AccessDenied, "The file system is read-only"),
    errno.ENAMETOOLONG: (KeyRefused, "The name is too long for the file system"),
    errno.ENOTDIR: (KeyRefused, "A file stands in place of a folder"),
    errno.EISDIR: (KeyRefused, "A folder stands in place of the file"),
    errno.EILSEQ: (KeyRefused, "The file system cannot hold this name"),
    errno.EINVAL: (KeyRefused, "The file system cannot hold this name"),
    errno.ELOOP: (KeyRefused, "Links lead in a circle on the way"),
}


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn an `OSError` inside into a product error that names ``key``."""
    try:
        yield
    except OSError as error:
        kind, sentence = _KINDS.get(error.errno or 0, (StorageFailure, error.strerror or "The file system failed"))
        raise kind(f"{sentence}: {key!r}.") from None
