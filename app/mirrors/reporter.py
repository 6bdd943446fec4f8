"""What a running mirror tells its job: counters now and then, and each finished step."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.jobs.contract import JobContext, Ledger, Progress, StepRecord, StepStatus
from app.mirrors.direction import Direction, direction_of
from app.transfer.events import Event, Finished
from app.transfer.tally import Tally


class Reporter:
    """Turns events into the job's counters and history. Thread-safe.

    Args:
        context: of the job.
        ledger: where the job is spread: it goes on with the counters that were kept there, and the steps of the history
            wait for whoever keeps them there.

    Attributes:
        tally: the sums so far.
        has_changed_something: whether any operation on the target was done.
    """

    def __init__(self, context: JobContext, ledger: Ledger | None = None) -> None:
        kept: Mapping[str, Any] = ((ledger and ledger.kept) or {}).get("reporter", {})
        self.tally = Tally(state=kept.get("tally"))
        self.has_changed_something: bool = kept.get("changed", False)
        self._ledger = ledger
        self._waiting: list[StepRecord] = []
        self._context_record = context.record
        self._record = self._waiting.extend if ledger else context.record
        self._prefix = str(context.arguments["prefix"])
        self._direction = direction_of(context.arguments)
        self._by_object = ("upload", "delete") if self._direction is Direction.UPLOAD else ("upload", "delete", "skip")
        context.follow(self.look)

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self.tally(event)
        if isinstance(event, Finished):
            if event.status == "done":
                self.has_changed_something = True
            self._record([self._step(event)])

    def look(self) -> tuple[Progress, str]:
        """Return the counters and what is happening."""
        moving = self._ledger.moving if self._ledger else 0
        return self.tally.progress(moving), self._direction.said(self.tally.message)

    def state(self) -> dict[str, Any]:
        """Return, as JSON, what a reporter of the next attempt goes on with."""
        return {"tally": self.tally.state(), "changed": self.has_changed_something}

    def waiting(self) -> Sequence[StepRecord]:
        """Return the steps that wait to be stored in the ledger."""
        return list(self._waiting)

    def record_at_once(self) -> None:
        """Hand on the steps that wait, and all from now on, as where the job is not spread; nothing was kept."""
        waiting, self._waiting = self._waiting, []
        self._record = self._context_record
        self._record(waiting)

    def stored(self, count: int) -> None:
        """Forget the first ``count`` of the steps that wait."""
        del self._waiting[:count]

    def sentence(self) -> str:
        """Return what has been done so far, for people."""
        return self._direction.said(self.tally.sentence())

    @property
    def has_brought_everything(self) -> bool:
        """Whether the plan is known to its end and none of its uploads (or downloads) is left or has failed."""
        progress = self.tally.progress()
        planned, done = progress["planned"], progress["done"]
        return bool(planned["complete"] and planned["uploads"] == done["uploads"])

    def _step(self, event: Finished) -> StepRecord:
        prefix = self._prefix if event.action in self._by_object else ""
        return StepRecord(
            action=self._direction.action(event.action),
            key=prefix + event.key,
            status=StepStatus(event.status),
            size=event.size,
            reason=self._direction.why(event.reason),
            message=event.message,
            finished_at=event.finished_at,
        )
