"""Makes the jobs of imports and exports: a job, its copies and the items that they fill come to be all or none."""

import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.connections.contract import Connection
from app.copies.contract import BucketPlace, CopyKind
from app.copies.drive.contract import FILES_MAX, DriveImport, Imported
from app.copies.drive.names import file_name_in_drive, name_in_drive
from app.copies.model import CopyRow
from app.copies.rows import new_copy_row
from app.copies.submitting import Submitting
from app.copies.work import End, Work
from app.errors import InvalidInput, NotFound
from app.jobs.contract import Job
from app.jobs.service import JobService
from app.library.contract import CollectionKind, Item, ItemState, NewItem
from app.library.service import LibraryService
from app.library.texts import ITEM_NAME_MAX, NAME_MAX, kept

DRIVE = "Google Drive"
"""What the ends of such jobs are called for people."""


class Wishes(NamedTuple):
    """What a client says of all files of one import.

    Attributes:
        collection: the name of what they are put into; None: the default one.
        describe: have each described.
    """

    collection: str | None
    tags: Sequence[str]
    describe: bool


class Folder(NamedTuple):
    """Where an export goes.

    Attributes:
        id: of a folder; None: the root.
        name: of a folder that is made in it; None: none is made.
    """

    id: str | None
    name: str | None


class DriveMaking:
    """Makes the jobs. Thread-safe; the caller has been asked whether he may start any."""

    def __init__(self, jobs: JobService, library: LibraryService) -> None:
        self._submit, self._library = Submitting(jobs).submit, library

    def import_files(
        self, caller: Caller, connection: Connection, files: Sequence[DriveImport], wishes: Wishes
    ) -> Imported:
        """Make the job, copies and items for files of a Drive; return them as they are before it runs.

        Raises:
            InvalidInput: for ``files``: none, too many, or one twice; or a text is too long.
        """
        _require_each_once("files", [each.id for each in files])
        names = [kept("files", each.name, ITEM_NAME_MAX) for each in files]
        now = time.time()
        items: list[Item] = []
        rows = [_import_row(each.id, name, wishes, now) for each, name in zip(files, names, strict=True)]
        new = [
            NewItem(name=name or each.id, attributes=_attributes(connection, each, wishes), tags=wishes.tags)
            for each, name in zip(files, names, strict=True)
        ]

        def make_items(session: Session) -> None:
            collection = self._library.image_collection_within(session, caller, wishes.collection)
            made = self._library.add_items_within(session, caller, collection.number, new, CollectionKind.IMAGES)
            items.extend(made)
            _fill(rows, made)

        job = self._submit(caller, Work(CopyKind.DRIVE_IMPORT, source=drive_end(connection)), rows, make_items)
        return Imported(job, items, [row.snapshot() for row in rows], at_once=False)

    def export_items(self, caller: Caller, connection: Connection, item_ids: Sequence[str], folder: Folder) -> Job:
        """Make the job and the copies for images that go into a Drive; return the job.

        Raises:
            InvalidInput: for ``image_ids``: none, too many, or one twice; for ``folder_name``: it is too long.
            NotFound: one of the images is none of the caller's, or has no file.
        """
        _require_each_once("image_ids", [each.lower() for each in item_ids])
        if len(folder.name or "") > NAME_MAX:
            raise InvalidInput("folder_name", f"use at most {NAME_MAX} characters")
        items, now = self._library.images(caller, item_ids), time.time()
        for item in items:
            _require_file(item)
        rows = [_export_row(item, folder, now) for item in items]
        return self._submit(caller, Work(CopyKind.DRIVE_EXPORT, target=drive_end(connection)), rows)


def drive_end(connection: Connection) -> End:
    """Return the Drive of a connection as an end of a job: all of it, and not only the folder that mirrors use."""
    return End(BucketPlace(bucket=DRIVE, connection=connection.id), connection.url, connection.url)


def folder_of(folder_id: str | None, folder_name: str | None) -> Folder:
    """Return where an export goes; a name of nothing but ``/`` and spaces is none."""
    return Folder(folder_id or None, name_in_drive(folder_name or "") or None)


def _require_each_once(field: str, ids: Sequence[str]) -> None:
    if not 1 <= len(ids) <= FILES_MAX:
        raise InvalidInput(field, f"Name 1 to {FILES_MAX:,} at a time.")
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise InvalidInput(field, f"{each} is named twice.")
        seen.add(each)


def _import_row(file_id: str, name: str, wishes: Wishes, now: float) -> CopyRow:
    return new_copy_row(CopyKind.DRIVE_IMPORT, file_id, "", {"name": name, "describe": wishes.describe}, now)


def _attributes(connection: Connection, each: DriveImport, wishes: Wishes) -> dict[str, object]:
    given = {} if wishes.collection is None else {"collection_id": wishes.collection}
    return {"drive_file_id": each.id, "connection_id": connection.id, **given}


def _fill(rows: Iterable[CopyRow], items: Iterable[Item]) -> None:
    for row, item in zip(rows, items, strict=True):
        row.item_number, row.collection_number, row.key = item.number, item.collection_number, str(item.number)
        row.options = {**row.options, "image_id": item.id}


def _require_file(item: Item) -> None:
    if item.state is not ItemState.READY or item.purged:
        raise NotFound(f"The image {item.id} has no file.")


def _export_row(item: Item, folder: Folder, now: float) -> CopyRow:
    options = {
        "folder_id": folder.id,
        "folder_name": folder.name,
        "image_id": item.id,
        "mime_type": item.attributes.get("mime_type"),
        "size": item.size,
    }
    row = new_copy_row(CopyKind.DRIVE_EXPORT, str(item.number), file_name_in_drive(item.name), options, now)
    row.item_number, row.collection_number = item.number, item.collection_number
    return row
