"""The throughput of jobs that run: noted with the counters, kept over attempts, read by whoever may see the job."""

import time
from itertools import pairwise

import pytest

from app.cancellation import INTERRUPTED
from app.errors import JobNotFound
from app.jobs.choice import Seeker
from app.jobs.context import RunningJob
from app.jobs.contract import JobState, Outcome
from app.jobs.queue import Batch, Claim, Fence, JobQueue
from app.jobs.throughput import Interval, Throughput
from tests.support.jobs import SUCCEEDED, Hold, eventually, request


class Clock:
    now = 500.0

    def __call__(self):
        return self.now


def counters(moved, files=0):
    return {"done": {"bytes": moved, "uploads": files, "deletes": 0}}


def running(age=0.0, before=None):
    clock = Clock()
    claim = Claim(Fence(1, "me", 1), "id", "hold", {}, None, None, 0, age, before or Throughput())
    return RunningJob(claim, lambda: None, clock), clock


def test_throughput_goes_with_the_counters_that_are_written():
    job, clock = running()
    clock.now += 0.5
    job.report(counters(100, 2), "")

    assert job.take_due().throughput == Throughput(1, (Interval(100, 2),))
    assert job.take_all().throughput is None


def test_counters_that_could_not_be_written_are_counted_once():
    job, clock = running()
    job.report(counters(100), "")
    job.put_back(job.take_all())
    clock.now += 1

    assert job.take_all().throughput.intervals == (Interval(100, 0), Interval(0, 0))


def test_an_attempt_goes_on_in_what_the_one_before_has_left():
    job, clock = running(age=2.5, before=Throughput(1, (Interval(7, 1),)))
    clock.now += 0.1
    job.report(counters(5), "")

    assert job.take_all().throughput.intervals == (Interval(7, 1), Interval(0, 0), Interval(5, 0))


def test_a_job_without_counters_of_files_has_none():
    job, _ = running()
    job.report({"held": True}, "")

    assert job.take_all().throughput is None


def start(registry):
    seeker = Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=100)
    return JobQueue(registry.database).claim(seeker)


def test_it_outlasts_an_attempt_and_the_process(registry, new_registry):
    job = registry.service.submit(request())
    claim = start(registry)
    assert (claim.age, claim.throughput) == (0.0, Throughput())
    done = Throughput(1, (Interval(100, 2),))
    interrupted = Outcome(JobState.CANCELLED, INTERRUPTED, "")
    JobQueue(registry.database).finish(claim.fence, interrupted, Batch(counters(100, 2), "", (), 1, done), time.time())

    later = new_registry()

    assert later.service.throughput(job.id) == done
    assert start(later).throughput == done


def test_the_age_of_a_job_counts_from_its_first_start(registry):
    registry.service.submit(request())
    queue, first = JobQueue(registry.database), start(registry)
    interrupted = Outcome(JobState.CANCELLED, INTERRUPTED, "")
    queue.finish(first.fence, interrupted, Batch(None, "", (), 1), time.time())
    before = time.time()

    second = start(registry)

    started = registry.service.list(include_finished=True, limit=1)[0].started_at
    assert before - started <= second.age <= time.time() - started


def test_the_last_counters_are_in_it_when_the_job_has_ended(registry):
    def handler(context):
        context.report(counters(1000, 10), "")
        return SUCCEEDED

    registry.runner({"hold": handler})
    job = registry.service.submit(request())

    registry.state_becomes(job, "succeeded")

    intervals = registry.service.throughput(job.id).intervals
    assert [sum(each) for each in zip(*intervals, strict=True)] == [1000, 10]


def test_it_grows_while_the_job_runs(registry):
    hold, total = Hold(), 0

    def look():
        nonlocal total
        total += 100
        return counters(total), ""

    def handler(context):
        context.follow(look)
        return hold(context)

    registry.runner({"hold": handler})
    job = registry.service.submit(request())
    seen = []

    def has_grown_twice():
        found = sum(interval.bytes for interval in registry.service.throughput(job.id).intervals)
        seen.extend([found] if found not in seen else [])
        return len(seen) >= 3

    eventually(has_grown_twice)
    hold.let_go()

    assert all(later > earlier for earlier, later in pairwise(seen))
    registry.state_becomes(job, "succeeded")


def test_a_job_that_has_not_started_has_an_empty_one_and_others_see_none(registry):
    job = registry.service.submit(request(owner_id=1))

    assert registry.service.throughput(job.id, owner_id=1) == Throughput()
    with pytest.raises(JobNotFound):
        registry.service.throughput(job.id, owner_id=2)
    with pytest.raises(JobNotFound):
        registry.service.throughput("unknown")
