"""Notices that the uploads folder lost its volume: an unmounted folder looks empty, and would delete the bucket."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.errors import SourceUnreadable

NOTE = "uploads-volume"


def require_volume(uploads: Path, data_dir: Path, is_mount: Callable[[Path], bool] = os.path.ismount) -> None:
    """Return when the uploads folder is as good as when it was last seen; note it when it is a volume's root.

    Device numbers would tell more, but change with each boot for many file systems; that a folder is the root of
    a mounted volume does not.

    Raises:
        SourceUnreadable: it was such a root before, and is an ordinary folder now.
    """
    note = data_dir / NOTE
    was_volume = note.is_file() and note.read_bytes() == os.fsencode(uploads)
    if is_mount(uploads):
        if not was_volume:
            with suppress(OSError):  # a full disk is no reason not to mirror
                note.write_bytes(os.fsencode(uploads))
    elif was_volume:
        raise SourceUnreadable(
            f"{uploads} was a mounted volume before and is none now. Mount it again; "
            f"or, if it shall be an ordinary folder from now on, remove {note}."
        )
