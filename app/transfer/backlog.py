"""The uploads and comparisons that wait for a thread. Planning never waits for them, so totals are known early."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

from app.storages.base import Entry
from app.transfer.plan import Compare, Upload
from app.transfer.pool import OperationPool
from app.transfer.spool import Spool


class Backlog:
    """Feeds a pool, comparisons before uploads: the plan is complete only once they are done. Used by one thread.

    Args:
        upload: does one upload; called in the pool.
        differs: says whether a key must be uploaded; called in the pool.
    """

    def __init__(
        self,
        pool: OperationPool,
        upload: Callable[[Entry, str], None],
        differs: Callable[[Entry, Entry], bool],
        spool_dir: Path,
    ) -> None:
        self._pool, self._upload, self._differs = pool, upload, differs
        self._compares, self._uploads = Spool(spool_dir), Spool(spool_dir)
        self._different: SimpleQueue[Entry] = SimpleQueue()

    def add(self, step: Upload | Compare) -> None:
        """Take one more step and start what the pool has room for; never waits.

        Raises:
            Cancelled, SluiceError: what `OperationPool.submit` raises.
        """
        (self._uploads if isinstance(step, Upload) else self._compares).put(step)
        while self._pool.has_room and (len(self._compares) or len(self._uploads)):
            self._start_next()

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
        if isinstance(step, Compare):
            self._pool.submit(partial(self._compare, step))
        elif isinstance(step, Upload):
            self._pool.submit(partial(self._upload, step.entry, step.why))

    def _compare(self, step: Compare) -> None:
        if self._differs(step.source, step.target):
            self._different.put(step.source)

    def _collect(self) -> None:
        """Queue the uploads that comparisons have found."""
        while True:
            try:
                self._uploads.put(Upload(self._different.get_nowait(), "content"))
            except Empty:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._compares.close()
        self._uploads.close()
