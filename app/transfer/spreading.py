"""Has a run's steps done by whoever has a hand free: puts them into batches, and folds what became of those."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from app.cancellation import INTERRUPTED, Cancelled
from app.errors import SluiceError, StoppedElsewhere
from app.transfer.batching import COMPARE, DELETE, LATER, UPLOAD, Gathering, Limits, Put, step_of
from app.transfer.events import Listener
from app.transfer.index import NoIndex
from app.transfer.operations import Operations
from app.transfer.ordered import InOrder
from app.transfer.pool import OperationPool
from app.transfer.results import replay
from app.transfer.spool import Spool
from app.transfer.standing import Standing
from app.transfer.steps import Compare, Delete, Marks, Upload
from app.transfer.work import Hands

AHEAD = 64
"""How many batches may wait or be under way; then the planner does some itself."""

KEEP_SECONDS = 2.0
_WAIT_SECONDS = 1.0
_BROKEN = "an internal error ended this job; see the log"


class Done(Protocol):
    """A batch with what became of it, or with its steps while it is held."""

    @property
    def number(self) -> int:
        """Names it in `Batches.keep`."""
        ...

    @property
    def result(self) -> Sequence[Any]:
        """JSON."""
        ...


class Batches(Protocol):
    """Where batches are put, for one thread; what a method promises in full is said by `app.jobs.contract.Ledger`."""

    @property
    def kept(self) -> Mapping[str, Any] | None:
        """What was kept last, of an earlier attempt too."""
        ...

    def keep(self, kept: Mapping[str, Any], put: Sequence[Put], folded: Sequence[int]) -> None:
        """Store all of this, and what was told to the listener so far, or nothing."""
        ...

    def do_without(self) -> None:
        """Take note that nothing was kept or put, and that nothing will be: all is done in this process."""
        ...

    def done(self) -> Sequence[Done]:
        """Return some batches that are done and not folded."""
        ...

    def left(self) -> Mapping[str, int]:
        """Return how many batches of each kind are not folded."""
        ...

    def release(self, kind: str) -> None:
        """Have held batches done."""
        ...

    def withdraw(self, kind: str) -> int:
        """Remove held batches."""
        ...

    def first_held(self, kind: str) -> Done | None:
        """Return the first held batch of a kind with its steps."""
        ...

    def help(self) -> bool:
        """Do one batch here; return whether there was one."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when a batch may have been done."""
        ...

    def settle(self) -> None:
        """Return when nobody is at a batch, and nobody will be."""
        ...


@dataclass(frozen=True, slots=True)
class Spread:
    """How a run is spread.

    Attributes:
        batches: where its batches are put, and what an earlier attempt has kept.
        limits: how much goes into a batch.
        always: spread plans too that fill no batch.
        clock: monotonic seconds.
    """

    batches: Batches
    limits: Limits
    always: bool = False
    clock: Callable[[], float] = field(default=time.monotonic)


