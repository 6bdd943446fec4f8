"""Workers die, stop and leave, at any moment: each job ends once, and what it has done is right."""

from collections import Counter

import pytest

from tests.support.history import complaints
from tests.support.service import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LATENCY = 0.03
"""Of each request, so that a job takes long enough to lose somebody in it."""


def files(count, start=0):
    return {
        f"d{number % 9}/f{number:04}": b"content %d\n" % number * (number % 40)
        for number in range(start, start + count)
    }


def uploading(cluster, bucket, chance):
    cluster.await_written(bucket, chance.randrange(1, 150))


def planning(cluster, bucket, chance):
    """Return when some batches of the job have been made, or it has ended."""
    made = "SELECT next_batch > {} OR finished_at IS NOT NULL FROM jobs LEFT JOIN ledgers ON number = job_number"
    newest = f"{made.format(chance.randrange(12))} ORDER BY number DESC LIMIT 1"
    eventually(lambda: cluster.rows(newest) == [(True,)], what=f"batches for {bucket}")


def deleting(cluster, bucket, chance):
    under_way = chance.random() < 0.5

    def begun():
        deletions = [one for one in cluster.storage.of(bucket) if one.deletes]
        return deletions and (under_way or deletions[-1].status)

    eventually(begun, what="a deletion")


MOMENTS = pytest.mark.parametrize("moment", [planning, uploading, deleting], ids=lambda moment: moment.__name__)


def begin(cluster, bucket, moment):
    """Start a mirror that brings 200 files, or, to be lost while it deletes, brings 40 and deletes 200."""
    cluster.tree(bucket, files(200))
    if moment is deleting:
        assert cluster.ended(cluster.sync(bucket, bucket)) == ["succeeded"]
        cluster.tree(bucket, files(40, start=200), gone=list(files(200)))
    cluster.storage.latency = LATENCY
    return cluster.sync(bucket, bucket)


@MOMENTS
@pytest.mark.fault(1, "I1", "I3")
def test_a_worker_that_is_killed_twice_loses_nothing(cluster, bucket, chance, moment):
    job = begin(cluster, bucket, moment)
    for _ in range(2):
        moment(cluster, bucket, chance)
        worker = chance.choice(cluster.workers)
        worker.kill()
        worker.start()

    assert cluster.ended(job) == ["succeeded"]
    assert complaints(cluster.history()) == []


@MOMENTS
@pytest.mark.fault("I7")
def test_a_planner_that_is_killed_is_followed_by_another_that_goes_on(cluster, bucket, chance, moment):
    job = begin(cluster, bucket, moment)
    _, process = cluster.planner_of(job)
    moment(cluster, bucket, chance)
    next(worker for worker in cluster.workers if process in worker.children()).kill_child(process)

    assert cluster.ended(job) == ["succeeded"]
    assert complaints(cluster.history()) == []


def test_a_child_that_is_killed_is_replaced_and_its_batch_is_done(cluster, bucket, chance):
    job = begin(cluster, bucket, uploading)
    uploading(cluster, bucket, chance)
    killed = [(worker, worker.kill_child()) for worker in cluster.workers]

    assert cluster.ended(job) == ["succeeded"]
    assert complaints(cluster.history()) == []
    eventually(lambda: all(is_replaced(*each) for each in killed), what="other children")


def is_replaced(worker, killed):
    """Whether another child works in the place of one that was killed, which is not gone at once."""
    return killed not in worker.children() and worker.is_up()


@pytest.mark.parametrize("who", ["planner", "helper"])
@pytest.mark.fault(2, "I4")
def test_a_worker_that_was_stopped_for_long_writes_nothing_of_what_it_lost(cluster, bucket, who):
    job = begin(cluster, bucket, uploading)
    planner, _ = cluster.planner_of(job)
    cluster.await_written(bucket, 20)
    worker = planner if who == "planner" else next(one for one in cluster.workers if one is not planner)
    worker.suspend()

    assert cluster.ended(job, seconds=180) == ["succeeded"]
    history = cluster.history()
    assert complaints(history) == []
    before = len(cluster.written(bucket))
    cluster.storage.latency = 0.0
    worker.resume()
    # It is back when it does something again, which others that are away leave to it.
    for other in cluster.workers:
        if other is not worker:
            other.suspend()
    another = cluster.sync(cluster.tree(f"{bucket}-2", files(5)), f"{bucket}-2")
    assert cluster.ended(another, seconds=180) == ["succeeded"]
    # What a thread had in its hand cannot be called back; it begins nothing more.
    # A planner helps beside what its process does.
    hands = int(worker.environ["TRANSFERS_PER_JOB"]) * (2 if who == "planner" else 1)
    assert len(cluster.written(bucket)) - before <= hands


@pytest.mark.parametrize("kills", [False, True], ids=["unharmed", "that has lost a child before"])
@pytest.mark.fault(3)
def test_a_worker_that_is_asked_to_leave_is_gone_within_seconds_and_others_do_the_rest(cluster, bucket, chance, kills):
    for worker in cluster.workers if kills else ():
        killed = worker.kill_child()
        eventually(lambda worker=worker, killed=killed: is_replaced(worker, killed), what="another child")
    job = begin(cluster, bucket, uploading)
    planner, _ = cluster.planner_of(job)
    uploading(cluster, bucket, chance)
    assert planner.stop() == 0

    assert cluster.ended(job) == ["succeeded"]
    history = cluster.history()
    assert complaints(history) == []
    assert max(Counter(write.key for write in history.writes).values()) == 1
    assert cluster.rows(f"SELECT crashes FROM jobs WHERE id = '{job}'") == [(0,)]


def writers(cluster, bucket):
    return {one.process for one in cluster.written(bucket)} - {None}


@pytest.mark.fault(34, "I6")
def test_a_cancel_stops_three_workers_at_once(cluster, bucket):
    cluster.tree(bucket, files(2000))
    cluster.storage.latency = 0.1
    cluster.note_who_writes()
    job = cluster.sync(bucket, bucket)
    eventually(lambda: len(writers(cluster, bucket)) == 3, what="writing by three workers")
    cluster.cancel(job, cluster.webs[1])

    assert cluster.ended(job) == ["cancelled"]
    history = cluster.history()
    assert complaints(history) == []
    [ended] = history.jobs
    # What was in hand was finished, and is counted.
    assert ended.progress["done"]["uploads"] == len(history.writes) == len(history.buckets[bucket]) < 2000
