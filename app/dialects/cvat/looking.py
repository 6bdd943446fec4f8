"""Between the wire and what is seen in a storage: its content, its state, and what may be done with it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from app.browsing.contract import PAGE_LIMIT, Content, ContentQuery, Item
from app.connections.contract import Checked
from app.dialects.cvat.file_types import FILE, FOLDER, mime_type_of
from app.storages.base import Rights

WRONG_SIZE = "Wrong value for page_size was found"
WRONG_TOKEN = "Wrong value for the next_token parameter was found."  # noqa: S105  # no password


class LookRefused(ValueError):
    """A query string with which no storage can be looked into; the text is CVAT's."""


def content_query(given: Mapping[str, str]) -> ContentQuery:
    """Return what of a storage a query string asks for.

    Raises:
        LookRefused: a page size that is no number, or none from 1.
    """
    size = given.get("page_size", str(PAGE_LIMIT))
    digits = size.lstrip("0")
    if not re.fullmatch(r"[0-9]+", size) or not digits:
        raise LookRefused(WRONG_SIZE)
    limit = PAGE_LIMIT if len(digits) > len(str(PAGE_LIMIT)) else min(int(digits), PAGE_LIMIT)
    return ContentQuery(given.get("prefix", ""), limit, given.get("next_token"), given.get("manifest_path"))


def content_document(content: Content) -> dict[str, Any]:
    """Return a page as the wire has it."""
    return {"next": content.next_token, "content": [_file_info(item) for item in content.items]}


def status_word(checked: Checked) -> str:
    """Return ``AVAILABLE``, ``FORBIDDEN`` or ``NOT_FOUND``."""
    return checked.status.name


def actions_text(rights: Rights) -> str:
    """Return ``GET``, ``PUT``, both with a comma, or nothing.

    The original answers a list, which its own SDK refuses: it reads a text here.
    """
    return ",".join(word for word, may in (("GET", rights.reads), ("PUT", rights.writes)) if may)


def _file_info(item: Item) -> dict[str, str]:
    return {
        "name": item.name,
        "type": FOLDER if item.is_folder else FILE,
        "mime_type": mime_type_of(item.name, is_folder=item.is_folder),
    }
