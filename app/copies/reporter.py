"""What a running copy job tells its job: counters now and then, and each finished step."""

import time

from app.copies.contract import Copy, CopyKind, CopyState
from app.copies.ledger import Ending
from app.errors import SluiceError
from app.jobs.contract import JobContext, Progress, StepRecord, StepStatus
from app.jobs.states import CANCELLED_BY_USER
from app.transfer.events import Event, Finished, PlanCompleted, Scheduled, Started, Unchanged
from app.transfer.tally import Tally

_UPLOAD = "upload"  # what the tally counts
ACTION = "copy"
"""The action of the steps."""


class Reporter:
    """Turns what happens into the job's counters and history. Thread-safe; a `Listener` for what moves bytes."""

    def __init__(self, context: JobContext) -> None:
        self._tally = Tally()
        self._context = context
        context.follow(self.look)

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self._tally(event)

    def look(self) -> tuple[Progress, str]:
        """Return the counters and what is happening."""
        progress, doing = self._tally.progress(), self._tally.message
        ended = progress["done"]["uploads"] + progress["skipped"] + progress["failed"]
        if progress["planned"]["complete"] and ended == progress["planned"]["uploads"]:
            progress["eta_seconds"] = 0  # the tally waits for what was left out
        return progress, doing.replace("uploading ", "copying ", 1) if doing != "listing" else "starting"

    def planned(self, copy: Copy) -> None:
        """Count an object that is to be carried."""
        self._tally(Scheduled(_UPLOAD, int(copy.options.get("size") or 0)))

    def all_planned(self, done_before: int) -> None:
        """Say that no more will be planned, and how much earlier attempts have done."""
        if done_before:
            self._tally(Unchanged(done_before))
        self._tally(PlanCompleted())

    def begun(self, copy: Copy) -> None:
        """Say that an object is being carried."""
        self._tally(Started(_UPLOAD, shown_name(copy)))

    def done(self, copy: Copy, key: str | None, size: int, untold: int) -> None:
        """Record that an object was carried; ``untold`` bytes of it were told by no event."""
        self._record(Finished(_UPLOAD, key or shown_name(copy), "done", size, "new", "", time.time(), untold))

    def failed(self, copy: Copy, reason: str, message: str) -> None:
        """Record that an object could not be carried."""
        self._record(Finished(_UPLOAD, shown_name(copy), "failed", 0, reason, message, time.time()))

    def left_out(self, copy: Copy, reason: str, message: str) -> None:
        """Record that an object was not to be carried."""
        self._record(Finished(_UPLOAD, shown_name(copy), "skipped", 0, reason, message, time.time()))

    def ended(self, copy: Copy, ending: Ending) -> None:
        """Record an end that came to an object without its being carried."""
        if ending.state is CopyState.DONE:
            self.done(copy, None, ending.size, ending.size)
        elif ending.state is CopyState.FAILED:
            self.failed(copy, ending.reason or SluiceError.reason, ending.message)
        else:
            self.left_out(copy, ending.reason or CANCELLED_BY_USER, ending.message)

    def _record(self, event: Finished) -> None:
        self._tally(event)
        step = StepRecord(
            ACTION, event.key, StepStatus(event.status), event.size, event.reason, event.message, event.finished_at
        )
        self._context.record([step])


def shown_name(copy: Copy) -> str:
    """Return what the history calls an object: its key, or its name where addresses hold tokens and ids say nothing."""
    if copy.kind in (CopyKind.IMPORT, CopyKind.DRIVE_IMPORT):
        return str(copy.options["name"] or copy.source)
    return copy.source if copy.kind is CopyKind.GET else copy.key
