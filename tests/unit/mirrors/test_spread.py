"""Mirrors whose batches are done by several workers, over a real database and a real S3 server: as by one process."""

import threading

import pytest

from app.bootstrap import build_services
from app.cancellation import INTERRUPTED
from app.jobs.batches import BatchQueue
from app.jobs.contract import StepSelection
from app.jobs.doing import BatchWorker
from app.jobs.ledger import DatabaseLedger
from app.jobs.planning import Planning
from app.jobs.rows import job_number
from app.jobs.threads import ThreadRunner
from app.mirrors.batch import MirrorBatchHandler
from app.mirrors.handler import MirrorHandler
from app.mirrors.opening import Opening, StorageKeys
from app.mirrors.request import KIND, MirrorRequest
from tests.support.buckets import Bucket
from tests.support.empty_database import with_database
from tests.support.jobs import eventually, settings_for
from tests.support.servers import ACCESS_KEY
from tests.support.trees import bucket_objects, tree_objects


class WatchedLedger(DatabaseLedger):
    """A ledger that calls ``at_put``, once, when batches have been put."""

    def __init__(self, database, job, work, at_put):
        super().__init__(database, job, work, lambda *_: None)
        self._at_put, self._its_job = at_put, job

    def keep(self, kept, put=(), folded=(), steps=()):
        super().keep(kept, put, folded, steps)
        if put and self._at_put:
            at_put, self._at_put = self._at_put, None
            at_put(self._its_job)


class Deployment:
    """A planner and workers, each with handlers of its own, as in as many processes."""

    def __init__(self, folder, server, bucket):
        self.bucket = bucket
        self.uploads = folder / "uploads"
        self.uploads.mkdir()
        self.settings = settings_for(
            with_database(folder / "data"), uploads_dir=self.uploads, storage_url=server.endpoint,
            minio_access_key=ACCESS_KEY, minio_secret_key=server.secret_key, batch_files=4, batch_bytes="1M",
            transfers_per_job=3, job_runner="threads",
        )  # fmt: skip
        self.services = build_services(self.settings)
        self.batches = BatchQueue(self.services.database, 15)
        self.handlers = []
        self.runner = self.planner()
        self.workers = [self.worker() for _ in range(2)]
        self.ended = threading.Event()

    def planner(self, at_put=None):
        """A runner that plans, not started; ``at_put`` is called with the job once batches were put."""
        helper = self.worker()

        def ledger(job):
            return WatchedLedger(self.services.database, job, helper.work, at_put)

        handlers = {KIND: self.handler()}
        return ThreadRunner(
            self.services.database, self.services.box, handlers, self.settings, planning=Planning(ledger)
        )

    def opening(self, settings=None):
        keys = StorageKeys(self.settings.minio_access_key, self.settings.minio_secret_key)
        return Opening(settings or self.settings, keys, self.services.connections, self.services.database)

    def handler(self):
        return MirrorHandler(self.settings, self.opening(), self.services.jobs)

    def batch_handler(self, settings=None):
        handler = MirrorBatchHandler(settings or self.settings, self.opening(settings))
        self.handlers.append(handler)
        return handler

    def worker(self, settings=None):
        return BatchWorker(self.batches, {KIND: self.batch_handler(settings)}, self.services.box, self.settings)

    def submitted(self, **request):
        return self.services.mirrors.submit(MirrorRequest(dest=self.bucket, **request))

    def mirror(self, **request):
        """Run a mirror to its end and return it."""
        return self.brought_to_its_end(self.submitted(**request))

    def interrupted(self, **request):
        """Submit a mirror whose planner is stopped once it has put batches; return it and its number."""
        job, runner = self.submitted(**request), self.planner(lambda job: job.token.cancel(INTERRUPTED))
        runner.start()
        eventually(runner.run_one)
        eventually(lambda: self.services.jobs.get(job.id).state == "queued")
        runner.drain(10)
        return job, self.number(job)

    def number(self, job):
        with self.services.database.reading() as session:
            return job_number(session, job.id)

    def brought_to_its_end(self, job):
        """Plan and work on this job until it has ended; return it."""
        threads = [threading.Thread(target=self._work, args=(worker, job)) for worker in self.workers]
        threads.append(threading.Thread(target=self._plan))
        for thread in threads:
            thread.start()
        ended = eventually(lambda: (now := self.services.jobs.get(job.id)).state.is_final and now)
        for thread in threads:
            thread.join()
        return ended

    def _plan(self):
        eventually(self.runner.run_one)

    def _work(self, worker, job):
        number = self.number(job)
        while not self.services.jobs.get(job.id).state.is_final:
            if not worker.work(number):
                self.ended.wait(0.01)

    def close(self):
        self.runner.drain(10)
        for handler in self.handlers:
            handler.close()
        self.services.runner.drain(10)
        self.services.database.close()


