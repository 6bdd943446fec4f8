"""Finds dry runs as plans, and makes one job of each at most."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace

from app.errors import JobNotFound, NotFound, PlanUnusable
from app.jobs.contract import Job, JobRequest, JobSelection, StepSelection
from app.jobs.service import JobService
from app.mirrors.planning import CONFIRMED, Confirmed, Plan, confirmed_of, is_plan

_PAGE = 100


class Plans:
    """The dry runs among the jobs. Thread-safe.

    Args:
        clock: POSIX seconds.
    """

    def __init__(self, jobs: JobService, clock: Callable[[], float]) -> None:
        self._jobs = jobs
        self._clock = clock

    def get(self, plan_id: str, owner_id: int | None) -> Plan:
        """Return a dry run as it stands now; of one that is too old nobody looks what was started from it.

        Raises:
            NotFound: no plan has this id.
        """
        job = self._jobs.get(plan_id, owner_id)
        if not is_plan(job):
            raise NotFound(f"The job {plan_id} is no plan.")
        plan = Plan(job=job)
        if not plan.is_whole:
            return plan
        started = None if plan.is_too_old(self._clock()) else self._started_from(plan_id)
        return replace(plan, creates=self._creates(plan), drops=self._drops(plan), started=started)

    def submit_once(self, plan: Plan, made: JobRequest, owner_id: int | None) -> Job:
        """Queue the job of a plan, held to what the plan shows; return that of another request which came before.

        Raises:
            PlanUnusable: the other request was somebody else's.
            TooManyJobs: the queue is full.
        """

        def refuse_second(*_: object) -> None:  # nobody else makes a job meanwhile
            if self._started_from(plan.job.id) is not None:
                raise _StartedAlreadyError

        arguments = {**made.arguments, CONFIRMED: asdict(Confirmed.by(plan))}
        with suppress(_StartedAlreadyError):
            return self._jobs.submit(replace(made, arguments=arguments), beside=refuse_second)
        return self.job_of(plan, owner_id)

    def job_of(self, plan: Plan, owner_id: int | None) -> Job:
        """Return the job that was started from a plan.

        Raises:
            PlanUnusable: it is somebody else's.
        """
        with suppress(JobNotFound):
            return self._jobs.get(str(self._started_from(plan.job.id)), owner_id)
        raise PlanUnusable("Somebody else has started this plan. Make a new one.")

    def _started_from(self, plan_id: str) -> str | None:
        """Look through the jobs that are newer than the plan; a plan is an hour old at most when it is started."""
        before = None
        while page := self._jobs.find(JobSelection(before=before), _PAGE):
            for job in page:
                if job.id == plan_id:
                    return None
                confirmed = confirmed_of(job.arguments)
                if confirmed is not None and confirmed.plan == plan_id:
                    return job.id
            before = page[-1].id
        return None

    def _creates(self, plan: Plan) -> bool:
        """Whether the target would be made, which is the first thing that a mirror does."""
        first = self._jobs.steps(plan.job.id, limit=1)
        return bool(first) and first[0].record.action == "create"

    def _drops(self, plan: Plan) -> bool:
        """Whether the bucket would be removed; a plan with uploads is not asked: it may have a million steps."""
        if plan.uploads or not plan.job.arguments["delete"]:
            return False
        after = None
        while True:
            page = self._jobs.find_steps(plan.job.id, StepSelection(action="drop"), after, limit=1)
            if page.steps or page.next is None:
                return bool(page.steps)
            after = page.next


class _StartedAlreadyError(Exception):
    """A plan has its job already."""
