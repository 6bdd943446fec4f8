"""Ends copies that nobody will carry any more, and forgets old ones."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from app.cancellation import INTERRUPTED
from app.copies.contract import Copy, CopyKind, CopyState
from app.copies.ledger import Ending, Ledger
from app.copies.model import CopyRow
from app.db import Database
from app.errors import DatabaseUnavailable, NotFound, StorageError, UploadRefused
from app.jobs.contract import JobState
from app.jobs.model import JobRow
from app.jobs.states import CANCELLED_BY_USER
from app.library.contract import ItemState
from app.library.model import ItemRow
from app.library.service import LibraryService

FILLS_AN_ITEM = (CopyKind.GET, CopyKind.IMPORT, CopyKind.DRIVE_IMPORT)
"""The kinds of copies that make the file of an item."""

_AT_ONCE = 200
CANCELLED = Ending(CopyState.CANCELLED, CANCELLED_BY_USER, "cancelled")
_FORGOTTEN = Ending(CopyState.FAILED, INTERRUPTED, "Its job was forgotten before it was done.")


class _Left(NamedTuple):
    """A job that has ended and left copies behind."""

    job_id: str
    ending: Ending


class Settling:
    """Ends and forgets copies. Thread-safe, also between processes; methods may raise `DatabaseUnavailable`."""

    def __init__(self, database: Database, library: LibraryService) -> None:
        self._database, self._library = database, library

    def end(self, ledger: Ledger, copy: Copy, ending: Ending) -> None:
        """End one copy, and its item before it: a crash in between leaves nothing that waits for ever."""
        if copy.kind in FILLS_AN_ITEM and copy.item_number is not None:
            if ending.state is CopyState.FAILED:
                self._library.filling.fail(copy.item_number, ending.message)
            elif ending.state is CopyState.CANCELLED:
                self._library.filling.discard(copy.item_number)
        ledger.end(copy.number, ending)
        self._use_up(copy)

    def end_rest(self, job_id: str, ending: Ending, told: Callable[[Copy, Ending], None] | None = None) -> None:
        """End all that is left of a job; what had arrived, though nobody could say so any more, is done.

        Args:
            job_id: the job.
            ending: how all else ends.
            told: called for each copy with its end.
        """
        ledger = Ledger(self._database, job_id)
        while page := ledger.page(0):
            arrived = self._arrived(page)
            for copy in page:
                ended = arrived.get(copy.number, ending)
                self.end(ledger, copy, ended)
                if told is not None:
                    told(copy, ended)

    def cancel_waiting(self, copy: Copy) -> None:
        """End a copy that was asked to stop, unless it has begun meanwhile: then whoever carries it does that."""
        if copy.kind in FILLS_AN_ITEM and copy.item_number is not None:
            self._library.filling.discard(copy.item_number)
        Ledger(self._database, copy.job_id).end_waiting(copy.number, CANCELLED)
        self._use_up(copy)

    def settle(self, job_ids: Sequence[str] | None = None) -> bool:
        """End what ended jobs have left behind: they were cancelled before they began, or their runners died of them.

        Args:
            job_ids: look only at these; None: at all.

        Returns:
            Whether there was anything.
        """
        found = self._left_behind(job_ids)
        for left in found:
            self.end_rest(left.job_id, left.ending)
        return bool(found)

    def settle_all(self) -> None:
        """End what any ended job has left behind. A chore."""
        self.settle()

    def forget(self) -> None:
        """Forget the copies of forgotten jobs, but for those that made an item which is still known. A chore.

        A dialect shows with an item what made it, so such a row lives as long as its item's.
        """
        while self._forget_some():
            pass

    @property
    def chores(self) -> tuple[Callable[[], None], ...]:
        """What the active scheduler is to do now and then."""
        return (self.settle_all, self.forget)

    def _use_up(self, copy: Copy) -> None:
        """Remove the upload that a copy was made of, however the copy ended; what is left of one expires by itself."""
        if (upload := copy.options.get("upload")) is not None and copy.owner_id is not None:
            with suppress(DatabaseUnavailable, NotFound, UploadRefused, StorageError):
                self._library.uploads.taken(str(upload), copy.owner_id)
                self._library.uploads.forget(str(upload))

    def _left_behind(self, job_ids: Sequence[str] | None) -> list[_Left]:
        unfinished = select(CopyRow.job_id, JobRow.state, JobRow.reason, JobRow.message).distinct()
        ended = or_(JobRow.id.is_(None), JobRow.finished_at.is_not(None))
        query = unfinished.outerjoin(JobRow, JobRow.id == CopyRow.job_id).where(CopyRow.finished_at.is_(None), ended)
        if job_ids is not None:
            query = query.where(CopyRow.job_id.in_(job_ids))
        with self._database.reading() as session:
            return [_Left(row[0], _ending(row[1], row[2], row[3])) for row in session.execute(query)]

    def _arrived(self, copies: Sequence[Copy]) -> dict[int, Ending]:
        numbers = {copy.item_number: copy.number for copy in copies if copy.kind in FILLS_AN_ITEM}
        ready = and_(ItemRow.number.in_([number for number in numbers if number]), ItemRow.state == ItemState.READY)
        with self._database.reading() as session:
            found = session.execute(select(ItemRow.number, ItemRow.size, ItemRow.sha256).where(ready))
            return {numbers[item]: Ending(CopyState.DONE, size=size, sha256=sha256) for item, size, sha256 in found}

    def _forget_some(self) -> bool:
        with self._database.reading() as session:
            numbers = session.scalars(_forgettable().limit(_AT_ONCE)).all()
        if numbers:
            with self._database.writing() as session:
                session.execute(delete(CopyRow).where(CopyRow.number.in_(numbers)))
        return len(numbers) == _AT_ONCE


def _forgettable() -> Select[int]:
    made_nothing: ColumnElement[bool] = or_(CopyRow.kind.not_in(FILLS_AN_ITEM), CopyRow.item_number.is_(None))
    jobless = select(CopyRow.number).outerjoin(JobRow, JobRow.id == CopyRow.job_id).where(JobRow.id.is_(None))
    return jobless.where(CopyRow.finished_at.is_not(None), made_nothing).order_by(CopyRow.number)


def _ending(state: JobState | None, reason: str | None, message: str | None) -> Ending:
    if state is None:
        return _FORGOTTEN
    if state is JobState.CANCELLED:
        return Ending(CopyState.CANCELLED, reason, message or "")
    return Ending(CopyState.FAILED, reason or INTERRUPTED, message or "")
