"""What a running mirror tells its job: counters now and then, and each finished step."""

import time

from app.jobs.contract import JobContext, StepRecord, StepStatus
from app.transfer.events import Event, Finished, PlanCompleted
from app.transfer.tally import Tally

REPORT_SECONDS = 0.1


class Reporter:
    """Turns events into the job's counters and history. Thread-safe.

    Attributes:
        tally: the sums so far.
    """

    def __init__(self, context: JobContext) -> None:
        self.tally = Tally()
        self._context = context
        self._prefix = str(context.arguments["prefix"])
        self._next_report = 0.0

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self.tally(event)
        if isinstance(event, Finished):
            self._context.record([self._record(event)])
        now = time.monotonic()
        # What ends a stretch of work is told at once: nothing may follow it for a long time.
        if now >= self._next_report or isinstance(event, Finished | PlanCompleted):
            self._next_report = now + REPORT_SECONDS
            self.flush()

    def flush(self) -> None:
        """Show the counters as they stand."""
        self._context.report(self.tally.progress(), self.tally.message)

    def _record(self, event: Finished) -> StepRecord:
        prefix = self._prefix if event.action in ("upload", "delete") else ""
        return StepRecord(
            action=event.action,
            key=prefix + event.key,
            status=StepStatus(event.status),
            size=event.size,
            reason=event.reason,
            message=event.message,
            finished_at=event.finished_at,
        )
