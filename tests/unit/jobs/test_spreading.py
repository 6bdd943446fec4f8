"""Jobs in batches, whatever becomes of those who do them: each number is added once, and told once in the history."""

import threading
from collections import Counter
from contextlib import contextmanager
from time import time as now

import pytest
from sqlalchemy import func, select, update

from app.errors import DatabaseUnavailable
from app.jobs.batches import DELIVERIES_MAX, LOST_TOO_OFTEN, BatchQueue, Standing
from app.jobs.contract import JobState, NewBatch, StepSelection, StepStatus
from app.jobs.model import BatchRow, JobRow, LedgerRow
from tests.support.jobs import SUCCEEDED, eventually, request
from tests.support.spreading import KIND, Adder, Cluster, job_number_of

HUNDRED = sum(range(100))

pytestmark = pytest.mark.usefixtures("each_database")


def submitted(registry, **more):
    return registry.service.submit(request(KIND, **more))


def history(registry, job):
    return [step.record.key for step in registry.service.each_step(job.id, StepSelection())]


def rows(registry, table):
    with registry.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def assert_added_once(registry, job):
    assert registry.service.get(job.id).message == f"the sum is {HUNDRED}"
    assert Counter(history(registry, job)) == Counter(str(n) for n in range(100))
    assert (rows(registry, BatchRow), rows(registry, LedgerRow)) == (0, 0)


def test_a_planner_alone_does_its_batches_itself(registry):
    cluster = Cluster(registry, Adder())
    cluster.runner()

    job = submitted(registry)
    registry.state_becomes(job, JobState.SUCCEEDED)

    assert_added_once(registry, job)
    assert Counter(cluster.adder.seen) == Counter(range(100))


def test_workers_and_the_planner_share_the_batches(registry):
    both = threading.Barrier(2)

    def meet(_, number):
        if number in (0, 10):
            both.wait(30)

    with Cluster(registry, Adder(at_step=meet), workers=2).working() as cluster:
        cluster.runner()
        job = submitted(registry)
        registry.state_becomes(job, JobState.SUCCEEDED)

    assert_added_once(registry, job)
    assert Counter(cluster.adder.seen) == Counter(range(100))


@pytest.mark.parametrize(("dies_at", "storage_limit"), [(1, 0), (4, 0), (10, 0), (11, 0), (14, 0), (4, 8)])
def test_a_planner_that_dies_is_followed_by_one_that_goes_on_where_it_was(new_registry, dies_at, storage_limit):
    registry = new_registry(transfers_per_storage=storage_limit, transfers_per_job=8)
    first = Cluster(registry, Adder())

    dead = threading.Event()

    def die(keeps):
        if keeps == dies_at:
            take_away(registry)
            dead.set()
            raise RuntimeError("dead")

    first.adder.at_keep = die
    runner = first.runner()
    job = submitted(registry, target="s3://host/bucket")
    assert dead.wait(30)
    runner.drain(10)
    registry.service.holding.set(False)

    second = Cluster(registry, Adder())
    second.runner()
    registry.state_becomes(job, JobState.SUCCEEDED)

    assert_added_once(registry, job)
    assert Counter(first.adder.seen) + Counter(second.adder.seen) == Counter(range(100))
    assert registry.service.get(job.id).attempt == 2


def take_away(registry):
    """Give the only job back to the queue, as a rescuer does with those of the dead, and keep all from starting any."""
    registry.service.holding.set(True)
    with registry.database.writing() as session:
        session.execute(update(JobRow).values(state=JobState.QUEUED, runner_id=None, heartbeat_at=None))


@pytest.fixture
def planned(registry):
    """A running job with one batch of ten numbers, and the queue of batches."""
    ready, go_on = threading.Event(), threading.Event()

    def stand_still(keeps):
        if keeps == 1:
            ready.set()
            go_on.wait(30)

    cluster = Cluster(registry, Adder(count=10, at_keep=stand_still))
    cluster.runner()
    job = submitted(registry)
    assert ready.wait(30)
    yield cluster, job, job_number_of(registry, job.id)
    go_on.set()
    eventually(lambda: registry.service.get(job.id).state.is_final)


def test_a_batch_is_leased_to_one(planned):
    cluster, _, number = planned
    taken = cluster.batches.lease(number, None, "one", 4)

    assert cluster.batches.lease(number, None, "two", 4) is None
    assert (taken.steps, taken.threads, taken.job_kind) == (list(range(10)), 4, KIND)
    cluster.batches.finish(taken.lease, taken.steps, [])


