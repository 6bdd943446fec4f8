"""What a describer is given, and what it gives. Pure data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Described:
    """A file that is about to become an image of the library.

    Attributes:
        path: the file, whole; only to be read, and gone when the describer has returned.
        name: what its owner calls it, with any characters.
        mime_type: what its sender says it is; may be wrong, or empty.
        size: bytes.
    """

    path: Path
    name: str
    mime_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of an image.

    Attributes:
        text: for people, at most 64 KiB of UTF-8; None: there is none.
        attributes: whatever JSON can hold, at most 64 KiB of it; kept with the item.
        tags: at most 40 of at most 50 characters; added to those that its owner gave.
    """

    text: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()


Describer = Callable[[Described], Description]
"""Describes one file; called by several threads at once. What it raises is noted, and the file arrives all the same."""
