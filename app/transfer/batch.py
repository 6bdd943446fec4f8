"""Does one batch: its steps in a pool of threads, until its time is over or a stop is asked for."""

import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from app.cancellation import Cancelled
from app.transfer.batching import DELETE, Line, step_of
from app.transfer.operations import Operations
from app.transfer.pool import OperationPool
from app.transfer.results import Results
from app.transfer.steps import Compare, Upload

DELETED_AT_ONCE = 250
"""Keys of one operation here: as many may still be deleted after this process has lost its lease."""


class BatchRun:
    """One batch; used once, by one thread.

    Args:
        operations: they tell ``results``; their token stops the batch.
        results: takes the uploads that comparisons call for.
        threads: how many operations run at once.
        seconds: after so many, nothing more is begun; one operation is begun in any case.
    """

    def __init__(self, operations: Operations, results: Results, threads: int, seconds: float) -> None:
        self._operations, self._results, self._threads = operations, results, threads
        self._until = time.monotonic() + seconds
        self._has_begun = False
        self._settled: set[int] = set()

    def run(self, kind: str, lines: Sequence[Line]) -> Sequence[Line]:
        """Do these steps; return those that were not done.

        Raises:
            SluiceError: an error of a whole storage.
        """
        with suppress(Cancelled):  # what was not done is left
            if kind == DELETE:
                self._delete(lines)
            else:
                self._bring(lines)
        return self.left(lines)

    def left(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Return those of these steps that were not done."""
        return [line for number, line in enumerate(lines) if number not in self._settled]

    def _bring(self, lines: Sequence[Line]) -> None:
        with OperationPool(self._threads, 0.0, self._operations.token) as pool:
            for number, line in enumerate(lines):
                pool.submit(partial(self._do, number, line))
            pool.join()

    def _do(self, number: int, line: Line) -> None:
        if self._has_begun and time.monotonic() > self._until:
            return
        self._has_begun = True
        step = step_of(line)
        if isinstance(step, Upload):
            self._operations.upload(step.entry, step.why)
        elif isinstance(step, Compare) and (upload := self._operations.compare(step)) is not None:
            self._results.follow(upload)
        self._settled.add(number)

    def _delete(self, lines: Sequence[Line]) -> None:
        """Delete some at a time: a driver that knows no bulk deletion looks at no token between two keys."""
        for first in range(0, len(lines), DELETED_AT_ONCE):
            self._operations.token.raise_if_cancelled()
            if first and time.monotonic() > self._until:
                return
            some = lines[first : first + DELETED_AT_ONCE]
            self._operations.delete([line[0] for line in some])
            self._settled.update(range(first, first + len(some)))
