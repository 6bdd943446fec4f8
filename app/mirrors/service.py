"""Starting mirrors: the one method that dialects and the command line call."""

from contextlib import suppress
from dataclasses import replace

from app.accounts.caller import Caller
from app.accounts.permissions import require_user
from app.connections.address import AddressPolicy
from app.connections.contract import Connection, owner_of
from app.connections.permissions import may_change
from app.connections.service import ConnectionService
from app.errors import CallerUnknown, JobAlreadyFinished, JobNotFound, NotAllowed
from app.jobs.contract import Job
from app.jobs.service import JobService
from app.mirrors.direction import Direction
from app.mirrors.request import KIND, MirrorRequest, job_request
from app.settings import Settings

_ALL = 1_000_000


class MirrorService:
    """Makes jobs of kind ``mirror``, and ends those whose connection is deleted. Thread-safe."""

    def __init__(self, settings: Settings, jobs: JobService, connections: ConnectionService) -> None:
        self._settings = settings
        self._jobs = jobs
        self._connections = connections
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
        if caller is not None:
            require_user(caller, "start synchronisations")
        connection = self._connection(request, caller)
        made = job_request(request, self._settings, self._policy, connection)
        return self._jobs.submit(replace(made, owner_id=owner_of(caller)), reserved_for)

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
