"""Spread mirrors of which a planner, a lease or a mount is lost: nothing is deleted, overwritten or forgotten by that."""

import dataclasses
import threading
import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from app.cancellation import INTERRUPTED
from app.jobs.choice import Seeker
from app.jobs.contract import StepRecord, StepStatus
from app.jobs.lease import LeasedToken
from app.jobs.model import BatchRow, JobRow
from app.jobs.queue import Batch, JobQueue
from app.mirrors.batch import folder_of
from app.mirrors.planning import CONFIRMED
from app.mirrors.request import KIND
from app.mirrors.unfinished import NOTES
from tests.support.buckets import own_bucket
from tests.support.jobs import eventually
from tests.support.trees import bucket_objects, tree_objects
from tests.unit.mirrors.test_spread import Deployment, fill

FILES = {f"d/f{number:02}": b"new" for number in range(40)}


@pytest.fixture
def site(tmp_path, moto, each_database):  # noqa: ARG001  # settings_for reads it
    made = Deployment(tmp_path, moto, f"losses-{tmp_path.name[-40:].replace('_', '-').strip('-').lower()}")
    made.runner.start()
    yield made
    made.close()


@pytest.fixture
def bucket(site, moto):
    with own_bucket(moto, site.bucket) as made:
        yield made


@dataclass
class Context:
    """What a handler of batches is given."""

    job_id: str
    arguments: dict[str, object]
    steps: list[object]
    token: LeasedToken
    kind: str = "delete"
    secrets: dict[str, str] = field(default_factory=dict)
    owner_id: int | None = None
    threads: int = 2
    seconds: float = 60.0

    def report_moving(self, size):
        pass


@pytest.mark.parametrize("direction", ["upload", "download"])
def test_a_worker_that_sees_another_uploads_folder_leaves_its_batches_to_others(
    site, bucket, moto, tmp_path, caplog, direction
):
    other = tmp_path / "other"
    fill(other, dict.fromkeys(FILES, b"old"))
    if direction == "upload":
        fill(site.uploads, FILES)
    else:
        bucket.put(FILES)
    job, number = site.interrupted(direction=direction, delete=True)

    astray = site.worker(dataclasses.replace(site.settings, uploads_dir=other))
    assert astray.work(number)
    ended = site.brought_to_its_end(job)

    assert "is not the folder that its planner sees" in caplog.text
    assert ended.state == "succeeded"
    assert ended.progress["done"]["uploads"] == len(FILES)
    assert tree_objects(site.uploads) == bucket_objects(moto, site.bucket) == FILES
    assert set(tree_objects(other).values()) == {b"old"}


def test_a_confirmed_plan_of_a_small_mirror_deletes_no_more_in_its_second_attempt_than_was_confirmed(
    site, bucket, moto
):
    fill(site.uploads, {f"f{number}": b"1" for number in range(9)})
    site.mirror()
    job = site.submitted()
    with site.services.database.writing() as session:
        row = session.scalars(select(JobRow).where(JobRow.id == job.id)).one()
        row.arguments = {**row.arguments, CONFIRMED: {"plan": "p", "deletes": 2, "drops": False}}
    queue = JobQueue(site.services.database)
    claim = queue.claim(Seeker(runner_id="dies", kinds=frozenset({KIND}), running_limit=4))
    deleted = tuple(StepRecord("delete", key, StepStatus.DONE, 1, "gone", "", time.time()) for key in ("f0", "f1"))
    assert queue.save(claim.fence, Batch(None, "", deleted, 1))
    bucket.delete("f0", "f1")
    assert queue.rescue(["dies"], None, lambda _: True, []) == [job.id]
    for number in range(4):
        (site.uploads / f"f{number}").unlink()

    ended = site.brought_to_its_end(job)

    assert sorted(bucket_objects(moto, site.bucket)) == [f"f{number}" for number in range(2, 9)]
    assert ended.state != "succeeded"


def test_a_planner_that_wakes_after_another_took_over_leaves_the_note_of_the_unfinished_download(site, bucket):
    bucket.put(FILES)
    asleep, wake, notes_seen = threading.Event(), threading.Event(), []

    def notes():
        return list((site.settings.data_dir / NOTES).glob("*.json"))

    def sleep(_):
        asleep.set()
        wake.wait(30)

    def let_the_first_wake_and_end(_):
        wake.set()
        assert first.drain(10)
        notes_seen.extend(notes())

    first, second = site.planner(sleep), site.planner(let_the_first_wake_and_end)
    job = site.submitted(direction="download", delete=True)
    first.start()
    eventually(first.run_one)
    assert asleep.wait(30)
    JobQueue(site.services.database).rescue([first.runner_id], None, lambda _: True, [])
    second.start()
    eventually(second.run_one)
    ended = eventually(lambda: (now := site.services.jobs.get(job.id)).state.is_final and now)
    second.drain(10)

    assert (ended.state, ended.attempt) == ("succeeded", 2)
    assert len(notes_seen) == 1
    assert notes() == []
    assert tree_objects(site.uploads) == FILES


def test_an_attempt_that_fails_at_once_still_counts_what_was_done_before(site, moto):
    fill(site.uploads, FILES)
    job, number = site.interrupted()
    while site.workers[0].work(number):
        pass
    uploaded = len(bucket_objects(moto, site.bucket))
    assert uploaded >= site.settings.batch_files
    site.uploads.rename(site.uploads.with_name("unmounted"))
    site.uploads.mkdir()

    ended = site.brought_to_its_end(job)

    assert (ended.state, ended.reason) == ("failed", "source_unreadable")
    assert ended.progress["done"]["uploads"] == len(bucket_objects(moto, site.bucket)) == uploaded
    assert sum(step.record.action == "upload" for step in site.services.jobs.steps(job.id)) == uploaded
    with site.services.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BatchRow)) == 0


def test_deletions_stop_between_two_keys_once_the_lease_is_lost(site, bucket):  # noqa: ARG001  # it must be there
    keys = [f"{number:02}" for number in range(20)]
    fill(site.uploads, dict.fromkeys(keys, b"1"))
    job = site.submitted(direction="download", delete=True)

    def clock():
        if len(tree_objects(site.uploads)) == len(keys):
            return 0.0
        token.cancel(INTERRUPTED)  # the process was stopped for an hour, and hears at last that another has the batch
        return 3600.0

    token = LeasedToken(10, clock)
    steps = [folder_of(site.settings), *([key] for key in keys)]

    done = site.batch_handler()(Context(job.id, job.arguments, steps, token))

    assert len(tree_objects(site.uploads)) == len(keys) - 1
    assert (done.result, done.left) == ([], steps)
