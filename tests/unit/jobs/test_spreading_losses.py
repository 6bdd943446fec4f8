"""What rescuers and those who cancel find when a planner or a machine has just gone, or has just come back."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text, update

from app.jobs.batches import BatchQueue, BatchState, add_batches
from app.jobs.choice import Seeker
from app.jobs.context import RunningJob
from app.jobs.contract import JobState, NewBatch
from app.jobs.ledger import DatabaseLedger
from app.jobs.model import BatchRow, JobRow, LedgerRow
from app.jobs.presence import Presence, is_present
from app.jobs.queue import JobQueue
from tests.support.jobs import eventually, request
from tests.support.spreading import Adder, Cluster
from tests.unit.jobs.test_spreading import history, submitted, take_away

STALE_SECONDS = 15

pytestmark = pytest.mark.usefixtures("each_database")
on_postgresql = pytest.mark.parametrize("each_database", ["postgresql"], indirect=True)


def claimed(queue, runner_id):
    return queue.claim(Seeker(runner_id=runner_id, kinds=frozenset({"hold"}), running_limit=4))


def grow_old(registry, job):
    """Let the last heartbeat be one of long ago."""
    with registry.database.writing() as session:
        aged = JobRow.heartbeat_at - 2 * STALE_SECONDS
        session.execute(update(JobRow).where(JobRow.id == job.id).values(heartbeat_at=aged))


def test_a_job_that_is_cancelled_after_its_planner_died_keeps_the_counters_of_what_was_done(new_registry):
    registry = new_registry()
    dead = threading.Event()

    def die(keeps):
        if keeps == 3:  # two batches are planned, and one of them is done and counted
            take_away(registry)
            dead.set()
            raise RuntimeError("dead")

    first = Cluster(registry, Adder(count=20, at_keep=die))
    runner = first.runner()
    job = submitted(registry)
    assert dead.wait(30)
    runner.drain(10)
    registry.service.holding.set(False)

    registry.service.request_cancel(job.id)
    Cluster(registry, Adder(count=20)).runner()
    ended = registry.state_becomes(job, JobState.CANCELLED)

    assert (ended.message, ended.progress["sum"]) == (f"stopped at {sum(range(10))}", sum(range(10)))
    assert Counter(history(registry, job)) == Counter(str(number) for number in range(10))


@pytest.mark.parametrize("is_old", [False, True], ids=["it was seen just now", "it was not seen for long"])
def test_a_job_that_is_reserved_for_a_runner_of_another_machine_is_freed_once_its_heartbeat_is_old(registry, is_old):
    machines = registry.data_dir / "runners"
    there = Presence(machines / "another", "theirs")
    there.hold()
    job = registry.service.submit(request(), reserved_for="theirs")
    queue = JobQueue(registry.database)
    queue.beat_reserved("theirs")
    there.release()  # nobody on that machine removes the file any more
    if is_old:
        grow_old(registry, job)

    queue.rescue([], STALE_SECONDS, lambda runner: is_present(machines / "ours", runner), [])

    assert (claimed(queue, "ours") is not None) == is_old


@on_postgresql
def test_a_job_whose_heartbeat_comes_while_a_rescuer_reaches_for_it_is_left_alone(registry):
    job, queue = registry.service.submit(request()), JobQueue(registry.database)
    fence = claimed(queue, "slow").fence
    grow_old(registry, job)
    rescued = []
    rescuer = threading.Thread(target=lambda: rescued.extend(queue.rescue([], STALE_SECONDS, lambda _: True, [])))

    with registry.database.writing(beside_others=True) as session:
        now = registry.database.now(session)
        session.execute(update(JobRow).where(JobRow.id == job.id).values(heartbeat_at=now))
        rescuer.start()
        eventually(lambda: waits_for_a_row(registry))
    rescuer.join()

    assert rescued == []
    assert queue.beat([fence]) == {fence}


def waits_for_a_row(registry):
    """Whether somebody has come so far that this database lets him wait for what another has locked."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with registry.database.reading() as session:
        return session.scalar(text(waiting))


