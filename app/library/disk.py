"""What the disk of DATA_DIR says, in words for a person."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import StorageFailure, StorageFull


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
