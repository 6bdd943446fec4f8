"""A large file whose upload is cut off: the restarted service resumes the job and sends only what was missing."""

import hashlib
import threading

import pytest

from tests.conformance.subjects import open_uploads
from tests.support.meddling import Gate, meddling
from tests.support.service import eventually
from tests.support.trees import bucket_client

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
PARTS = 16
IN_FLIGHT = 4


@pytest.fixture
def proxy(rclone):
    with meddling(rclone) as proxy:
        yield proxy


def large_file(service):
    """Write a file of `PARTS` parts; return what its object shall have as SHA-256."""
    data = hashlib.shake_256(b"large").digest(PARTS * 8 * MIB)
    (service.uploads / "large.bin").write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def stored(rclone, bucket):
    client = bucket_client(rclone)
    try:
        return hashlib.sha256(client.get_object(Bucket=bucket, Key="large.bin")["Body"].read()).hexdigest()
    finally:
        client.close()


def nothing_is_left(service, rclone, bucket):
    notes = service.uploads.parent / "var" / "multipart"
    return open_uploads(rclone.bucket(bucket)) == [] and list(notes.iterdir()) == []


@pytest.mark.fault(2)
def test_after_kill_9_only_the_parts_in_flight_are_sent_again(start, bucket, rclone, proxy):
    service = start(proxy.as_server)
    expected = large_file(service)
    proxy.before = gate = Gate(open_for=PARTS // 2)
    job = service.sync(dest=bucket)
    eventually(lambda: len(gate.held) == IN_FLIGHT)
    service.kill()
    gate.open()
    assert sorted(proxy.parts) == list(range(1, PARTS // 2 + IN_FLIGHT + 1))
    proxy.forget()
    service.start()
    ended = service.finished(job["id"])

    assert (ended["id"], ended["status"], ended["done"]["uploads"]) == (job["id"], "succeeded", 1)
    assert sorted(proxy.parts) == list(range(PARTS // 2 + 1, PARTS + 1))
    assert stored(rclone, bucket) == expected
    assert nothing_is_left(service, rclone, bucket)


@pytest.mark.fault(3)
def test_after_sigterm_no_part_is_sent_twice(start, bucket, rclone, proxy):
    service = start(proxy.as_server, SHUTDOWN_SECONDS=300)
    expected = large_file(service)
    stopped = threading.Event()

    def over_a_slow_network(request):
        if request.part:
            stopped.wait(2)
        return request.body

    proxy.before = over_a_slow_network
    job = service.sync(dest=bucket)
    eventually(lambda: len(proxy.parts) >= IN_FLIGHT)
    assert service.stop() == 0
    stopped.set()
    assert IN_FLIGHT <= len(proxy.parts) < PARTS
    service.start()
    ended = service.finished(job["id"])

    assert (ended["id"], ended["status"], ended["done"]["uploads"]) == (job["id"], "succeeded", 1)
    assert sorted(proxy.parts) == list(range(1, PARTS + 1))
    assert stored(rclone, bucket) == expected
    assert nothing_is_left(service, rclone, bucket)
