"""Folders by their names: found step by step from the top, remembered, and made where they are missing.

Names need not be unique in Drive. Two folders of one name are never chosen from: whatever would lead through them is
refused, until somebody renames or removes one.
"""

import threading
from collections.abc import Sequence

from app.errors import KeyRefused, ObjectMissing, StorageFailure, StorageMissing, StorageNotEmpty
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.paths import name_of, segments_of
from app.storages.gdrive.reserved import Reserved
from app.storages.gdrive.resources import DriveFile
from app.storages.gdrive.turns import Turns

Names = tuple[str, ...]

_MAKING = Turns()
"""Of all storages: jobs for different parts of a folder run at once, and may want the same new folder."""

MANY_KNOWN = 100_000
"""Folders that are remembered; then all are forgotten and looked up anew."""


class Known:
    """Ids of folders by their names from the top. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: dict[Names, str] = {}

    def deepest(self, path: Names) -> tuple[int, str | None]:
        """Return how many names of ``path`` lead to the last folder on its way that is known, and its id."""
        with self._lock:
            for end in range(len(path), 0, -1):
                if path[:end] in self._ids:
                    return end, self._ids[path[:end]]
        return 0, None

    def keep(self, path: Names, folder_id: str) -> str:
        """Remember a folder and return its id."""
        with self._lock:
            if len(self._ids) >= MANY_KNOWN:
                self._ids.clear()
            self._ids[path] = folder_id
        return folder_id

    def forget(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._ids.clear()


class Folders:
    """The folder of one address and those below it. Thread-safe.

    Args:
        files: asks Drive.
        address: where the folder is.
        known: what is remembered; it may be shared.
        reserved: ids for new folders.
    """

    def __init__(self, files: DriveFiles, address: DriveAddress, known: Known, reserved: Reserved) -> None:
        self._files, self._known, self._reserved = files, known, reserved
        self._top = files.root(address.drive)
        self._base = _names_of(address.folder)
        self._place = (address.endpoint, address.account, self._top)

    def root(self) -> str:
        """Return the id of the address's folder.

        Raises:
            StorageMissing: it is not there.
            StorageFailure: there are two.
        """
        found = self.found(())
        if found is None:
            raise self._missing()
        return found

    def found(self, names: Names) -> str | None:
        """Return the id of the folder that is reached by these names; None: there is none.

        Raises:
            KeyRefused: one of these names is that of two folders.
            StorageMissing, StorageFailure: as `root`.
        """
        try:
            return self._search(names)
        except ObjectMissing:  # one that was known is gone
            self.forget()
        try:
            return self._search(names)
        except ObjectMissing:
            raise self._missing() from None

    def made(self, names: Names) -> str:
        """Return the id of the folder that is reached by these names, which is made if it is not there.

        Threads that want the same new folder get the same one. Raises as `found`.
        """
        try:
            return self._make_all(self.root(), names)
        except ObjectMissing:
            self.forget()
        try:
            return self._make_all(self.root(), names)
        except ObjectMissing:
            raise self._missing() from None

    def make_root(self) -> None:
        """Make the address's folder and those on the way to it, as far as they are missing.

        Raises:
            StorageFailure: two folders on the way have the same name.
            StorageMissing: there is no such shared drive.
        """
        self.forget()
        folder_id = self._top
        try:
            for end in range(1, len(self._base) + 1):
                folder_id = self._make(folder_id, self._base[:end])
        except ObjectMissing:
            raise self._missing() from None

    def drop_root(self) -> None:
        """Put the address's folder into the bin, with empty folders in it; harmless when it is not there.

        What the account's grant does not show (``drive.file``) goes with it: ask only where nothing else can be in it.

        Raises:
            StorageNotEmpty: there is something else in it, of whatever kind; or it is the top of a drive.
        """
        self.forget()
        try:
            folder_id = self.root()
            if not self._base:
                raise StorageNotEmpty("The top folder of a drive cannot be removed.")
            self._require_no_file(folder_id)
            self._files.trash(folder_id)
        except (StorageMissing, ObjectMissing):
            return
        finally:
            self.forget()

    def forget(self) -> None:
        """Look everything up anew from now on."""
        self._known.forget()

    def _search(self, names: Names) -> str | None:
        path = (*self._base, *names)
        known, folder_id = self._known.deepest(path)
        folder_id = folder_id or self._top
        for end in range(known + 1, len(path) + 1):
            found = self._look_up(folder_id, path[:end])
            if found is None and end <= len(self._base):
                raise self._missing()
            if found is None:
                return None
            folder_id = self._known.keep(path[:end], found)
        return folder_id

    def _make_all(self, folder_id: str, names: Names) -> str:
        for end in range(1, len(names) + 1):
            folder_id = self._make(folder_id, (*self._base, *names[:end]))
        return folder_id

    def _make(self, parent_id: str, path: Names) -> str:
        known, folder_id = self._known.deepest(path)
        if known == len(path) and folder_id:
            return folder_id
        with _MAKING.taken((*self._place, path)):
            known, folder_id = self._known.deepest(path)
            if known == len(path) and folder_id:
                return folder_id
            found = self._look_up(parent_id, path)
            if found is None:
                found = self._make_first(parent_id, path)
            return self._known.keep(path, found)

    def _make_first(self, parent_id: str, path: Names) -> str:
        """Make a folder and return its id; another job may do the same just now, and then the first one is for both."""
        made = self._files.make_folder(path[-1], parent_id, self._reserved.next())
        first = min([made, *self._alike(parent_id, path)], key=lambda one: (one.created_ns, one.id))
        if first.id != made.id:
            self._files.trash(made.id)  # nothing can be in it: nobody was told of it
        return first.id

    def _alike(self, parent_id: str, path: Names) -> list[DriveFile]:
        return [one for one in self._files.named(parent_id, path[-1]) if one.is_folder]

    def _look_up(self, parent_id: str, path: Names) -> str | None:
        found = self._alike(parent_id, path)
        if len(found) <= 1:
            return found[0].id if found else None
        sentence = f"{'/'.join(path)!r} is the path of {len(found)} folders in Drive. Rename or remove all but one."
        raise StorageFailure(sentence) if len(path) <= len(self._base) else KeyRefused(sentence)

    def _require_no_file(self, folder_id: str) -> None:
        waiting, looked_at = [folder_id], {folder_id}
        while waiting:
            for child in self._files.children(waiting.pop()):
                if not child.is_folder:
                    raise StorageNotEmpty(f"The folder {'/'.join(self._base)!r} still holds files.")
                if child.id not in looked_at:
                    looked_at.add(child.id)
                    waiting.append(child.id)

    def _missing(self) -> StorageMissing:
        return StorageMissing(f"There is no folder {'/'.join(self._base)!r} in Drive, or the account does not see it.")


def _names_of(folder: str) -> Names:
    """Return the names of a path; of one that no folder can have, names that lead nowhere are as good as any."""
    segments: Sequence[str] = (segments_of(folder) or folder.split("/")) if folder else ()
    return tuple(map(name_of, segments))
