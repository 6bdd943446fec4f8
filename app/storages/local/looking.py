"""Looking at one level of a folder, at one file, and at what this process may do, without reading any other folder."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.errors import AccessDenied, ObjectMissing
from app.storages import base
from app.storages.base import Entry, Rights
from app.storages.local.confinement import is_inside, open_descriptor, place_of
from app.storages.local.stamp import stamp_of
from app.storages.local.walk import AHEAD, INSIDE, LINK, Folder, Identity, Place, Walk
from app.storages.names import name_of

_ONLY_LOOKED_AT = getattr(os, "O_PATH", 0)
"""Linux: a file that may not be read can be looked at, as a listing does."""

_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EILSEQ, errno.EINVAL)
_EFFECTIVE = os.access in os.supports_effective_ids


def shown_below(root: int, way: Sequence[str], walk: Walk, prefix: str) -> Iterator[Entry | base.Folder]:
    """Yield what one folder shows of the keys that ``walk`` wants, in order.

    A folder in it is shown whether or not there is a file in that, since it is not opened.

    Args:
        root: the descriptor of the storage's folder; stays open.
        way: where that is, and the names of the folders that lead from there to the one that is looked at.
        walk: knows where it may go; nothing behind ``walk.wanted.after`` is left out.
        prefix: what the keys are wanted to start with.

    Raises:
        AccessDenied: the folder may not be read.
    """
    above: set[Identity] = set()
    try:
        folder = _read(root, way, walk, prefix, above)
    except OSError as error:
        if error.errno in _NOT_THERE:
            return
        raise AccessDenied(f"The folder of {prefix!r} cannot be read: {error.strerror}.") from None
    while folder is not None and folder.places:
        segment, _, kind = folder.places.pop().partition("\0")
        name = name_of(segment.rstrip("/"))
        place = Place(folder.key + segment, os.path.join(folder.path, name))  # noqa: PTH118 - as in `Walk`
        if place.at > walk.wanted.after and (shown := _shown(walk, place, kind, above)) is not None:
            yield shown


def _read(root: int, way: Sequence[str], walk: Walk, prefix: str, above: set[Identity]) -> Folder | None:
    """Go down to a folder and read it, noting in ``above`` all on the way; None where a listing would not go."""
    path, *names = way
    current = os.dup(root)
    try:
        for name in (".", *names):
            path = os.path.join(path, name)  # noqa: PTH118 - as in `Walk`
            current = _exchanged(current, name)
            identity = _identity(os.fstat(current))
            if identity in above or not is_inside(place_of(current, path), walk.confine):
                return None
            above.add(identity)
        return walk.read(current, path, prefix[: prefix.rfind("/") + 1])
    finally:
        os.close(current)


def _exchanged(folder: int, name: str) -> int:
    """Open a folder in an open one, links followed, and close that one; when it cannot be opened, that stays open."""
    below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
    os.close(folder)
    return below


def _shown(walk: Walk, place: Place, kind: str, above: set[Identity]) -> Entry | base.Folder | None:
    if kind == AHEAD:
        return None
    if kind == INSIDE:
        return base.Folder(place.at) if _is_walked(place.path, walk.confine, above) else None
    if kind == LINK and Path(place.path).is_dir():
        return None  # shown at its place as a folder
    listed = walk.say_link(place) if kind == LINK else walk.say_file(place)
    return listed if isinstance(listed, Entry) else None


def _is_walked(path: str, confine: str, above: set[Identity]) -> bool:
    """Return whether a listing would go on inside what is there."""
    try:
        status = Path(path).stat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode)
        and _identity(status) not in above
        and is_inside(os.path.realpath(path), confine)
        and _may(path, os.R_OK)
    )


def stat_file(path: str, key: str, confine: str) -> Entry:
    """Return the entry of a regular file that lies inside ``confine``.

    Raises:
        ObjectMissing: there is none.
        AccessDenied: a folder on the way may not be entered.
    """
    try:
        descriptor = open_descriptor(path, _ONLY_LOOKED_AT)
        try:
            status = os.fstat(descriptor)
            is_here = stat.S_ISREG(status.st_mode) and is_inside(place_of(descriptor, path), confine)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise AccessDenied(f"{key!r} cannot be looked at: {error.strerror}.") from None
        is_here = False
    if not is_here:
        raise ObjectMissing(f"There is no file {key!r}.")
    return Entry(key, status.st_size, status.st_mtime, None, stamp_of(status))


def rights_in(root: str) -> Rights:
    """Return what the system would let this process do in a folder, read-only file systems included."""
    return Rights(reads=_may(root, os.R_OK | os.X_OK), writes=_may(root, os.W_OK | os.X_OK))


def _may(path: str, mode: int) -> bool:
    return os.access(path, mode, effective_ids=_EFFECTIVE)


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino
