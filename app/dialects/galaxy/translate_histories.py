"""Between Galaxy's histories and the library's collections. Pure, but that ids need the settings' secret."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from app.dialects.galaxy.bodies import EncodedId
from app.dialects.galaxy.filters import Filter, Query, Reader, filtered, filters_of, flag_of, number_of, order_of, says
from app.dialects.galaxy.translate_datasets import STATE_WORDS, STATES, nice_size
from app.dialects.galaxy.wire import encoded, iso_time
from app.library.contract import Collection, CollectionChanges, CollectionQuery, Contents, ItemState

UNNAMED = "Unnamed history"
HISTORIES = "/api/histories"

ORDERS = {"create_time": "created_at", "update_time": "updated_at", "name": "name"}

SUMMARY = (
    "model_class", "id", "name", "deleted", "purged", "archived", "url", "contents_url", "published", "importable",
    "count", "annotation", "tags", "state", "create_time", "update_time",
)  # fmt: skip
"""The fields of a history in a list; by itself it has all."""


def _deleted(given: Filter) -> bool | None:
    """Galaxy's ``None``, which is Python's, is both: deleted or not."""
    return None if given.value == "None" else flag_of(given)


_READERS: Mapping[str, Reader] = {
    "deleted-eq": ("deleted", _deleted),
    "purged-eq": ("purged", flag_of),
    "published-eq": ("published", flag_of),
    "importable-eq": ("published", flag_of),
    "name-eq": ("name", lambda given: given.value),
}


class NewHistory(BaseModel):
    """What making a history takes: a name, or which history to copy."""

    name: str | None = None
    history_id: EncodedId | None = None
    archive_source: str | None = None


class HistoryChanges(BaseModel):
    """What changing a history takes; what is left out or null stays as it is."""

    name: str | None = None
    annotation: str | None = None
    tags: list[str] | None = None
    published: bool | None = None
    importable: bool | None = None
    deleted: bool | None = None
    purged: bool | None = None

    def changes(self) -> CollectionChanges:
        """Return them as the library takes them; here, what anybody may import is what is published."""
        return CollectionChanges(
            name=UNNAMED if self.name == "" else self.name,
            description=self.annotation,
            tags=self.tags,
            published=self.importable if self.published is None else self.published,
            deleted=self.deleted,
        )


class Purging(BaseModel):
    """What a deletion takes."""

    purge: bool | None = False


class TagValue(BaseModel):
    """What making a tag takes besides its name."""

    value: str | None = None


def history_document(collection: Collection, contents: Contents) -> dict[str, Any]:
    """Return a history with all its fields."""
    number, states = encoded(collection.number), contents.states
    counts = {STATES[state]: count for state, count in states.items()}
    return {
        "model_class": "History",
        "id": number,
        "name": collection.name or UNNAMED,
        "user_id": encoded(collection.owner_id),
        "url": f"{HISTORIES}/{number}",
        "contents_url": f"{HISTORIES}/{number}/contents",
        "deleted": collection.deleted,
        "purged": collection.purged,
        "archived": False,
        "published": collection.published,
        "importable": collection.published,
        "slug": slug_of(collection, number),
        "annotation": collection.description,
        "tags": list(collection.tags),
        "create_time": iso_time(collection.created_at),
        "update_time": iso_time(collection.updated_at),
        "state": _state(states),
        "state_details": {word: counts.get(word, 0) for word in STATE_WORDS},
        "count": sum(states.values()),
        "empty": not states,
        "size": contents.size,
        "nice_size": nice_size(contents.size),
        "genome_build": "?",
    }


def tag_document(collection: Collection, name: str, value: str | None) -> dict[str, Any]:
    """Return a tag of a history; here tags have no numbers, so its id is that of the history."""
    return {
        "model_class": "HistoryTagAssociation",
        "id": encoded(collection.number),
        "user_tname": name,
        "user_value": value,
    }


def slug_of(collection: Collection, number: str) -> str | None:
    """Return by which word people find a published history: its name, and its id so that no other has the same."""
    if not collection.published:
        return None
    words = re.sub(r"[^a-z0-9]+", "-", (collection.name or UNNAMED).lower()).strip("-")
    return f"{words}-{number}" if words else number


def history_query(query: Query) -> tuple[CollectionQuery, str | None]:
    """Return which histories are wanted, and the slug that they must have besides.

    Raises:
        InvalidInput: a parameter cannot be read.
    """
    wanted, slug = CollectionQuery(deleted=bool(says(query, "deleted"))), None
    for each in filters_of(query):
        if each.name == "slug-eq":
            slug = each.value
        else:
            wanted = filtered(wanted, each, _READERS)
    return replace(
        wanted,
        everybodys=bool(says(query, "all")),
        order=order_of(query, ORDERS, "create_time-dsc"),
        limit=number_of(query, "limit"),
        offset=number_of(query, "offset") or 0,
    ), slug


def _state(states: Mapping[ItemState, int]) -> str:
    """Return the state of a history: that of its items which is furthest from all being well."""
    if not states:
        return "new"
    worst = next(
        (state for state in (ItemState.ARRIVING, ItemState.WAITING, ItemState.FAILED) if state in states), None
    )
    return STATES[worst or ItemState.READY]
