"""What the product can do with copies: start copy jobs, and find, follow and cancel what they carry."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write
from app.authorizations.service import AuthorizationService
from app.connections.service import ConnectionService
from app.copies.contract import (
    AS_IT_IS,
    KIND,
    BucketPlace,
    Conflict,
    Conversion,
    Copy,
    CopyKind,
    CopyQuery,
    CopyState,
    Import,
    Wanted,
)
from app.copies.ends import Ends, require_may_start
from app.copies.looking import patience, question, require_some
from app.copies.making import Making
from app.copies.repeating import DirectCopy, direct_copy_of
from app.copies.settling import Settling
from app.copies.store import CopyStore
from app.copies.work import Work, work_of
from app.db import Database
from app.errors import DatabaseUnavailable, JobAlreadyFinished, JobNotFound, NotAllowed
from app.jobs.contract import Job
from app.jobs.service import JobService
from app.library.contract import Item
from app.library.service import LibraryService
from app.settings import Settings

_POLL_SECONDS = 0.05
_ALL = 1_000_000


class CopyService:
    """Starts, finds and cancels copies. Thread-safe; a listener of jobs, connections and authorizations.

    Every method may raise `DatabaseUnavailable`, having changed nothing. What starts a job raises `TooManyJobs` when
    the queue is full, and `NotAllowed` for whoever may start none; then there is no job, no copy and no item.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        jobs: JobService,
        library: LibraryService,
        connections: ConnectionService,
        authorizations: AuthorizationService,
    ) -> None:
        self._jobs, self._library = jobs, library
        self._store, self._settling = CopyStore(database), Settling(database, library)
        self._ends = Ends(connections, authorizations)
        self._making = Making(settings, jobs, library)

    @property
    def chores(self) -> tuple[Callable[[], None], ...]:
        """What the active scheduler is to do now and then."""
        return self._settling.chores

    def get(
        self,
        caller: Caller,
        place: BucketPlace,
        collection_number: int,
        keys: Sequence[str],
        conversion: Conversion = AS_IT_IS,
        attributes: Mapping[str, Any] | None = None,
    ) -> list[Item]:
        """Bring objects of a bucket into a history, in one job; return their items, in the order of the keys.

        The bucket is asked first, which takes half a minute at most, and longer for many objects.

        Args:
            caller: who asks.
            place: the bucket.
            collection_number: the history.
            keys: at most `OBJECTS_MAX`; an item gets its key as its name.
            conversion: what happens to the files.
            attributes: words of a dialect for the items.

        Raises:
            NotFound, NotAllowed, InvalidInput: of the history or the place; as `Ends.find`.
            StorageError: the bucket cannot be had; `KeyUnavailable`: one of the objects. Those before it are coming.
            AuthorizationUnusable, TooBusy: the bucket was not asked.
        """
        require_may_start(caller)
        require_some(keys)
        self._making.require_open(caller, collection_number)
        end = self._ends.find(caller, place, writes=False)
        found = self._ends.ask(caller, place, question(keys), patience(keys))
        items: list[Item] = []
        if found.entries:
            items = self._making.get(caller, end, collection_number, found.entries, conversion, attributes or {})
        if found.missing is not None:
            raise found.missing
        return items

    def send(
        self,
        caller: Caller,
        place: BucketPlace,
        collection_number: int,
        wanted: Sequence[Wanted],
        conflict: Conflict = Conflict.RENAME,
    ) -> list[Copy]:
        """Store items of a history in a bucket, in one job; return their copies, in the order given.

        The storage is not asked: what is wrong with it ends the copies.

        Raises:
            NotFound: there is no such history or place, or an item is not of this history.
            NotAllowed, InvalidInput, AuthorizationUnusable: as `Ends.find`; NotAllowed also of the history.
        """
        require_may_start(caller)
        end = self._ends.find(caller, place, writes=True)
        return self._making.send(caller, end, collection_number, wanted, conflict) if wanted else []

    def bring(self, caller: Caller, collection_number: int, imports: Sequence[Import]) -> list[tuple[Item, Copy]]:
        """Bring uploads and files of the web into a history, in one job; return items and copies in the order given.

        Raises:
            NotFound: there is no such history, or the caller has no such upload.
            NotAllowed: the caller may not put anything into it.
            InvalidInput: it is deleted, or an import names neither an upload nor an address, or both.
            UploadRefused: an upload is not complete.
            AddressRefused: an address that is not fetched from.
        """
        require_may_start(caller)
        return self._making.bring(caller, collection_number, imports) if imports else []

    def direct(
        self,
        caller: Caller,
        source: BucketPlace,
        target: BucketPlace,
        keys: Sequence[str],
        conflict: Conflict = Conflict.FAIL,
        prefix: str = "",
    ) -> Job:
        """Copy objects from a bucket into a bucket, in one job; neither is asked before.

        Where both are the same bucket, opened by the same connection or authorization, its storage copies what it can
        by itself; all else is read and written.

        Args:
            caller: who asks.
            source: where the objects are.
            target: where they go.
            keys: at most `OBJECTS_MAX`.
            conflict: what is done where the target has an object of that name.
            prefix: comes before each key in the target, as it is.

        Raises:
            NotFound, NotAllowed, InvalidInput, AuthorizationUnusable: as `Ends.find`.
            InvalidInput: for ``objects``: none, too many, or something that is no text; for ``prefix``: the last.
        """
        require_may_start(caller)
        require_some(keys)
        work = Work(
            CopyKind.DIRECT,
            self._ends.find(caller, source, writes=False),
            self._ends.find(caller, target, writes=True),
            prefix,
        )
        return self._making.direct(caller, work, keys, conflict)

    def asked(self, job: Job) -> DirectCopy:
        """Return what was asked of a copy from a bucket into a bucket; raises as `direct_copy_of`."""
        return direct_copy_of(job, self._store)

    def again(self, caller: Caller, job: Job) -> Job:
        """Do what a job of `direct` did once more, as this caller.

        Raises:
            NotRepeatable: the job is of another kind.
            NotFound, NotAllowed, InvalidInput, AuthorizationUnusable: as `direct`.
        """
        asked = self.asked(job)
        return self.direct(caller, asked.source, asked.target, asked.keys, asked.conflict, asked.prefix)

    def show(self, caller: Caller, number: int) -> Copy:
        """Return a copy as it stands now.

        Raises:
            NotFound: there is none of this number.
            NotAllowed: it is somebody else's.
        """
        copy = self._store.get(number)
        _require_owns(caller, copy)
        return self._settled([copy])[0]

    def find(self, caller: Caller, query: CopyQuery) -> list[Copy]:
        """Return the caller's copies that are wanted, newest first; an admin gets everybody's."""
        query = query if caller.is_admin else replace(query, owner_id=caller.user_id)
        found = self._store.find(query)
        settled = self._settled(found)
        return settled if settled == found else self._store.find(query)

    def cancel(self, caller: Caller, number: int) -> bool:
        """Ask for one copy to be stopped; one that waits has ended when this returns, one that runs ends soon.

        Nothing of it is left in its target, unless it is whole before it can be stopped.

        Returns:
            False: it had ended.

        Raises:
            NotFound: there is none of this number.
            NotAllowed: it is somebody else's, or the caller came with a key that may only read.
        """
        _require_owns(caller, self.show(caller, number))
        require_may_write(caller)
        copy = self._store.ask_to_stop(number)
        if copy.state is CopyState.WAITING:
            self._settling.cancel_waiting(copy)
            self._cancel_job_without_work(copy.job_id)
        return not copy.state.is_final

    def settled(self, copies: Sequence[Copy], seconds: float) -> list[Copy]:
        """Wait a moment for the end of these copies, and return them as they are then, in the order given."""
        numbers, deadline = [copy.number for copy in copies], time.monotonic() + seconds
        while True:
            found = {copy.number: copy for copy in self._settled(self._store.numbered(numbers))}
            now = [found[number] for number in numbers if number in found]
            if all(copy.state.is_final for copy in now) or time.monotonic() >= deadline:
                return now
            time.sleep(_POLL_SECONDS)

    def job_submitted(self) -> None:
        """See `app.jobs.service.Listener`."""

    def cancel_requested(self, job_id: str) -> None:
        """Have the copies of a job that was cancelled before it began end with it."""
        with suppress(DatabaseUnavailable):
            self._settling.settle([job_id])

    def connection_deleted(self, connection_id: str) -> None:
        """Cancel what still uses it: who takes the credentials back wants them used no more."""
        self._cancel_jobs(lambda job: self._uses(job, connection_id))

    def connection_changed(self, connection_id: str) -> None:
        """Do nothing: what runs ends with what it has opened, and what waits looks at the connection when it starts."""

    def authorization_removed(self, number: int) -> None:
        """Cancel what still uses it, as when a connection is deleted."""
        self._cancel_jobs(lambda job: any(end.place.authorization == number for end in work_of(job.arguments).ends))

    def _cancel_jobs(self, wanted: Callable[[Job], bool]) -> None:
        for job in self._jobs.list(include_finished=False, limit=_ALL):
            if job.kind == KIND and wanted(job):
                with suppress(JobAlreadyFinished, JobNotFound):
                    self._jobs.request_cancel(job.id)

    def _settled(self, copies: Sequence[Copy]) -> list[Copy]:
        """Return the copies, those read anew whose jobs have ended without them."""
        unfinished = {copy.job_id for copy in copies if not copy.state.is_final}
        if not unfinished or not self._settling.settle(sorted(unfinished)):
            return list(copies)
        now = {copy.number: copy for copy in self._store.numbered([copy.number for copy in copies])}
        return [now.get(copy.number, copy) for copy in copies]

    def _uses(self, job: Job, connection_id: str) -> bool:
        """Whether a job needs a connection that was deleted just now, by itself or through an authorization."""
        if connection_id in job.arguments["connections"]:
            return True
        ends = work_of(job.arguments).ends
        return any(self._ends.has_lost_connection(end, job.owner_id) for end in ends)

    def _cancel_job_without_work(self, job_id: str) -> None:
        if not self._store.has_unfinished(job_id):
            with suppress(JobAlreadyFinished, JobNotFound):
                self._jobs.request_cancel(job_id)


def _require_owns(caller: Caller, copy: Copy) -> None:
    if not caller.is_admin and copy.owner_id != caller.user_id:
        raise NotAllowed("This is somebody else's.")
