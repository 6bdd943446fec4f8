"""The mirror plan: two ascending listings in, steps out. Pure: no I/O of its own, nothing held but a few keys.

Python compares strings by code point, which is the order of their UTF-8 bytes, so keys are compared as they are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from app.errors import ListingBroken
from app.storages.base import Entry, Listed, Omission

L = TypeVar("L", bound=Listed)


class Upload(NamedTuple):
    """Bring ``entry`` of the source to the target.

    Attributes:
        why: ``new``, ``size``, ``content`` or ``always``.
        blocked: an object stands in its way (a folder's place or a file's) and must go first.
    """

    entry: Entry
    why: str
    blocked: bool = False


class Compare(NamedTuple):
    """Same key, same size: only their contents can tell whether ``source`` must be uploaded."""

    source: Entry
    target: Entry


class Same(NamedTuple):
    """Nothing to do for this key."""

    entry: Entry


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


Planned: TypeAlias = Upload | Compare | Same | Delete | Omitted | Protected
Decide: TypeAlias = Callable[[Entry, Entry], Upload | Compare | Same]
"""Says what a key that both sides have needs, from (source entry, target entry)."""


def ascending(listing: Iterable[L], name: str) -> Iterator[L]:
    """Pass ``listing`` on.

    Raises:
        ListingBroken: at the first key that does not ascend; a merge would take the disorder for deletions.
    """
    previous = None
    for listed in listing:
        if previous is not None and listed.key <= previous:
            raise ListingBroken(f"The {name} lists {listed.key!r} after {previous!r}, which is out of order.")
        previous = listed.key
        yield listed


def merged(source: Iterator[Listed], target: Iterator[Entry]) -> Iterator[tuple[Listed | None, Entry | None]]:
    """Pair two ascending listings by key; each yielded pair has at least one side."""
    left, right = next(source, None), next(target, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.key < right.key):
            yield left, None
            left = next(source, None)
        elif left is None or right.key < left.key:
            yield None, right
            right = next(target, None)
        else:
            yield left, right
            left, right = next(source, None), next(target, None)


def plan_mirror(source: Iterable[Listed], target: Iterable[Entry], decide: Decide) -> Iterator[Planned]:
    """Yield the steps that make ``target`` equal to ``source``.

    Args:
        source: keys strictly ascending; omissions protect what the target has in their place.
        target: keys strictly ascending.
        decide: called for each key that both have.

    Raises:
        ListingBroken: when a listing is out of order. What a listing raises passes through.
    """
    held = _Held()
    covered = _Covered()
    for left, right in merged(ascending(source, "source"), ascending(target, "target")):
        position = left.key if left is not None else right.key if right is not None else ""
        yield from held.released(position)
        if isinstance(left, Omission):
            covered.add(left)
            yield Omitted(left)
            if right is not None:
                yield Protected(right)
        elif left is not None and right is not None:
            yield decide(left, right)
        elif left is not None:
            yield from held.new(left)
        elif right is not None:
            yield from [Protected(right)] if covered.has(right.key) else held.surplus(right)
    yield from held.released(None)


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
        self._stack: list[_Waiting] = []

    def released(self, position: str | None) -> Iterator[Planned]:
        """Yield what keys from ``position`` on (None: the end) cannot concern any more."""
        while self._stack and (position is None or not position.startswith(self._stack[-1].entry.key)):
            waiting = self._stack.pop()
            if waiting.is_upload:
                yield Upload(waiting.entry, "new", blocked=waiting.in_conflict)
            elif not waiting.is_emitted:
                yield Delete(waiting.entry)

    def new(self, entry: Entry) -> Iterator[Planned]:
        """Hold an upload; first yield the deletions of objects that stand where its folders must be."""
        upload = _Waiting(entry, is_upload=True)
        for waiting in self._stack:
            if not waiting.is_upload and waiting.covers(entry.key):
                upload.in_conflict = True
                if not waiting.is_emitted:
                    waiting.is_emitted = True
                    yield Delete(waiting.entry, blocking=True)
        self._stack.append(upload)

    def surplus(self, entry: Entry) -> Iterator[Planned]:
        """Hold a deletion, or yield it at once when it stands in the folder that a file shall replace."""
        uploads = [waiting for waiting in self._stack if waiting.is_upload and waiting.covers(entry.key)]
        for waiting in uploads:
            waiting.in_conflict = True
        if uploads:
            yield Delete(entry, blocking=True)
        else:
            self._stack.append(_Waiting(entry, is_upload=False))