@pytest.fixture
def deployment(tmp_path, moto, each_database):  # noqa: ARG001  # settings_for reads it
    made = Deployment(tmp_path, moto, f"spread-{tmp_path.name[-40:].replace('_', '-').strip('-').lower()}")
    made.runner.start()
    yield made
    made.close()


def fill(root, files):
    for key, data in files.items():
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(data)


def test_what_workers_do_together_is_what_one_process_would_have_done(deployment, moto):
    files = {f"d{number % 3}/f{number:03}": b"x" * number for number in range(60)} | {
        "large": b"y" * 3_000_000,
        "a/b": b"1",
    }
    fill(deployment.uploads, files)
    first = deployment.mirror()
    assert (first.state, first.message) == ("succeeded", "62 uploaded, 0 deleted, 0 unchanged.")
    assert bucket_objects(moto, deployment.bucket) == files
    assert first.progress["done"] == {"uploads": 62, "deletes": 0, "bytes": sum(map(len, files.values()))}
    steps = [
        (step.record.action, step.record.key) for step in deployment.services.jobs.each_step(first.id, StepSelection())
    ]
    assert sorted(steps) == sorted([("create", deployment.bucket), *(("upload", key) for key in files)])

    fill(deployment.uploads, {"a.new": b"2", "d0/f003": b"edited, and longer", "d1/f001": b"Z"})
    (deployment.uploads / "d2/f002").unlink()
    again = deployment.mirror()
    assert (again.state, again.message) == ("succeeded", "3 uploaded, 1 deleted, 59 unchanged.")
    assert bucket_objects(moto, deployment.bucket) == tree_objects(deployment.uploads)
    assert again.progress["unchanged_by"]["index"] > 50


def test_a_spread_download_brings_back_and_deletes_what_it_is_told(deployment, moto):
    objects = {f"d/f{number}": b"x" * number for number in range(20)}
    bucket = Bucket(moto, deployment.bucket)
    bucket.put(objects)
    bucket.close()
    fill(deployment.uploads, {"d/mine": b"1", "d/f1": b"2"})
    job = deployment.mirror(direction="download", delete=True)
    assert (job.state, job.message) == ("succeeded", "20 downloaded, 1 deleted, 0 unchanged.")
    assert tree_objects(deployment.uploads) == objects
    again = deployment.mirror(direction="download", delete=True)
    assert again.progress["unchanged_by"]["index"] + again.progress["unchanged_by"]["content"] >= 19


def test_a_plan_that_fills_no_batch_is_done_by_its_planner_with_its_history(deployment):
    for name in ("one.txt", "two.txt"):
        (deployment.uploads / name).write_text(name)

    job = deployment.mirror()

    assert (job.message, deployment.batches.to_tell(0, 10)) == ("2 uploaded, 0 deleted, 0 unchanged.", [])
    steps = deployment.services.jobs.each_step(job.id, StepSelection())
    assert sorted(f"{step.record.action} {step.record.key}" for step in steps) == [
        f"create {deployment.bucket}", "upload one.txt", "upload two.txt",
    ]  # fmt: skip
