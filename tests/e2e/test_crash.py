"""kill -9, SIGTERM, several processes: jobs survive, and the bucket ends equal to the folder."""

import os
import signal

import pytest
import requests

from tests.support.galaxy import Hold
from tests.support.meddling import meddling
from tests.support.servers import free_port
from tests.support.service import Service, eventually
from tests.support.throttled import CUT, ThrottledServer
from tests.support.trees import bucket_objects, tree_objects
from tests.support.wires import loop_of_proxies

pytestmark = pytest.mark.slow

MANY = 300
TRANSFERS = 16
"""How many operations of a job run at once unless a setting says otherwise."""


def many_files(folder, count):
    for number in range(count):
        path = folder / f"d{number % 40}" / f"f{number}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"content {number}".encode() * 20)


@pytest.mark.fault(1, "I3")
def test_after_kill_9_a_job_of_many_files_is_resumed_under_its_own_id(start, bucket, rclone):
    with loop_of_proxies() as loop:
        proxy = ThrottledServer(rclone, loop)
        proxy.holds = half = Half()  # so that it is killed before it is done
        service = start(proxy.server)
        many_files(service.uploads, MANY)
        job = service.sync(dest=bucket)
        eventually(lambda: sum(each.writes and each.status == 200 for each in proxy.of(bucket)) == half.count)
        eventually(lambda: half.held)
        service.kill()
        stored = bucket_objects(rclone, bucket)
        assert len(stored) == half.count
        proxy.holds, proxy.fault = lambda _: False, lambda exchange: CUT if exchange in half.held else None
        finish_after_kill(service, job, stored)
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)


class Half:
    """Lets so many objects be stored, and holds what would store more."""

    count = MANY // 2

    def __init__(self):
        self.held, self._let_by = [], 0

    def __call__(self, exchange):
        if not exchange.writes:
            return False
        if exchange in self.held:
            return True
        if self._let_by < self.count:
            self._let_by += 1
            return False
        self.held.append(exchange)
        return True


def finish_after_kill(service, job, stored):
    service.start()
    ended = service.finished(job["id"])

    assert (ended["id"], ended["status"]) == (job["id"], "succeeded")
    assert ended["done"]["uploads"] + ended["unchanged"] == MANY
    assert ended["unchanged"] >= len(stored)


def test_a_cancel_that_was_asked_for_before_a_crash_is_kept(start, bucket, rclone):
    service = start()
    many_files(service.uploads, 10)
    job = service.sync(dest=bucket, wait=30)
    eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] == 1)
    service.suspend()  # so that it cannot act on the wish
    other = Service(service.environ | {"API_PORT": str(free_port())}, service.log)
    other.start()
    try:
        response = requests.get(f"{other.url}/cancel", params={"id": job["id"]}, timeout=60)
        assert response.status_code == 202
        service.kill()
        ended = other.finished(job["id"])
    finally:
        other.stop()

    assert (ended["status"], ended["reason"]) == ("cancelled", "cancelled_by_user")
    assert len(bucket_objects(rclone, bucket)) == 1


@pytest.mark.fault(3)
def test_sigterm_lets_operations_finish_and_the_job_goes_on_at_the_next_start(start, bucket, rclone):
    # Whatever waited for its time would outlast the test, which waits a minute and a half for the end.
    service = start(SHUTDOWN_SECONDS=300)
    many_files(service.uploads, 40)
    job = service.sync(dest=bucket, wait=0.2)
    eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] >= 3)
    with requests.get(f"{service.url}/events", params={"id": job["id"]}, stream=True, timeout=30):
        assert service.stop() == 0
    stored = bucket_objects(rclone, bucket)
    assert 3 <= len(stored) < 40
    service.start()
    interrupted = service.get("/get", id=job["id"])
    assert interrupted["status"] in ("queued", "running")
    ended = service.finished(job["id"])

    assert ended["status"] == "succeeded"
    assert ended["unchanged"] == len(stored)
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)


def test_any_of_several_worker_processes_answers_for_every_job(start, bucket, rclone):
    with meddling(rclone) as proxy:
        proxy.before = hold = Hold("PUT", "d")  # so that none of them ends meanwhile
        service = start(proxy.as_server, WEB_WORKERS=3)
        many_files(service.uploads, 20)
        jobs = [service.sync(dest=f"{bucket}-{number}", wait=0.2) for number in range(3)]
        ids = [job["id"] for job in jobs]
        for _ in range(20):  # a fresh connection each time, so that all workers are met
            assert [job["id"] for job in requests.get(f"{service.url}/runnings", timeout=60).json()] == ids
            assert requests.get(f"{service.url}/get", params={"id": ids[0]}, timeout=60).json()["id"] == ids[0]
        cancelled = requests.get(f"{service.url}/cancel", params={"id": ids[1]}, timeout=60)
        hold.release()

        assert cancelled.status_code == 202
        assert service.finished(ids[1])["status"] == "cancelled"
        assert {service.finished(job_id)["status"] for job_id in (ids[0], ids[2])} == {"succeeded"}


@pytest.mark.fault(8)
def test_a_worker_that_is_killed_loses_no_job(start, bucket, rclone):
    service = start(WEB_WORKERS=2)
    many_files(service.uploads, 25)
    job = service.sync(dest=bucket, wait=0.2)
    eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] >= 3)
    for pid in service.workers():
        os.kill(pid, signal.SIGKILL)
    service.session = requests.Session()
    eventually(service.is_up)
    ended = service.finished(job["id"])

    assert ended["status"] == "succeeded"
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)


def test_a_small_job_is_not_held_up_by_a_huge_one(start, bucket, rclone):
    with meddling(rclone) as proxy:
        proxy.before = hold = Hold("PUT", f"{bucket}-huge/d")  # all of its files: whatever carries them is taken
        service = start(proxy.as_server)
        for name, count in (("huge", 100), ("small", 5)):
            (service.uploads / name).mkdir()
            many_files(service.uploads / name, count)
        huge = service.sync(source="huge", dest=f"{bucket}-huge")
        eventually(lambda: in_hand(proxy, f"{bucket}-huge") == TRANSFERS)
        small = service.mirrored(source="small", dest=f"{bucket}-small")

        assert small["status"] == "succeeded"
        assert service.get("/get", id=huge["id"])["status"] == "running"
        assert in_hand(proxy, f"{bucket}-huge") == TRANSFERS
        hold.release()
        assert service.finished(huge["id"])["status"] == "succeeded"


def in_hand(proxy, bucket):
    """Return how many uploads to a bucket have come so far."""
    return sum(request.method == "PUT" and f"/{bucket}/d" in request.path for request in list(proxy.requests))
