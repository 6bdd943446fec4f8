"""What is stored under a key: the folder by its names, then the one file in it that has the last segment."""

from pathlib import PurePosixPath

from app.errors import KeyRefused, ObjectMissing
from app.storages.base import Entry
from app.storages.gdrive.exporting import EXTENSIONS
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.folders import Folders, Names
from app.storages.gdrive.paths import name_of, segments_of
from app.storages.gdrive.resources import DriveFile
from app.storages.gdrive.standing import Entries

_EXTENSIONS = frozenset(EXTENSIONS.values())


class Tree:
    """Looks up files by keys. Thread-safe.

    Args:
        files: asks Drive.
        folders: finds folders.
        entries: tells which segment a file has.
    """

    def __init__(self, files: DriveFiles, folders: Folders, entries: Entries) -> None:
        self._files, self._folders, self._entries = files, folders, entries

    def file(self, key: str) -> DriveFile:
        """Return the file of a key.

        Raises:
            ObjectMissing: there is none.
            KeyRefused: there are two, or two folders on the way.
            StorageMissing: the folder of the storage is not there.
        """
        segments = segments_of(key)
        if segments is None:
            self._folders.root()
            raise _missing(key)
        folders = tuple(map(name_of, segments[:-1]))
        found = self._looked_up(folders, key)
        if found is None:
            self._folders.forget()  # a folder on the way may be in the bin, and another in its place
            found = self._looked_up(folders, key)
        if found is None:
            raise _missing(key)
        return found

    def entry(self, key: str) -> Entry:
        """Return the entry of a key; raises as `file`, and as `Entries.entry`."""
        return self._entries.entry(key, self.file(key))

    def standing(self, folder_id: str, key: str) -> DriveFile | None:
        """Return the file in this folder that has the key's last segment; None: there is none.

        Raises:
            KeyRefused: there are two.
            ObjectMissing: there is no such folder.
        """
        segment = key.rpartition("/")[2]
        found = [one for one in self._candidates(folder_id, segment) if self._entries.segment(one) == segment]
        if len(found) > 1:
            raise KeyRefused(
                f"{key!r} is the key of {len(found)} files in Drive, and none of them was touched. Rename or remove "
                "all but one of them."
            )
        return found[0] if found else None

    def _candidates(self, folder_id: str, segment: str) -> list[DriveFile]:
        """Return the files that may have this segment; of a document of Google's, its extension is not in its name."""
        found = self._files.named(folder_id, name_of(segment))
        path = PurePosixPath(segment)
        if path.suffix in _EXTENSIONS:
            found = found + [one for one in self._files.named(folder_id, name_of(path.stem)) if one.is_native]
        return found

    def _looked_up(self, folders: Names, key: str) -> DriveFile | None:
        folder_id = self._folders.found(folders)
        try:
            return self.standing(folder_id, key) if folder_id else None
        except ObjectMissing:
            return None


def _missing(key: str) -> ObjectMissing:
    return ObjectMissing(f"There is no file {key[:1000]!r} in Drive.")
