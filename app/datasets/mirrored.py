"""The names of the files in a mirror, without looking at the files; no link is ever followed.

The storage's own listing asks for each file's size and time as well, which costs ten times as much; who counts the
frames of a dataset asks again and again.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.errors import SourceUnreadable
from app.storages.names import key_of, name_of

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def file_keys(folder: Path, prefix: str) -> Iterator[str]:
    """Yield the key below ``prefix`` of each file that is there, in no order, not holding them.

    What is written or removed meanwhile may be seen or not. Hidden folders and files are left out, and with them
    unfinished files, whose names are hidden ones.

    Args:
        folder: the mirror; may be absent.
        prefix: a folder in it, as a key that ends with ``/``; may be absent.

    Raises:
        SourceUnreadable: a folder is there and cannot be read.
    """
    base = [name_of(segment) for segment in prefix.rstrip("/").split("/")]
    pending: list[tuple[str, ...]] = [()]
    while pending:
        below = pending.pop()
        at = "".join(f"{key_of(name)}/" for name in below)
        for entry in _entries(folder, [*base, *below]):
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append((*below, entry.name))
            elif entry.is_file(follow_symlinks=False):
                yield at + key_of(entry.name)


def _entries(folder: Path, names: Sequence[str]) -> Iterator["os.DirEntry[str]"]:
    try:
        descriptor = _open(folder, names)
    except OSError as error:
        if error.errno in _ABSENT:
            return
        raise SourceUnreadable(f"{folder.joinpath(*names)} cannot be read: {error.strerror}.") from None
    try:
        with os.scandir(descriptor) as found:
            yield from found
    finally:
        os.close(descriptor)


def _open(folder: Path, names: Sequence[str]) -> int:
    """Open a folder below ``folder``; a link on the way is as a file on the way is."""
    current = os.open(folder, _FLAGS)
    for name in names:
        try:
            below = os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=current)
        finally:
            os.close(current)
        current = below
    return current
