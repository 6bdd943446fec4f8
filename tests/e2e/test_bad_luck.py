"""Storages, keys, folders and disks that fail: a clear reason, within seconds, and nothing deleted."""

import json
import time

import pytest

from tests.support.disks import mounted
from tests.support.galaxy import Hold
from tests.support.meddling import meddling
from tests.support.permissions import run_forked_bound_flask
from tests.support.servers import black_hole, free_port
from tests.support.service import eventually, running_service
from tests.support.trees import bucket_client, bucket_objects, tree_objects

pytestmark = pytest.mark.slow

KEYS = {"access_key": "anybody", "secret_key": "of-no-account"}
"""The configured ones are for the configured storage."""


@pytest.fixture
def service(start):
    service = start()
    (service.uploads / "a.txt").write_text("a")
    return service


@pytest.fixture(scope="module")
def standing(tmp_path_factory, rclone):
    """A service for jobs that get nowhere: all tests may have the same."""
    with running_service(tmp_path_factory.mktemp("standing"), rclone) as service:
        (service.uploads / "a.txt").write_text("a")
        yield service


def test_a_storage_that_is_down_fails_the_job_within_seconds(standing, bucket):
    began = time.monotonic()
    job = standing.mirrored(dest=bucket, storage_url=f"http://127.0.0.1:{free_port()}", **KEYS)

    assert (job["status"], job["reason"]) == ("failed", "storage_unreachable")
    assert time.monotonic() - began < 20
    assert "Traceback" not in job["message"]


def test_a_storage_that_never_answers_fails_the_job_within_seconds(standing, bucket):
    with black_hole() as endpoint:
        began = time.monotonic()
        job = standing.mirrored(dest=bucket, storage_url=endpoint, **KEYS)

    assert (job["status"], job["reason"]) == ("failed", "storage_unreachable")
    assert time.monotonic() - began < 30


def test_an_unknown_host_fails_the_job(standing, bucket):
    job = standing.mirrored(dest=bucket, storage_url="http://no-such-host.invalid:9000", **KEYS)

    assert (job["status"], job["reason"]) == ("failed", "storage_unreachable")


def test_something_that_is_not_s3_fails_the_job(standing, bucket):
    job = standing.mirrored(dest=bucket, storage_url=standing.url, **KEYS)

    assert (job["status"], job["reason"]) == ("failed", "storage_unreachable")


@pytest.mark.parametrize("keys", [("sluicetests", "wrong-secret-key"), ("unknownkey", "wrong-secret-key")])
def test_wrong_keys_fail_the_job_and_are_not_shown(standing, bucket, keys):
    job = standing.mirrored(dest=bucket, access_key=keys[0], secret_key=keys[1])

    assert (job["status"], job["reason"]) == ("failed", "access_denied")
    assert keys[1] not in str(job)
    assert keys[0] not in str(job)


@pytest.mark.fault(25)
def test_without_the_uploads_folder_nothing_is_deleted(service, bucket, rclone):
    service.mirrored(dest=bucket)
    service.uploads.rename(service.uploads.with_name("elsewhere"))
    for source in ("", "photos"):
        job = service.mirrored(source=source, dest=bucket)
        assert (job["status"], job["reason"]) == ("failed", "source_unreadable")
    assert set(bucket_objects(rclone, bucket)) == {"a.txt"}


def test_a_source_that_is_a_file_is_refused(service, bucket, rclone):
    service.mirrored(dest=bucket)
    job = service.mirrored(source="a.txt", dest=bucket)

    assert (job["status"], job["reason"]) == ("failed", "source_unreadable")
    assert set(bucket_objects(rclone, bucket)) == {"a.txt"}


def test_bucket_deletion_can_be_switched_off(start, bucket, rclone):
    service = start(BUCKET_DELETE_ENABLED="false")
    (service.uploads / "a.txt").write_text("a")
    service.mirrored(dest=bucket)
    (service.uploads / "a.txt").unlink()
    for source in ("", "missing"):
        job = service.mirrored(source=source, dest=bucket)
        assert (job["status"], job["reason"]) == ("failed", "source_empty")
    assert set(bucket_objects(rclone, bucket)) == {"a.txt"}


@pytest.mark.parametrize(
    ("locked", "expected", "status"),
    [
        pytest.param("photos", ("failed", "source_unreadable"), 1, id="the source itself"),
        pytest.param("photos/sub", ("partial", "source_unreadable"), 2, id="a folder in it"),
        pytest.param("photos/p.txt", ("partial", "file_unreadable"), 2, id="a file in it"),
    ],
)
@pytest.mark.fault(24, "I1")
def test_what_may_not_be_read_deletes_nothing(service, bucket, rclone, locked, expected, status):
    photos = service.uploads / "photos"
    (photos / "sub").mkdir(parents=True)
    for name in ("p.txt", "q.txt", "sub/s.txt"):
        (photos / name).write_text(name)
    service.mirrored(source="photos", dest=bucket)
    (photos / "q.txt").unlink()
    (photos / "p.txt").write_text("P.TXT")
    (photos / "new").write_text("new")
    (service.uploads / locked).chmod(0)
    try:
        run = run_forked_bound_flask("sync", "photos", bucket, "--json", environ=service.environ)
    finally:
        (service.uploads / locked).chmod(0o755)

    assert run.returncode == status, run.stderr
    job = json.loads(run.stdout)
    assert (job["status"], job["reason"]) == expected
    assert {"p.txt", "q.txt", "sub/s.txt"} <= set(bucket_objects(rclone, bucket))


def test_a_bucket_that_vanishes_meanwhile_stops_the_job(start, bucket, rclone):
    with meddling(rclone) as proxy:
        service = start(proxy.as_server)
        for name in ("a.txt", *(f"f{number:02}" for number in range(20))):
            (service.uploads / name).write_text("x")
        proxy.before = hold = Hold("PUT", f"{bucket}/f")  # all but the first: none comes while the bucket goes
        job = service.sync(dest=bucket)
        hold.wait()
        eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] == 1)
        client = bucket_client(rclone)
        client.delete_object(Bucket=bucket, Key="a.txt")
        client.delete_bucket(Bucket=bucket)
        hold.release()
        ended = service.finished(job["id"])

        assert (ended["status"], ended["reason"]) == ("failed", "storage_missing")
        assert service.mirrored(dest=bucket)["status"] == "succeeded"
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)


@pytest.mark.fault(25, "I1")
def test_a_volume_that_is_unmounted_deletes_nothing(start, bucket, rclone):
    service = start()
    with mounted(service.uploads):
        (service.uploads / "a.txt").write_text("a")
        assert service.mirrored(dest=bucket)["status"] == "succeeded"
    job = service.mirrored(dest=bucket)

    assert (job["status"], job["reason"]) == ("failed", "source_unreadable")
    assert set(bucket_objects(rclone, bucket)) == {"a.txt"}
