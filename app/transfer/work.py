"""Where a run's steps go: the promise, and the way in which one process does them all itself."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from app.storages.base import Entry
from app.transfer.backlog import Backlog
from app.transfer.operations import Operations
from app.transfer.ordered import DELETE_BATCH, InOrder
from app.transfer.pool import OperationPool
from app.transfer.spool import Spool
from app.transfer.standing import Standing
from app.transfer.steps import Compare, Delete, Marks, Upload


class Hands(NamedTuple):
    """What a process does operations with.

    Attributes:
        threads: how many run at once.
        wait: seconds to sleep between two, which then run one at a time.
        spool_dir: an existing folder for steps put aside.
    """

    threads: int
    wait: float
    spool_dir: Path


class Work(Protocol):
    """Takes the steps of a plan and sees to it that they are done. Used by one thread; a context manager.

    Every method may raise `Cancelled`, and what ends the run: errors of a whole storage.

    Attributes:
        marks: where the plan begins; None: at the beginning, and nobody asks how far it has come.
    """

    @property
    def marks(self) -> Marks | None:
        """See above."""
        ...

    def checkpoint(self) -> None:
        """Raise what stands against going on; called between two steps."""
        ...

    def add(self, step: Upload | Compare) -> None:
        """Have a step done as soon as possible, and what a comparison calls for."""
        ...

    def put_aside(self, step: Upload | Delete) -> None:
        """Take a step for `work_off_later`, when it is blocked or blocks, else for `work_off_deletes`."""
        ...

    def keep(self) -> None:
        """Make what was told so far, and how the run stands, outlive this process, where that can be."""
        ...

    def finish_compares(self) -> None:
        """Return when no comparison is left, so that no further upload can be found."""
        ...

    def finish_uploads(self) -> None:
        """Return when no upload is left but those put aside."""
        ...

    def work_off_later(self) -> None:
        """Do in order what was put aside for the sake of uploads, until one fails; the rest counts as withheld."""
        ...

    def work_off_deletes(self) -> None:
        """Do the other deletions, or none, which count as withheld, when something has failed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class LocalWork:
    """All steps are done by threads of this process; see `Work`.

    Args:
        operations: whose events keep ``standing`` up to date.
        standing: of the run.
    """

    def __init__(self, operations: Operations, standing: Standing, hands: Hands) -> None:
        self._operations = operations
        self._standing = standing
        self._pool = OperationPool(hands.threads, hands.wait, operations.token)
        self._backlog = Backlog(self._pool, self._upload, operations.compare, hands.spool_dir)
        self._later = Spool(hands.spool_dir)
        self._deletes = Spool(hands.spool_dir)
        at_once = 1 if hands.wait else DELETE_BATCH
        self._in_order = InOrder(self._pool, self._upload, self._delete, standing, at_once)
        self._open = ExitStack()
        # Called for each step of a plan.
        self.checkpoint = self._pool.checkpoint
        self.add = self._backlog.add

    @property
    def marks(self) -> None:
        """See `Work`."""
        return

    def put_aside(self, step: Upload | Delete) -> None:
        """See `Work`."""
        (self._later if isinstance(step, Upload) or step.blocking else self._deletes).put(step)

    def keep(self) -> None:
        """Do nothing: an attempt after this one begins anew."""

    def finish_compares(self) -> None:
        """See `Work`."""
        self._backlog.finish_compares()

    def finish_uploads(self) -> None:
        """See `Work`."""
        self._backlog.finish_uploads()

    def work_off_later(self) -> None:
        """See `Work`."""
        self._standing.withheld += self._in_order.work_off(self._later)

    def work_off_deletes(self) -> None:
        """See `Work`."""
        self._standing.withheld += self._in_order.work_off(self._deletes)

    def _upload(self, entry: Entry, why: str) -> None:
        self._pace()
        self._operations.upload(entry, why)

    def _delete(self, keys: Sequence[str]) -> None:
        self._pace()
        self._operations.delete(keys)

    def _pace(self) -> None:
        if not self._operations.dry_run:
            self._pool.pace()

    def __enter__(self) -> Self:
        for each in (self._later, self._deletes, self._backlog, self._pool):
            self._open.enter_context(each)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._open.close()
