"""A dry run as a plan: what it shows, whether it may be started, and what its mirror is held to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import PlanUnusable, TooManyDeletions
from app.jobs.contract import Job, JobState
from app.mirrors.repeating import has_own_keys
from app.mirrors.request import KIND
from app.transfer.guards import DeletionLimit

PLAN_SECONDS = 3600.0
"""How old a plan may be when it is started: what it shows has to be what its reader still has in mind."""

CONFIRMED = "confirmed"
"""The argument of a mirror that was started from a plan; see `Confirmed`."""

_ENDED_WELL = (JobState.SUCCEEDED, JobState.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A dry run and what it found.

    Attributes:
        job: the dry run, as it stood when it was read.
        creates: the target is missing and would be made: the bucket, or the folder of a download.
        drops: the bucket itself would be removed, since the source is missing or holds no file.
        started: the id of the job that was started from it; None: none was.
    """

    job: Job
    creates: bool = False
    drops: bool = False
    started: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end, so that its numbers are all that there is to do."""
        return self.job.state in _ENDED_WELL and bool(self._planned["complete"])

    @property
    def uploads(self) -> int:
        """How many files would be uploaded, or downloaded."""
        return int(self._planned["uploads"])

    @property
    def bytes(self) -> int:
        """How many bytes these files have together."""
        return int(self._planned["bytes"])

    @property
    def deletes(self) -> int:
        """How many objects would be deleted, or files of a download."""
        return int(self._planned["deletes"])

    @property
    def must_be_confirmed(self) -> bool:
        """Whether something would be deleted."""
        return self.deletes > 0 or self.drops

    @property
    def needs_keys(self) -> bool:
        """Whether its keys came with the request, so that they must come again."""
        return has_own_keys(self.job)

    @property
    def does_nothing(self) -> bool:
        """Whether the mirror would change nothing, as far as the plan could see."""
        return not (self.uploads or self.must_be_confirmed or self.creates or self.job.progress.get("failed"))

    def is_too_old(self, now: float) -> bool:
        """Return whether it ended more than `PLAN_SECONDS` before ``now`` (POSIX seconds)."""
        return self.job.finished_at is not None and now - self.job.finished_at > PLAN_SECONDS

    @property
    def _planned(self) -> Mapping[str, Any]:
        nothing = {"uploads": 0, "deletes": 0, "bytes": 0, "complete": False}
        planned: Mapping[str, Any] = self.job.progress.get("planned", nothing)
        return planned


def is_plan(job: Job) -> bool:
    """Return whether a job is the dry run of a mirror."""
    return job.kind == KIND and bool(job.arguments["dry_run"])


def require_startable(plan: Plan, confirmed: int | None, keys: tuple[str, str] | None, now: float) -> None:
    """Return when a mirror may be started from this plan.

    Args:
        plan: the plan.
        confirmed: the number of deletions that a person has agreed to; None: nobody was asked.
        keys: access key and secret key that came along.
        now: POSIX seconds.

    Raises:
        PlanUnusable: saying what stands in the way, and what to do.
    """
    if not plan.job.state.is_final:
        raise PlanUnusable("The plan is still being made. Wait for its end.")
    if not plan.is_whole:
        raise PlanUnusable("The plan did not come to its end, so nobody knows what would be done. Make a new one.")
    if plan.is_too_old(now):
        raise PlanUnusable("The plan is older than an hour, and things may have changed since. Make a new one.")
    if plan.must_be_confirmed and confirmed != plan.deletes:
        raise PlanUnusable("Nothing was started: this plan deletes something, so confirm that first.")
    if plan.needs_keys and not (keys and all(keys)):
        raise PlanUnusable("Nothing was started: type the access key and the secret key again.")


def require_same(plan: Plan, arguments: Mapping[str, Any]) -> None:
    """Return when a mirror of these arguments does what the plan shows.

    Raises:
        PlanUnusable: a connection leads elsewhere by now, or the settings are others.
    """
    if {**arguments, "dry_run": True} != plan.job.arguments:
        raise PlanUnusable(
            "The connection, or the settings of the service, changed since this plan was made. Make a new one."
        )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a mirror that was started from a plan may delete at most; its job has that as an argument.

    Attributes:
        plan: the id of the dry run.
        deletes: how many objects, or files of a download.
        drops: whether the bucket itself too.
    """

    plan: str
    deletes: int
    drops: bool

    @classmethod
    def by(cls, plan: Plan) -> "Confirmed":
        """Return what a plan shows."""
        return cls(plan.job.id, plan.deletes, plan.drops)


def confirmed_of(arguments: Mapping[str, Any]) -> Confirmed | None:
    """Return what a mirror job is held to; None: it was not started from a plan."""
    kept = arguments.get(CONFIRMED)
    return None if kept is None else Confirmed(**kept)


@dataclass(frozen=True, slots=True)
class ConfirmedLimit(DeletionLimit):
    """The number of deletions that a plan showed, and the limit of the request besides.

    Attributes:
        requested: None: the request set none.
        deleted: how many the job did before it was interrupted.
    """

    requested: DeletionLimit | None
    deleted: int

    def check(self, deletions: int, listed: int) -> None:
        """Raise `TooManyDeletions` when ``deletions`` of ``listed`` objects are over one of the two."""
        if self.deleted + deletions > self.amount:
            before, more = (f", besides {self.deleted} before", " more") if self.deleted else ("", "")
            raise TooManyDeletions(
                f"{deletions} of {listed} objects would be deleted now{before}, and the plan that was confirmed showed "
                f"{self.amount}. Nothing{more} was deleted. Make a new plan."
            )
        if self.requested is not None:
            self.requested.check(deletions, listed)


def limit_of(arguments: Mapping[str, Any], deleted: int) -> DeletionLimit | None:
    """Return the most that a mirror job may delete; None: whatever it finds.

    Args:
        arguments: of the job.
        deleted: how many deletions it did in earlier attempts; what a plan shows holds for all attempts together.
    """
    text, confirmed = arguments["max_delete"], confirmed_of(arguments)
    requested = DeletionLimit.parse(text) if text is not None else None
    return requested if confirmed is None else ConfirmedLimit(confirmed.deletes, False, requested, deleted)


def may_drop(arguments: Mapping[str, Any]) -> bool:
    """Return whether no plan says that the bucket itself must stay: a source can become empty after it was shown."""
    confirmed = confirmed_of(arguments)
    return confirmed is None or confirmed.drops
