"""Synchronisations against a real S3 server: what they mirror, what they never touch, and how they end."""

import hashlib
import threading

import pytest

from app.cancellation import INTERRUPTED
from app.connections.contract import Changes, NewConnection
from app.datasets.handler import STEPS_LIMIT
from app.jobs.contract import JobState, StepStatus
from tests.support.buckets import Bucket
from tests.support.jobs import eventually
from tests.support.meddling import Lost, meddling
from tests.support.synchronisation import synchronising
from tests.support.trees import finished_files

IMAGE = b"\xff\xd8 not looked into"
DATASET = {f"cval/images/{part}/{part}{number}.jpg": IMAGE for part in ("train", "test", "val") for number in range(3)}


@pytest.fixture
def bucket(rclone, request):
    made = Bucket(rclone, "sync-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16])
    yield made
    made.close()


@pytest.fixture
def one(tmp_path):
    with synchronising(tmp_path / "data") as made:
        made.run()
        yield made


@pytest.fixture
def ann(one):
    return one.people.user("ann")


@pytest.fixture
def proxy(rclone):
    with meddling(rclone) as made:
        yield made


@pytest.fixture
def connection(one, ann, proxy, bucket):
    return one.connection(ann, proxy.as_server, bucket.name)


def below_cval(objects):
    return {key.removeprefix("cval/"): data for key, data in objects.items() if key.startswith("cval/")}


def steps(one, job, action):
    return [step.record for step in one.jobs.steps(job.id, limit=5000) if step.record.action == action]


def test_what_lies_below_cval_is_mirrored_and_nothing_else(one, ann, connection, bucket):
    bucket.put({**DATASET, "other/images/train/x.jpg": b"x", "cval.txt": b"x"})

    job = one.synchronised(ann, connection)

    assert (job.state, job.reason) == (JobState.SUCCEEDED, None), job.message
    assert one.mirrored(connection) == below_cval(DATASET)
    assert (job.progress["done"]["uploads"], job.progress["failed"]) == (9, 0)
    assert {step.key for step in steps(one, job, "download")} == set(DATASET)


def test_the_bucket_is_only_read(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    bucket.delete("cval/images/train/train0.jpg")
    bucket.put({"cval/images/train/train1.jpg": IMAGE * 2, "cval/Train/odd": b""})
    one.synchronised(ann, connection)
    bucket.delete(*DATASET, "cval/Train/odd")
    one.synchronised(ann, connection)

    assert {request.method for request in proxy.requests} <= {"GET", "HEAD"}
    assert any(request.method == "GET" for request in proxy.requests)


def test_a_mirror_follows_what_comes_changes_and_goes(one, ann, connection, bucket):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    bucket.put({"cval/images/train/new.jpg": b"new", "cval/images/train/train0.jpg": b"changed"})
    bucket.delete("cval/images/val/val0.jpg")

    job = one.synchronised(ann, connection)

    expected = {**DATASET, "cval/images/train/new.jpg": b"new", "cval/images/train/train0.jpg": b"changed"}
    del expected["cval/images/val/val0.jpg"]
    assert one.mirrored(connection) == below_cval(expected)
    assert (job.progress["done"]["uploads"], job.progress["done"]["deletes"]) == (2, 1)


def test_what_was_seen_before_is_neither_read_nor_compared_again(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    proxy.forget()

    job = one.synchronised(ann, connection)

    assert job.progress["unchanged_by"] == {"index": 9, "size": 0, "content": 0}
    assert not any(key in request.path for request in proxy.requests for key in DATASET)


def test_an_emptied_folder_empties_the_mirror(one, ann, connection, bucket):
    bucket.put({**DATASET, "else": b"so that the bucket stays"})
    one.synchronised(ann, connection)
    bucket.delete(*DATASET)

    job = one.synchronised(ann, connection)

    assert job.state is JobState.SUCCEEDED, job.message
    assert one.mirrored(connection) == {}


def test_a_bucket_without_the_folder_is_an_empty_mirror(one, ann, connection, bucket):
    bucket.put({"else": b"x"})

    job = one.synchronised(ann, connection)

    assert (job.state, "nothing to download" in job.message) == (JobState.SUCCEEDED, True)
    assert one.mirrored(connection) == {}


def test_a_missing_bucket_fails_and_deletes_nothing(one, ann, connection, bucket):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    bucket.drop()

    job = one.synchronised(ann, connection)

    assert (job.state, job.reason) == (JobState.FAILED, "storage_missing")
    assert one.mirrored(connection) == below_cval(DATASET)


def test_refused_credentials_fail_and_delete_nothing(one, ann, connection, bucket):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    one.connections.change(ann, connection.id, Changes(credentials={"secret_key": "wrong"}))

    job = one.synchronised(ann, connection)

    assert (job.state, job.reason) == (JobState.FAILED, "access_denied")
    assert one.mirrored(connection) == below_cval(DATASET)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((200, "<ListBucketResult><IsTruncated>", '""'), id="a listing cut short"),
        pytest.param((403, "<Error><Code>AccessDenied</Code></Error>", '""'), id="no permission to list"),
        pytest.param((200, "<html>welcome</html>", '""'), id="no listing at all"),
    ],
)
def test_a_broken_listing_fails_and_deletes_nothing(one, ann, connection, bucket, proxy, answer):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    proxy.answer = lambda request: answer if "list-type=2" in request.path else None

    job = one.synchronised(ann, connection)

    assert job.state is JobState.FAILED, job.message
    assert one.mirrored(connection) == below_cval(DATASET)


def test_while_an_object_cannot_be_fetched_nothing_is_deleted(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    bucket.delete("cval/images/val/val0.jpg")
    bucket.put({"cval/images/train/new.jpg": b"new"})
    denied = (403, "<Error><Code>AccessDenied</Code></Error>", '""')
    proxy.answer = lambda request: denied if "new.jpg" in request.path else None

    job = one.synchronised(ann, connection)

    assert (job.state, job.reason) == (JobState.PARTIAL, "access_denied")
    assert one.mirrored(connection) == below_cval(DATASET)


def test_markers_of_folders_make_no_job_partial(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    marked = (
        '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>'
        "<Contents><Key>cval/images/</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        '<ETag>"d41d8cd98f00b204e9800998ecf8427e"</ETag><Size>0</Size></Contents></ListBucketResult>'
    )
    proxy.answer = lambda request: (200, marked, '""') if "list-type=2" in request.path else None

    job = one.synchronised(ann, connection)

    assert job.state is JobState.SUCCEEDED, job.message
    assert one.mirrored(connection) == {}


def test_what_does_not_fit_the_layout_is_told_step_by_step(one, ann, connection, bucket):
    odd = {"cval/images/Train/a.jpg": IMAGE, "cval/notes.txt": b"x", "cval/annotations/train/broken.json": b"{"}
    bucket.put({**DATASET, **odd})

    job = one.synchronised(ann, connection)

    assert (job.state, job.reason) == (JobState.PARTIAL, "layout_invalid")
    assert "3 files or folders do not fit the layout" in job.message
    checks = steps(one, job, "check")
    assert {step.key for step in checks} == set(odd)
    assert {(step.status, step.reason) for step in checks} == {(StepStatus.SKIPPED, "layout_invalid")}
    assert all(step.message for step in checks)
    assert one.mirrored(connection) == below_cval({**DATASET, **odd})


def test_what_could_not_be_fetched_is_a_graver_reason_than_the_layout(one, ann, connection, bucket, proxy):
    bucket.put({**DATASET, "cval/notes.txt": b"x"})
    denied = (403, "<Error><Code>AccessDenied</Code></Error>", '""')
    proxy.answer = lambda request: denied if "train0.jpg" in request.path else None

    job = one.synchronised(ann, connection)

    assert (job.state, job.reason) == (JobState.PARTIAL, "access_denied")
    assert "1 files or folders do not fit the layout" in job.message


def test_of_very_many_problems_the_first_thousand_are_listed(one, ann, connection, bucket, proxy, request):
    bucket.put(DATASET)
    one.synchronised(ann, connection)
    folder = one.synchronisation.folder(connection.id)
    unlisted = 5
    keys = [f"odd{number:05}.txt" for number in range(STEPS_LIMIT + unlisted)]
    listing = "".join(
        f"<Contents><Key>cval/{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        f'<ETag>"e{key}"</ETag><Size>0</Size></Contents>'
        for key in keys
    )
    namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    page = f"<ListBucketResult {namespace}><IsTruncated>false</IsTruncated>{listing}</ListBucketResult>"
    for key in keys:
        (folder / key).touch()
    del request
    proxy.answer = lambda asked: (200, page, '""') if "list-type=2" in asked.path else None

    job = one.synchronised(ann, connection)

    assert f"{STEPS_LIMIT + unlisted:,} files or folders do not fit" in job.message
    assert "The first 1,000 of them are listed." in job.message
    assert len(steps(one, job, "check")) == STEPS_LIMIT


def test_a_cancelled_one_ends_and_the_next_one_completes_it(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    held, gate = threading.Event(), threading.Event()

    def hold(request):
        if request.path.endswith("val2.jpg"):
            held.set()
            assert gate.wait(60)
        return request.body

    proxy.before = hold
    job = one.synchronisation.run_now(ann, connection.id)
    assert held.wait(60)
    one.jobs.request_cancel(job.id)
    gate.set()
    assert one.finished(job).state is JobState.CANCELLED

    assert one.synchronised(ann, connection).state is JobState.SUCCEEDED
    assert one.mirrored(connection) == below_cval(DATASET)


def test_while_one_runs_another_is_not_started_but_follows_it(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    held, gate = threading.Event(), threading.Event()

    def hold(request):
        if request.path.endswith("val2.jpg"):
            held.set()
            assert gate.wait(60)
        return request.body

    proxy.before = hold
    one.synchronisation.switch(ann, connection.id, True)
    [job] = one.unfinished()
    assert held.wait(60)
    eventually(lambda: one.jobs.get(job.id).state is JobState.RUNNING)

    assert one.synchronisation.run_now(ann, connection.id).id == job.id
    for _ in range(3):
        one.look()
    assert [unfinished.id for unfinished in one.unfinished()] == [job.id]
    gate.set()
    one.finished(job)
    one.look()

    next_job = one.schedule(connection).job_id
    assert next_job != job.id
    assert one.finished(one.jobs.get(next_job)).state is JobState.SUCCEEDED


def test_a_connection_that_is_deleted_under_a_running_job_takes_its_mirror_along(one, ann, connection, bucket, proxy):
    bucket.put(DATASET)
    held, gate = threading.Event(), threading.Event()

    def hold(request):
        if request.path.endswith("val2.jpg"):
            held.set()
            assert gate.wait(60)
        return request.body

    proxy.before = hold
    one.synchronisation.switch(ann, connection.id, True)
    [job] = one.unfinished()
    assert held.wait(60)

    one.connections.delete(ann, connection.id)
    assert one.synchronisation.folder(connection.id).exists()
    gate.set()

    assert one.finished(job).state is JobState.CANCELLED
    eventually(lambda: not one.synchronisation.folder(connection.id).exists())


def test_an_interrupted_one_goes_on_at_the_next_start(tmp_path, bucket, proxy):
    bucket.put(DATASET)
    gate = threading.Event()

    def lose(request):
        if request.path.endswith("val2.jpg") and not gate.is_set():
            assert gate.wait(60)
            raise Lost
        return request.body

    proxy.before = lose
    with synchronising(tmp_path / "data") as one:
        ann = one.people.user("ann")
        connection = one.connection(ann, proxy.as_server, bucket.name)
        one.run()
        job = one.synchronisation.run_now(ann, connection.id)
        eventually(lambda: len(finished_files(one.synchronisation.folder(connection.id))) == 8)
        draining = threading.Thread(target=one.services.runner.drain, args=(60,))
        draining.start()
        gate.set()
        draining.join(60)
        given_back = one.jobs.get(job.id)
        assert (given_back.state, given_back.reason) == (JobState.QUEUED, INTERRUPTED)

    with synchronising(tmp_path / "data") as again:
        again.run()
        ended = again.finished(job)
        assert (ended.state, ended.attempt) == (JobState.SUCCEEDED, 2)
        assert again.mirrored(connection) == below_cval(DATASET)


def test_one_whose_connection_leads_elsewhere_now_fails_and_is_made_anew(tmp_path, rclone, bucket):
    bucket.put(DATASET)
    with synchronising(tmp_path / "data") as one:
        ann = one.people.user("ann")
        connection = one.connection(ann, rclone, "nowhere")
        one.synchronisation.switch(ann, connection.id, True)
        [old] = one.unfinished()
        address = {"endpoint": rclone.endpoint, "bucket": bucket.name}
        one.connections.change(ann, connection.id, Changes(address=address))
        one.run()

        assert one.finished(old).reason == "connection_unusable"
        one.look()
        new = one.jobs.get(one.schedule(connection).job_id)
        assert one.finished(new).state is JobState.SUCCEEDED
        assert one.mirrored(connection) == below_cval(DATASET)


def test_no_secret_is_in_a_job_or_its_steps(one, ann, bucket, rclone):
    canary = "canary-93b1c0ffee"
    bucket.put(DATASET)
    address = {"endpoint": rclone.endpoint, "bucket": bucket.name}
    new = NewConnection("s3", "wrong", address, {"access_key": canary, "secret_key": canary})
    connection = one.connections.create(ann, new)

    job = one.synchronised(ann, connection)

    assert job.state is JobState.FAILED
    assert canary not in repr(job)
    assert canary not in repr(one.jobs.steps(job.id))
