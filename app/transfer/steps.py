"""The steps of a mirror plan, and the place in it from which a plan can be gone on with. Pure data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from app.storages.base import Entry, Omission
from app.transfer.index import Seen


class Upload(NamedTuple):
    """Bring ``entry`` of the source to the target.

    Attributes:
        why: ``new``, ``size`` or ``always``; after a comparison `Compare.why_different`.
        blocked: an object stands in its way (a folder's place or a file's) and must go first.
    """

    entry: Entry
    why: str
    blocked: bool = False


class Compare(NamedTuple):
    """Same key, same size, and no proof that nothing has changed: only the contents can tell.

    Attributes:
        why: ``unknown`` (the index has no row), or which side is another version than in the row: ``edited`` (the
            source), ``replaced`` (the target), ``both``.
    """

    source: Entry
    target: Entry
    why: str = "unknown"

    @property
    def why_different(self) -> str:
        """The word for the upload that follows when the contents differ: ``content``, ``edited`` or ``replaced``."""
        return self.why if self.why in ("edited", "replaced") else "content"


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing to do for the next ``count`` keys that both sides have (no tuple, since tuples have a method ``count``).

    Attributes:
        why: ``index`` (both sides are as the index saw them) or ``size`` (all that was asked for).
    """

    count: int
    why: str


class Delete(NamedTuple):
    """Remove ``entry`` of the target.

    Attributes:
        blocking: it stands in the way of an upload that comes after it in the plan.
    """

    entry: Entry
    blocking: bool = False


class Omitted(NamedTuple):
    """The source has something at this place that cannot be mirrored."""

    omission: Omission


class Protected(NamedTuple):
    """``entry`` of the target stays, since what the source has in its place was omitted."""

    entry: Entry


class Stale(NamedTuple):
    """The index has a row for ``key``, which is not on both sides any more."""

    key: str


@dataclass(frozen=True, slots=True)
class Position:
    """How far a plan has come: with this, and listings that begin after it, it is gone on with as if never left.

    Attributes:
        after: all keys up to this one have been gone through.
        held: what waits for keys that may still come, as JSON.
        covered: folders of which nothing is known, and that later keys may still lie in.
    """

    after: str = ""
    held: Sequence[Any] = ()
    covered: Sequence[str] = ()


class Marks:
    """Where a plan begins, and whether somebody wants to know how far it has come. Used by the plan's thread.

    Attributes:
        begin: all listings begin after it.
        wanted: to be set to have the plan yield `Passed` soon; nothing is planned twice or left out for it.
    """

    def __init__(self, begin: Position = Position()) -> None:  # it is frozen
        self.begin = begin
        self.wanted = False


class Passed(NamedTuple):
    """All steps of keys up to ``position`` have been yielded, but for what it holds."""

    position: Position


Planned: TypeAlias = Upload | Compare | Same | Delete | Omitted | Protected | Stale | Passed
Decide: TypeAlias = Callable[[Entry, Entry, Seen | None], Upload | Compare | Same]
"""Says what a key that both sides have needs, from (source entry, target entry, row of the index).

Keys for which it returns one and the same `Same` object are counted together.
"""
