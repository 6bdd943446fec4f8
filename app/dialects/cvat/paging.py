"""Pages of a list as CVAT numbers them, and the addresses of their neighbours. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

USUAL_SIZE = 10
LARGEST_SIZE = 500
ALL = "all"
LAST = "last"

_DIGITS = re.compile(r"\+?0*([0-9]{1,9})")


class NoSuchPage(LookupError):
    """A page that a list does not have."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that is asked for.

    Attributes:
        number: from 1; None: the last one.
        size: how many items it holds at most; None: all there are.
    """

    number: int | None
    size: int | None

    def of(self, total: int) -> int:
        """Return the page's number in a list of so many items.

        Raises:
            NoSuchPage: it lies beyond the end; the first page of an empty list does not.
        """
        last = 1 if self.size is None else max(1, -(-total // self.size))
        number = last if self.number is None else self.number
        if number > last:
            raise NoSuchPage
        return number

    def first(self, number: int) -> int:
        """Return how many items lie before the page of this number."""
        return (number - 1) * (self.size or 0)

    def has_next(self, number: int, total: int) -> bool:
        """Return whether there are items after the page of this number."""
        return self.size is not None and number * self.size < total


def page_asked(given: Mapping[str, str]) -> Page:
    """Return the page that a query string asks for.

    A size that is none is the usual one, as CVAT has it; one over `LARGEST_SIZE` is that.

    Raises:
        NoSuchPage: the number is none.
    """
    return Page(_number(given.get("page", "")), _size(given.get("page_size", "")))


def page_address(base: str, parameters: Sequence[tuple[str, str]], number: int) -> str:
    """Return the absolute address of a page: the parameters as they came, by name, but for the page's number.

    Args:
        base: the address of the list, without a query string.
        parameters: what the query string held.
        number: the page; the first one goes without saying.
    """
    kept = [(name, value) for name, value in parameters if name != "page"]
    query = sorted(kept + ([("page", str(number))] if number > 1 else []), key=lambda pair: pair[0])
    return f"{base}?{urlencode(query)}" if query else base


def _number(text: str) -> int | None:
    if text == LAST:
        return None
    number = _positive(text or "1")
    if number is None:
        raise NoSuchPage
    return number


def _size(text: str) -> int | None:
    if text == ALL:
        return None
    return min(_positive(text) or USUAL_SIZE, LARGEST_SIZE)


def _positive(text: str) -> int | None:
    """Return a number from 1; what has more digits than any list has items is the largest that is read."""
    found = _DIGITS.fullmatch(text.strip())
    if found is None:
        return 10**9 if re.fullmatch(r"[0-9]{10,}", text) else None
    return int(found[1]) or None
