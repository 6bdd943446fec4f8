"""Starting mirrors: what dialects, pages and the command line call."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

from app.accounts.caller import Caller
from app.accounts.permissions import require_user
from app.connections.address import AddressPolicy
from app.connections.contract import Connection, owner_of
from app.connections.permissions import may_change
from app.connections.service import ConnectionService
from app.errors import (
    CallerUnknown,
    JobAlreadyFinished,
    JobNotFound,
    NotAllowed,
    NotRepeatable,
)
from app.jobs.contract import Job, JobRequest
from app.jobs.service import JobService
from app.mirrors.direction import Direction
from app.mirrors.folders import folders_below
from app.mirrors.planning import Plan, require_same, require_startable
from app.mirrors.plans import Plans
from app.mirrors.repeating import OWN_KEYS, has_own_keys, request_of
from app.mirrors.request import KIND, MirrorRequest, job_request
from app.settings import Settings

Again: TypeAlias = Callable[[Caller, Job], Job]
"""Does what a job of another kind did once more, as this caller."""

_ALL = 1_000_000


class MirrorService:
    """Makes jobs of kind ``mirror``, and ends those whose connection is deleted. Thread-safe.

    Args:
        others: how jobs of other kinds are run again.
        clock: POSIX seconds.
    """

    def __init__(
        self,
        settings: Settings,
        jobs: JobService,
        connections: ConnectionService,
        others: Mapping[str, Again] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._connections = connections
        self._others = others or {}
        self._clock = clock
        self._plans = Plans(jobs, clock)
        self._policy = AddressPolicy.of(settings)

    def submit(self, request: MirrorRequest, reserved_for: str | None = None, caller: Caller | None = None) -> Job:
        """Check a request and queue it.

        With a connection, whoever may see it may download, and whoever may change it may upload too: an upload
        changes and deletes what the connection's storage holds.

        Args:
            request: what to mirror.
            reserved_for: see `JobService.submit`.
            caller: who asks, and owns the job then; None: nobody said who he is.

        Raises:
            InvalidInput: naming the first parameter that cannot be accepted; nothing was queued.
            CallerUnknown: a connection is named, and nobody said who he is.
            NotAllowed: the caller may not start this.
            NotFound: there is no such connection, or the caller may not see it.
            TooManyJobs: the queue is full.
            DatabaseUnavailable: the job could not be stored.
        """
        return self._jobs.submit(self._made(request, caller), reserved_for)

    def preview(self, request: MirrorRequest, caller: Caller | None = None) -> Job:
        """Queue a dry run, whatever the request says; raises as `submit`."""
        return self.submit(replace(request, dry_run=True), caller=caller)

    def plan(self, plan_id: str, owner_id: int | None = None) -> Plan:
        """Return a dry run as a plan, as it stands now.

        Args:
            plan_id: the id of the dry run.
            owner_id: only if it is this user's; None: whoever's.

        Raises:
            NotFound: no plan has this id.
        """
        return self._plans.get(plan_id, owner_id)

    def start_planned(
        self,
        plan_id: str,
        confirmed: int | None,
        keys: tuple[str, str] | None,
        caller: Caller | None,
        owner_id: int | None = None,
    ) -> Job:
        """Queue the mirror that a dry run has planned; it deletes no more than the plan shows.

        What changed since the plan was made can stop the mirror before its first deletion. A plan is good for one
        job: for the second call it is the job that the first one made.

        Args:
            plan_id: the id of the dry run.
            confirmed: the number of deletions that a person has agreed to, 0 for the bucket alone; None: nobody was
                asked, which is enough for a plan that deletes nothing.
            keys: access key and secret key, where the dry run came with keys of its own.
            caller: as `submit`.
            owner_id: only if the plan is this user's; None: whoever's.

        Raises:
            NotFound: no plan has this id, or the connection has gone.
            PlanUnusable: see `require_startable` and `require_same`; nothing was queued.
            InvalidInput, CallerUnknown, NotAllowed, TooManyJobs: as `submit`.
        """
        plan = self._plans.get(plan_id, owner_id)
        if plan.started is not None:
            return self._plans.job_of(plan, owner_id)
        require_startable(plan, confirmed, keys, self._clock())
        made = self._made(_for_real(plan, keys), caller)
        require_same(plan, made.arguments)
        return self._plans.submit_once(plan, made, owner_id)

    def again(self, job_id: str, caller: Caller | None, owner_id: int | None = None) -> Job:
        """Queue once more what a job did, as this caller.

        A mirror that may delete gets a preview, and any other one starts at once. A synchronisation runs now, or is
        the one that is unfinished; a copy from a bucket into a bucket is copied again.

        Args:
            job_id: the job.
            caller: as `submit`.
            owner_id: only if the job is this user's; None: whoever's.

        Raises:
            JobNotFound: no job has this id.
            NotRepeatable: it was another kind of job, or one that came with keys of its own.
            InvalidInput, CallerUnknown, NotAllowed, NotFound, TooManyJobs: as `submit`.
        """
        job = self._jobs.get(job_id, owner_id)
        if job.kind != KIND:
            return self._other_again(job, caller)
        if has_own_keys(job):
            raise NotRepeatable(OWN_KEYS)
        request = request_of(job)
        return self.preview(request, caller) if request.delete else self.submit(request, caller=caller)

    def folders(self) -> list[str]:
        """Return folders that can be mirrored, as an offer; see `folders_below`."""
        return folders_below(self._settings.uploads_dir)

    def connection_deleted(self, connection_id: str) -> None:
        """Cancel what still uses it: who takes the credentials back wants them used no more.

        A job that is missed, since this process dies here, fails when it is started or resumed.
        """
        for job in self._jobs.list(include_finished=False, limit=_ALL):
            if job.kind == KIND and job.arguments.get("connection") == connection_id:
                with suppress(JobAlreadyFinished, JobNotFound):
                    self._jobs.request_cancel(job.id)

    def connection_changed(self, connection_id: str) -> None:
        """Do nothing: what runs ends with what it has opened, and what waits looks at the connection when it starts."""

    def _made(self, request: MirrorRequest, caller: Caller | None) -> JobRequest:
        if caller is not None:
            require_user(caller, "start synchronisations")
        connection = self._connection(request, caller)
        made = job_request(request, self._settings, self._policy, connection)
        return replace(made, owner_id=owner_of(caller))

    def _connection(self, request: MirrorRequest, caller: Caller | None) -> Connection | None:
        if request.connection is None:
            return None
        if caller is None:
            raise CallerUnknown("Say who you are to use a connection: send a key, or a name and a password.")
        connection = self._connections.get(caller, request.connection)
        if request.direction == Direction.UPLOAD and not may_change(caller, connection):
            raise NotAllowed(
                "You may see this connection and not change it, so you may download from its storage and not upload."
            )
        return connection

    def _other_again(self, job: Job, caller: Caller | None) -> Job:
        again = self._others.get(job.kind)
        if again is None:
            raise NotRepeatable("Jobs of this kind cannot be run again from here.")
        if caller is None:
            raise CallerUnknown("Say who you are to run this again: send a key, or a name and a password.")
        return again(caller, job)


def _for_real(plan: Plan, keys: tuple[str, str] | None) -> MirrorRequest:
    """Return the request of a plan's mirror; keys that it has no use for are left out."""
    request = replace(request_of(plan.job), dry_run=False)
    if not plan.needs_keys or keys is None:
        return request
    return replace(request, access_key=keys[0], secret_key=keys[1])
