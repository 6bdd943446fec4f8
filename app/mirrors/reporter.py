"""What a running mirror tells its job: counters now and then, and each finished step."""

from app.jobs.contract import JobContext, Progress, StepRecord, StepStatus
from app.mirrors.direction import Direction, direction_of
from app.transfer.events import Event, Finished
from app.transfer.tally import Tally


class Reporter:
    """Turns events into the job's counters and history. Thread-safe.

    Attributes:
        tally: the sums so far.
        has_changed_something: whether any operation on the target was done.
    """

    def __init__(self, context: JobContext) -> None:
        self.tally = Tally()
        self.has_changed_something = False
        self._context = context
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
            self._context.record([self._record(event)])

    def look(self) -> tuple[Progress, str]:
        """Return the counters and what is happening."""
        return self.tally.progress(), self._direction.said(self.tally.message)

    def sentence(self) -> str:
        """Return what has been done so far, for people."""
        return self._direction.said(self.tally.sentence())

    @property
    def has_brought_everything(self) -> bool:
        """Whether the plan is known to its end and none of its uploads (or downloads) is left or has failed."""
        progress = self.tally.progress()
        planned, done = progress["planned"], progress["done"]
        return bool(planned["complete"] and planned["uploads"] == done["uploads"])

    def _record(self, event: Finished) -> StepRecord:
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
