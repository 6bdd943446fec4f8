"""The broker, the database's connections and web processes die, and messages are lost or come ten times."""

import threading
from collections import Counter

import pytest

from app.jobs.celery_runner import BATCH, PLAN, celery_app
from app.settings import Settings
from tests.support.history import complaints
from tests.support.service import FINAL
from tests.support.throttled import CUT, LOST, most_at_once

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LATENCY = 0.03


def files(count, name="f"):
    return {f"{name}{number:04}": b"content %d" % number for number in range(count)}


def begin(cluster, bucket, count=200):
    cluster.tree(bucket, files(count))
    cluster.storage.latency = LATENCY
    return cluster.sync(bucket, bucket)


def messenger(cluster):
    environ = cluster.environ()
    return celery_app(Settings.load(environ, cluster.folder / "no.env"))


def test_a_job_goes_on_without_the_web_process_that_started_it(cluster, bucket, chance):
    job = begin(cluster, bucket)
    cluster.await_written(bucket, chance.randrange(1, 100))
    cluster.webs[0].kill()

    assert cluster.webs[1].finished(job)["status"] == "succeeded"
    assert complaints(cluster.history()) == []


def test_a_broker_that_comes_back_empty_has_lost_nothing(cluster, bucket, chance):
    jobs = [begin(cluster, bucket)]
    cluster.await_written(bucket, chance.randrange(1, 100))
    cluster.broker.kill()
    jobs.append(cluster.sync(cluster.tree(f"{bucket}-2", files(20)), f"{bucket}-2"))
    cluster.broker.start()

    assert cluster.ended(*jobs, seconds=180) == ["succeeded"] * 2
    assert complaints(cluster.history()) == []


def test_messages_that_are_lost_are_sent_again(cluster, bucket, chance):
    jobs = [begin(cluster, bucket)]
    with cluster.broker.client() as client:
        for number in range(5):
            cluster.await_written(bucket, chance.randrange(150))
            jobs.append(cluster.sync(cluster.tree(f"{bucket}-{number}", files(3)), f"{bucket}-{number}"))
            client.delete("sluice-jobs", "sluice-batches")

    assert cluster.ended(*jobs, seconds=180) == ["succeeded"] * 6
    assert complaints(cluster.history()) == []


def test_messages_that_come_ten_times_do_nothing_twice(cluster, bucket):
    job = begin(cluster, bucket)
    cluster.await_written(bucket, 1)
    [(number,)] = cluster.rows(f"SELECT number FROM jobs WHERE id = '{job}'")
    app = messenger(cluster)
    for _ in range(10):
        app.send_task(PLAN)
        for batch in range(1, 21):
            app.send_task(BATCH, (number, batch))

    assert cluster.ended(job) == ["succeeded"]
    history = cluster.history()
    assert complaints(history) == []
    assert max(Counter(write.key for write in history.writes).values()) == 1


@pytest.mark.parametrize("fault", ["cut", "swallow"])
@pytest.mark.fault(2, 5, "I4")
def test_a_worker_without_its_database_begins_nothing_and_works_again_afterwards(cluster, bucket, fault):
    others = tuple(cluster.workers)
    lonely = cluster.worker(is_wired=True)
    try:
        cluster.await_workers()
        each(others, "suspend")
        job = begin(cluster, bucket)
        cluster.await_written(bucket, 20)
        getattr(lonely.database, fault)()
        each(others, "resume")

        assert cluster.ended(job, seconds=180) == ["succeeded"]
        assert complaints(cluster.history()) == []
        written, cluster.storage.latency = len(cluster.written(bucket)), 0.0
        lonely.database.mend()
        each(others, "suspend")
        another = cluster.sync(cluster.tree(f"{bucket}-2", files(5)), f"{bucket}-2")
        assert cluster.ended(another, seconds=180) == ["succeeded"]
        assert len(cluster.written(bucket)) == written
    finally:
        cluster.workers.remove(lonely)
        lonely.kill()


def each(workers, action):
    for worker in workers:
        getattr(worker, action)()


@pytest.mark.fault(4, "I4")
def test_200_jobs_over_seven_targets_each_run_once_and_never_two_on_one_target(cluster, bucket):
    asked, lock = [], threading.Lock()

    def ask(web, numbers):
        for number in numbers:
            count = 12 if number % 20 == 0 else 1 + number % 3  # more than a batch, which is spread, and mostly less
            name = cluster.tree(f"{bucket}-{number}", files(count, f"of {number} "))
            with lock:
                asked.append(cluster.sync(name, f"{bucket}-target", web, prefix=f"t{number % 7}/"))

    halves = [threading.Thread(target=ask, args=(web, range(first, 200, 2))) for first, web in enumerate(cluster.webs)]
    for half in halves:
        half.start()
    for half in halves:
        half.join()

    assert cluster.ended(*asked, seconds=600) == ["succeeded"] * 200
    history = cluster.history()
    assert complaints(history) == []
    # On a machine that is busy enough a planner may seem dead for once; nobody else starts a job again.
    deaths = dict(cluster.rows("SELECT id, count(*) FILTER (WHERE runner_died) FROM noted GROUP BY id"))
    assert [job.id for job in history.jobs if job.seen.count("running") != 1 + deaths[job.id]] == []


@pytest.mark.fault(44, 9, 11, "I1", "I2", "I3", "I4", "I5")
def test_a_storage_that_fails_at_random_costs_time_and_files_and_no_invariant(cluster, bucket, chance):
    names, struck = [f"{bucket}-{number}" for number in range(10)], []

    def strike(exchange):
        if chance.random() > 0.04:
            return None
        struck.append(exchange)
        return chance.choice((CUT, LOST, 500, 503))

    cluster.storage.fault = strike
    jobs = [cluster.sync(cluster.tree(name, files(25)), name) for name in names]
    assert FINAL.issuperset(cluster.ended(*jobs, seconds=240))
    less = {name: tuple(files(15)) for name in names}
    jobs += [cluster.sync(cluster.tree(name, files(5, "more"), gone=gone), name) for name, gone in less.items()]
    assert FINAL.issuperset(cluster.ended(*jobs, seconds=240))
    assert struck
    assert complaints(cluster.history()) == []

    cluster.storage.fault = lambda _: None
    jobs = [cluster.sync(name, name) for name in names]
    assert cluster.ended(*jobs, seconds=240) == ["succeeded"] * len(names)
    assert complaints(cluster.history()) == []


def test_no_more_operations_run_at_once_than_a_storage_is_allowed(cluster, bucket):
    cluster.replace_workers(*[{"TRANSFERS_PER_STORAGE": 6}] * 3)
    try:
        names = [cluster.tree(f"{bucket}-{number}", files(80)) for number in range(3)]
        cluster.storage.latency = 0.1
        jobs = [cluster.sync(name, name) for name in names]
        assert cluster.ended(*jobs, seconds=180) == ["succeeded"] * 3
        written = [one for name in names for one in cluster.written(name)]
        assert 4 <= most_at_once(written) <= 6  # where there is little CPU, not all that may run do so at one moment
        assert complaints(cluster.history()) == []
    finally:
        cluster.replace_workers({}, {}, {})
