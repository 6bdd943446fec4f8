"""Removing a folder that holds no file, by open folders, so that a link that comes in the way leads nowhere."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from app.storages.local.confinement import kept_inside, open_descriptor, place_of
from app.storages.local.walk import PART_PREFIX


class _Found(NamedTuple):
    """What a folder without files holds.

    Attributes:
        path: where it is.
        folders: names of the folders in it.
        parts: names of unfinished files in it.
    """

    path: str
    folders: list[str]
    parts: list[str]


def remove_tree_without_files(root: Path, confine: str) -> bool:
    """Remove a folder that holds nothing but folders and unfinished parts.

    Returns:
        False, with nothing removed, when it holds anything else.

    Raises:
        OSError: the file system refused it, or ``root`` is a link.
        KeyRefused: it lies outside ``confine``, or came to while this went on.
    """
    top = _opened(str(root), str(root), confine)
    try:
        place = place_of(top, root)
        tree = _tree(str(root), place)
        if not tree:
            return False
        for found in reversed(tree):
            _empty(found, str(root), place)
        _remove(top, root)
    finally:
        os.close(top)
    return True


def _tree(root: str, confine: str) -> Sequence[_Found]:
    """Return ``root`` and every folder below it, each before those in it; nothing when there is a file."""
    tree, pending = [], [root]
    while pending:
        found = _look(path := pending.pop(), root, confine)
        if found is None:
            return ()
        tree.append(found)
        pending.extend(f"{path}/{name}" for name in found.folders)
    return tree


def _look(path: str, root: str, confine: str) -> _Found | None:
    found = _Found(path, [], [])
    folder = _opened(path, root, confine)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found.folders.append(entry.name)
                elif entry.name.startswith(PART_PREFIX) and entry.is_file(follow_symlinks=False):
                    found.parts.append(entry.name)
                else:
                    return None
    finally:
        os.close(folder)
    return found


def _empty(found: _Found, root: str, confine: str) -> None:
    folder = _opened(found.path, root, confine)
    try:
        for name in found.parts:
            os.unlink(name, dir_fd=folder)
        for name in found.folders:
            os.rmdir(name, dir_fd=folder)
    finally:
        os.close(folder)


def _opened(path: str, key: str, confine: str) -> int:
    return kept_inside(open_descriptor(path, os.O_DIRECTORY | os.O_NOFOLLOW), path, key, confine)


def _remove(top: int, root: Path) -> None:
    """Remove an empty folder that is open from the one that its path leads to, if it is the one that lies there."""
    above = open_descriptor(root.parent, os.O_DIRECTORY)
    try:
        if not os.path.samestat(os.fstat(top), os.stat(root.name, dir_fd=above, follow_symlinks=False)):
            raise NotADirectoryError(errno.ENOTDIR, "was replaced")
        os.rmdir(root.name, dir_fd=above)
    finally:
        os.close(above)
