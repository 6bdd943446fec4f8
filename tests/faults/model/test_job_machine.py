"""Any order of submissions, cancels, starts, ends, shutdowns and deaths of runners, compared with a model.

The jobs are in a real database; runners are what they ask of it. ``MODEL_EXAMPLES=2000`` has that many runs.
"""

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.cancellation import INTERRUPTED
from app.errors import JobAlreadyFinished
from app.jobs.choice import Seeker
from app.jobs.contract import JobState, Outcome, StepSelection
from app.jobs.queue import Batch, JobQueue
from tests.support.history import FINAL
from tests.support.job_model import JobModel, ModelJob
from tests.support.jobs import Registry, request, step

pytestmark = [pytest.mark.slow, pytest.mark.fault(43, 34, "I4", "I5", "I7")]

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))
LIMIT = 3
RUNNERS = ("one", "other", "third")
NUMBERS = st.integers(0, 30)
WISHES = st.tuples(
    st.sampled_from(["", "s3://host/a", "s3://host/a", "s3://host/b"]),
    st.sampled_from(["", "x/", "x/y/", "z/"]),
    st.sampled_from([None, 1, 2]),
)
ENDS = [
    Outcome(JobState.SUCCEEDED, None, "done"),
    Outcome(JobState.PARTIAL, "upload_failed", "some failed"),
    Outcome(JobState.FAILED, "storage_unreachable", "no route"),
    Outcome(JobState.CANCELLED, "cancelled_by_user", "stopped"),
]
PAUSED = Outcome(JobState.CANCELLED, INTERRUPTED, "")


class Jobs(RuleBasedStateMachine):
    """People submit and cancel; runners start, write, end, leave and die."""

    def __init__(self):
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory()
        self.registry = Registry(Path(self.scratch.name), jobs_queued_limit=10_000)
        self.service, self.queue = self.registry.service, JobQueue(self.registry.database)
        self.model = JobModel(LIMIT)
        self.claims = []  #: all that were ever made, those that were lost too
        self.generation = dict.fromkeys(RUNNERS, 0)

    @rule(wishes=st.lists(WISHES, min_size=1, max_size=4))
    def submit(self, wishes):
        for place, prefix, owner in wishes:
            job = self.service.submit(request(target=place, prefix=prefix, owner_id=owner))
            self.model.jobs.append(ModelJob(job.id, place, prefix, owner))

    @precondition(lambda self: self.model.jobs)
    @rule(number=NUMBERS)
    def cancel(self, number):
        job = self.model.jobs[number % len(self.model.jobs)]
        if job.state in ("queued", "running"):
            self.model.cancel(job)
            assert self.service.request_cancel(job.id).state == job.state
        else:
            with pytest.raises(JobAlreadyFinished):
                self.service.request_cancel(job.id)

    @rule(runners=st.lists(st.sampled_from(RUNNERS), min_size=1, max_size=LIMIT + 1))
    def start(self, runners):
        for runner in runners:
            self.start_one(runner)

    def start_one(self, runner):
        name, expected = self._named(runner), self.model.next()
        claim = self.queue.claim(Seeker(runner_id=name, kinds=frozenset({"hold"}), running_limit=LIMIT))
        assert (claim and claim.job_id) == (expected and expected.id)
        if claim is not None:
            assert (claim.steps_written, claim.cancel_requested) == (expected.saved, False)
            self.model.start(expected, name)
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS)
    def write(self, number):
        claim, job, has_it = self._claimed(number)
        batch = Batch({"n": number}, "busy", (step(f"k{job.saved}"),), job.saved + 1)
        assert self.queue.save(claim.fence, batch) is has_it
        job.saved += has_it
        self._require_steps(job)

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS, outcome=st.sampled_from([*ENDS, PAUSED, PAUSED]))
    def end(self, number, outcome):
        claim, job, has_it = self._claimed(number)
        batch = Batch(None, "", (step(f"k{job.saved}"),), job.saved + 1)
        assert self.queue.finish(claim.fence, outcome, batch, time.time()) is has_it
        job.saved += has_it
        if has_it and outcome is PAUSED:
            self.model.give_back(job)
        elif has_it:
            self.model.end(job, outcome.state.value, outcome.reason)
        self._require_steps(job)

    @rule(runner=st.sampled_from(RUNNERS))
    def die(self, runner):
        name = self._named(runner)
        lost = [job.id for job in self.model.jobs if job.runner == name]
        assert self.queue.rescue({name}, None, lambda _runner: True, ()) == lost
        self.model.die(name)
        self.generation[runner] += 1

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS)
    def start_and_die_until_it_is_given_up(self, number):
        """Have whichever runs a job die again and again, as one does that kills its process."""
        job = self.model.jobs[number % len(self.model.jobs)]
        while job.state == "running":
            self.die(job.runner.partition("-")[0])
            if job.state == "queued" and self.model.next() is job:
                self.start_one("one")

    @invariant()
    def the_database_says_what_the_model_says(self):
        found = {job.id: job for job in self.service.list(include_finished=True, limit=1000)}
        assert [found[job.id].attempt for job in self.model.jobs] == [job.attempt for job in self.model.jobs]
        stand = [(job.id, job.state, job.reason, job.finished_at is not None) for job in found.values()]
        assert stand[::-1] == [(job.id, job.state, job.reason, job.state in FINAL) for job in self.model.jobs]

    @invariant()
    def nobody_writes_where_another_does(self):
        running = self.model.in_state("running")
        assert len(running) <= LIMIT
        assert not [1 for n, job in enumerate(running) for other in running[:n] if job.meets(other)]

    def _named(self, runner):
        return f"{runner}-{self.generation[runner]}"

    def _require_steps(self, job):
        """Each step is there once, whoever wrote it."""
        written = [each.record.key for each in self.service.each_step(job.id, StepSelection())]
        assert written == [f"k{n}" for n in range(job.saved)]

    def _claimed(self, number):
        """Return a claim, the job that it is of, and whether the runner has that job still."""
        claim = self.claims[-1 - number % len(self.claims)]
        [job] = [job for job in self.model.jobs if job.id == claim.job_id]
        return claim, job, (job.runner, job.attempt) == claim.fence[1:]

    def teardown(self):
        self.registry.close()
        self.scratch.cleanup()


@pytest.mark.timeout(7200 if EXAMPLES else 600)
def test_whatever_happens_each_job_stands_as_the_model_says():
    chosen = settings(
        max_examples=EXAMPLES or 20,
        stateful_step_count=60 if EXAMPLES else 30,
        derandomize=not EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Jobs, settings=chosen)
