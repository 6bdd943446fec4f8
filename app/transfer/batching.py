"""Batches: steps that somebody else does, cut to size, and written as JSON with no more than that takes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.storages.base import Entry
from app.transfer.ordered import DELETE_BATCH
from app.transfer.steps import Compare, Delete, Upload

COMPARE, UPLOAD, LATER, DELETE = "compare", "upload", "later", "delete"
"""Kinds of batches. `LATER`, of blocked uploads and the deletions before them, is done in order by the planner."""

Line = Sequence[Any]


class Limits(NamedTuple):
    """How much goes into one batch.

    Attributes:
        files: at most so many steps.
        size: and so many bytes, unless one file alone is larger.
    """

    files: int
    size: int


class Put(NamedTuple):
    """A batch to be done by whoever has a hand free; ``held`` ones not before they are released."""

    kind: str
    steps: Sequence[Line]
    held: bool


def line_of(step: Upload | Compare | Delete) -> Line:
    """Return the step as JSON, without what nobody needs who does it."""
    if isinstance(step, Upload):
        return [step.entry.key, step.entry.size, step.why]
    if isinstance(step, Delete):
        return [step.entry.key]
    source, target = step.source, step.target
    return [source.key, source.size, source.etag, source.stamp, target.etag, target.stamp, step.why]


def step_of(line: Line) -> Upload | Compare | Delete:
    """Return the step that `line_of` was given; times of modification are 0."""
    if len(line) == 1:
        return Delete(Entry(line[0], 0, 0.0), blocking=True)
    key, size, *rest = line
    if len(rest) == 1:
        return Upload(Entry(key, size, 0.0), *rest)
    etag, stamp, their_etag, their_stamp, why = rest
    return Compare(Entry(key, size, 0.0, etag, stamp), Entry(key, size, 0.0, their_etag, their_stamp), why)


class Gathering:
    """Steps of which no batch was put yet. Used by one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most: Mapping[str, int] = {DELETE: DELETE_BATCH}
        self._whole: list[Put] = []
        self._open: dict[str, list[Line]] = {}
        self._sizes: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        """Whether a batch has been filled."""
        return bool(self._whole)

    def add(self, step: Upload | Compare | Delete) -> None:
        """Take a step that anybody may do; a deletion only after all uploads."""
        if isinstance(step, Delete):
            self._add(DELETE, step, 0)
        else:
            entry = step.entry if isinstance(step, Upload) else step.source
            self._add(UPLOAD if isinstance(step, Upload) else COMPARE, step, entry.size)

    def add_later(self, step: Upload | Delete) -> None:
        """Take a step that only the planner may do."""
        self._add(LATER, step, 0)

    def take(self) -> list[Put]:
        """Return all of it, in batches; nothing is left."""
        for kind in list(self._open):
            self._close(kind)
        whole, self._whole = self._whole, []
        return whole

    def _add(self, kind: str, step: Upload | Compare | Delete, size: int) -> None:
        if size >= self._limits.size:
            self._whole.append(Put(kind, [line_of(step)], held=False))
            return
        if self._sizes.get(kind, 0) + size > self._limits.size:
            self._close(kind)
        lines = self._open.setdefault(kind, [])
        lines.append(line_of(step))
        self._sizes[kind] = self._sizes.get(kind, 0) + size
        if len(lines) == self._most.get(kind, self._limits.files):
            self._close(kind)

    def _close(self, kind: str) -> None:
        self._whole.append(Put(kind, self._open.pop(kind), held=kind in (LATER, DELETE)))
        self._sizes.pop(kind, None)
