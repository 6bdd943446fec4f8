"""Walking folders of Drive in the order of keys, those that come next read ahead by several threads.

Each folder is read one place before its keys begin, at ``name`` instead of ``name/``: what keeps it from being read is
told under the key ``name``, and must not come late (``name!x`` lies between the two). Held are the children of the
folders on the way down, and of at most `AHEAD` others.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeAlias

from app.errors import AccessDenied, FileChanged, ListingBroken, ObjectMissing, StorageFailure
from app.storages.base import Entry, Listed, Omission, Prune
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.folders import Folders
from app.storages.gdrive.standing import Entries, Standing
from app.storages.http_api.threads import Threads

AHEAD = 16
"""How many folders and documents are asked about before their place in the listing has come."""

DEEPEST = 512
"""Folders in each other: as many as a key of 1,024 bytes can name. Drive itself takes a hundred."""

_OF_ONE = (AccessDenied, ObjectMissing, FileChanged)
"""What is wrong with one folder or document, and says nothing of the others."""

_REMOVED = "The folder in Drive was removed while it was listed."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which keys a listing is asked for; see `app.storages.base.Storage.list`."""

    prefix: str
    after: str
    prune: Prune | None

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


@dataclass(slots=True)
class Place:
    """Where something stands that Drive must be asked about before it can be told.

    Attributes:
        key: of what stands there.
        standing: what of it is wanted.
        coming: what was found out about it ahead.
        opened: the folder, from when it was read until it is entered.
    """

    key: str
    standing: Standing
    coming: "Future[Seen] | None" = None
    opened: "Level | None" = None


class Inside(NamedTuple):
    """Where the keys in a folder begin; ``key`` ends with ``/``."""

    key: str
    place: Place


Step: TypeAlias = Entry | Omission | Place | Inside


@dataclass(slots=True)
class Level:
    """A folder that was read.

    Attributes:
        id: of the folder.
        steps: what is to be told, by descending keys.
        upcoming: the places about which nobody was asked yet, in order.
    """

    id: str
    steps: list[Step]
    upcoming: deque[Place]


class Seen(NamedTuple):
    """What was found out about one place."""

    listed: Listed | None
    opened: Level | None


class Lister:
    """Lists the folder of a storage. Thread-safe; several listings may run at once.

    Args:
        files: asks Drive.
        folders: finds the folder.
        entries: tells what stands in a folder.
        threads: ask ahead.
    """

    def __init__(self, files: DriveFiles, folders: Folders, entries: Entries, threads: Threads) -> None:
        self._files, self._folders, self._entries, self._threads = files, folders, entries, threads

    def listed(self, prefix: str, after: str, prune: Prune | None) -> Iterator[Listed]:
        """Yield what is in the folder, keys strictly ascending.

        Raises:
            ListingBroken: a folder lies in itself; or the storage's own one went away meanwhile.
            StorageError: something cannot be read of which it is not known whose keys are missing then.
        """
        self._folders.forget()
        root_id = self._folders.root()
        yield from _Walk(self._files, self._entries, self._threads, Wanted(prefix, after, prune)).below(root_id)
        self._require_there(root_id)

    def _require_there(self, root_id: str) -> None:
        """Raise when the folder is in the bin by now: Drive then tells of its folders as if they were empty."""
        try:
            is_there = not self._files.find(root_id).trashed
        except ObjectMissing:
            is_there = False
        if not is_there:
            raise ListingBroken(_REMOVED)


@dataclass(slots=True)
class _Walk:
    """One walk; used by one thread."""

    files: DriveFiles
    entries: Entries
    threads: Threads
    wanted: Wanted
    _levels: list[Level] = field(default_factory=list)
    _asked: int = 0

    def below(self, root_id: str) -> Iterator[Listed]:
        """Yield what is below a folder."""
        try:
            self._levels.append(self._read(root_id, ""))
        except ObjectMissing:
            raise ListingBroken(_REMOVED) from None
        try:
            while self._levels:
                if not self._levels[-1].steps:
                    self._levels.pop()
                    continue
                listed = self._take(self._levels[-1].steps.pop())
                if listed is not None:
                    yield listed
        finally:
            self._leave()

    def _take(self, step: Step) -> Listed | None:
        if isinstance(step, Inside):
            if step.place.opened is not None:
                self._enter(step.place.opened)
                step.place.opened = None
            return None
        if not isinstance(step, Place):
            return step
        self._ask_ahead()
        listed, step.opened = self._answer(step)
        return listed

    def _enter(self, level: Level) -> None:
        if any(level.id == above.id for above in self._levels) or len(self._levels) > DEEPEST:
            raise ListingBroken("A folder in Drive lies in itself, or deeper than any can.")
        self._levels.append(level)

    def _ask_ahead(self) -> None:
        """Have the next places be asked about: those in the folder in hand come first, then those above it."""
        for level in reversed(self._levels):
            while level.upcoming and self._asked < AHEAD:
                place = level.upcoming.popleft()
                place.coming = self.threads.submit(partial(self._look_into, place))
                self._asked += 1

    def _answer(self, place: Place) -> Seen:
        if place.coming is None:  # all that may be under way is: for folders further up
            self._levels[-1].upcoming.popleft()
            return self._look_into(place)
        seen, place.coming = place.coming.result(), None
        self._asked -= 1
        return seen

    def _leave(self) -> None:
        """Have nothing more be asked for a listing that has ended, or was left."""
        for level in self._levels:
            for step in level.steps:
                if isinstance(step, Place) and step.coming is not None:
                    step.coming.cancel()

    def _read(self, folder_id: str, key: str) -> Level:
        found = self.entries.by_segment(self.files.children(folder_id))
        steps = [step for segment, standing in found.items() for step in self._steps(key + segment, standing)]
        steps.sort(key=lambda step: step.key)
        upcoming = deque(step for step in steps if isinstance(step, Place))
        return Level(folder_id, steps[::-1], upcoming)

    def _steps(self, key: str, standing: Standing) -> Iterator[Step]:
        """Yield what is to be told of what stands under a key, without what is not asked for."""
        told = self._wanted(key, standing)
        if told.folder is None and (told.file is None or self.entries.knows_size(told.file)):
            listed = self._listed(key, told)
            if listed is not None:
                yield listed
            return
        place = Place(key, told)
        yield place
        if told.folder is not None:
            yield Inside(f"{key}/", place)

    def _wanted(self, key: str, standing: Standing) -> Standing:
        file, folder, left = standing
        may_be_below = (folder is not None or (left is not None and left.subtree)) and self.wanted.folder(f"{key}/")
        is_wanted = self.wanted.key(key)
        tells_left = left is not None and (is_wanted or (left.subtree and may_be_below))
        return Standing(file if is_wanted else None, folder if may_be_below else None, left if tells_left else None)

    def _look_into(self, place: Place) -> Seen:
        """Ask about what stands at a place; only what is wrong with it alone becomes an omission."""
        listed, folder = self._listed(place.key, place.standing), place.standing.folder
        if folder is None:
            return Seen(listed, None)
        try:
            return Seen(listed, self._read(folder.id, f"{place.key}/"))
        except _OF_ONE as error:
            why = f"The folder cannot be listed: {error}"
            return Seen(Omission(place.key, why, failed=True, subtree=True), None)

    def _listed(self, key: str, standing: Standing) -> Listed | None:
        if standing.file is None:
            return Omission(key, *standing.left) if standing.left else None
        try:
            return self.entries.entry(key, standing.file)
        except (*_OF_ONE, StorageFailure) as error:
            return Omission(key, str(error), failed=True, subtree=False)