def test_what_was_left_is_another_batch(planned):
    cluster, _, number = planned
    taken = cluster.batches.lease(number, None, "one", 4)
    assert cluster.batches.finish(taken.lease, [0, 1, 2], list(range(3, 10)))

    rest = cluster.batches.lease(number, None, "two", 4)

    assert rest.steps == list(range(3, 10))
    cluster.batches.finish(rest.lease, rest.steps, [])


def test_a_result_counts_once_however_often_it_is_written(planned):
    cluster, _job, number = planned
    taken = cluster.batches.lease(number, None, "one", 4)
    for _ in range(3):
        assert cluster.batches.finish(taken.lease, [1], [2, 3])

    rest = cluster.batches.lease(number, None, "two", 4)
    assert rest.steps == [2, 3]
    assert cluster.batches.lease(number, None, "three", 4) is None
    cluster.batches.finish(rest.lease, rest.steps, [])


def test_who_lost_a_lease_writes_nothing(planned):
    cluster, _, number = planned
    short = BatchQueue(cluster.registry.database, 0.0)
    stopped = short.lease(number, None, "stopped", 4)
    other = cluster.batches.lease(number, None, "other", 4)

    assert not short.finish(stopped.lease, stopped.steps, [])
    assert short.beat({stopped.lease: 0}) == {stopped.lease: Standing.LOST}
    assert cluster.batches.beat({other.lease: 7}) == {other.lease: Standing.GOOD}
    cluster.batches.finish(other.lease, other.steps, [])


def test_a_lease_that_ran_out_is_good_again_if_nobody_took_the_batch(planned):
    cluster, _, number = planned
    short = BatchQueue(cluster.registry.database, 0.0)
    taken = short.lease(number, None, "slow", 4)

    assert short.beat({taken.lease: 0}) == {taken.lease: Standing.GOOD}
    assert short.finish(taken.lease, taken.steps, [])


def test_a_batch_that_kills_whoever_begins_it_ends_the_job(planned):
    cluster, _job, number = planned
    short = BatchQueue(cluster.registry.database, 0.0)
    for time in range(DELIVERIES_MAX):
        assert short.lease(number, None, f"time {time}", 4)

    assert short.lease(number, None, "once more", 4) is None
    with cluster.registry.database.reading() as session:
        [[_, _, why]] = session.scalars(select(BatchRow.result).where(BatchRow.job_number == number)).one()
    assert why == LOST_TOO_OFTEN


def test_a_cancelled_job_gives_out_no_batch_and_stops_those_that_run(planned):
    cluster, job, number = planned
    taken = cluster.batches.lease(number, None, "one", 4)
    cluster.registry.service.request_cancel(job.id)

    assert cluster.batches.beat({taken.lease: 0}) == {taken.lease: Standing.CANCELLED}
    assert cluster.batches.finish(taken.lease, [0, 1], list(range(2, 10)))
    assert cluster.batches.lease(number, None, "two", 4) is None


def test_what_was_done_before_a_cancel_is_in_the_counters(registry):
    inside = threading.Event()

    def wait_for_cancel(context, number):
        if number == 42:
            inside.set()
            context.token.wait(30)

    with Cluster(registry, Adder(at_step=wait_for_cancel), workers=1).working() as cluster:
        cluster.runner()
        job = submitted(registry)
        assert inside.wait(30)
        registry.service.request_cancel(job.id)
        registry.state_becomes(job, JobState.CANCELLED)

    done = sorted(int(key) for key in history(registry, job))
    assert registry.service.get(job.id).message == f"stopped at {sum(done)}"
    assert Counter(done) == Counter(cluster.adder.seen)


def test_a_job_that_is_cancelled_while_it_waits_with_uncounted_batches_is_counted_first(planned):
    cluster, job, number = planned
    registry = cluster.registry
    taken = cluster.batches.lease(number, None, "one", 4)
    with registry.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.id == job.id).values(state=JobState.QUEUED, runner_id=None))

    told = registry.service.request_cancel(job.id)

    assert (told.state, told.cancel_requested) == (JobState.QUEUED, True)
    cluster.batches.finish(taken.lease, [5], [])
    other = Cluster(registry, Adder(count=10))
    other.runner()
    registry.state_becomes(job, JobState.CANCELLED)
    assert history(registry, job) == ["5"]


