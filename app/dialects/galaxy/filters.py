"""Reads Galaxy's filters (``q=state-in&qv=ok,error``), orders, keys and pages from a query string. Pure.

What cannot be read is `InvalidInput`, so that nobody takes an unfiltered list for a filtered one.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from werkzeug.datastructures import MultiDict

from app.dialects.galaxy.wire import seconds_of
from app.errors import InvalidInput
from app.library.contract import CollectionQuery, ItemQuery, Span

T = TypeVar("T")

Query = MultiDict[str, str]
Wanted = TypeVar("Wanted", CollectionQuery, ItemQuery)

FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}

LARGEST_NUMBER = 10**9
MICROSECOND = 1e-6
"""The wire's times are rounded to it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    Attributes:
        column: what it is about, as the wire calls it.
        operation: how it is compared; ``eq`` unless it says otherwise.
        value: what with.
    """

    column: str
    operation: str
    value: str

    @property
    def name(self) -> str:
        """Both in one, as the wire has them."""
        return f"{self.column}-{self.operation}"


Reader: TypeAlias = tuple[str, Callable[[Filter], Any]]
"""The field of a query that a filter is for, and what makes the field's value of the filter's."""

_SPANS = {"create_time": "created", "update_time": "updated"}


def filters_of(query: Query) -> list[Filter]:
    """Return the filters of a query string, in their order."""
    names, values = query.getlist("q"), query.getlist("qv")
    if len(names) != len(values):
        raise InvalidInput("qv", f"give as many values (qv) as filters (q); there are {len(values)} for {len(names)}")
    found = [_filter(name, value) for name, value in zip(names, values, strict=True)]
    if len({one.name for one in found}) < len(found):
        raise InvalidInput("q", "use each filter once; of two of a kind only the last would count")
    return found


def refused(given: Filter, problem: str = "bad column or op in filter") -> InvalidInput:
    """Return what a filter that nobody knows, or whose value is none, is refused with."""
    return InvalidInput("q", f"{problem}: {given.name} {given.value[:100]}")


def flag_of(given: Filter) -> bool:
    """Return the value of a filter that is true or false."""
    if given.value.lower() not in FLAGS:
        raise refused(given, "unparsable value in filter")
    return FLAGS[given.value.lower()]


def filtered(wanted: Wanted, given: Filter, readers: Mapping[str, Reader]) -> Wanted:
    """Return a query with one filter more.

    Args:
        wanted: the query.
        given: the filter.
        readers: by column and operation, besides those of times: the field of the query, and what goes into it.
    """
    changes: dict[str, Any] = {}
    if given.name in readers:
        field, read = readers[given.name]
        changes[field] = read(given)
    elif given.column in _SPANS:
        field = _SPANS[given.column]
        changes[field] = _narrowed(getattr(wanted, field), given)
    else:
        raise refused(given)
    return replace(wanted, **changes)


def order_of(query: Query, columns: Mapping[str, str], default: str) -> list[str]:
    """Return the order that is asked for (``create_time-asc,hid``; ``-dsc`` goes without saying) as the library has it.

    Args:
        query: with the parameter ``order``.
        columns: what the library calls the columns of the wire.
        default: on the wire.
    """
    return [_ordered(word.strip(), columns) for word in (query.get("order") or default).split(",")]


def says(query: Query, name: str) -> bool | None:
    """Return whether a parameter says yes or no; None when it is not there, or ``None`` as Python writes it."""
    given = query.get(name)
    if given is None or given in ("", "None", "null"):
        return None
    if given.lower() not in FLAGS:
        raise InvalidInput(name, "use true or false")
    return FLAGS[given.lower()]


def fields_of(query: Query, summary: Collection[str], *, detailed: bool) -> Collection[str]:
    """Return the names of the fields that ``view`` and ``keys`` ask for; none: all.

    Args:
        query: with these two parameters.
        summary: what the view of this name has.
        detailed: that all fields are shown unless the request says otherwise.
    """
    view, keys = query.get("view") or "", words_of(query, "keys")
    if view not in ("", "summary", "detailed"):
        raise InvalidInput("view", "use summary or detailed")
    if keys and not view:
        return keys
    return [*summary, *keys] if view == "summary" or (not view and not detailed) else ()


def number_of(query: Query, name: str) -> int | None:
    """Return a number that is not negative; None when it is not there."""
    return given(query, name, _number)


def words_of(query: Query, name: str) -> list[str]:
    """Return the words of a parameter, which may come more than once, with commas between them."""
    return [word.strip() for text in query.getlist(name) for word in text.split(",") if word.strip()]


def given(query: Query, name: str, read: Callable[[str, str], T]) -> T | None:
    """Return what ``read(name, text)`` makes of a parameter; None when it is not there, or empty."""
    text = query.get(name)
    return read(name, text) if text else None


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise InvalidInput(name, "use a whole number from 0 on")
    return min(int(text), LARGEST_NUMBER)


def _narrowed(span: Span, given: Filter) -> Span:
    """Return a span that a filter makes shorter.

    What was made at the time that is shown for it was made no later and no earlier, so `MICROSECOND` is allowed for.
    """
    try:
        moment = seconds_of(given.value)
    except (ValueError, OverflowError):
        raise refused(given, "unparsable value in filter") from None
    match given.operation:
        case "ge":
            return Span(since=moment - MICROSECOND, until=span.until)
        case "gt":
            return Span(since=moment + MICROSECOND, until=span.until)
        case "le":
            return Span(since=span.since, until=moment + MICROSECOND)
        case "lt":
            return Span(since=span.since, until=moment - MICROSECOND)
    raise refused(given)


def _filter(name: str, value: str) -> Filter:
    column, _, operation = name.rpartition("-")
    return Filter(column, operation, value) if column else Filter(name, "eq", value)


def _ordered(word: str, columns: Mapping[str, str]) -> str:
    column, _, direction = word.partition("-")
    if column not in columns or direction not in ("", "asc", "dsc"):
        raise InvalidInput("order", f"use {', '.join(columns)}, each with -asc or -dsc behind it")
    return columns[column] if direction == "asc" else f"-{columns[column]}"
