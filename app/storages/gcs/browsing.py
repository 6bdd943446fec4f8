"""One level of a bucket, page by page.

The tokens are made here and hold the name that a page ended with: Google's own ones lead nowhere once they are old, and
nothing could tell one of them from what somebody made up.
"""

from collections.abc import Sequence

from app.storages.base import Entry, Folder, Level
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import ORDER, said
from app.storages.gcs.keys import can_begin
from app.storages.gcs.listing import PAGE, Page, ask_page, check_bucket
from app.storages.tokens import refusal, token_of, told_by

EMPTY_PAGES = 10
"""A page may be empty with more to come; so many are passed over before that is an error."""


def browse_level(api: Api, address: GcsAddress, prefix: str, limit: int, token: str | None) -> Level:
    """Return one page of what lies directly below ``prefix``.

    Raises:
        InvalidInput: the token was not made here for this prefix.
        ListingBroken: what the server names lies elsewhere.
    """
    last = "" if token is None else _last_of(token, prefix)
    if not can_begin(prefix):
        check_bucket(api, address)
        return Level([], None)
    query = {"prefix": prefix, "delimiter": "/", "maxResults": str(min(limit + 1, PAGE))}
    query |= {"startOffset": _start_behind(last, prefix)} if last else {}
    for _ in range(EMPTY_PAGES):
        page = ask_page(api, address, query)
        found = [one for one in _in_order(address, page, prefix) if one.key > last]
        if found or not page.token:
            has_more = len(found) > limit or bool(page.token)
            return Level(found[:limit], token_of(found[:limit][-1].key) if has_more else None)
        query["pageToken"] = page.token
    raise said(ORDER, address, code="its pages are empty")


def _last_of(token: str, prefix: str) -> str:
    (last,) = told_by(token, 1)
    if not last or not can_begin(last) or not last.startswith(prefix):
        raise refusal()
    return last


def _start_behind(last: str, prefix: str) -> str:
    """Return where to begin: Google lists this name too, or none of a folder, which need not be gone through again."""
    is_folder = last.endswith("/") and last != prefix
    return last[:-1] + chr(ord("/") + 1) if is_folder else last


def _in_order(address: GcsAddress, page: Page, prefix: str) -> Sequence[Entry | Folder]:
    found: list[Entry | Folder] = sorted([*page.entries, *map(Folder, page.folders)], key=lambda one: one.key)
    names = [one.key for one in found]
    if len(set(names)) != len(names) or not all(_lies_below(one, prefix) for one in found):
        raise said(ORDER, address, code="a level holds what lies elsewhere")
    return found


def _lies_below(one: Entry | Folder, prefix: str) -> bool:
    _, slash, rest = one.key.removeprefix(prefix).partition("/")
    return one.key.startswith(prefix) and not rest and bool(slash) == isinstance(one, Folder)
