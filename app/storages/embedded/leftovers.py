"""Clearing away what a killed rclone leaves among the objects; only for a server that is not running."""

import os
from contextlib import suppress
from pathlib import Path

TEMPORARY = (".rclone_temp_put_", ".rclone_temp_multipart_")
"""Measured with rclone 1.75: files of uploads that were under way. No listing shows them, yet they stay for ever
and keep their bucket from being dropped."""


def clear_leftovers(objects: Path) -> None:
    """Remove unfinished uploads, and folders without objects, from every bucket below ``objects``."""
    for bucket in _folders_in(objects):
        found = [bucket]
        for folder in found:
            found += _folders_in(folder)
            _remove_temporary(folder)
        for folder in reversed(found[1:]):
            with suppress(OSError):
                folder.rmdir()


def _folders_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]


def _remove_temporary(folder: Path) -> None:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(TEMPORARY)]
    for name in names:
        with suppress(OSError):
            (folder / name).unlink()
