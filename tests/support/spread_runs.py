"""Spread mirror runs in one process: batches are done as a worker does them, and planners die where a test says."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cancellation import CancelToken
from app.errors import SluiceError
from app.jobs.contract import StepRecord
from app.mirrors.journal import Journal
from app.mirrors.reporter import Reporter
from app.storages.base import Storage
from app.transfer.batch import BatchRun
from app.transfer.batching import Limits
from app.transfer.index import AnyIndex, NoIndex
from app.transfer.operations import Operations
from app.transfer.results import Results
from app.transfer.run import MirrorOptions, MirrorReport, MirrorRun
from app.transfer.spreading import Spread
from tests.support.ledger import Doer, MemoryLedger, Rows


def doer(source: Storage, target: Storage, token: CancelToken | None = None, seconds: float = 60.0) -> Doer:
    """Return what does a batch between these two storages."""

    def do(kind: str, steps: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
        results = Results(lambda _size: None)
        operations = Operations(source, target, token or CancelToken(), results, results)
        batch = BatchRun(operations, results, threads=2, seconds=seconds)
        try:
            left = batch.run(kind, steps)
        except SluiceError as error:
            results.stop(error.reason, str(error))
            left = ()
        return results.lines(), left

    return do


@dataclass
class Context:
    """As much of a job's context as a reporter needs."""

    arguments: dict[str, Any] = field(default_factory=lambda: {"prefix": ""})

    def follow(self, look: Callable[[], object]) -> None:
        look()

    def record(self, steps: Sequence[StepRecord]) -> None:  # noqa: ARG002  # of the protocol
        raise AssertionError("the steps of a spread job go into its ledger")


@dataclass
class SpreadJob:
    """One job in any number of attempts.

    Each look at the planner's clock is a second later, so that much is kept.
    """

    source: Storage
    target: Storage
    spool_dir: Path
    options: dict[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: Limits(3, 1000))
    rows: Rows = field(default_factory=Rows)
    token: CancelToken = field(default_factory=CancelToken)
    seconds: float = 60.0
    do: Doer | None = None
    index: AnyIndex | None = None

    def attempt(self, dies_after: int | None = None, seed: int | None = None) -> MirrorReport:
        """Plan until the end, or until the planner dies: `Died` is raised then."""
        chooses = None if seed is None else random.Random(seed)
        do = self.do or doer(self.source, self.target, self.token, self.seconds)

        def behind_the_folder(kind: str, steps: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
            folder, *lines = steps
            result, left = do(kind, lines)
            return result, [folder, *left] if left else ()

        self.ledger = MemoryLedger(self.rows, behind_the_folder, dies_after, chooses)
        self.reporter = Reporter(Context(), self.ledger)  # type: ignore[arg-type]
        ticks = iter(range(10**9))
        spread = Spread(Journal(self.ledger, self.reporter), self.limits, always=True, clock=lambda: float(next(ticks)))
        options = MirrorOptions(name="bucket", spool_dir=self.spool_dir, threads=2, **self.options)
        index = self.index or NoIndex()
        return MirrorRun(self.source, self.target, options, self.reporter, self.token, index, spread=spread).run()

    @property
    def kept_after(self) -> str:
        """The last key that was planned, as it was kept."""
        return str(json.loads(self.rows.kept or "{}")["run"]["standing"]["position"][0])

    @property
    def counted(self) -> dict[str, Any]:
        progress = self.reporter.tally.progress()
        names = ("planned", "done", "unchanged", "unchanged_by", "skipped", "failed")
        return {name: progress[name] for name in names}

    @property
    def history(self) -> list[tuple[str, str, str, int, str]]:
        return sorted((step.action, step.key, step.status.value, step.size, step.reason) for step in self.rows.steps)
