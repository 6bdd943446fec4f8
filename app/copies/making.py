"""Makes copy jobs: the job, its copies and the items they fill come to be in one transaction, all or none of them."""

import time
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.connections.fetch_policy import FetchPolicy
from app.copies.contract import AUTO, Conflict, Conversion, Copy, CopyKind, Import, Wanted
from app.copies.model import CopyRow
from app.copies.rows import new_copy_row, options_of
from app.copies.submitting import Submitting
from app.copies.work import End, Work
from app.errors import InvalidInput, NotFound, UploadRefused
from app.jobs.contract import Job
from app.jobs.service import JobService
from app.library.contract import Item, ItemQuery, NewItem
from app.library.permissions import require_open
from app.library.service import LibraryService
from app.settings import Settings
from app.storages.base import Entry

RESOLVED_MAX = 20
"""So many names are resolved before an answer, since each can take seconds; all are looked at again when connecting."""

_NOT_KNOWN_YET = "data"


class Making:
    """Makes copy jobs. Thread-safe; the caller has been asked whether he may start any."""

    def __init__(self, settings: Settings, jobs: JobService, library: LibraryService) -> None:
        self._submit, self._library = Submitting(jobs).submit, library
        self._policy = FetchPolicy.of(settings)

    def require_open(self, caller: Caller, collection_number: int) -> None:
        """Return when something may be put into a history now; raises as `LibraryService.add_items`."""
        require_open(self._library.own_collection(caller, collection_number))

    def get(
        self,
        caller: Caller,
        source: End,
        collection_number: int,
        entries: Sequence[Entry],
        conversion: Conversion,
        attributes: Mapping[str, Any],
    ) -> list[Item]:
        """Make the job, copies and items for objects of a bucket; return the items."""
        now = time.time()
        rows = [_get_row(source, entry, conversion, now) for entry in entries]
        new = [_new_item(entry.key, conversion, attributes) for entry in entries]
        return self._filled(caller, Work(CopyKind.GET, source), collection_number, rows, new)

    def send(
        self, caller: Caller, target: End, collection_number: int, wanted: Sequence[Wanted], conflict: Conflict
    ) -> list[Copy]:
        """Make the job and the copies for items that go into a bucket; return the copies."""
        items = self._items(caller, collection_number, [one.item_number for one in wanted])
        now = time.time()
        rows = []
        for one in wanted:
            item = items[one.item_number]
            options = {"bucket": target.place.bucket, "conflict": conflict.value, "size": item.size}
            row = new_copy_row(CopyKind.SEND, str(item.number), one.key, options, now)
            row.item_number, row.collection_number = item.number, collection_number
            rows.append(row)
        self._submit(caller, Work(CopyKind.SEND, target=target), rows)
        return [row.snapshot() for row in rows]

    def bring(self, caller: Caller, collection_number: int, imports: Sequence[Import]) -> list[tuple[Item, Copy]]:
        """Make the job, copies and items for uploads and files of the web; return the items and the copies."""
        now = time.time()
        self._refuse_addresses([each.url for each in imports if each.url is not None])
        _require_once([each.upload for each in imports if each.upload is not None])
        rows = [self._import_row(caller, each, now) for each in imports]
        new = [_new_item(each.name, each.conversion, each.attributes, each.tags) for each in imports]
        items = self._filled(caller, Work(CopyKind.IMPORT), collection_number, rows, new)
        return list(zip(items, [row.snapshot() for row in rows], strict=True))

    def direct(self, caller: Caller, work: Work, keys: Sequence[str], conflict: Conflict) -> Job:
        """Make the job and the copies for objects that go from a bucket into a bucket; return the job."""
        if not keys:
            raise InvalidInput("objects", "Name at least one object.")
        now, prefix = time.time(), _text("prefix", work.prefix)
        options = {"conflict": conflict.value}
        sources = [_text("objects", key) for key in keys]
        rows = [new_copy_row(CopyKind.DIRECT, key, prefix + key, options, now) for key in sources]
        return self._submit(caller, work, rows)

    def _filled(
        self, caller: Caller, work: Work, collection_number: int, rows: Sequence[CopyRow], new: Sequence[NewItem]
    ) -> list[Item]:
        items: list[Item] = []

        def make_items(session: Session) -> None:
            items.extend(self._library.add_items_within(session, caller, collection_number, new))
            for row, item in zip(rows, items, strict=True):
                row.item_number, row.collection_number, row.key = item.number, collection_number, str(item.number)

        self._submit(caller, work, rows, make_items)
        return items

    def _items(self, caller: Caller, collection_number: int, numbers: Sequence[int]) -> dict[int, Item]:
        self._library.own_collection(caller, collection_number)
        found = self._library.items(caller, ItemQuery(collection_number=collection_number, numbers=numbers))
        items = {item.number: item for item in found}
        if missing := set(numbers) - items.keys():
            raise NotFound(f"There is no item {min(missing)} in this history.")
        return items

    def _refuse_addresses(self, urls: Sequence[str]) -> None:
        """Raise for what leads inside; of some names only their text is looked at, see `RESOLVED_MAX`."""
        places = {address.endpoint.place: address for address in map(self._policy.read, urls)}
        for address in islice(places.values(), RESOLVED_MAX):
            self._policy.refuse_resolution(address)

    def _import_row(self, caller: Caller, each: Import, now: float) -> CopyRow:
        options: dict[str, Any] = {"conversion": options_of(each.conversion), "name": each.name}
        if (each.upload is None) == (each.url is None):
            raise InvalidInput("upload", "Name an upload or an address, and not both.")
        if each.url is not None:
            address = self._policy.read(each.url)
            return new_copy_row(CopyKind.IMPORT, address.url, "", options, now)
        upload = self._library.uploads.find(caller, str(each.upload))
        if not upload.is_complete:
            raise UploadRefused(f"{upload.offset} of {upload.size} bytes of the upload have arrived.", upload.offset)
        options |= {"upload": upload.id, "size": upload.size}
        return new_copy_row(CopyKind.IMPORT, upload.id, "", options, now)


def _get_row(source: End, entry: Entry, conversion: Conversion, now: float) -> CopyRow:
    options = {"bucket": source.place.bucket, "conversion": options_of(conversion), "size": entry.size}
    return new_copy_row(CopyKind.GET, entry.key, "", options, now)


def _require_once(uploads: Sequence[str]) -> None:
    if len(set(uploads)) < len(uploads):
        raise InvalidInput("upload", "An upload becomes one item: name each only once.")


def _new_item(name: str, conversion: Conversion, attributes: Mapping[str, Any], tags: Sequence[str] = ()) -> NewItem:
    file_type = _NOT_KNOWN_YET if conversion.file_type == AUTO else conversion.file_type
    return NewItem(name=name, file_type=file_type, attributes=attributes, tags=tags)


def _text(field: str, key: str) -> str:
    try:
        key.encode()
    except UnicodeEncodeError:
        raise InvalidInput(field, f"{key!r} is no text that can be a key.") from None
    return key
