"""What becomes of jobs, as a model of few lines: which one may start, and where each change leads. Pure."""

from collections import Counter
from dataclasses import dataclass

CRASHES = 5
"""How often a job's runner may die before the job is given up."""


@dataclass(eq=False)
class ModelJob:
    """A job, as it should stand.

    Attributes:
        runner: who runs it.
        saved: how many steps its attempts have written.
        begun: its place in the order in which jobs were first started; 0: it never was.
    """

    id: str
    target: str
    prefix: str
    owner: int | None
    state: str = "queued"
    reason: str | None = None
    runner: str | None = None
    attempt: int = 0
    crashes: int = 0
    cancel: bool = False
    saved: int = 0
    begun: int = 0

    def meets(self, other: "ModelJob") -> bool:
        """Return whether both could write one key."""
        either_way = self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)
        return self.target != "" and self.target == other.target and either_way


class JobModel:
    """All jobs, oldest first."""

    def __init__(self, limit: int) -> None:
        self.jobs: list[ModelJob] = []
        self._limit = limit

    def in_state(self, state: str) -> list[ModelJob]:
        return [job for job in self.jobs if job.state == state]

    def next(self) -> ModelJob | None:
        """Return the job that starts next: the oldest of whose turn it is, of those that need not wait."""
        running, queued = self.in_state("running"), self.in_state("queued")
        if len(running) >= self._limit:
            return None
        free = [job for n, job in enumerate(queued) if not any(map(job.meets, [*running, *queued[:n]]))]
        run = Counter(job.owner for job in running)
        return min(free, key=lambda job: (run[job.owner], self._last_turn(job.owner)), default=None)

    def _last_turn(self, owner: int | None) -> int:
        ended = (job.begun for job in self.jobs if job.owner == owner and job.state not in ("queued", "running"))
        return max(ended, default=0)

    def start(self, job: ModelJob, runner: str) -> None:
        job.begun = job.begun or 1 + max(each.begun for each in self.jobs)
        job.state, job.runner, job.attempt, job.reason = "running", runner, job.attempt + 1, None

    def cancel(self, job: ModelJob) -> None:
        job.cancel = True
        if job.state == "queued":
            self.end(job, "cancelled", "cancelled_by_user")

    def end(self, job: ModelJob, state: str, reason: str | None) -> None:
        job.state, job.reason, job.runner = state, reason, None

    def give_back(self, job: ModelJob) -> None:
        """Its runner lets it go."""
        to = ("cancelled", "cancelled_by_user") if job.cancel else ("queued", "interrupted")
        self.end(job, *to)

    def die(self, runner: str) -> None:
        """A runner is gone, with all that it ran."""
        for job in self.jobs:
            if job.runner == runner:
                job.crashes += 1
                self.give_back(job) if job.cancel or job.crashes <= CRASHES else self.end(job, "failed", "interrupted")
