"""The uploads and comparisons that wait for a thread. Planning never waits for them, so totals are known early."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

from app.storages.base import Entry
from app.transfer.pool import OperationPool
from app.transfer.spool import Spool, Step
from app.transfer.steps import Compare, Upload


class Backlog:
    """Feeds a pool, comparisons before uploads: the plan is complete only once they are done. Used by one thread.

    Args:
        upload: does one upload; called in the pool.
        differs: does one comparison and returns the upload that it calls for, if any; called in the pool.
    """

    def __init__(
        self,
        pool: OperationPool,
        upload: Callable[[Entry, str], None],
        differs: Callable[[Compare], Upload | None],
        spool_dir: Path,
    ) -> None:
        self._pool, self._upload, self._differs = pool, upload, differs
        self._compares, self._uploads = Spool(spool_dir), Spool(spool_dir)
        self._different: SimpleQueue[Upload] = SimpleQueue()

    def add(self, step: Upload | Compare) -> None:
        """Take one more step and start what the pool has room for; never waits.

        Raises:
            Cancelled, SluiceError: what `OperationPool.submit` raises.
        """
        if self._pool.has_room and not self._is_any_waiting:
            self._start(step)
            return
        (self._uploads if isinstance(step, Upload) else self._compares).put(step)
        while self._pool.has_room and self._is_any_waiting:
            self._start_next()

    @property
    def _is_any_waiting(self) -> bool:
        return bool(len(self._compares) or len(self._uploads) or not self._different.empty())

    def finish_compares(self) -> None:
        """Return when no comparison is left, so that no further upload can be found; raises like `add`."""
        while len(self._compares):
            self._start_next()
        self._pool.join()

    def finish_uploads(self) -> None:
        """Return when no upload is left; call it after `finish_compares`; raises like `add`."""
        self._collect()
        while len(self._uploads):
            self._start_next()
        self._pool.join()

    def _start_next(self) -> None:
        self._collect()
        step = self._compares.pop() or self._uploads.pop()
        if step is not None:
            self._start(step)

    def _start(self, step: Step) -> None:
        if isinstance(step, Upload):
            self._pool.submit(partial(self._upload, step.entry, step.why))
        elif isinstance(step, Compare):
            self._pool.submit(partial(self._compare, step))

    def _compare(self, step: Compare) -> None:
        upload = self._differs(step)
        if upload is not None:
            self._different.put(upload)

    def _collect(self) -> None:
        """Queue the uploads that comparisons have found."""
        while not self._different.empty():
            try:
                self._uploads.put(self._different.get_nowait())
            except Empty:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._compares.close()
        self._uploads.close()
