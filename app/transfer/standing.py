"""How far a mirror run has come: what another process must know, besides what is left to do, to go on with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeAlias

from app.storages.base import Entry, Listed, Omission, Storage
from app.transfer.filters import Filters
from app.transfer.steps import Position

Watch: TypeAlias = Callable[[], None]
"""Raises what stands against going on; for keys of which a plan makes no step."""


class Phase(IntEnum):
    """What a run is at; one after the other."""

    PLANNING = 0
    COMPARING = 1  #: until no comparison is left, so that the plan is known to its end
    UPLOADING = 2
    CLEARING = 3  #: what stands in the way of uploads, and those
    DELETING = 4
    DROPPING = 5
    ENDED = 6


@dataclass(slots=True)
class Standing:
    """How far a run has come. Used by one thread, but for ``failed``.

    Attributes:
        is_open: both sides were looked at for the first time.
        position: how far the plan has come.
        source_was_missing: the source did not exist.
        source_is_empty: it had nothing to list.
        target_is_missing: the target did not exist, and need not.
        must_create: the target did not exist, and nobody has said yet that it was made.
        listed: objects in the target, up to ``target_after``.
        keeps_some: whether filters or omissions protect any object of the target.
        planned_deletes: how many deletions were planned.
        failed: actions of which at least one failed.
        withheld: steps that were not done because something had failed.
        dropped: the target was removed.
        stopped: reason and sentence of the error that ended the run; no sentence: it was cancelled.
    """

    phase: Phase = Phase.PLANNING
    is_open: bool = False
    position: Position = field(default_factory=Position)
    source_was_missing: bool = False
    source_is_empty: bool = False
    target_is_missing: bool = False
    must_create: bool = False
    target_after: str = ""
    listed: int = 0
    keeps_some: bool = False
    planned_deletes: int = 0
    failed: set[str] = field(default_factory=set)
    withheld: int = 0
    dropped: bool = False
    stopped: tuple[str, str | None] | None = None

    @property
    def must_not_delete(self) -> bool:
        """Whether an upload or a part of the source's listing failed."""
        return bool(self.failed - {"delete", "drop"})

    @property
    def may_delete(self) -> bool:
        """Whether something of the target is to go, and nothing failed that keeps it."""
        return bool(self.planned_deletes) and not self.must_not_delete

    def state(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        position = self.position
        return {name: getattr(self, name) for name in self.__slots__} | {
            "position": [position.after, list(position.held), list(position.covered)],
            "failed": sorted(self.failed),
        }

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> "Standing":
        """Return what `state` was made of."""
        stopped = state["stopped"]
        return cls(
            **{
                **state,
                "phase": Phase(state["phase"]),
                "position": Position(*state["position"]),
                "failed": set(state["failed"]),
                "stopped": stopped and tuple(stopped),
            }
        )

    def counted(self, listing: Iterator[Listed], filters: Filters, watch: Watch) -> Iterator[Entry]:
        """Pass on the target's entries that the run looks at, and count all; ``watch`` is called for each other one.

        An entry is counted when the next one is asked for: by then its steps are planned.
        """
        allows = filters.allows if filters else None
        count, last = self.listed, self.target_after
        for entry in listing:
            if isinstance(entry, Omission):
                self.keeps_some = True
                continue
            count, last = count + 1, entry.key
            if allows is None or allows(entry.key):
                yield entry
                self.listed, self.target_after = count, entry.key
            else:
                self.keeps_some = True
                watch()
        self.listed, self.target_after = count, last

    def rest_of(self, target: Storage, filters: Filters, watch: Watch) -> Iterator[Entry]:
        """Return the target's listing after the position, which is all that it had there before this job.

        Up to the position there are objects by now that this job has brought, and that the rest of the source has not.
        """
        after = self.position.after
        if not filters:
            return self.counted(target.list(after=after), filters, watch)
        listing = target.list(after=self.target_after)  # what is filtered was not counted since then
        rest = (listed for listed in listing if listed.key > after or not filters.allows(listed.key))
        return self.counted(rest, filters, watch)


def looked_at(listing: Iterator[Listed], filters: Filters, watch: Watch) -> Iterator[Listed]:
    """Pass on what the run looks at of the source's listing; ``watch`` is called for all else.

    So it does at an omitted folder that no rule allows, where something below it may be allowed: of that nothing is
    known, so what the target has there must stay.
    """
    allows, prunes = filters.allows, filters.prunes
    for listed in listing:
        if allows(listed.key) or (isinstance(listed, Omission) and listed.subtree and not prunes(listed.key + "/")):
            yield listed
        else:
            watch()
