"""A job that is spread over workers without any storage: numbers are added up, and each must be counted once."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.cancellation import Cancelled
from app.errors import DatabaseUnavailable
from app.jobs.batches import BatchQueue
from app.jobs.contract import STOPPED, BatchResult, JobState, NewBatch, Outcome, StepRecord, StepStatus
from app.jobs.doing import BatchWorker
from app.jobs.ledger import DatabaseLedger
from app.jobs.planning import Planning
from app.jobs.rows import job_number

KIND = "sum"


@dataclass
class Adder:
    """The handler of jobs and of batches of kind ``sum``: plans ``count`` numbers in batches of ``each``.

    Attributes:
        at_keep: called after each keep with how many there were; may end the planner as a crash would.
        seen: every number that was done, as often as that was.
    """

    count: int = 100
    each: int = 10
    at_keep: object = None
    at_step: object = None
    seen: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, context):
        """Plan what is left, do what is left, and tell the sum."""
        ledger = context.ledger
        kept = dict(ledger.kept or {"cursor": 0, "sum": 0, "keeps": 0})
        context.follow(lambda: ({"sum": kept["sum"]}, "adding"))
        try:
            while kept["cursor"] < self.count:
                first, last = kept["cursor"], min(self.count, kept["cursor"] + self.each)
                kept["cursor"] = last
                self._keep(ledger, kept, put=[NewBatch("add", list(range(first, last)))])
                context.token.raise_if_cancelled()
            while ledger.left():
                context.token.raise_if_cancelled()
                if not self._fold(ledger, kept) and not ledger.help():
                    ledger.wait(0.05)
        except Cancelled as stop:
            ledger.settle()
            while self._fold(ledger, kept):
                pass
            return Outcome(JobState.CANCELLED, stop.reason, f"stopped at {kept['sum']}")
        return Outcome(JobState.SUCCEEDED, None, f"the sum is {kept['sum']}")

    def do(self, context):
        """Do one batch."""
        done = []
        for number in context.steps:
            if context.token.is_cancelled:
                break
            with self._lock:
                self.seen.append(number)
            if self.at_step:
                self.at_step(context, number)
            done.append(number)
        return BatchResult(done, context.steps[len(done) :])

    def _fold(self, ledger, kept):
        done = ledger.done()
        if not done:
            return False
        numbers = [number for batch in done for number in batch.result]
        if any(isinstance(number, list) and number[0] == STOPPED for number in numbers):
            raise RuntimeError(numbers)
        kept["sum"] += sum(numbers)
        steps = [StepRecord("add", str(n), StepStatus.DONE, n, "new", "", time.time()) for n in numbers]
        self._keep(ledger, kept, folded=[batch.number for batch in done], steps=steps)
        return True

    def _keep(self, ledger, kept, **what):
        kept["keeps"] += 1
        ledger.keep(dict(kept), **what)
        if self.at_keep:
            self.at_keep(kept["keeps"])


class Cluster:
    """Runners that plan, and workers on threads, over the registry's database; messages may be lost."""

    def __init__(self, registry, adder, *, lease_seconds=15, workers=0):
        self.registry, self.adder = registry, adder
        settings = registry.settings
        self.batches = BatchQueue(registry.database, lease_seconds, settings.transfers_per_storage)
        self._workers = [self.worker() for _ in range(workers)]
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(worker,)) for worker in self._workers]

    def worker(self):
        return BatchWorker(self.batches, {KIND: self.adder.do}, self.registry.box, self.registry.settings)

    def runner(self, plan=None):
        """A runner that plans (with the adder, or as is said), with a worker of its own."""
        worker = self.worker()

        def ledger(job):
            return DatabaseLedger(self.registry.database, job, worker.work, lambda *_: None)

        runner = self.registry.runner({KIND: plan or self.adder.plan}, planning=Planning(ledger))
        threading.Thread(target=self._ask, args=(runner,), daemon=True).start()
        return runner

    def _ask(self, runner):
        """Ask it for one job after another, as messages do, until it is drained."""
        while not runner.is_draining:
            if runner.run_one(1) is None:
                time.sleep(0.02)

    @contextmanager
    def working(self):
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            for thread in self._threads:
                thread.join()

    def _work(self, worker):
        while not self._ended.wait(0.01):
            try:
                for job in self.registry.service.list(include_finished=False, limit=10):
                    while worker.work(job_number_of(self.registry, job.id)):
                        pass
            except DatabaseUnavailable:
                pass


def job_number_of(registry, job_id):
    with registry.database.reading() as session:
        return job_number(session, job_id)
