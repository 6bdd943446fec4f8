"""A file that has its name only once it is whole."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.db.copying import sync


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file for this user only that is at ``path``, on the disk, when the block has succeeded; else nothing is.

    Raises:
        FileExistsError: something is there; it is left alone.
        OSError: it cannot be written.
    """
    if os.path.lexists(path):
        raise FileExistsError(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "its folder does not exist", str(path))
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    with suppress(OSError):  # some network file systems cannot sync a folder
        sync(path.parent)


def _name(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)  # unlike a rename, it never replaces
    except FileExistsError:
        raise
    except OSError:  # FAT and some network file systems have no links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        draft.rename(path)
