"""Carries what is left of one copy job: several objects at once, each whole or not at all, each with its own end."""

import threading
from collections import deque
from collections.abc import Iterator
from functools import partial

from app.cancellation import Cancelled, CancelToken
from app.copies.carrying import OF_ONE_OBJECT, Carried, Carrier
from app.copies.contract import Copy, CopyState
from app.copies.ledger import Ending, Ledger
from app.copies.persisting import persisting
from app.copies.reporter import Reporter
from app.copies.settling import CANCELLED, Settling
from app.copies.stopping import CopyToken, Flags
from app.errors import FileChanged
from app.jobs.states import CANCELLED_BY_USER
from app.transfer.operations import CHANGED_ATTEMPTS, CHANGED_PAUSE
from app.transfer.pool import OperationPool


class CopyRun:
    """One attempt at a copy job.

    Args:
        ledger: what is to be done.
        carrier: does it.
        settling: ends copies together with their items.
        reporter: is told.
        token: stops the job between two objects, or within a large one.
        threads: how many objects are carried at once.
    """

    def __init__(
        self, ledger: Ledger, carrier: Carrier, settling: Settling, reporter: Reporter, token: CancelToken, threads: int
    ) -> None:
        self._ledger, self._carrier, self._settling = ledger, carrier, settling
        self._reporter, self._token, self._threads = reporter, token, threads
        self._flags = Flags(ledger.asked_to_stop)
        self._lock = threading.Lock()
        self._queues: dict[str, deque[Copy]] = {}

    def run(self) -> None:
        """Carry everything that is left; what fails alone does not raise.

        Raises:
            Cancelled: the job was asked to stop; what is left was not begun, or left nothing behind.
            SluiceError: the next object would fail as well.
        """
        before = persisting(self._token, self._ledger.standing).states.get(CopyState.DONE, 0)
        with OperationPool(self._threads, 0, self._token) as pool:
            for copy in self._left():
                self._reporter.planned(copy)
                self._submit(pool, copy)
            self._reporter.all_planned(before)
            pool.join()

    def _left(self) -> Iterator[Copy]:
        last = 0
        while page := persisting(self._token, partial(self._ledger.page, last)):
            yield from page
            last = page[-1].number

    def _submit(self, pool: OperationPool, copy: Copy) -> None:
        """Have a copy carried; one whose turn is behind another's by the thread that carries that one."""
        turn = self._carrier.turn_of(copy)
        if turn is None:
            pool.submit(partial(self._carry, copy))
            return
        with self._lock:
            if turn in self._queues:
                self._queues[turn].append(copy)
                return
            self._queues[turn] = deque([copy])
        pool.submit(partial(self._carry_turn, turn))

    def _carry_turn(self, turn: str) -> None:
        while copy := self._next_of(turn):
            self._token.raise_if_cancelled()
            self._carry(copy)

    def _next_of(self, turn: str) -> Copy | None:
        with self._lock:
            if not self._queues[turn]:
                del self._queues[turn]
                return None
            return self._queues[turn].popleft()

    def _carry(self, copy: Copy) -> None:
        """Carry one copy to its end; when the database could not be used, anew: what was done of it is found."""
        persisting(self._token, partial(self._carry_once, copy))

    def _carry_once(self, asked: Copy) -> None:
        copy = self._ledger.begin(asked.number)
        if copy is None:
            self._reporter.left_out(asked, CANCELLED_BY_USER, "cancelled before it began")
            return
        self._reporter.begun(copy)
        try:
            carried = self._carried(copy)
        except Cancelled:
            self._token.raise_if_cancelled()  # the job as a whole, then; its other copies are ended with this one
            self._end(copy, CANCELLED)
        except self._carrier.stops_the_job:
            raise
        except OF_ONE_OBJECT as error:
            self._end(copy, Ending(CopyState.FAILED, error.reason, str(error)))
        else:
            self._end_carried(copy, carried)

    def _carried(self, copy: Copy) -> Carried:
        """Carry it, and again while its source changes under it."""
        token = CopyToken(self._token, copy.number, self._flags)
        if copy.cancelling:
            raise Cancelled(CANCELLED_BY_USER)
        for attempts_left in reversed(range(CHANGED_ATTEMPTS)):
            try:
                return self._carrier.carry(copy, token)
            except FileChanged:
                if not attempts_left or token.wait(CHANGED_PAUSE):
                    raise
                copy = self._ledger.begin(copy.number) or copy  # it may be stored, under a name noted meanwhile
        raise AssertionError("unreachable")

    def _end_carried(self, copy: Copy, carried: Carried) -> None:
        ending = Ending(carried.state, carried.reason, carried.message, carried.size, carried.sha256)
        if carried.state is not CopyState.DONE:
            self._end(copy, ending)
            return
        self._settling.end(self._ledger, copy, ending)
        self._reporter.done(copy, carried.key, carried.size, carried.untold)

    def _end(self, copy: Copy, ending: Ending) -> None:
        self._settling.end(self._ledger, copy, ending)
        self._reporter.ended(copy, ending)
