"""The database cannot be written for a while, and running jobs go on."""

import sqlite3
import threading
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import event

from app.errors import DatabaseUnavailable
from app.jobs.contract import JobState
from app.jobs.lease import lease_clock
from tests.support.disks import fill, full_disk
from tests.support.jobs import SUCCEEDED, Registry, eventually, request, step

BIG = "x" * 10_000


@contextmanager
def lock(registry):
    """Keep the write lock as another process would; who submits jobs to a `Registry` of little patience does so first."""
    with closing(sqlite3.connect(registry.data_dir / "sluice.db", timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()


class FullDisk:
    """Makes SQLite answer as on a full disk: the file may not grow."""

    def __init__(self, database):
        self._pages = 2**30
        event.listen(database.engine, "checkout", self._limit)

    def _limit(self, connection, _record, _proxy):
        connection.execute(f"PRAGMA max_page_count = {self._pages}")

    def fill(self):
        self._pages = 1

    def free(self):
        self._pages = 2**30


class Worker:
    """A handler that is led through its job by the test."""

    def __init__(self):
        self.entered, self.go_on, self.left = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, context):
        self.entered.set()
        assert self.go_on.wait(60)
        for number in range(100):
            context.record([step(f"key {number}", message=BIG)])
        context.report({"done": 100}, "worked")
        self.left.set()
        return SUCCEEDED


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.go_on.set()


def all_is_written(registry, job):
    ended = registry.state_becomes(job, "succeeded")
    keys = [one.record.key for one in registry.service.steps(job.id)]
    return ended.progress == {"done": 100} and keys == [f"key {number}" for number in range(100)]


def submit_without_end(service):
    while True:  # the journal has some room for the first ones
        service.submit(request("other", arguments={"some": BIG}))


@pytest.mark.fault(5)
@pytest.mark.slow
def test_operations_go_on_over_a_locked_database_for_longer_than_a_heartbeat_is_believed(new_registry, worker):
    registry = new_registry(busy_seconds=0.1, heartbeat_seconds=1, stale_seconds=3)

    def operations(context):
        worker.entered.set()
        assert worker.go_on.wait(60)
        until = lease_clock() + 4
        while lease_clock() < until:
            context.token.raise_if_cancelled()  # it waits while it does not know whose the job is
            context.token.wait(0.01)
        worker.left.set()
        return SUCCEEDED

    job = registry.service.submit(request("work"))
    registry.runner({"work": operations})
    assert worker.entered.wait(60)
    with lock(registry):
        worker.go_on.set()
        assert worker.left.wait(60)

    assert registry.state_becomes(job, "succeeded").attempt == 1


def test_a_job_goes_on_over_a_full_disk_and_its_end_is_written_when_there_is_space(registry, worker, caplog):
    disk = FullDisk(registry.database)
    registry.runner({"work": worker})
    job = registry.service.submit(request("work"))
    assert worker.entered.wait(60)

    disk.fill()
    worker.go_on.set()
    assert worker.left.wait(60)
    eventually(lambda: "the disk is full" in caplog.text)
    assert registry.service.get(job.id).state is JobState.RUNNING
    disk.free()

    assert all_is_written(registry, job)
    assert "Traceback" not in caplog.text


@pytest.mark.fault(5)
@pytest.mark.slow
def test_on_a_disk_that_is_really_full_a_job_goes_on_and_requests_are_refused_until_there_is_space(tmp_path, worker):
    with full_disk(tmp_path / "disk", 4) as disk, closing(Registry(disk / "data", jobs_queued_limit=5000)) as registry:
        registry.runner({"work": worker})
        job = registry.service.submit(request("work"))
        assert worker.entered.wait(60)
        filling = fill(disk)

        worker.go_on.set()
        assert worker.left.wait(60)
        with pytest.raises(DatabaseUnavailable, match="the disk is full"):
            submit_without_end(registry.service)
        assert registry.service.get(job.id).state is JobState.RUNNING
        filling.unlink()

        assert all_is_written(registry, job)


@pytest.mark.fault(5)
def test_a_job_goes_on_over_a_locked_database_and_its_end_is_written_afterwards(new_registry, worker, caplog):
    registry = new_registry(busy_seconds=0.1)
    job = registry.service.submit(request("work"))
    registry.runner({"work": worker})
    assert worker.entered.wait(60)

    with lock(registry):
        worker.go_on.set()
        assert worker.left.wait(60)
        eventually(lambda: "keeps it locked" in caplog.text)
        assert registry.service.get(job.id).state is JobState.RUNNING

    assert all_is_written(registry, job)


def test_a_job_is_still_cancelled_while_nothing_can_be_written(new_registry, worker):
    registry, elsewhere = new_registry(), new_registry()
    disk = FullDisk(registry.database)
    stopped = threading.Event()

    def handler(context):
        context.record([step("key", message=BIG)] * 1000)
        worker.entered.set()
        while not stopped.is_set():
            context.record([step("key", message=BIG)])
            if context.token.wait(0.1):
                stopped.set()
        context.token.raise_if_cancelled()

    disk.fill()
    registry.runner({"work": handler})
    job = registry.service.submit(request("work"))
    assert worker.entered.wait(60)

    elsewhere.service.request_cancel(job.id)

    assert stopped.wait(60)
    disk.free()
    registry.state_becomes(job, "cancelled")


def test_a_job_whose_end_could_not_be_written_before_the_process_stopped_is_resumed(new_registry, worker):
    registry = new_registry(busy_seconds=0.1)
    job = registry.service.submit(request("work"))
    runner = registry.runner({"work": worker})
    assert worker.entered.wait(60)

    with lock(registry):
        worker.go_on.set()
        assert worker.left.wait(60)
        eventually(lambda: f"job-{job.id}" not in {thread.name for thread in threading.enumerate()})
        assert not runner.drain(0.5)
        eventually(lambda: "job-dispatcher" not in {thread.name for thread in threading.enumerate()})
    assert registry.service.get(job.id).state is JobState.RUNNING
    registry.runner({"work": worker})

    assert all_is_written(registry, job)
    assert registry.service.get(job.id).attempt == 2


@pytest.mark.parametrize("ask", ["submit", "cancel"])
@pytest.mark.fault(5)
def test_who_asks_for_something_is_told_what_is_wrong_and_nothing_is_changed(new_registry, ask):
    registry = new_registry(busy_seconds=0.1)
    job = registry.service.submit(request("work"))
    before = registry.service.list(include_finished=True, limit=9)

    with lock(registry), pytest.raises(DatabaseUnavailable, match="another process keeps it locked"):
        registry.service.submit(request("work")) if ask == "submit" else registry.service.request_cancel(job.id)

    assert registry.service.list(include_finished=True, limit=9) == before


def test_watching_survives_a_database_that_is_away_for_a_moment(new_registry, worker):
    registry, watcher = new_registry(), new_registry(busy_seconds=0.1)
    registry.runner({"work": worker})
    job = registry.service.submit(request("work"))
    assert worker.entered.wait(60)
    watching = watcher.service.watch(job.id)
    assert next(watching).state is JobState.RUNNING

    with ExitStack() as all_connections:
        for _ in range(64):
            all_connections.enter_context(watcher.database.engine.connect())
        with pytest.raises(DatabaseUnavailable, match="too many requests use it at once"):
            watcher.service.get(job.id)
        freeing = threading.Timer(1, all_connections.close)
        freeing.start()
        worker.go_on.set()
        states = [seen.state for seen in watching if seen]
        freeing.join()

    assert states[-1] is JobState.SUCCEEDED
