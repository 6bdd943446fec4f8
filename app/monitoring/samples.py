"""Numbers that are looked up in the database when somebody asks, each by the package whose tables they are in."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias


class Sample(NamedTuple):
    """One number.

    Attributes:
        name: begins with ``sluice_``; all samples of a name have the same help and the same labels.
        help: a sentence.
    """

    name: str
    help: str
    value: float
    labels: Mapping[str, str] = {}  # a NamedTuple's default, never changed


Measure: TypeAlias = Callable[[], Iterable[Sample]]
"""Looks some numbers up in the database, quickly: whoever asks waits for it. May raise `DatabaseUnavailable`."""
