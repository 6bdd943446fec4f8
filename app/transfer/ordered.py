"""Does what was put aside in its order: what stands in the way of an upload goes just before it."""

from collections.abc import Callable, Sequence
from functools import partial

from app.storages.base import Entry
from app.transfer.pool import OperationPool
from app.transfer.spool import Spool
from app.transfer.standing import Standing
from app.transfer.steps import Delete, Upload

DELETE_BATCH = 1000


class InOrder:
    """Does steps one after the other, deletions many at once, uploads in a pool. Used by one thread.

    Args:
        pool: where the uploads run.
        upload, delete: do it.
        standing: tells when an upload has failed.
        at_once: how many deletions make one operation.
    """

    def __init__(
        self,
        pool: OperationPool,
        upload: Callable[[Entry, str], None],
        delete: Callable[[Sequence[str]], None],
        standing: Standing,
        at_once: int = DELETE_BATCH,
    ) -> None:
        self._pool, self._upload, self._delete = pool, upload, delete
        self._standing = standing
        self._at_once = at_once

    def work_off(self, steps: Spool) -> int:
        """Do these steps until an upload fails; return how many were not done.

        Raises:
            Cancelled, SluiceError: what `OperationPool.submit` raises.
        """
        batch: list[str] = []
        for step in steps:
            if isinstance(step, Delete) and not batch:
                self._pool.join()
            if self._standing.must_not_delete:
                return len(steps) + 1
            if isinstance(step, Upload):
                self._delete_batch(batch)
                self._pool.submit(partial(self._upload, step.entry, step.why))
            elif isinstance(step, Delete):
                batch.append(step.entry.key)
                if len(batch) == self._at_once:
                    self._delete_batch(batch)
        self._delete_batch(batch)
        self._pool.join()
        return 0

    def _delete_batch(self, batch: list[str]) -> None:
        """Delete these keys, if any, and empty the batch."""
        if batch:
            self._delete(batch)
            batch.clear()