def test_the_target_stays_taken_while_somebody_is_at_a_batch_of_a_job_that_has_ended(new_registry):
    registry = new_registry()
    ready, go_on = threading.Event(), threading.Event()
    cluster = Cluster(registry, Adder(count=10, at_keep=lambda _: (ready.set(), go_on.wait(30))))
    cluster.runner()
    job = submitted(registry, target="s3://host/bucket")
    assert ready.wait(30)
    number = job_number_of(registry, job.id)
    taken = cluster.batches.lease(number, None, "one", 4)
    with registry.database.writing() as session:
        ended = {"state": JobState.FAILED, "finished_at": now(), "runner_id": None}
        session.execute(update(JobRow).where(JobRow.id == job.id).values(**ended))
    go_on.set()

    later = submitted(registry, target="s3://host/bucket")
    waits = "waiting for another job that uses bucket"
    eventually(lambda: registry.service.get(later.id).message == waits)
    assert cluster.batches.beat({taken.lease: 0}) == {taken.lease: Standing.STOPPED}
    assert cluster.batches.finish(taken.lease, [1], [])

    registry.state_becomes(later, JobState.SUCCEEDED)
    assert rows(registry, BatchRow) == 0


def test_what_ended_jobs_have_left_behind_is_removed_once_its_lease_has_run_out(planned):
    cluster, job, number = planned
    registry = cluster.registry
    cluster.batches.lease(number, None, "one", 4)
    with registry.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.id == job.id).values(state=JobState.FAILED, finished_at=now()))
    assert cluster.batches.remove_orphans() == 0

    with registry.database.writing() as session:
        session.execute(update(BatchRow).values(leased_until=1.0))

    assert cluster.batches.remove_orphans() == 1


def test_the_storage_limit_holds_over_all_batches(new_registry):
    registry = new_registry(transfers_per_storage=10)
    ready, go_on = threading.Event(), threading.Event()
    adder = Adder(count=30, at_keep=lambda keeps: keeps == 3 and (ready.set(), go_on.wait(30)))
    cluster = Cluster(registry, adder)
    cluster.runner()
    job = submitted(registry, target="s3://host/bucket")
    assert ready.wait(30)
    number = job_number_of(registry, job.id)

    one = cluster.batches.lease(number, None, "one", 8)
    two = cluster.batches.lease(number, None, "two", 8)

    assert (one.threads, two.threads) == (8, 2)
    assert cluster.batches.lease(number, None, "three", 8) is None
    cluster.batches.finish(one.lease, one.steps, [])
    three = cluster.batches.lease(number, None, "three", 8)
    assert three.threads == 8
    for taken in (two, three):
        cluster.batches.finish(taken.lease, taken.steps, [])
    go_on.set()
    registry.state_becomes(job, JobState.SUCCEEDED)


def test_workers_are_told_of_a_batch_again_when_nobody_began_it(planned):
    cluster, _, number = planned

    assert cluster.batches.to_tell(60, 10) == [(number, 1)]
    assert cluster.batches.to_tell(60, 10) == []
    assert cluster.batches.to_tell(0, 10) == [(number, 1)]


def test_a_ledger_waits_for_the_database_and_writes_once(registry):
    broken = threading.Event()

    def break_once(keeps):
        if keeps == 2 and not broken.is_set():
            broken.set()
            registry.database.writing = _failing_once(registry.database)

    cluster = Cluster(registry, Adder(at_keep=break_once))
    cluster.runner()
    job = submitted(registry)
    registry.state_becomes(job, JobState.SUCCEEDED)

    assert_added_once(registry, job)


def _failing_once(database):
    """Have the next transaction be kept, and its answer lost."""
    ordinary = type(database).writing.__get__(database)

    @contextmanager
    def writing(**options):
        database.__dict__.pop("writing", None)  # two threads may have it by now
        with ordinary(**options) as session:
            yield session
        raise DatabaseUnavailable("the answer was lost")

    return writing


def test_held_batches_wait_for_their_release(registry):
    said = {}

    def plan(context):
        ledger = context.ledger
        ledger.keep({}, put=[NewBatch("later", [1, 2], held=True), NewBatch("never", [3], held=True)])
        said["before"] = ledger.help(), ledger.left(), ledger.first_held("later").result
        said["withdrawn"] = ledger.withdraw("never")
        ledger.release("later")
        ledger.release("later")
        said["after"] = ledger.help(), [batch.result for batch in ledger.done()], ledger.left()
        return SUCCEEDED

    cluster = Cluster(registry, Adder())
    cluster.runner(plan)
    registry.state_becomes(submitted(registry), JobState.SUCCEEDED)

    assert said == {
        "before": (False, {"later": 1, "never": 1}, [1, 2]),
        "withdrawn": 1,
        "after": (True, [[1, 2]], {"later": 1}),
    }


def test_steps_of_batches_are_done(registry):
    cluster = Cluster(registry, Adder(count=10))
    cluster.runner()
    job = submitted(registry)
    registry.state_becomes(job, JobState.SUCCEEDED)

    assert {step.record.status for step in registry.service.each_step(job.id, StepSelection())} == {StepStatus.DONE}
