"""Notices that the uploads folder is not the one it was: unmounted, it looks empty and would delete the bucket."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import SourceUnreadable

VOLUME_NOTE = "uploads-volume"
FOLDER_NOTE = "uploads-folder"


def require_volume(uploads: Path, data_dir: Path, is_mount: Callable[[Path], bool] = os.path.ismount) -> None:
    """Return when the uploads folder is as good as when it was last seen; note it when it is a volume's root.

    Device numbers would tell more, but change with each boot for many file systems; that a folder is the root of
    a mounted volume does not.

    Raises:
        SourceUnreadable: it was such a root before, and is an ordinary folder now.
    """
    note = data_dir / VOLUME_NOTE
    was_volume = note.is_file() and note.read_bytes() == os.fsencode(uploads)
    if is_mount(uploads):
        if not was_volume:
            _write(note, os.fsencode(uploads))
    elif was_volume:
        raise SourceUnreadable(
            f"{uploads} was a mounted volume before and is none now. Mount it again; "
            f"or, if it shall be an ordinary folder from now on, remove {note}."
        )


def require_known_folder_when_empty(uploads: Path, data_dir: Path) -> None:
    """Return unless the uploads folder is empty and another one than was last seen with something in it.

    Docker makes an empty folder where the source of a bind mount is missing (docker/compose issues 12797 and 13602:
    some versions whatever they are told), and inside the container that is a mounted volume like the right one.

    Raises:
        SourceUnreadable: it is; nobody can tell an emptied folder from a missing one then.
    """
    try:
        here, empty = b"%d" % uploads.stat().st_ino, not any(uploads.iterdir())
    except OSError:
        return  # whoever lists the folder says what is wrong with it
    note, folder = data_dir / FOLDER_NOTE, os.fsencode(uploads)
    seen_inode, _, seen_folder = note.read_bytes().partition(b" ") if note.is_file() else (b"", b"", b"")
    if not empty:
        if (seen_inode, seen_folder) != (here, folder):
            _write(note, here + b" " + folder)
    elif seen_folder == folder and seen_inode != here:
        raise SourceUnreadable(
            f"{uploads} is empty, and is not the folder that held files before: is a disk or a shared folder not "
            "mounted? Mount it and restart. If this is the right folder, put a file into it and sync once."
        )


def note_folder(uploads: Path, data_dir: Path) -> None:
    """Note that this uploads folder, if it holds something, is the right one: it has just been downloaded into.

    A download may begin with an empty folder that was never seen (a new disk); `require_known_folder_when_empty` is
    not asked before it, and would refuse the emptied folder after it without this.
    """
    with suppress(SourceUnreadable):
        require_known_folder_when_empty(uploads, data_dir)


@contextmanager
def folder_watched(folder: Path) -> Iterator[Callable[[], None]]:
    """Give a function that returns as long as this folder is the one it is now, and holds something if it does now.

    It raises `SourceUnreadable` else; a folder that is missing may come, and be as it likes. The folder is held open,
    so that no other can be given its number meanwhile.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield lambda: None  # whoever lists it says what is wrong with it
        return
    try:
        held_something = _holds_something(folder)
        yield lambda: _require_same(folder, descriptor, held_something)
    finally:
        os.close(descriptor)


def _require_same(folder: Path, descriptor: int, held_something: bool) -> None:
    with suppress(OSError):
        is_same = os.path.samestat(folder.stat(), os.fstat(descriptor))
        if is_same and (_holds_something(folder) or not held_something):
            return
    raise SourceUnreadable(
        f"{folder} was replaced, unmounted or emptied since it was listed, so nothing more was deleted. See that the "
        "right folder is there, then sync again."
    )


def _holds_something(folder: Path) -> bool:
    with os.scandir(folder) as found:
        return any(found)


def _write(note: Path, text: bytes) -> None:
    with suppress(OSError):  # a full disk is no reason not to mirror
        note.write_bytes(text)
