"""The disk of DATA_DIR: what it says, in words for a person, and what users leave of it to the database."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from app.errors import StorageFailure, StorageFull
from app.storages.disk import RESERVE, has_space

__all__ = ["RESERVE", "disk_in_words", "require_space", "write_leaving_space"]


@contextmanager
def disk_in_words(what: str) -> Iterator[None]:
    """Turn an `OSError` of the block into an error of the product.

    Args:
        what: what did not work, as "A file of the library cannot be written".

    Raises:
        StorageFull: the disk is full, or the file system's own quota is used up.
        StorageFailure: anything else.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"{what}: the disk of DATA_DIR is full.") from error
        raise StorageFailure(f"{what}: {error.strerror}. Look at the disk of DATA_DIR.") from error


def require_space(descriptor: int, size: int) -> None:
    """Return when ``size`` more bytes fit on the disk of an open file, and `RESERVE` is left besides.

    Raises:
        StorageFull: they do not.
        OSError: the disk cannot be asked.
    """
    if not has_space(descriptor, size):
        raise StorageFull("The disk of DATA_DIR is full, but for what the database needs. Ask an admin to free space.")


def write_leaving_space(file: BinaryIO, piece: bytes) -> None:
    """Write all of ``piece`` to a file below DATA_DIR, unbuffered or not.

    Raises:
        StorageFull: as `require_space`; nothing of the piece was written.
        OSError: as the file does.
    """
    require_space(file.fileno(), len(piece))
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]
