"""Walking a folder in the order of keys, holding one sorted folder per level and using no recursion.

The order is that of the keys' UTF-8 bytes, which is how Python compares strings: a folder takes its place as
``name/``, so ``a.txt`` comes before ``a/b`` and that before ``a0``. Each folder is opened one place earlier, as
``name``, since an omission is told under the key ``name`` and must not come late. The spelling of names is
injective, so no two names of one folder can have one key.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from app.storages.base import Entry, Listed, Omission, Prune
from app.storages.local.confinement import ELSEWHERE, is_inside, open_descriptor, place_of
from app.storages.local.stamp import stamp_of
from app.storages.names import MARK, key_of, name_of

PART_PREFIX = ".sluice-part-"
"""How the names of files begin that a write has not finished; no listing shows them."""

_GONE = (errno.ENOENT, errno.ENOTDIR)

Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which keys a listing is asked for; see `Storage.list`."""

    prefix: str = ""
    after: str = ""
    prune: Prune | None = None

    def key(self, key: str) -> bool:
        """Return whether this key is asked for."""
        return key > self.after and key.startswith(self.prefix)

    def folder(self, folder: str) -> bool:
        """Return whether keys below ``folder``, which ends in ``/``, may be asked for."""
        if not (folder.startswith(self.prefix) or self.prefix.startswith(folder)):
            return False
        if folder < self.after and not self.after.startswith(folder):
            return False
        return self.prune is None or not self.prune(folder)


class Folder(NamedTuple):
    """An opened folder.

    Attributes:
        identity: its device and inode.
        path: where it is.
        key: what the keys below it start with.
        places: what is to be said of it, in descending order, so that the next one is popped from the end. Each is a
            segment of a key (with ``/`` at its end where a folder is entered), NUL, and the kind of place: plain
            text, since a million files in one folder are as many places held at once (measured: 72 bytes each, and
            239 as tuples). No segment holds a NUL, and none sorts below it.
    """

    identity: Identity
    path: str
    key: str
    places: list[str]


class Place(NamedTuple):
    """Where something is to be said in the listing.

    Attributes:
        at: where in the order: a key, with ``/`` at its end where a folder is entered.
        path: the file or folder.
    """

    at: str
    path: str


FILE, LINK, AHEAD, INSIDE = "f", "l", "a", "i"
"""Kinds of places: a file, a link, a folder to be opened, a folder to be entered."""

_MAY_GO = (FILE, LINK)
"""Kinds that are absent when they are not there any more, as long as their folder is."""


