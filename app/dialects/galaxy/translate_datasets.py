"""Between Galaxy's datasets and the library's items. Pure, but that ids need the settings' secret."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.dialects.galaxy.bodies import EncodedId
from app.dialects.galaxy.filters import (
    Filter,
    Query,
    Reader,
    filtered,
    filters_of,
    flag_of,
    number_of,
    order_of,
    refused,
    says,
)
from app.dialects.galaxy.translate_jobs import UPLOAD_TOOL
from app.dialects.galaxy.wire import encoded, iso_time
from app.library.contract import Item, ItemChanges, ItemQuery, ItemState

STATES: Mapping[ItemState, str] = {
    ItemState.WAITING: "queued",
    ItemState.ARRIVING: "running",
    ItemState.READY: "ok",
    ItemState.FAILED: "error",
    ItemState.DISCARDED: "discarded",
}

STATE_WORDS = (
    "new", "upload", "queued", "running", "ok", "empty", "error", "paused", "setting_metadata", "failed_metadata",
    "deferred", "discarded",
)  # fmt: skip
"""All words that Galaxy has for the state of a dataset; most are those of no dataset here."""

ORDERS = {
    "create_time": "created_at", "update_time": "updated_at", "hid": "position", "name": "name", "size": "size",
}  # fmt: skip

SUMMARY = (
    "id", "dataset_id", "hid", "name", "history_id", "history_content_type", "type", "type_id", "state", "extension",
    "deleted", "purged", "visible", "tags", "url", "create_time", "update_time", "genome_build",
)  # fmt: skip
"""The fields of a dataset in a list; by itself it has all."""

DBKEY = "dbkey"
"""Under this word an item keeps its genome build."""

NO_DBKEY = "?"


def _values(given: Filter) -> list[str]:
    return [given.value] if given.operation == "eq" else [word.strip() for word in given.value.split(",")]


def _states(given: Filter) -> list[ItemState]:
    words = _values(given)
    if not set(words) <= set(STATE_WORDS):
        raise refused(given, "unparsable value in filter")
    return [state for state, word in STATES.items() if word in words]


_READERS: Mapping[str, Reader] = {
    "deleted-eq": ("deleted", flag_of),
    "visible-eq": ("visible", flag_of),
    "purged-eq": ("purged", flag_of),
    "name-eq": ("name", lambda given: given.value),
    "name-contains": ("name_contains", lambda given: given.value),
    "state-eq": ("states", _states),
    "state-in": ("states", _states),
    "extension-eq": ("file_types", _values),
    "extension-in": ("file_types", _values),
    "tag-eq": ("tag", lambda given: given.value),
    # Whatever is here was brought by the one tool that brings something.
    "tool_id-eq": ("numbers", lambda given: None if given.value == UPLOAD_TOOL else ()),
}


class DatasetChanges(BaseModel):
    """What changing a dataset takes; what is left out or null stays as it is."""

    name: str | None = None
    annotation: str | None = None
    tags: list[str] | None = None
    visible: bool | None = None
    deleted: bool | None = None
    purged: bool | None = None
    genome_build: str | None = Field(None, max_length=255)
    datatype: str | None = None

    def changes(self) -> ItemChanges:
        """Return them as the library takes them."""
        return ItemChanges(
            name=self.name,
            file_type=self.datatype,
            attributes=None if self.genome_build is None else {DBKEY: self.genome_build},
            tags=self.tags,
            description=self.annotation,
            visible=self.visible,
            deleted=self.deleted,
        )


class DatasetCopy(BaseModel):
    """What putting a copy of a dataset into a history takes. There is nothing else that could be put there."""

    content: EncodedId
    source: Literal["hda"] = "hda"
    type: Literal["dataset"] = "dataset"


def dataset_document(item: Item, creating_job: int | None = None) -> dict[str, Any]:
    """Return a dataset with all its fields.

    Args:
        item: the dataset.
        creating_job: the number of the copy that fills it; None: nobody may know of one.
    """
    number, history = encoded(item.number), encoded(item.collection_number)
    build = item.attributes.get(DBKEY) or NO_DBKEY
    return {
        **_summary(item, number, history, build),
        "model_class": "HistoryDatasetAssociation",
        "hda_ldda": "hda",
        "uuid": item.id,
        "accessible": True,
        "file_ext": item.file_type,
        "file_size": item.size,
        "misc_info": item.message,
        "misc_blurb": nice_size(item.size) if item.state is ItemState.READY else None,
        "annotation": item.description,
        "metadata_dbkey": build,
        "download_url": f"/api/histories/{history}/contents/{number}/display",
        "creating_job": None if creating_job is None else encoded(creating_job),
        "hashes": _hashes(item),
        "api_type": "file",
        "rerunnable": False,
        "resubmitted": False,
        "display_apps": [],
        "display_types": [],
        "meta_files": [],
        "visualizations": [],
    }


def dataset_query(query: Query) -> ItemQuery:
    """Return which datasets are wanted, whosever they are.

    Raises:
        InvalidInput: a parameter cannot be read.
    """
    return _asked(query, "create_time-dsc")


def contents_query(query: Query, collection_number: int) -> ItemQuery:
    """Return which datasets of a history are wanted; without a word, all of them.

    Raises:
        InvalidInput: a parameter cannot be read.
    """
    wanted = replace(_asked(query, "hid-asc"), collection_number=collection_number)
    deleted, visible = says(query, "deleted"), says(query, "visible")
    return replace(
        wanted,
        deleted=wanted.deleted if deleted is None else deleted,
        visible=wanted.visible if visible is None else visible,
    )


def nice_size(size: int) -> str:
    """Return a number of bytes as people read it; the units are powers of 1024."""
    amount, units = float(size), ["TB", "GB", "MB", "KB", "bytes"]
    while amount >= 1024 and len(units) > 1:
        amount, _ = amount / 1024, units.pop()
    return f"{size} bytes" if units[-1] == "bytes" else f"{amount:.1f} {units[-1]}"


def _summary(item: Item, number: str, history: str, build: str) -> dict[str, Any]:
    return {
        "id": number,
        "dataset_id": number,  # one number for both, so that an id is good wherever Galaxy wants either
        "hid": item.position,
        "name": item.name,
        "history_id": history,
        "history_content_type": "dataset",
        "type": "file",
        "type_id": f"dataset-{number}",
        "state": STATES[item.state],
        "extension": item.file_type,
        "deleted": item.deleted,
        "purged": item.purged,
        "visible": item.visible,
        "tags": list(item.tags),
        "url": f"/api/histories/{history}/contents/{number}",
        "create_time": iso_time(item.created_at),
        "update_time": iso_time(item.updated_at),
        "genome_build": build,
    }


def _hashes(item: Item) -> list[dict[str, str]]:
    found = {"MD5": item.md5, "SHA-256": item.sha256}
    return [{"hash_function": name, "hash_value": value} for name, value in found.items() if value]


def _asked(query: Query, order: str) -> ItemQuery:
    wanted = ItemQuery()
    for each in filters_of(query):
        wanted = filtered(wanted, each, _READERS)
    return replace(
        wanted,
        order=order_of(query, ORDERS, order),
        limit=number_of(query, "limit"),
        offset=number_of(query, "offset") or 0,
    )
