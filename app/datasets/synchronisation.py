"""Keeping a local mirror of what a connection's bucket holds below ``cval/``: its schedule, its jobs, its folder."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write, require_user
from app.connections.contract import OPERATOR, Connection
from app.connections.permissions import may_change
from app.connections.service import ConnectionService
from app.datasets.sweeping import MirrorFolders
from app.errors import ConnectionUnusable, JobAlreadyFinished, JobNotFound, NotAllowed, NotFound, SluiceError
from app.jobs.contract import Job, JobRequest, JobState
from app.jobs.service import JobService
from app.mirrors.direction import Direction
from app.schedules.contract import Schedule
from app.schedules.service import ScheduleService
from app.settings import Settings
from app.transfer.compare import Check

logger = logging.getLogger(__name__)

KIND = "synchronisation"
"""The kind of its jobs, and of its schedules."""

PREFIX = "cval/"
"""The folder of the bucket that is mirrored."""

RUNS_KEPT = 50
"""How many of the last jobs of a connection are kept, whatever they did."""

_ALL = 1_000_000


class SynchronisationService:
    """The mirrors of all connections. Thread-safe; a listener of `ConnectionService`.

    Every method may raise `DatabaseUnavailable`. A connection's jobs belong to its owner. While he may not use it any
    more, they go on without an owner if the connection is an organisation's, and else nothing is mirrored.
    """

    def __init__(
        self, settings: Settings, connections: ConnectionService, schedules: ScheduleService, jobs: JobService
    ) -> None:
        self._settings = settings
        self._connections, self._schedules, self._jobs = connections, schedules, jobs
        self._folders = MirrorFolders(settings.data_dir)

    def switch(self, caller: Caller, connection_id: str, on: bool) -> None:
        """Have a connection's bucket mirrored again and again, beginning now; or stop that, also what is under way.

        What keeps the first job from being made now (a full queue) does not keep it from being made later.

        Raises:
            NotFound: there is no such connection, or the caller may not see it.
            NotAllowed: he may not change it, or may start no jobs.
        """
        connection = self._connections.get(caller, connection_id)
        require_may_write(caller)
        if not may_change(caller, connection):
            raise NotAllowed("You may see this connection and not change it, so its synchronisation stays as it is.")
        if not on:
            self._switch_off(connection.id)
            return
        require_user(caller, "start synchronisations")
        interval = self._settings.synchronise_seconds
        self._schedules.put(_subject(connection.id), KIND, {"connection": connection.id}, interval)
        try:
            self._submit_now(connection)
            self._cancel_unless_on(connection.id)  # switched off meanwhile
        except SluiceError as error:
            logger.warning("The first synchronisation of %s is left to the scheduler: %s", connection.id, error)

    def run_now(self, caller: Caller, connection_id: str) -> Job:
        """Mirror a connection's bucket now, whether it is switched on or not.

        Returns:
            The new job, or the one that is unfinished. While that one runs already, it may have missed what was
            changed last, so the next one follows it at once if the synchronisation is on.

        Raises:
            NotFound: there is no such connection, or the caller may not see it.
            NotAllowed: he may start no jobs.
            ConnectionUnusable: its owner may not use it any more.
            TooManyJobs: the queue is full.
        """
        connection = self._connections.get(caller, connection_id)
        require_user(caller, "start synchronisations")
        return self._submit_now(connection)

    def is_on(self, connection_ids: Iterable[str]) -> set[str]:
        """Return those of the connections that are mirrored again and again."""
        by_subject = {_subject(connection_id): connection_id for connection_id in connection_ids}
        return {by_subject[subject] for subject in self._schedules.enabled(by_subject)}

    def folder(self, connection_id: str) -> Path:
        """Return where a connection's mirror is, or would be: what lies below ``cval/`` in the bucket, without that."""
        return self._folders.folder(connection_id)

    def start(self, schedule: Schedule) -> Job:
        """Be the `Starter` of schedules of `KIND`."""
        connection_id = str(schedule.arguments["connection"])
        try:
            connection = self._connections.get(OPERATOR, connection_id)
        except NotFound:
            self._schedules.remove(schedule.subject)
            raise ConnectionUnusable(f"The connection {connection_id} was deleted.") from None
        job = self._jobs.submit(self._request(connection))
        self._cancel_unless_on(connection_id)  # switched off between the claim and now
        return job

    def connection_deleted(self, connection_id: str) -> None:
        """Forget the schedule, cancel what is under way, and take the mirror away as soon as no job uses it."""
        self._schedules.remove(_subject(connection_id))
        self._cancel(connection_id)
        if not any(self._unfinished(connection_id)):
            self._folders.put_away(connection_id)

    def connection_changed(self, connection_id: str) -> None:
        """Mirror it anew, if it is on: its bucket may be another one now, or be readable at last."""
        self._schedules.due_now(_subject(connection_id))

    def make_folder(self, connection_id: str) -> Path:
        """Return the folder of a mirror for the job that fills it, which ends with `let_go`.

        Raises:
            ScratchUnusable: it cannot be made.
        """
        return self._folders.make(connection_id)

    def let_go(self, connection_id: str) -> None:
        """Say that the connection's running job needs the mirror no more; it goes if the connection has gone."""
        with suppress(SluiceError):  # the next sweep looks again
            if self._is_gone(connection_id):
                self._folders.put_away(connection_id)

    def sweep(self) -> None:
        """Remove the mirrors of connections that are gone, unless an unfinished job still uses one. A chore."""
        for connection_id in self._folders.ids():
            if self._is_gone(connection_id) and not any(self._unfinished(connection_id)):
                self._folders.put_away(connection_id)
        self._folders.clear()

    def keep_interval(self) -> None:
        """Have all schedules follow SYNCHRONISE_SECONDS, which may have been changed since. A chore."""
        self._schedules.set_interval(KIND, self._settings.synchronise_seconds)

    def forget_idle_runs(self) -> None:
        """Forget the jobs that found nothing to do, but for the newest of each connection. A chore.

        There are hundreds a day for each connection; what brought or removed something stays for HISTORY_DAYS.
        """
        self._jobs.prune_runs(KIND, RUNS_KEPT, [("done", "uploads"), ("done", "deletes")])

    @property
    def chores(self) -> tuple[Callable[[], None], ...]:
        """What the active scheduler is to do now and then."""
        return (self.keep_interval, self.sweep, self.forget_idle_runs)

    def _submit_now(self, connection: Connection) -> Job:
        job = self._jobs.submit(self._request(connection))
        self._schedules.started(_subject(connection.id), job.id)
        if job.state is JobState.RUNNING or self._jobs.get(job.id).cancel_requested:
            self._schedules.due_now(_subject(connection.id))
        return job

    def _switch_off(self, connection_id: str) -> None:
        self._schedules.switch_off(_subject(connection_id))
        self._cancel(connection_id)
        self._schedules.due_now(_subject(connection_id))  # it was switched on meanwhile, perhaps, and has lost its job

    def _cancel_unless_on(self, connection_id: str) -> None:
        if not self.is_on([connection_id]):
            self._cancel(connection_id)

    def _cancel(self, connection_id: str) -> None:
        for job in self._unfinished(connection_id):
            with suppress(JobAlreadyFinished, JobNotFound):
                self._jobs.request_cancel(job.id)

    def _unfinished(self, connection_id: str) -> Iterator[Job]:
        target = _target(connection_id)
        return (job for job in self._jobs.list(include_finished=False, limit=_ALL) if job.target == target)

    def _is_gone(self, connection_id: str) -> bool:
        try:
            self._connections.get(OPERATOR, connection_id)
        except NotFound:
            return True
        return False

    def _request(self, connection: Connection) -> JobRequest:
        return JobRequest(
            KIND, _arguments(connection), target=_target(connection.id), owner_id=self._owner(connection), single=True
        )

    def _owner(self, connection: Connection) -> int | None:
        """Return whose the jobs are; None: the organisation's alone.

        Raises:
            ConnectionUnusable: nobody's who may use the connection.
        """
        if connection.owner_id is not None:
            try:
                self._connections.opened(connection.id, connection.owner_id)
            except ConnectionUnusable:
                if connection.organisation_id is None:
                    raise
            else:
                return connection.owner_id
        elif connection.organisation_id is None:
            raise ConnectionUnusable("The connection belongs to no user and to no organisation, so nobody wants it.")
        return None


def _subject(connection_id: str) -> str:
    return f"connection:{connection_id}"


def _target(connection_id: str) -> str:
    return f"mirror:{connection_id}"


def _arguments(connection: Connection) -> dict[str, object]:
    """Return what a mirror job has too, so that whoever shows one can show the other."""
    return {
        "direction": Direction.DOWNLOAD.value,
        "source": "",
        "dest": connection.bucket,
        "prefix": PREFIX,
        "storage_url": connection.url,
        "connection": connection.id,
        "wait": 0,
        "delete": True,
        "dry_run": False,
        "rules": [],
        "max_delete": None,
        "check": Check.EXACT.value,
    }