@dataclass(slots=True)
class Walk:
    """One walk below one root.

    Attributes:
        confine: the folder, without links, that must not be left.
        wanted: what is asked for.
    """

    confine: str
    wanted: Wanted
    _levels: list[Folder] = field(default_factory=list)
    _above: set[Identity] = field(default_factory=set)
    _opened: dict[str, Folder] = field(default_factory=dict)

    def below(self, root: Folder) -> Iterator[Listed]:
        """Yield what is below ``root``, keys strictly ascending."""
        self._enter(root)
        while self._levels:
            places = self._levels[-1].places
            if not places:
                self._above.discard(self._levels.pop().identity)
                continue
            listed = self._said(self._levels[-1], places.pop())
            if listed is not None:
                yield listed

    def read(self, descriptor: int, path: str, key: str) -> Folder:
        """Read an open folder.

        Args:
            descriptor: the folder; stays open.
            path: where it is.
            key: what the keys below it start with.

        Raises:
            OSError: it cannot be read.
        """
        status = os.fstat(descriptor)
        with os.scandir(descriptor) as found:
            places = [place for entry in found for place in self._places(entry, key)]
        places.sort(reverse=True)
        return Folder((status.st_dev, status.st_ino), path, key, places)

    def _said(self, folder: Folder, text: str) -> Listed | None:
        segment, _, kind = text.partition("\0")
        name = segment.rstrip("/")
        path = os.path.join(folder.path, name if MARK not in name else name_of(name))  # noqa: PTH118 - ten times as fast
        place = Place(folder.key + segment, path)
        listed = self.say_file(place) if kind == FILE else _SAYS[kind](self, place)
        if listed is None and kind in _MAY_GO and not os.path.lexists(path) and not _is_there(folder):
            return _moved(place.at)  # of each, since some of them may not be asked for by whoever listens
        return listed

    def open_ahead(self, place: Place) -> Listed | None:
        """Open a folder at its name's place, to be entered at its own; say what keeps it from being walked.

        One that has gone since its name was read may have been renamed, so that what it holds has not gone.
        """
        try:
            folder = self._open(place.path, place.at + "/")
        except OSError as error:
            if error.errno in _GONE:
                return _moved(place.at)
            return Omission(place.at, f"The folder cannot be read: {error.strerror}.", failed=True, subtree=True)
        if folder is None:
            return Omission(place.at, f"The folder is not read: {ELSEWHERE}.", failed=False, subtree=True)
        if folder.identity in self._above:
            return Omission(
                place.at,
                "Following it would never end: it lies in itself by way of a link.",
                failed=False,
                subtree=True,
            )
        self._opened[place.at] = folder
        return None

    def enter_opened(self, place: Place) -> Listed | None:
        """Go on inside the folder that was opened ahead."""
        folder = self._opened.pop(place.at[:-1], None)
        if folder is not None:
            self._enter(folder)
        return None

    def say_file(self, place: Place) -> Listed | None:
        """Give the entry of a file."""
        try:
            status = os.lstat(place.path)
        except OSError as error:
            return _unknown(place.at, error)
        return _listed(place.at, status)

    def say_link(self, place: Place) -> Listed | None:
        """Give the entry of the file that a link leads to, or say why not; folders are opened ahead."""
        inside = is_inside(os.path.realpath(place.path), self.confine)
        try:
            is_folder = stat.S_ISDIR((status := Path(place.path).stat()).st_mode)
        except OSError as error:
            return self._say_broken(place, error) if inside else _leads_outside(place.at, subtree=True)
        if is_folder and not self.wanted.folder(place.at + "/"):
            return None
        if not inside:
            return _leads_outside(place.at, subtree=is_folder)
        return self.open_ahead(place) if is_folder else self._only_wanted(_listed(place.at, status))

    def _open(self, path: str, key: str) -> Folder | None:
        """Open and read a folder, or return None when it lies where the walk may not go."""
        descriptor = open_descriptor(path, os.O_DIRECTORY)
        try:
            inside = is_inside(place_of(descriptor, path), self.confine)
            return self.read(descriptor, path, key) if inside else None
        finally:
            os.close(descriptor)

    def _say_broken(self, place: Place, error: OSError) -> Listed | None:
        if error.errno in (*_GONE, errno.ELOOP):
            if not os.path.lexists(place.path):
                return None
            # It may have led into a volume that is not mounted now, so what lay below it is kept.
            return Omission(place.at, "It is a link that leads nowhere.", failed=False, subtree=True)
        return Omission(place.at, f"The link cannot be followed: {error.strerror}.", failed=True, subtree=True)

    def _only_wanted(self, listed: Listed) -> Listed | None:
        return listed if self.wanted.key(listed.key) else None

    def _enter(self, folder: Folder) -> None:
        self._levels.append(folder)
        self._above.add(folder.identity)

    def _places(self, entry: "os.DirEntry[str]", key: str) -> Iterator[str]:
        segment = key_of(entry.name)
        at = key + segment
        if entry.is_symlink():
            if self.wanted.key(at) or self.wanted.folder(at + "/"):
                yield f"{segment}\0{LINK}"
                yield f"{segment}/\0{INSIDE}"
        elif entry.is_dir(follow_symlinks=False):
            if self.wanted.folder(at + "/"):
                yield f"{segment}\0{AHEAD}"
                yield f"{segment}/\0{INSIDE}"
        elif self.wanted.key(at) and not entry.name.startswith(PART_PREFIX):
            yield f"{segment}\0{FILE}"


_SAYS: Mapping[str, Callable[[Walk, Place], Listed | None]] = {
    LINK: Walk.say_link,
    AHEAD: Walk.open_ahead,
    INSIDE: Walk.enter_opened,
}


def _listed(key: str, status: os.stat_result) -> Listed:
    if stat.S_ISREG(status.st_mode):
        return Entry(key, status.st_size, status.st_mtime, None, stamp_of(status))
    return Omission(key, "It is a pipe, a socket or a device, not a file.", failed=False, subtree=False)


def _unknown(key: str, error: OSError) -> Listed | None:
    if error.errno in _GONE:
        return None
    return Omission(key, f"It cannot be looked at: {error.strerror}.", failed=True, subtree=False)


def _is_there(folder: Folder) -> bool:
    try:
        status = os.stat(folder.path)  # noqa: PTH116 - as in `Walk`
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == folder.identity


def _moved(key: str) -> Omission:
    why = "Its folder was renamed or removed while it was listed, so nobody knows what has gone and what was moved."
    return Omission(key, why, failed=True, subtree=True)


def _leads_outside(key: str, subtree: bool) -> Omission:
    return Omission(key, f"It is a link that is not followed: {ELSEWHERE}.", failed=False, subtree=subtree)
