"""Changing what is below a root: files appear whole or not at all, and nothing outside is ever touched."""

import errno
import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from app.errors import FileChanged, StorageFailure
from app.storages.base import Content, Entry
from app.storages.local.confinement import is_inside, kept_inside, open_descriptor, place_of
from app.storages.local.content import CHUNK, LocalContent, require_room
from app.storages.local.folding import require_own_name
from app.storages.local.stamp import stamp_of
from app.storages.local.walk import PART_PREFIX

ATTEMPTS = 20
FOLDERS_KNOWN = 10_000
NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL)

FilledWith = TypeVar("FilledWith", bound=Content)


class Slot(NamedTuple):
    """An open folder and, in it, the new file that a write fills."""

    folder: int
    part: int
    name: str


class Folders:
    """The folders that were made, or found to bear just the name that was meant, a moment ago. Thread-safe.

    Going down to one link by link takes a dozen system calls, and a tree is mostly files side by side. A folder
    that is known is opened at once; where it really is, is looked at each time.
    """

    def __init__(self) -> None:
        self._known: set[Sequence[str]] = set()

    def __contains__(self, names: Sequence[str]) -> bool:
        return names in self._known

    def add(self, names: Sequence[str]) -> None:
        """Remember a folder; all are forgotten once they are many."""
        if len(self._known) >= FOLDERS_KNOWN:
            self._known = set()
        self._known.add(names)


def write_file(
    root: Path, names: Sequence[str], key: str, content: Content, confine: str, known: Folders | None = None
) -> Entry:
    """Store ``content`` as the file ``root/names[0]/.../names[-1]``; see `Storage.write`.

    Args:
        known: the folders of earlier calls for the same root.

    Raises:
        OSError: the file system refused it.
        KeyRefused: a folder on the way lies outside ``confine``.
        StorageFull: as `require_room`.
    """
    known = known if known is not None else Folders()
    return _stored(root, names, key, content, _new_part(root, tuple(names[:-1]), key, confine, known), _fill)


def copy_file(root: Path, names: Sequence[str], key: str, content: LocalContent, confine: str, known: Folders) -> Entry:
    """As `write_file`, for the content of a file of this machine, which the system copies by itself where it can."""
    return _stored(root, names, key, content, _new_part(root, tuple(names[:-1]), key, confine, known), _pour)


def _stored(
    root: Path,
    names: Sequence[str],
    key: str,
    content: FilledWith,
    slot: Slot,
    fill: Callable[[int, FilledWith], None],
) -> Entry:
    try:
        fill(slot.part, content)
        require_own_name(slot.folder, names[-1], key)
        os.replace(slot.name, names[-1], src_dir_fd=slot.folder, dst_dir_fd=slot.folder)
        status = os.fstat(slot.part)  # after the move, which may count as a change of the inode
    except BaseException:
        with suppress(OSError):
            os.unlink(slot.name, dir_fd=slot.folder)
            _remove_empty_folders(slot.folder, root.joinpath(*names[:-1]), root)
        raise
    finally:
        os.close(slot.part)
        os.close(slot.folder)
    return Entry(key, status.st_size, status.st_mtime, None, _stamp_of_ours(status, content))


def _stamp_of_ours(status: os.stat_result, content: Content) -> str | None:
    """Return the stamp, or None when it cannot be told from that of someone who wrote the file just after us."""
    is_ours = (status.st_size, status.st_mtime_ns) == (content.size, content.modified_ns)
    return stamp_of(status) if is_ours else None


def _new_part(root: Path, folders: tuple[str, ...], key: str, confine: str, known: Folders) -> Slot:
    name = PART_PREFIX + secrets.token_hex(8)
    for attempt in range(ATTEMPTS):
        # A deletion or a failed write beside this one may remove a folder just before the first file is in it.
        with suppress(FileNotFoundError):
            if attempt == 0 and folders in known:
                folder = _open_known(root, folders, key, confine)
            else:
                folder = open_folder(root, folders, key, confine, create=True)
                known.add(folders)
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
                return Slot(folder, os.open(name, flags, 0o666, dir_fd=folder), name)
            except BaseException:
                os.close(folder)
                raise
    raise StorageFailure(f"The folder for {key!r} keeps going away.")


def _open_known(root: Path, folders: Sequence[str], key: str, confine: str) -> int:
    """Open a folder that is there under just these names, or was a moment ago."""
    path = os.path.join(root, *folders)  # noqa: PTH118 - for each file of a tree
    return kept_inside(open_descriptor(path, os.O_DIRECTORY), path, key, confine)


def open_folder(root: Path, folders: Sequence[str], key: str, confine: str, create: bool) -> int:
    """Open a folder below ``root`` link by link, and make what is missing of it if ``create`` says so.

    Each folder, ``root`` first, is asked where it is before anything is made in it.

    Raises:
        OSError: the file system refused it.
        KeyRefused: a folder on the way lies outside ``confine``.
    """
    current = kept_inside(open_descriptor(root, os.O_DIRECTORY), root, key, confine)
    path = root
    for name in folders:
        path /= name
        try:
            if create:
                _make_folder(current, name, key)
            below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=current)
        finally:
            os.close(current)
        current = kept_inside(below, path, key, confine)
    return current


def _make_folder(above: int, name: str, key: str) -> None:
    try:
        os.mkdir(name, dir_fd=above)
    except FileExistsError:
        require_own_name(above, name, key)


def _fill(part: int, content: Content) -> None:
    left = content.size
    with open(part, "wb", closefd=False) as file:
        while chunk := content.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise FileChanged("What is read is longer than it was said to be.")
            require_room(part, len(chunk))
            file.write(chunk)
        content.verify()
        file.flush()
        os.utime(part, ns=(content.modified_ns, content.modified_ns))


def _pour(part: int, content: LocalContent) -> None:
    content.pour(part)
    os.utime(part, ns=(content.modified_ns, content.modified_ns))


def delete_file(root: Path, names: Sequence[str], key: str, confine: str) -> None:
    """Remove a file and then the folders that it leaves empty, but for ``root``; harmless when it is absent.

    Raises:
        OSError: the file system refused it.
        KeyRefused: a folder on the way lies outside ``confine``.
    """
    try:
        folder = open_folder(root, names[:-1], key, confine, create=False)
        try:
            os.unlink(names[-1], dir_fd=folder)
            with suppress(OSError):
                _remove_empty_folders(folder, root.joinpath(*names[:-1]), root)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno not in NO_SUCH_FILE:
            raise


def _remove_empty_folders(folder: int, path: Path, root: Path) -> None:
    """Remove an open folder and those above it, below ``root``, up to the first that holds something (an `OSError`).

    Each is removed from the open folder that truly holds it, whatever the path has come to mean.
    """
    top, current = os.path.realpath(root), os.dup(folder)
    try:
        while (place := place_of(current, path)) != top and is_inside(place, top):
            above = os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=current)
            os.close(current)
            current, path = above, path.parent
            os.rmdir(os.path.basename(place), dir_fd=current)  # noqa: PTH119 - of a text
    finally:
        os.close(current)
