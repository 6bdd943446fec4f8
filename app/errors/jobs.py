"""What keeps a job from being made or from going on, and what is wrong with one of its files."""

from app.errors.asking import NotFound
from app.errors.root import SluiceError


class JobNotFound(NotFound):
    """No job has this id."""

    reason = "job_not_found"


class JobAlreadyFinished(SluiceError):
    """The job has reached a terminal state, which is final.

    Args:
        job_id: the id of that job.
    """

    reason = "job_already_finished"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Job {job_id} has already finished.")
        self.job_id = job_id


class TooManyJobs(SluiceError):
    """The queue is full, or what of it one user may have.

    Args:
        limit: how many jobs may wait, or how many of his do.
        retry_after: seconds after which asking again makes sense.
        is_share: whether others could still queue one.
    """

    reason = "too_many_jobs"

    def __init__(self, limit: int, retry_after: int, *, is_share: bool = False) -> None:
        whose = "of your jobs are already waiting, and the places left are for others" if is_share else None
        super().__init__(
            f"{limit} {whose or 'jobs are already waiting'}. Try again in {retry_after} seconds, or cancel some."
        )
        self.retry_after = retry_after
        self.is_share = is_share


class PlanUnusable(SluiceError):
    """A plan (a finished dry run) from which no mirror can be started, or not as it was asked for."""

    reason = "plan_unusable"


class NotRepeatable(SluiceError):
    """A job that cannot be asked for again by its id alone."""

    reason = "not_repeatable"


class JobStopped(SluiceError):
    """The job as a whole cannot go on."""


class SourceUnreadable(JobStopped):
    """The source exists but cannot be listed, or the uploads folder itself is not there."""

    reason = "source_unreadable"


class SourceEmpty(JobStopped):
    """The source holds no file and dropping the bucket for that is switched off."""

    reason = "source_empty"


class TooManyDeletions(JobStopped):
    """The plan would delete more than was allowed; nothing has been deleted."""

    reason = "too_many_deletions"


class ScratchUnusable(JobStopped):
    """Steps that wait cannot be put aside: the disk of DATA_DIR is full or broken. Nothing was deleted for it."""

    reason = "scratch_unusable"


class ConnectionUnusable(JobStopped):
    """The connection of a job is gone, leads elsewhere now, or may not be used any more by who started the job."""

    reason = "connection_unusable"


class StoppedElsewhere(JobStopped):
    """A part of the job was done by another process, and that met an error that ends the whole job.

    Args:
        message: the sentence of that error.
        reason: its reason.
    """

    def __init__(self, message: str, reason: str = SluiceError.reason) -> None:
        super().__init__(message)
        self.reason = reason


class FileError(SluiceError):
    """One file of the source cannot be used; its object stays as it was."""


class FileUnreadable(FileError):
    """The file exists but may not or cannot be read."""

    reason = "file_unreadable"


class FileChanged(FileError):
    """The file changed while it was read, so what was read may be torn."""

    reason = "file_changed"


class FileMissing(FileError):
    """The file went away between listing and reading."""

    reason = "file_missing"


class FetchFailed(FileError):
    """An address on the web gave no file."""

    reason = "fetch_failed"
