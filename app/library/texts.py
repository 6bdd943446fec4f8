"""What texts the library keeps: any characters, but not any length."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import InvalidInput

NAME_MAX = 255
ITEM_NAME_MAX = 4096
TAG_MAX = 255
TAGS_MAX = 1000
FILE_TYPE_MAX = 64
TEXT_MAX = 100_000
ATTRIBUTES_MAX = 10_000


def kept(field: str, text: str, most: int = TEXT_MAX) -> str:
    """Return a text as it is kept: lone surrogates, which SQLite refuses, become ``?``.

    Args:
        field: how it is called in the error.
        text: any.
        most: how many characters it may have.

    Raises:
        InvalidInput: it is longer.
    """
    if len(text) > most:
        raise InvalidInput(field, f"use at most {most} characters")
    return storable(text)


def storable(text: str) -> str:
    """Return a text that SQLite takes: with ``?`` in the place of lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def kept_tags(tags: Sequence[str]) -> list[str]:
    """Return tags as they are kept, each once, in their order.

    Raises:
        InvalidInput: one is too long, or they are too many.
    """
    if len(tags) > TAGS_MAX:
        raise InvalidInput("tags", f"use at most {TAGS_MAX} tags")
    return list(dict.fromkeys(kept("tags", tag, TAG_MAX) for tag in tags))


def kept_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return words of a dialect as they are kept with an item.

    Raises:
        InvalidInput: all of them together are too long; they come along with each item of a list.
    """
    if len(json.dumps(dict(attributes))) > ATTRIBUTES_MAX:
        raise InvalidInput("attributes", f"use at most {ATTRIBUTES_MAX} characters for all of them as JSON")
    return dict(attributes)
