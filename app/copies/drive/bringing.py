"""Carries files of a Drive into the library, and has each described before it arrives."""

from pathlib import Path
from typing import Any

from app.cancellation import CancelToken
from app.connections.contract import OPERATOR
from app.copies.bringing import ended_before
from app.copies.carrying import Carried
from app.copies.contract import Copy, CopyState
from app.copies.drive.receiving import Brought, FromDrive
from app.copies.sniffing import file_type_of
from app.errors import FileUnreadable
from app.library.contract import CollectionKind, Item, ItemChanges
from app.library.describing import Described, Describer, Description, described
from app.library.service import LibraryService
from app.transfer.operations import STOPS_THE_JOB


class IntoImages:
    """The `Carrier` of imports from a Drive.

    Args:
        library: has the items.
        receiver: brings the files.
        describer: is asked about each file whose client wants that; what goes wrong with it fails no import, but a
            file that it did not leave as it was does not arrive.
    """

    stops_the_job = STOPS_THE_JOB

    def __init__(self, library: LibraryService, receiver: FromDrive, describer: Describer) -> None:
        self._library, self._filling = library, library.filling
        self._receiver, self._describer = receiver, describer

    def turn_of(self, copy: Copy) -> str | None:  # noqa: ARG002  # the protocol's
        """Let each come when there is room: items have no names that could be taken."""
        return None

    def carry(self, copy: Copy, token: CancelToken) -> Carried:
        """Bring the file of one item; see `Carrier`."""
        item = None if copy.item_number is None else self._filling.begin(copy.item_number)
        if item is None:
            return ended_before(self._library, copy)
        with self._filling.arriving(item.number) as path:
            brought = self._receiver.receive(copy, item, path, token)
            arrived = self._arrived(copy, item, path, brought, token)
        if arrived is None:
            return ended_before(self._library, copy)
        return Carried(CopyState.DONE, arrived.size, arrived.sha256, untold=brought.untold)

    def _arrived(self, copy: Copy, item: Item, path: Path, brought: Brought, token: CancelToken) -> Item | None:
        told, why_not = self._described(copy, path, brought)
        token.raise_if_cancelled()
        if brought.name != item.name:
            self._library.change_item(OPERATOR, item.number, ItemChanges(name=brought.name), CollectionKind.IMAGES)
        return self._filling.arrive(
            item.number,
            path,
            file_type_of(path, brought.name),
            attributes=_attributes(item, brought, told, why_not),
            description=told.text,
            tags=told.tags,
        )

    def _described(self, copy: Copy, path: Path, brought: Brought) -> tuple[Description, str | None]:
        if not copy.options["describe"]:
            return Description(), None
        before = _mark_of(path)
        told = described(self._describer, Described(path, brought.name, brought.mime_type, path.stat().st_size))
        if _mark_of(path) != before:
            raise FileUnreadable(f"The describer changed or removed {brought.name!r}, which is only to be read.")
        return told


def _mark_of(path: Path) -> tuple[int, int, int] | None:
    """Return what tells whether a file was written to; None: it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _attributes(item: Item, brought: Brought, told: Description, why_not: str | None) -> dict[str, Any]:
    """Return the item's words: a describer may know the type better than Drive, and not where the file came from."""
    failed = {} if why_not is None else {"describe_error": why_not}
    found = {"mime_type": brought.mime_type, **told.attributes}
    if not isinstance(found["mime_type"], str):
        found["mime_type"] = brought.mime_type
    return {**found, **item.attributes, **failed}