def test_a_runner_keeps_the_jobs_that_are_reserved_for_it_however_long_they_wait(registry):
    registry.service.holding.set(True)  # so that none of them starts
    runner = registry.runner({}, reserved_only=True)
    job = registry.service.submit(request(), reserved_for=runner.runner_id)
    with registry.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.id == job.id).values(created_at=0.0))

    eventually(lambda: heartbeat_of(registry, job))
    JobQueue(registry.database).rescue([], STALE_SECONDS, {runner.runner_id}.__contains__, [])

    assert claimed(JobQueue(registry.database), "another") is None


def heartbeat_of(registry, job):
    with registry.database.reading() as session:
        return session.scalar(select(JobRow.heartbeat_at).where(JobRow.id == job.id))


@pytest.mark.parametrize(
    ("gets_on", "states"), [(True, {JobState.QUEUED}), (False, {JobState.QUEUED, JobState.FAILED})]
)
def test_a_job_is_given_up_when_its_planners_die_one_after_the_other_unless_it_gets_on(registry, gets_on, states):
    queue, job = JobQueue(registry.database), registry.service.submit(request())
    seen = set()
    for number in range(7):
        claim = claimed(queue, f"planner {number}")
        if claim and gets_on:
            ledger_of(registry, RunningJob(claim, lambda: None)).keep({}, put=[NewBatch("add", [number])])
        queue.rescue([f"planner {number}"], None, lambda _: True, [])
        seen.add(registry.service.get(job.id).state)

    assert seen == states


def ledger_of(registry, job):
    return DatabaseLedger(registry.database, job, lambda _: False, lambda *_: None)


@pytest.fixture
def planned(registry):
    """A job with one batch that a worker has: the job, its ledger, and a thread for its planner that ends with the test."""
    registry.service.submit(request())
    job = RunningJob(claimed(JobQueue(registry.database), "planner"), lambda: None)
    ledger = ledger_of(registry, job)
    ledger.keep({}, put=[NewBatch("add", [1])])
    with ThreadPoolExecutor(1) as thread:
        yield job, ledger, thread
        job.lose()


@on_postgresql
def test_a_planner_that_stops_waits_for_no_row_of_somebody_who_is_finishing_a_batch(registry, planned):
    job, ledger, thread = planned
    batches = BatchQueue(registry.database, STALE_SECONDS)
    lease = batches.lease(job.fence.number, None, "worker", 1).lease
    looks = threading.Semaphore(0)
    job.gone = Gone(looks)

    with registry.database.writing(beside_others=True) as session:
        session.scalars(select(BatchRow).with_for_update()).one()
        settled = thread.submit(ledger.settle)
        eventually(lambda: waits_for_a_row(registry) or looks.acquire(blocking=False))
        assert not waits_for_a_row(registry)
    assert batches.finish(lease, ["done"], ["left"])
    settled.result(10)

    assert [batch.result for batch in ledger.done()] == [["done"]]


@on_postgresql
def test_who_adds_what_he_left_is_not_kept_from_it_by_a_planner_that_waits_for_him(registry, planned):
    job, ledger, thread = planned
    tries_again = threading.Semaphore(0)
    job.gone = Gone(tries_again)

    with registry.database.writing(beside_others=True) as session:
        session.scalars(select(LedgerRow).with_for_update()).one()
        kept = thread.submit(ledger.keep, {"cursor": 2})
        eventually(lambda: waits_for_a_row(registry))
        add_batches(session, job.fence.number, [("add", BatchState.WAITING, [2])])

    kept.result(10)
    assert ledger.left() == {"add": 2}
    assert not tries_again.acquire(blocking=False)  # as after a deadlock, which the database would have ended


class Gone(threading.Event):
    """Tells how often somebody has looked whether a job is another's."""

    def __init__(self, looks):
        super().__init__()
        self._looks = looks

    def wait(self, timeout=None):
        self._looks.release()
        return super().wait(timeout)
