"""Which storages a list shows and in which order: simple filters, search, JSON Logic and sort. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from app.dialects.cvat.fields import shown
from app.dialects.cvat.logic import TERMS, FilterRefused, Predicate, Values, parse
from app.dialects.cvat.storage_fields import CREDENTIALS_TYPES, PROVIDERS

SIMPLE = ("name", "owner", "resource", "provider_type", "credentials_type")
SEARCHED = ("name", "owner", "resource", "description")

_SEARCH_TERM = re.compile(r'"([^"]*)"|([^\s,]+)')


class QueryRefused(ValueError):
    """A query string that no list can be made for.

    Args:
        document: what the answer holds.
    """

    def __init__(self, document: Any) -> None:
        super().__init__("refused")
        self.document = document


def require_provider(given: Mapping[str, str]) -> None:
    """Return unless the query names a provider that is none.

    Raises:
        QueryRefused: it does.
    """
    if given.get("provider_type") and given["provider_type"] not in PROVIDERS:
        raise QueryRefused(["Unsupported type of cloud provider"])


def wanted(given: Mapping[str, str]) -> Predicate:
    """Return what tells whether a storage is asked for; all that is given must fit.

    Raises:
        QueryRefused: something of it cannot be.
    """
    require_provider(given)
    parts = [*_simple(given), *_searching(given.get("search", "")), *_logic(given.get("filter", ""))]
    return lambda values: all(part(values) for part in parts)


def ordered(text: str, found: Sequence[Values]) -> Sequence[Values]:
    """Return storages in the order asked for; equal ones, and all where nothing is asked for, the newest first.

    Texts are ordered by code point. Who has no owner is last, and first in descending order: so PostgreSQL has it.
    """
    listed = sorted(found, key=itemgetter("id"), reverse=True)
    for term, descending in reversed([*_sort_terms(text)]):
        listed.sort(key=_place_of(term), reverse=descending)
    return listed


def _simple(given: Mapping[str, str]) -> Iterator[Predicate]:
    kind = given.get("credentials_type")
    if kind and kind not in CREDENTIALS_TYPES:
        refused = f"Select a valid choice. {shown(kind)} is not one of the available choices."
        raise QueryRefused({"credentials_type": [refused]})
    for term in SIMPLE:
        if given.get(term):
            yield _equals(term, given[term])


def _equals(term: str, text: str) -> Predicate:
    return lambda values: bool(values[term] == text)


def _searching(text: str) -> Iterator[Predicate]:
    if "\0" in text:
        raise QueryRefused(["Null characters are not allowed."])
    sought = dict.fromkeys((phrase or word).casefold() for phrase, word in _SEARCH_TERM.findall(text))
    if any(sought):
        yield _contains([*sought])


def _contains(sought: Sequence[str]) -> Predicate:
    """Return what tells whether each of these stands somewhere.

    Thousands of terms fit into a query string: all fields are one text for them, put into one case once.
    """

    def fits(values: Values) -> bool:
        text = "\0".join(values[term] or "" for term in SEARCHED).casefold()  # no term holds what parts the fields
        return all(part in text for part in sought)

    return fits


def _logic(text: str) -> Iterator[Predicate]:
    if text:
        try:
            yield parse(text)
        except FilterRefused as error:
            raise QueryRefused([str(error)]) from None


def _sort_terms(text: str) -> Iterator[tuple[str, bool]]:
    """Return each term once, with whether it is descending; the same term later on could change nothing."""
    seen: set[str] = set()
    for word in text.split(","):
        term = word.strip()
        name = term.removeprefix("-")
        if name in TERMS and name not in seen:
            seen.add(name)
            yield name, term != name


def _place_of(term: str) -> Callable[[Values], tuple[bool, Any]]:
    """Return what to order by: in descending order Python turns the rank of what is missing round as well.

    A reversed sort keeps equal ones in their order, so the newest stay first.
    """
    return lambda values: (values[term] is None, values[term] if values[term] is not None else "")
