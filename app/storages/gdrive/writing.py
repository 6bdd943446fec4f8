"""Storing objects: new bytes for the file that has the key, or a new file in a folder that is made for it."""

from app.errors import FileChanged, KeyRefused, ObjectMissing, StorageFailure
from app.storages.base import Content, Entry
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.folders import Folders
from app.storages.gdrive.paths import name_of, segments_to_write
from app.storages.gdrive.reserved import Reserved
from app.storages.gdrive.resources import DriveFile
from app.storages.gdrive.standing import Entries
from app.storages.gdrive.tree import Tree
from app.storages.gdrive.turns import Turns


class Writer:
    """Stores objects in one storage. Thread-safe.

    Args:
        files: asks Drive.
        folders: finds and makes folders.
        tree: finds the file that is there already.
        entries: tells of what was stored.
        reserved: ids for new files.
    """

    def __init__(self, files: DriveFiles, folders: Folders, tree: Tree, entries: Entries, reserved: Reserved) -> None:
        self._files, self._folders, self._tree, self._entries = files, folders, tree, entries
        self._reserved = reserved
        self._turns = Turns()

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``: see `app.storages.base.Storage.write`.

        Folders that were made for it stay, also where the rest fails.

        Raises:
            KeyRefused: no file can have this key; or two files have it, or two folders on the way, or a document of
                Google's, whose content is never replaced.
            StorageFailure: the folder went into the bin meanwhile, and the file with it.
        """
        segments = segments_to_write(key)
        with self._turns.taken(key):
            folder_id, there = self._place_of(key, tuple(map(name_of, segments[:-1])))
            stored = self._stored(there, name_of(segments[-1]), folder_id, content)
        if stored.trashed:
            self._folders.forget()
            raise StorageFailure(f"The folder of {key!r} was put into the bin in Drive meanwhile. Try it again.")
        entry = self._entries.entry(key, stored)
        if entry.size != content.size:
            raise FileChanged(f"{key!r} was stored with {entry.size} bytes instead of {content.size}.")
        return entry

    def _place_of(self, key: str, folders: tuple[str, ...]) -> tuple[str, DriveFile | None]:
        """Return the folder for a key, and the file that has the key already."""
        folder_id = self._folders.made(folders)
        try:
            there = self._tree.standing(folder_id, key)
        except ObjectMissing:  # a folder that was known is gone
            self._folders.forget()
            folder_id = self._folders.made(folders)
            there = self._tree.standing(folder_id, key)
        if there is not None and there.is_native:
            raise KeyRefused(f"A document of Google's has the key {key!r}, and stays. Rename or remove it in Drive.")
        return folder_id, there

    def _stored(self, there: DriveFile | None, name: str, folder_id: str, content: Content) -> DriveFile:
        if there is not None:
            return self._files.replace(there.id, content)
        return self._files.create(name, folder_id, self._reserved.next(), content)
