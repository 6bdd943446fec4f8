"""The driver for Google Drive: the protocol's methods, each handed to the module of its subject."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.errors import StorageError
from app.storages.base import KEEP_HOURS, LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.browsing import Browser
from app.storages.gdrive.deletion import delete_all
from app.storages.gdrive.files import MOST_AT_ONCE, DriveFiles
from app.storages.gdrive.folders import Folders, Known
from app.storages.gdrive.listing import Lister
from app.storages.gdrive.paths import segments_to_write
from app.storages.gdrive.reserved import Reserved
from app.storages.gdrive.rights import find_rights
from app.storages.gdrive.standing import Entries
from app.storages.gdrive.tree import Tree
from app.storages.gdrive.writing import Writer
from app.storages.http_api.threads import Threads


class GdriveStorage:
    """One folder of an account. Thread-safe.

    Args:
        address: the folder, and the account's tokens.
        connections: how many requests may be under way at once.
        keep_hours: as other drivers take it; Google forgets within a week what an upload that was cut off had sent.
        notes: as other drivers take it; a large upload that was interrupted begins anew.
    """

    def __init__(
        self,
        address: DriveAddress,
        connections: int = MOST_AT_ONCE,
        keep_hours: float = KEEP_HOURS,  # noqa: ARG002
        notes: Path | None = None,  # noqa: ARG002
    ) -> None:
        self._files = DriveFiles(address, connections)
        self._briefly = self._files.briefly
        self._threads = Threads(min(connections, MOST_AT_ONCE), "gdrive")
        known, reserved = Known(), Reserved(self._files)
        self._folders = Folders(self._files, address, known, reserved)
        self._asked_folders = Folders(self._briefly, address, known, reserved)
        entries, asked_entries = Entries(self._files), Entries(self._briefly)
        self._tree = Tree(self._files, self._folders, entries)
        self._asked_tree = Tree(self._briefly, self._asked_folders, asked_entries)
        self._lister = Lister(self._files, self._folders, entries, self._threads)
        self._browser = Browser(self._briefly, self._asked_folders, asked_entries, self._threads)
        self._writer = Writer(self._files, self._folders, self._tree, entries, reserved)

    def check(self) -> None:
        """Return when the folder is there; raise what is wrong within about ten seconds."""
        self._asked_folders.forget()
        self._asked_folders.root()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """Yield the entries, folder by folder; documents of Google's are exported for their sizes."""
        return self._lister.listed(prefix, after, prune)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of what lies directly below ``prefix``."""
        return self._browser.level(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        """Return the entry of one object.

        Raises:
            KeyRefused: two files have this key.
        """
        return self._asked_tree.entry(key)

    def rights(self) -> Rights:
        """Find out what the account may do in the folder itself."""
        return find_rights(self._briefly, self._asked_folders)

    def read(self, key: str) -> Content:
        """Open the object for reading; of a document of Google's, what it is exported as.

        Raises:
            KeyRefused: two files have this key.
        """
        return self._files.read(self._tree.file(key))

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``."""
        return self._writer.write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        """Copy nothing: Drive makes a copy as a new file, and never in the place of another one, so bytes are written.

        Returns:
            The entry where ``source`` is ``key``, else None.
        """
        found = self._tree.entry(source)
        segments_to_write(key)
        return found if source == key else None

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Put these objects into the bin, several at once."""
        self._folders.forget()  # what somebody has moved elsewhere meanwhile is not among these keys any more
        return delete_all(self._files, self._tree, self._threads, keys)

    def create(self) -> None:
        """Make the folder, and those on the way to it; harmless when they are there."""
        self._folders.make_root()

    def drop(self) -> None:
        """Put the folder into the bin, if the grant shows no file in it; harmless when it is absent."""
        self._folders.drop_root()

    def tidy(self) -> None:
        """Remove nothing: uploads that were cut off are not to be found, and Google forgets them within a week."""

    def close(self) -> None:
        """Close the connections."""
        self._threads.close()
        self._briefly.close()
        self._files.close()