class SpreadWork:
    """See `app.transfer.work.Work`; this process plans, and does batches itself when it has nothing to plan.

    What is kept is always of one moment: of a point of the plan, the batches put until then, and the results folded.

    Args:
        operations: whose events keep ``standing`` up to date.
        standing: of the run.
        hands: for what must be done in order.
    """

    def __init__(self, spread: Spread, operations: Operations, standing: Standing, hands: Hands) -> None:
        self._batches, self._clock, self._always = spread.batches, spread.clock, spread.always
        self._operations, self._standing, self._hands = operations, standing, hands
        self._gathering = Gathering(spread.limits)
        kept = spread.batches.kept or {}
        self._later: int = kept.get("later", 0)  #: steps put aside and not folded yet
        self._deletes: int = kept.get("deletes", 0)
        self._next_keep = self._clock() + KEEP_SECONDS
        self._error: StoppedElsewhere | None = None
        self.marks = Marks(standing.position)

    def checkpoint(self) -> None:
        """See `Work`."""
        self._operations.token.raise_if_cancelled()
        if self._clock() >= self._next_keep:
            self.marks.wanted = True

    def add(self, step: Upload | Compare) -> None:
        """See `Work`."""
        self._gathering.add(step)
        self._ask_for_mark()

    def put_aside(self, step: Upload | Delete) -> None:
        """See `Work`."""
        if isinstance(step, Upload) or step.blocking:
            self._gathering.add_later(step)
            self._later += 1
        else:
            self._gathering.add(step)
            self._deletes += 1
        self._ask_for_mark()

    def keep(self) -> None:
        """See `Work`; returns when the batches ahead are few enough to go on planning."""
        if self.is_small and self._clock() < self._next_keep:
            return
        self._fold(self._batches.done())
        while self._waiting(COMPARE, UPLOAD) >= AHEAD:
            self._go_on()

    @property
    def is_small(self) -> bool:
        """Whether nothing was put or kept, and what was taken so far fits into a batch of each kind."""
        return self._batches.kept is None and not (self._gathering.is_full or self._always)

    def hand_over(self) -> Iterator[tuple[bool, Upload | Compare | Delete]]:
        """Give away what was taken, while it `is_small`; nobody will do it but who takes it.

        Yields:
            Each step, and whether it was put aside.
        """
        self._batches.do_without()
        for kind, lines, _ in self._gathering.take():
            for step in map(step_of, lines):
                if kind == DELETE and isinstance(step, Delete):
                    yield True, Delete(step.entry)
                else:
                    yield kind == LATER, step

    def finish_compares(self) -> None:
        """See `Work`."""
        while self._waiting(COMPARE):
            self._go_on()

    def finish_uploads(self) -> None:
        """See `Work`."""
        while self._waiting(COMPARE, UPLOAD):
            self._go_on()

    def work_off_later(self) -> None:
        """See `Work`."""
        while not self._standing.must_not_delete and (held := self._batches.first_held(LATER)) is not None:
            left = self._do_in_order(held.result)
            self._standing.withheld += left
            self._later -= len(held.result)
            self._keep(folded=[held.number])
        if self._later:
            self._batches.withdraw(LATER)
        self._standing.withheld += self._later
        self._later = 0

    def work_off_deletes(self) -> None:
        """See `Work`."""
        if self._standing.must_not_delete:
            self._batches.withdraw(DELETE)
            self._standing.withheld += self._deletes
        else:
            self._batches.release(DELETE)
            while self._waiting(DELETE):
                self._go_on()
        self._deletes = 0

    def _ask_for_mark(self) -> None:
        """Put a batch as soon as it is full: a step more would be a batch of its own."""
        if self._gathering.is_full:
            self.marks.wanted = True

    def _do_in_order(self, lines: Sequence[Any]) -> int:
        """Do a batch of `LATER`; return how many of its steps were withheld."""
        operations = self._operations
        with (
            Spool(self._hands.spool_dir) as steps,
            OperationPool(self._hands.threads, 0.0, operations.token) as pool,
        ):
            for line in lines:
                steps.put(step_of(line))
            return InOrder(pool, operations.upload, operations.delete, self._standing).work_off(steps)

    def _waiting(self, *kinds: str) -> int:
        left = self._batches.left()
        return sum(left.get(kind, 0) for kind in kinds)

    def _go_on(self) -> None:
        """Fold what is done; else do a batch; else wait for one."""
        self._operations.token.raise_if_cancelled()
        if done := self._batches.done():
            self._fold(done)
        elif not self._batches.help():
            self._batches.wait(_WAIT_SECONDS)

    def _fold(self, done: Sequence[Done]) -> None:
        """Take results into account and keep; raise when one of them says that the job must end.

        That it must is kept with them: an attempt that went on without the error would take the rest for done.
        """
        self._replay(done)
        if self._error is not None:
            self._standing.stopped = _told(self._error)
        self._keep(self._gathering.take(), [batch.number for batch in done])
        if self._error is not None:
            raise self._error

    def _replay(self, done: Sequence[Done]) -> None:
        operations = self._operations
        for batch in done:
            error = replay(batch.result, operations.listener, operations.index, self._gathering.add)
            self._error = self._error or error

    def _keep(self, put: Sequence[Put] = (), folded: Sequence[int] = ()) -> None:
        kept = {"standing": self._standing.state(), "later": self._later, "deletes": self._deletes}
        self._batches.keep(kept, put, folded)
        self._next_keep = self._clock() + KEEP_SECONDS

    def _settle(self, error: Exception) -> None:
        """Have nobody go on; what was done counts, and an attempt after this one ends in the same way."""
        self._standing.stopped = (error.reason, None) if isinstance(error, Cancelled) else _told(error)
        # First this, then the batches go away: who found them gone without it would take them for done.
        self._keep()
        self._batches.settle()
        while done := self._batches.done():
            self._replay(done)
            self._keep(folded=[batch.number for batch in done])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        error = exc_info[1]
        # A job that is only interrupted is taken up again, and others go on with its batches meanwhile.
        if isinstance(error, Exception) and self._operations.token.reason != INTERRUPTED:
            with suppress(Cancelled):  # the job is another's by now
                self._settle(error)


def count_done(batches: Batches, listener: Listener) -> None:
    """Take into account what was done of a run that cannot be gone on with; nobody goes on with it after this."""
    batches.settle()
    while done := batches.done():
        for batch in done:
            replay(batch.result, listener, NoIndex(), lambda _: None)
        batches.keep(batches.kept or {}, [], [batch.number for batch in done])


def _told(error: Exception) -> tuple[str, str]:
    return (error.reason, str(error)) if isinstance(error, SluiceError) else (SluiceError.reason, _BROKEN)
