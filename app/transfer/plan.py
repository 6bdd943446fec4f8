"""The mirror plan: ascending listings in, steps out. Pure: no I/O of its own, nothing held but a few keys.

Python compares strings by code point, which is the order of their UTF-8 bytes, so keys are compared as they are.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from app.errors import ListingBroken
from app.storages.base import Entry, Listed, Omission
from app.transfer.holding import Covered, Held
from app.transfer.index import Seen
from app.transfer.steps import Decide, Marks, Omitted, Passed, Planned, Position, Protected, Same, Stale

LONGEST_RUN = 1000
"""Equal keys that one `Same` may stand for: what comes after them has to wait until they have been gone through."""

_Place: TypeAlias = tuple[Listed | None, Entry | None, Seen | None]
"""What source, target and index have under one key; at least one has something."""

_MARK: _Place = (None, None, None)
"""No place, but the wish to know how far the plan has come."""


def plan_mirror(
    source: Iterable[Listed],
    target: Iterable[Entry],
    decide: Decide,
    seen: Iterable[Seen] = (),
    marks: Marks | None = None,
) -> Iterator[Planned]:
    """Yield the steps that make ``target`` equal to ``source``.

    Args:
        source: keys strictly ascending; omissions protect what the target has in their place.
        target: keys strictly ascending.
        decide: called for each key that both have.
        seen: the index, keys strictly ascending; it is only a cache, so if they are not, the rest is not used.
        marks: where to begin; None: at the beginning.

    Raises:
        ListingBroken: when a listing is out of order. What a listing raises passes through.
    """
    odd = _OddPlaces(decide, marks.begin if marks else Position())
    places = _places(source, target, seen)
    run, length = None, 0  # a `Same` that was not yielded yet, and for how many keys it stands by now
    steps: Iterable[Planned]
    for left, right, row in odd.marked(places, marks) if marks else places:
        if type(left) is not Entry or right is None or odd.held.stack:
            steps = odd.steps(left, right, row)
        elif (decided := decide(left, right, row)) is run and length < LONGEST_RUN:
            length += 1
            continue
        else:
            steps = [decided]
        for step in steps:
            if run is not None:
                yield Same(length, run.why)
            run, length = (step, step.count) if isinstance(step, Same) else (None, 0)
            if run is None:
                yield step
    if run is not None:
        yield Same(length, run.why)
    yield from odd.held.released(None)


def _places(source: Iterable[Listed], target: Iterable[Entry], seen: Iterable[Seen]) -> Iterator[_Place]:
    """Align three ascending listings by key. The one thing that is done a million times, so it is not nicely cut up."""
    lefts, rights, rows = iter(source), iter(target), iter(seen)
    left, right, row = next(lefts, None), next(rights, None), next(rows, None)
    place: _Place
    while left or right or row:
        if left and right and row and left.key == right.key == row.key:
            key, place = row.key, (left, right, row)
        else:
            key, place = _first(left, right, row)
        yield place
        if place[0]:
            left = next(lefts, None)
            if left and left.key <= key:
                raise _disorder("source", left.key, key)
        if place[1]:
            right = next(rights, None)
            if right and right.key <= key:
                raise _disorder("target", right.key, key)
        if place[2]:
            row = next(rows, None)
            if row and row.key <= key:
                row = None


def _first(left: Listed | None, right: Entry | None, row: Seen | None) -> tuple[str, _Place]:
    """Return the lowest key of the three, and which of them have it."""
    first: Listed | Seen | None = left
    if right and (first is None or right.key < first.key):
        first = right
    if row and (first is None or row.key < first.key):
        first = row
    key = first.key if first else ""
    return key, (
        left if left and left.key == key else None,
        right if right and right.key == key else None,
        row if row and row.key == key else None,
    )


def _disorder(name: str, key: str, previous: str) -> ListingBroken:
    """Return what must be raised where keys do not ascend; a merge would take the disorder for deletions."""
    return ListingBroken(f"The {name} lists {key!r} after {previous!r}, which is out of order.")


class _OddPlaces:
    """Makes the steps for all but keys that both sides have while nothing waits."""

    def __init__(self, decide: Decide, begin: Position) -> None:
        self._decide = decide
        self._begin = self._after = begin.after
        self._covered = Covered(begin.covered)
        self.held = Held(begin.held)

    def marked(self, places: Iterable[_Place], marks: Marks) -> Iterator[_Place]:
        """Pass on the places, with a mark between two of them when one is wanted."""
        for place in places:
            if marks.wanted:
                marks.wanted = False
                yield _MARK
            yield place
            left, right, row = place
            key = left.key if left else right.key if right else row.key if row else ""
            self._after = max(self._after, key)  # an omission of a folder above the beginning comes with its own key

    def steps(self, left: Listed | None, right: Entry | None, row: Seen | None) -> Iterator[Planned]:
        """Yield the steps that have become certain at this place."""
        key = left.key if left else right.key if right else row.key if row else None
        if key is None:
            yield Passed(Position(self._after, self.held.state(), self._covered.state()))
        elif isinstance(left, Omission) and key <= self._begin:
            if self._covered.add_above(left):
                yield Omitted(left)
        else:
            yield from self.held.released(key)
            yield from self._new_steps(key, left, right, row)

    def _new_steps(self, key: str, left: Listed | None, right: Entry | None, row: Seen | None) -> Iterator[Planned]:
        if isinstance(left, Omission):
            self._covered.add(left)
            yield Omitted(left)
        if isinstance(left, Omission) or (left is None and self._covered.has(key)):
            if right:
                yield Protected(right)
        elif left and right:
            yield self._decide(left, right, row)
        else:
            if row:
                yield Stale(key)
            yield from self.held.new(left) if left else self.held.surplus(right) if right else ()
