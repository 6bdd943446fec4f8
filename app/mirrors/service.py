"""Starting mirrors: the one method that dialects and the command line call."""

from app.jobs.contract import Job
from app.jobs.service import JobService
from app.mirrors.request import MirrorRequest, job_request
from app.settings import Settings


class MirrorService:
    """Makes jobs of kind ``mirror``. Thread-safe."""

    def __init__(self, settings: Settings, jobs: JobService) -> None:
        self._settings = settings
        self._jobs = jobs

    def submit(self, request: MirrorRequest, reserved_for: str | None = None) -> Job:
        """Check a request and queue it.

        Args:
            reserved_for: see `JobService.submit`.

        Raises:
            InvalidInput: naming the first parameter that cannot be accepted; nothing was queued.
            TooManyJobs: the queue is full.
            DatabaseUnavailable: the job could not be stored.
        """
        return self._jobs.submit(job_request(request, self._settings), reserved_for)
