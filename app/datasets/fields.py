"""Reading the fields of annotations that somebody else wrote: each has its type, or is told of in words."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

_WIDEST = 2**63
_LONGEST_SHOWN = 80


class Unfit(ValueError):
    """A document is none that can be used; the message is a sentence that says where and what would be right."""


class Record:
    """One JSON object. ``null`` counts as missing.

    Args:
        found: what the document holds in this place.
        where: how the place is called in messages.

    Raises:
        Unfit: it is no object.
    """

    __slots__ = ("_fields", "_where")

    def __init__(self, found: Any, where: str) -> None:
        if not isinstance(found, dict):
            raise Unfit(f"{where} must be an object.")
        self._fields: Mapping[str, Any] = found
        self._where = where

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that can be sent as UTF-8; ``default`` where it is missing and may be."""
        found = self._fields.get(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or not (found.isascii() or _is_clean(found)):
            raise self._unfit(name, "a text")
        return found

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number of at most 64 bits; ``default`` where it is missing and may be."""
        found = self._fields.get(name)
        if found is None and default is not None:
            return default
        if type(found) is not int or not -_WIDEST <= found < _WIDEST:
            raise self._unfit(name, "a whole number")
        return found

    def number(self, name: str, default: float) -> float:
        """Return a finite number; ``default`` where it is missing."""
        found = self._fields.get(name)
        if found is None:
            return default
        if not are_numbers((found,)):
            raise self._unfit(name, "a number")
        return float(found)

    def numbers(self, name: str) -> list[float]:
        """Return a list of finite numbers."""
        found = self._fields.get(name)
        if not isinstance(found, list) or not are_numbers(found):
            raise self._unfit(name, "a list of numbers")
        return [float(number) for number in found]

    def items(self, name: str, optional: bool = False) -> list[Any]:
        """Return a list of anything; an empty one where it is missing and may be."""
        found = self._fields.get(name)
        if found is None and optional:
            return []
        if not isinstance(found, list):
            raise self._unfit(name, "a list")
        return found

    def _unfit(self, name: str, wanted: str) -> Unfit:
        return Unfit(f"{self._where}: {name} must be {wanted}.")


def are_numbers(found: Iterable[Any]) -> bool:
    """Return whether these are finite numbers, none of them a boolean or wider than 64 bits."""
    return all(
        (type(number) is float and math.isfinite(number)) or (type(number) is int and -_WIDEST <= number < _WIDEST)
        for number in found
    )


def shown(text: str) -> str:
    """Return the text as it is shown in a message: quoted, and not at any length."""
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
