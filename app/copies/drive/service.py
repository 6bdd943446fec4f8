"""What the product can do with the files of a Drive: import and export them as copy jobs, and follow these jobs."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from app.accounts.caller import Caller
from app.connections.contract import Connection
from app.connections.service import ConnectionService
from app.copies.contract import KIND, Copy, CopyKind, CopyQuery, CopyState
from app.copies.drive.contract import FILES_MAX, KINDS, DriveImport, DriveJob, Imported
from app.copies.drive.making import DriveMaking, Wishes, folder_of
from app.copies.ends import require_may_start
from app.copies.service import CopyService
from app.copies.work import work_of
from app.errors import ConsentRequired, DatabaseUnavailable, JobNotFound, NotFound, QuotaExceeded
from app.grants.service import GrantService
from app.jobs.contract import Job
from app.jobs.service import JobService
from app.library.contract import CollectionKind, Item, ItemQuery
from app.library.service import LibraryService
from app.settings import Settings

BEGIN_SECONDS = 5.0
"""How long a job that shall be waited for may take to begin: while others run, it is not waited for."""

END_SECONDS = 55.0


class DriveCopies:
    """Imports from and exports to Drives. Thread-safe; every method may raise `DatabaseUnavailable`.

    What starts a job raises `TooManyJobs` when the queue is full, and `NotAllowed` for whoever may start none; then
    there is no job, no copy and no item. Whoever sees a connection, and gave no consent for it, does not find it here.
    """

    def __init__(
        self,
        settings: Settings,
        jobs: JobService,
        library: LibraryService,
        connections: ConnectionService,
        grants: GrantService,
        copies: CopyService,
    ) -> None:
        self._jobs, self._library, self._connections = jobs, library, connections
        self._grants, self._copies = grants, copies
        self._making = DriveMaking(jobs, library)
        self._at_once = settings.import_at_once
        self._waiting = threading.BoundedSemaphore(max(1, settings.web_threads // 4))

    def import_files(
        self,
        caller: Caller,
        connection_id: str,
        files: Sequence[DriveImport],
        collection: str | None = None,
        tags: Sequence[str] = (),
        *,
        describe: bool = True,
    ) -> Imported:
        """Bring files of a Drive into the library as images, in one job, each with its own end.

        Of few files (IMPORT_AT_ONCE) the end is waited for: a minute at most, and only if the job begins at once.

        Args:
            caller: who asks.
            connection_id: of a Drive that he gave his consent for.
            files: 1 to `FILES_MAX`, each once.
            collection: the name of what they are put into, which is made when there is none; None: the default one.
            tags: of all items.
            describe: have the describer look at each; what it cannot do fails no import.

        Raises:
            NotFound: there is no such connection.
            ConsentRequired: its account's owner must consent anew.
            InvalidInput: for ``files``, ``tags`` or ``collection``.
            QuotaExceeded: the caller has no room left at all.
        """
        connection = self._drive(caller, connection_id)
        self._require_some_room(caller)
        made = self._making.import_files(caller, connection, files, Wishes(collection or None, tags, describe))
        if len(files) > self._at_once:
            return made
        try:
            return self._at_its_end(caller, made)
        except DatabaseUnavailable:  # the job is there: whoever is told of an error would ask for all of it again
            return made

    def export_items(
        self,
        caller: Caller,
        connection_id: str,
        item_ids: Sequence[str],
        folder_id: str | None = None,
        folder_name: str | None = None,
    ) -> Job:
        """Store images in a Drive, in one job; return it. Drive is not asked: what is wrong there ends the job.

        Args:
            caller: who asks.
            connection_id: of a Drive that he gave his consent for.
            item_ids: 1 to `FILES_MAX`, each once.
            folder_id: a folder that there is; None: the root.
            folder_name: make a folder of this name there, and put them into that. None: make none.

        Raises:
            NotFound: there is no such connection, or one of the images is none of the caller's, or has no file.
            ConsentRequired: the account's owner must consent anew.
            InvalidInput: for ``image_ids`` or ``folder_name``.
        """
        connection = self._drive(caller, connection_id)
        return self._making.export_items(caller, connection, item_ids, folder_of(folder_id, folder_name))

    def job(self, caller: Caller, job_id: str) -> DriveJob:
        """Return an import or an export as it stands now; an admin gets everybody's.

        Raises:
            JobNotFound: there is none of this id.
        """
        job = self._jobs.get(job_id, None if caller.is_admin else caller.user_id)
        # Its copies are read after it: where it has ended, so have they.
        kind = work_of(job.arguments).kind if job.kind == KIND else None
        if kind not in KINDS:
            raise JobNotFound(f"There is no import or export {job_id}.")
        query = CopyQuery(job_id=job_id, order="created_at", limit=FILES_MAX)
        copies = sorted(self._copies.find(caller, query), key=lambda copy: copy.number)
        return DriveJob(job, str(job.arguments["connection"]), CopyKind(kind), copies)

    def _drive(self, caller: Caller, connection_id: str) -> Connection:
        require_may_start(caller)
        if not self._grants.get(caller, connection_id).is_active:
            raise ConsentRequired("Connect this account again: what was granted for it is not taken any more.")
        return self._connections.get(caller, connection_id)

    def _require_some_room(self, caller: Caller) -> None:
        usage = self._library.usage(caller.user_id)
        if usage.quota is not None and usage.used >= usage.quota:
            raise QuotaExceeded("You have no room left in the library. Purge something, or ask an admin for more.")

    def _at_its_end(self, caller: Caller, made: Imported) -> Imported:
        """Return an import as it is at its end, or as it is when it is not waited for any longer."""
        copies = self._awaited(made.copies)
        if not copies or not all(copy.state.is_final for copy in copies):
            return replace(made, job=self._jobs.get(made.job.id), copies=copies)
        return Imported(self._jobs.get(made.job.id), self._items(caller, made.items), copies, at_once=True)

    def _awaited(self, copies: Sequence[Copy]) -> Sequence[Copy]:
        """Wait for the end of these copies, unless many wait already or their job does not begin."""
        if not self._waiting.acquire(blocking=False):
            return copies
        try:
            now = self._copies.settled(copies, BEGIN_SECONDS)
            begun = any(copy.state is not CopyState.WAITING for copy in now)
            return self._copies.settled(copies, END_SECONDS) if begun else now
        finally:
            self._waiting.release()

    def _items(self, caller: Caller, items: Sequence[Item]) -> list[Item]:
        """Return the items as they are now; one that was removed meanwhile as it was."""
        query = ItemQuery(collection_number=items[0].collection_number, numbers=[item.number for item in items])
        try:
            now = {item.number: item for item in self._library.items(caller, query, CollectionKind.IMAGES)}
        except NotFound:
            now = {}
        return [now.get(item.number, item) for item in items]
