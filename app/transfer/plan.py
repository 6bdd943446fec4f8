"""The mirror plan: ascending listings in, steps out. Pure: no I/O of its own, nothing held but a few keys.

Python compares strings by code point, which is the order of their UTF-8 bytes, so keys are compared as they are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from app.errors import ListingBroken
from app.storages.base import Entry, Listed, Omission
from app.transfer.index import Seen

LONGEST_RUN = 1000
"""Equal keys that one `Same` may stand for: what comes after them has to wait until they have been gone through."""


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
        why: ``index`` (both sides are as the index saw them) or ``size`` (all that was asked for, or nothing in both).
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


Planned: TypeAlias = Upload | Compare | Same | Delete | Omitted | Protected | Stale
Decide: TypeAlias = Callable[[Entry, Entry, Seen | None], Upload | Compare | Same]
"""Says what a key that both sides have needs, from (source entry, target entry, row of the index).

Keys for which it returns one and the same `Same` object are counted together.
"""

_Place: TypeAlias = tuple[Listed | None, Entry | None, Seen | None]
"""What source, target and index have under one key; at least one has something."""


def plan_mirror(
    source: Iterable[Listed], target: Iterable[Entry], decide: Decide, seen: Iterable[Seen] = ()
) -> Iterator[Planned]:
    """Yield the steps that make ``target`` equal to ``source``.

    Args:
        source: keys strictly ascending; omissions protect what the target has in their place.
        target: keys strictly ascending.
        decide: called for each key that both have.
        seen: the index, keys strictly ascending; it is only a cache, so if they are not, the rest is not used.

    Raises:
        ListingBroken: when a listing is out of order. What a listing raises passes through.
    """
    odd = _OddPlaces(decide)
    run, length = None, 0  # a `Same` that was not yielded yet, and for how many keys it stands by now
    steps: Iterable[Planned]
    for left, right, row in _places(source, target, seen):
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

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._covered = _Covered()
        self.held = _Held()

    def steps(self, left: Listed | None, right: Entry | None, row: Seen | None) -> Iterator[Planned]:
        """Yield the steps that have become certain at this place."""
        key = left.key if left else right.key if right else row.key if row else ""
        yield from self.held.released(key)
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


class _Covered:
    """Folders of which nothing is known; like `_Held` a stack, since between ``d`` and ``d/x`` comes ``d-2``."""

    def __init__(self) -> None:
        self._folders: list[str] = []

    def add(self, omission: Omission) -> None:
        """Note an omission, when it stands for a folder."""
        if omission.subtree:
            self._forget_before(omission.key)
            self._folders.append(omission.key)

    def has(self, key: str) -> bool:
        """Return whether ``key``, not smaller than any before, lies in one of them."""
        self._forget_before(key)
        return any(key.startswith("/", len(folder)) for folder in self._folders)

    def _forget_before(self, key: str) -> None:
        while self._folders and not key.startswith(self._folders[-1]):
            self._folders.pop()


@dataclass(slots=True)
class _Waiting:
    """A step that later keys may still turn into one side of a conflict."""

    entry: Entry
    is_upload: bool
    in_conflict: bool = False
    is_emitted: bool = False

    def covers(self, key: str) -> bool:
        return key.startswith(self.entry.key) and key.startswith("/", len(self.entry.key))


class _Held:
    """New and extra keys, held back while keys below them (``a/b`` below ``a``) may still come.

    Between ``a`` and ``a/b`` only keys that start with ``a`` can come, so those held at once are each
    a prefix of the next: a stack no deeper than a key is long.
    """

    def __init__(self) -> None:
        self.stack: list[_Waiting] = []

    def released(self, position: str | None) -> list[Planned]:
        """Return what keys from ``position`` on (None: the end) cannot concern any more."""
        steps: list[Planned] = []
        while self.stack and (position is None or not position.startswith(self.stack[-1].entry.key)):
            waiting = self.stack.pop()
            if waiting.is_upload:
                steps.append(Upload(waiting.entry, "new", blocked=waiting.in_conflict))
            elif not waiting.is_emitted:
                steps.append(Delete(waiting.entry))
        return steps

    def new(self, entry: Entry) -> list[Planned]:
        """Hold an upload; return the deletions of objects that stand where its folders must be."""
        upload = _Waiting(entry, is_upload=True)
        steps: list[Planned] = []
        for waiting in self.stack:
            if not waiting.is_upload and waiting.covers(entry.key):
                upload.in_conflict = True
                if not waiting.is_emitted:
                    waiting.is_emitted = True
                    steps.append(Delete(waiting.entry, blocking=True))
        self.stack.append(upload)
        return steps

    def surplus(self, entry: Entry) -> list[Planned]:
        """Hold a deletion, or return it at once when it stands in the folder that a file shall replace."""
        uploads = [waiting for waiting in self.stack if waiting.is_upload and waiting.covers(entry.key)]
        for waiting in uploads:
            waiting.in_conflict = True
        if uploads:
            return [Delete(entry, blocking=True)]
        self.stack.append(_Waiting(entry, is_upload=False))
        return []
