"""The ledger of a mirror's job as its run sees it: each time it is kept, counters and history are kept with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.jobs.contract import DoneBatch, Ledger, NewBatch
from app.mirrors.reporter import Reporter
from app.transfer.batching import Put

_RUN = "run"


def has_begun(ledger: Ledger) -> bool:
    """Return whether an attempt at this job has spread it, so that the next one goes on where it was."""
    return bool((ledger.kept or {}).get(_RUN))


class Journal:
    """See `app.transfer.spreading.Batches`.

    Args:
        ledger: of the job.
        reporter: takes the run's events; made of what this ledger has kept.
        folder: stands in each batch, before its steps: see `app.mirrors.batch`.
    """

    def __init__(self, ledger: Ledger, reporter: Reporter, folder: int = 0) -> None:
        self._ledger = ledger
        self._reporter = reporter
        self._folder = folder
        self.done = ledger.done
        self.left = ledger.left
        self.release = ledger.release
        self.withdraw = ledger.withdraw
        self.help = ledger.help
        self.wait = ledger.wait
        self.settle = ledger.settle

    def do_without(self) -> None:
        """See `Batches`."""
        self._reporter.record_at_once()

    @property
    def kept(self) -> Mapping[str, Any] | None:
        """What was kept last; None: nothing yet."""
        return (self._ledger.kept or {}).get(_RUN)

    def keep(self, kept: Mapping[str, Any], put: Sequence[Put], folded: Sequence[int]) -> None:
        """Store all of this, the counters, and the steps that were not stored yet, or nothing."""
        steps = self._reporter.waiting()
        whole = {_RUN: kept, "reporter": self._reporter.state()}
        batches = [NewBatch(kind, [self._folder, *lines], held) for kind, lines, held in put]
        self._ledger.keep(whole, batches, folded, steps)
        self._reporter.stored(len(steps))

    def first_held(self, kind: str) -> DoneBatch | None:
        """Return the first held batch of a kind with its steps."""
        found = self._ledger.first_held(kind)
        return found and replace(found, result=found.result[1:])
