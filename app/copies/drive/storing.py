"""Carries files of items into a folder of a Drive, each under an id that was noted before, so that none comes twice."""

import re

from app.cancellation import CancelToken
from app.connections.contract import OPERATOR
from app.copies.carrying import Carried
from app.copies.contract import Copy, CopyState
from app.copies.ledger import Ledger
from app.errors import NotReady, ObjectExists, ObjectMissing, StorageFailure
from app.library.contract import CollectionKind, Item
from app.library.service import LibraryService
from app.storages.base import Content
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.reserved import Reserved
from app.storages.gdrive.resources import NATIVE, DriveFile
from app.transfer.events import Listener
from app.transfer.metering import UNMETERED, Metered
from app.transfer.operations import STOPS_THE_JOB

ATTEMPTS = 2
"""How often a file is sent that arrived damaged, or whose upload was forgotten half-way."""

_MIME_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,126}/[a-z0-9][\w.+-]{0,126}", re.ASCII | re.IGNORECASE)


class IntoDrive:
    """The `Carrier` of exports to a Drive.

    Args:
        library: has the items.
        files: of the Drive.
        folder_id: where they go.
        ledger: notes ids before files are made under them.
        listener: takes events about bytes.
    """

    stops_the_job = STOPS_THE_JOB

    def __init__(
        self, library: LibraryService, files: DriveFiles, folder_id: str, ledger: Ledger, listener: Listener
    ) -> None:
        self._library = library
        self._files, self._folder_id = files, folder_id
        self._ids = Reserved(files)
        self._ledger, self._listener = ledger, listener

    def turn_of(self, copy: Copy) -> str | None:  # noqa: ARG002  # the protocol's
        """Let each go when there is room: files of one folder may have one name."""
        return None

    def carry(self, copy: Copy, token: CancelToken) -> Carried:
        """Store the file of one item; see `Carrier`."""
        if copy.item_number is None:
            raise NotReady("The item is gone.")
        item = self._library.item(OPERATOR, copy.item_number, CollectionKind.IMAGES)
        file_id, is_spent = copy.stored_key, False
        for attempts_left in reversed(range(ATTEMPTS)):
            there = None if file_id is None else self._found(file_id)
            if there is not None and not there.trashed and (there.size, there.md5) == (item.size, item.md5):
                return Carried(CopyState.DONE, item.size, item.sha256)
            if file_id is None or is_spent or there is not None:
                file_id = self._reserved(copy, there)
            try:
                return self._sent(copy, item, file_id, token)
            except (StorageFailure, ObjectExists):
                if not attempts_left:
                    raise
                is_spent = True  # what was removed has used its id up
        raise AssertionError("unreachable")

    def _found(self, file_id: str) -> DriveFile | None:
        try:
            return self._files.find(file_id)
        except ObjectMissing:
            return None

    def _reserved(self, copy: Copy, there: DriveFile | None) -> str:
        """Note an id for the file, if need be another one than that of what arrived damaged and was removed."""
        if there is not None and not there.trashed:
            raise ObjectExists(f"{there.name!r} was stored as {there.id} already, and has other bytes by now.")
        file_id = self._ids.next()
        self._ledger.name(copy.number, file_id)
        return file_id

    def _sent(self, copy: Copy, item: Item, file_id: str, token: CancelToken) -> Carried:
        token.raise_if_cancelled()
        with self._library.filling.read(item.number) as content:
            if content.size <= UNMETERED:
                self._create(copy, file_id, content)
                return Carried(CopyState.DONE, content.size, content.mark, untold=content.size)
            with Metered(content, self._listener, token) as metered:
                self._create(copy, file_id, metered)
                metered.keep()
            return Carried(CopyState.DONE, content.size, content.mark)

    def _create(self, copy: Copy, file_id: str, content: Content) -> None:
        mime_type = mime_type_of(copy.options.get("mime_type"))
        stored = self._files.create(copy.key, self._folder_id, file_id, content, mime_type)
        if stored.size != content.size:
            raise StorageFailure(f"{copy.key!r} has {stored.size} bytes in Drive, and should have {content.size}.")


def mime_type_of(noted: object) -> str | None:
    """Return what an item says of its type, if Drive can take it for that of bytes: Google's own are not."""
    if not isinstance(noted, str) or not _MIME_TYPE.fullmatch(noted) or noted.lower().startswith(NATIVE):
        return None
    return noted
