"""Spreads a plan only if it fills a batch: a smaller one is done sooner here than it is handed on."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

from app.transfer.spreading import SpreadWork
from app.transfer.standing import Phase, Standing
from app.transfer.steps import Delete, Marks, Upload
from app.transfer.work import LocalWork, Work


class FittingWork:
    """See `app.transfer.work.Work`. An attempt that dies with a small plan is followed by one that begins anew.

    Args:
        spread: takes the steps of the plan.
        local: makes what takes them over when the plan has ended and they are few.
        standing: of the run.
    """

    def __init__(self, spread: SpreadWork, local: Callable[[], LocalWork], standing: Standing) -> None:
        self._spread, self._local, self._standing = spread, local, standing
        self._work: Work = spread
        self._open = ExitStack()
        # Called for each step of a plan.
        self.checkpoint = spread.checkpoint
        self.add = spread.add
        self.put_aside = spread.put_aside

    @property
    def marks(self) -> Marks:
        """See `Work`."""
        return self._spread.marks

    def keep(self) -> None:
        """See `Work`."""
        if self._work is self._spread and self._standing.phase > Phase.PLANNING and self._spread.is_small:
            self._take_over()
        self._work.keep()

    def finish_compares(self) -> None:
        """See `Work`."""
        self._work.finish_compares()

    def finish_uploads(self) -> None:
        """See `Work`."""
        self._work.finish_uploads()

    def work_off_later(self) -> None:
        """See `Work`."""
        self._work.work_off_later()

    def work_off_deletes(self) -> None:
        """See `Work`."""
        self._work.work_off_deletes()

    def _take_over(self) -> None:
        self._work = local = self._open.enter_context(self._local())
        for is_aside, step in self._spread.hand_over():
            if is_aside and isinstance(step, Upload | Delete):
                local.put_aside(step)
            elif not isinstance(step, Delete):
                local.add(step)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        with self._open:
            if self._work is self._spread:
                self._spread.__exit__(*exc_info)
