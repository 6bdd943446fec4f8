"""Receives files of a Drive: looks at what each is, and brings its bytes, those of a document of Google's exported."""

from dataclasses import dataclass
from pathlib import Path

from app.cancellation import CancelToken
from app.copies.contract import Copy
from app.copies.drive.names import item_name
from app.copies.receiving import poured, require_room
from app.errors import AccessDenied, ObjectMissing, RequestRefused
from app.library.contract import Item
from app.library.service import LibraryService
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.resources import SHORTCUT, DriveFile
from app.transfer.events import Listener


@dataclass(frozen=True, slots=True)
class Brought:
    """What has been brought.

    Attributes:
        name: what the item is to be called.
        mime_type: of the bytes, as Drive says, or as they were exported.
        untold: how many bytes came of which no event has told.
    """

    name: str
    mime_type: str
    untold: int


class FromDrive:
    """Brings files of a Drive by their ids. Thread-safe.

    Args:
        library: knows how much room is left.
        files: of the Drive.
        listener: takes events about bytes.
    """

    def __init__(self, library: LibraryService, files: DriveFiles, listener: Listener) -> None:
        self._library, self._files, self._listener = library, files, listener

    def receive(self, copy: Copy, item: Item, path: Path, token: CancelToken) -> Brought:
        """Bring one file whole into ``path``; a shortcut is followed once.

        What the client said of its type and size is of no account.

        Raises:
            QuotaExceeded: it is more than the item's owner may have.
            RequestRefused, AccessDenied, ObjectMissing: there are no bytes to bring, saying why.
            Cancelled: the token was set.
            SluiceError: of `app.copies.carrying.OF_ONE_OBJECT`.
        """
        found = self._files.resolved(copy.source)
        _require_bytes(found)
        require_room(self._library, item, found.size or 0)
        with self._files.read(found) as content:
            require_room(self._library, item, content.size)
            untold = poured(content, path, self._listener, token)
        name = item_name(str(copy.options["name"]), found.name, self._files.stored_name(found))
        return Brought(name, self._files.stored_type(found), untold)


def _require_bytes(found: DriveFile) -> None:
    if found.trashed:
        raise ObjectMissing(f"{found.name!r} is in the bin of this Drive.")
    if found.is_folder:
        raise RequestRefused(f"{found.name!r} is a folder. Name the files in it.")
    if found.mime_type == SHORTCUT:
        raise RequestRefused(f"{found.name!r} is a shortcut that leads to another shortcut.")
    if not found.can_download:
        raise AccessDenied(f"The owner of {found.name!r} does not let this account download it.")
