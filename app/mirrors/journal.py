"""The ledger of a mirror's job as its run sees it: each time it is kept, counters and history are kept with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.jobs.contract import Ledger, NewBatch
from app.mirrors.reporter import Reporter
from app.transfer.batching import Put


class Journal:
    """See `app.transfer.spreading.Batches`.

    Args:
        ledger: of the job.
        reporter: takes the run's events; made of what this ledger has kept.
    """

    def __init__(self, ledger: Ledger, reporter: Reporter) -> None:
        self._ledger = ledger
        self._reporter = reporter
        self.done = ledger.done
        self.left = ledger.left
        self.release = ledger.release
        self.withdraw = ledger.withdraw
        self.first_held = ledger.first_held
        self.help = ledger.help
        self.wait = ledger.wait
        self.settle = ledger.settle

    def do_without(self) -> None:
        """See `Batches`."""
        self._reporter.record_at_once()

    @property
    def kept(self) -> Mapping[str, Any] | None:
        """What was kept last; None: nothing yet."""
        return (self._ledger.kept or {}).get("run")

    def keep(self, kept: Mapping[str, Any], put: Sequence[Put], folded: Sequence[int]) -> None:
        """Store all of this, the counters, and the steps that were not stored yet, or nothing."""
        steps = self._reporter.waiting()
        whole = {"run": kept, "reporter": self._reporter.state()}
        self._ledger.keep(whole, [NewBatch(*batch) for batch in put], folded, steps)
        self._reporter.stored(len(steps))
