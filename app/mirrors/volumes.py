"""Notices that a volume which is mounted below the uploads folder is gone, or that an empty one lies in its place.

The uploads folder itself is looked after by `app.mirrors.mounts`. A folder that was never on a volume of its own may
be emptied, removed and made anew as its owner likes.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from app.errors import SourceUnreadable
from app.mirrors.unfinished import Pair

NOTES = "source-volumes"
MOUNTS = Path("/proc/self/mountinfo")

_PLACE = 4
_OF_NEW_VOLUMES = "lost+found"


class Known(NamedTuple):
    """A volume that was seen.

    Attributes:
        identity: the inode of its root, and the number of its file system.
        note: where that is kept.
    """

    identity: str
    note: Path


@dataclass(frozen=True, slots=True)
class Volumes:
    """The volumes that a mirror's folder lies on or holds, now and when it was last seen with something in it.

    What mirrors of other parts of the same bucket have seen counts too. Device numbers change with each boot for many
    file systems, so a volume is known by its place, the inode of its root and the number that its file system bears. A
    bind mount counts as a volume.

    Attributes:
        pair: the mirror's.
        uploads: the uploads folder, without links.
        folder: the mirror's, without links; may be missing.
        notes: the folder where is kept what was seen.
        mounts: a file as Linux has it in /proc; where there is none, the folders themselves are looked at.
    """

    pair: Pair
    uploads: str
    folder: str
    notes: Path
    mounts: Path = MOUNTS

    @classmethod
    def of(cls, pair: Pair, folder: Path, uploads: Path, data_dir: Path, mounts: Path = MOUNTS) -> "Volumes":
        """Return those of a pair, whose folder is ``folder``."""
        return cls(pair, os.path.realpath(uploads), os.path.realpath(folder), data_dir / NOTES, mounts)

    def require_there(self) -> None:
        """Return when each volume that was seen is mounted.

        Raises:
            SourceUnreadable: one is not.
        """
        known = self._known()
        self._require_there(known, self._mounted(known))

    def require_same(self) -> None:
        """Return when they are those that were seen, or hold something; note then which ones they are.

        Raises:
            SourceUnreadable: one is gone, or is an empty one in the place of what held something.
        """
        known = self._known()
        here = self._mounted(known)
        self._require_there(known, here)
        self._require_no_empty_ones(known, here)
        self._note_what_holds_something(here)

    def note_what_is_there(self) -> None:
        """Note which volumes are the right ones: the folder was just downloaded into."""
        self._note_what_holds_something(self._mounted(()))

    def _note_what_holds_something(self, here: Mapping[str, str]) -> None:
        if not _is_empty(self.folder):
            self._note({place: identity for place, identity in here.items() if not self._is_empty(place)})

    def _require_there(self, known: Mapping[str, Known], here: Mapping[str, str]) -> None:
        for place, seen in known.items():
            if place not in here:
                raise SourceUnreadable(
                    f"{self._path(place)} was a mounted volume before and is none now. Mount it again; "
                    f"or, if it shall be an ordinary folder from now on, remove {seen.note}."
                )

    def _require_no_empty_ones(self, known: Mapping[str, Known], here: Mapping[str, str]) -> None:
        for place, identity in here.items():
            seen = known.get(place)
            # What lies on the disk of the uploads folder is hidden when a volume is mounted over it.
            hides = seen is None and self._is_above(place) and self._note_of_it.is_file() and _is_empty(self.folder)
            if hides or (seen is not None and seen.identity != identity and self._is_empty(place)):
                raise SourceUnreadable(
                    f"{self._path(place)} is an empty volume, and not what held files there before: is another one "
                    "mounted in its place? If it is the right one, put a file into it and sync once; or remove "
                    f"{self._note_of_it if seen is None else seen.note}."
                )

    def _mounted(self, known: Iterable[str]) -> dict[str, str]:
        """Return place and identity of the volumes that the folder lies on or holds; one out of reach is not there."""
        found = {}
        for path in sorted(self._mount_points(known)):
            place = path[len(self.uploads.rstrip("/")) + 1 :]
            if path.startswith(self.uploads.rstrip("/") + "/") and self._concerns(place):
                with suppress(OSError):
                    found[place] = _identity(path)
        return found

    def _mount_points(self, known: Iterable[str]) -> Iterable[str]:
        for path in (self.folder, *(self._path(place) for place in known)):
            with suppress(OSError):
                os.stat(f"{path}/.")  # noqa: PTH116 - has mounted what is mounted when somebody looks (autofs, NFS)
        try:
            lines = self.mounts.read_bytes().splitlines()
        except OSError:
            above = [self.folder, *map(str, Path(self.folder).parents)]
            return {path for path in (*above, *(self._path(place) for place in known)) if os.path.ismount(path)}
        return {_unescaped(line.split(b" ")[_PLACE]) for line in lines if line.count(b" ") > _PLACE}

    def _is_above(self, place: str) -> bool:
        return f"{self.folder}/".startswith(f"{self._path(place)}/")

    def _is_below(self, path: str) -> bool:
        return path.startswith(f"{self.folder.rstrip('/')}/")

    def _is_empty(self, place: str) -> bool:
        return _is_empty(self._path(place))

    def _path(self, place: str) -> str:
        return os.path.join(self.uploads, place)  # noqa: PTH118 - texts, as all of these

    @property
    def _note_of_it(self) -> Path:
        return self.notes / f"{_digest(self.pair.target)}-{_digest(self.pair)}.json"

    def _known(self) -> dict[str, Known]:
        """Return the volumes that the folder was on or held, for all that any mirror of this part of the bucket saw."""
        known: dict[str, Known] = {}
        for note in sorted(self.notes.glob(f"{_digest(self.pair.target)}-*.json"), key=self._note_of_it.__eq__):
            pair, uploads, volumes = _read(note)
            if uploads == self.uploads and self.pair.meets(pair):
                known |= {place: Known(seen, note) for place, seen in volumes.items() if self._concerns(place)}
        return known

    def _concerns(self, place: str) -> bool:
        return self._is_above(place) or self._is_below(self._path(place))

    def _note(self, volumes: Mapping[str, str]) -> None:
        """Keep these, and those of this pair that are not among them."""
        _, uploads, noted = _read(self._note_of_it)
        kept = {**(noted if uploads == self.uploads else {}), **volumes}
        if (uploads, noted) == (self.uploads, kept):
            return
        with suppress(OSError):  # a full disk is no reason not to mirror
            self.notes.mkdir(exist_ok=True)
            part = self._note_of_it.with_suffix(f".{os.getpid()}.part")
            part.write_text(json.dumps([self.pair, self.uploads, kept]))
            part.replace(self._note_of_it)


def _digest(of: Any) -> str:
    return hashlib.sha256(json.dumps(of).encode()).hexdigest()[:16]


def _read(note: Path) -> tuple[Pair, str, dict[str, str]]:
    """Return a pair, the uploads folder and the volumes that were seen; what cannot be read is a note of nothing."""
    try:
        pair, uploads, volumes = json.loads(note.read_text())
        return Pair(*map(str, pair)), str(uploads), {str(place): str(seen) for place, seen in volumes.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return Pair("", "", ""), "", {}


def _identity(path: str) -> str:
    return f"{os.stat(f'{path}/.').st_ino:x}.{os.statvfs(f'{path}/.').f_fsid:x}"  # noqa: PTH116 - as above


def _is_empty(path: str) -> bool:
    """Return whether there is nothing, or no folder; what cannot be read is not empty: whoever lists it says so."""
    try:
        with os.scandir(path) as found:
            return all(entry.name == _OF_NEW_VOLUMES for entry in found)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _unescaped(field: bytes) -> str:
    """Return a path that Linux wrote with numbers for blanks, line ends and backslashes."""
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), field))
