"""Synchronisations by a real service: a mirror follows its bucket, through crashes, with one job at a time."""

import os
import signal
import threading
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from tests.support.buckets import Bucket
from tests.support.meddling import meddling
from tests.support.servers import ACCESS_KEY
from tests.support.service import eventually
from tests.support.trees import finished_files

pytestmark = pytest.mark.slow

DATASET = {f"cval/images/{part}/{part}{number}.jpg": b"image" for part in ("train", "test", "val") for number in (1, 2)}


@pytest.fixture
def new_bucket(rclone, bucket):
    """Make buckets with something in them."""
    made = []

    def make(objects):
        made.append(Bucket(rclone, f"{bucket}-{len(made)}"))
        made[-1].put(objects)
        return made[-1]

    yield make
    for one in made:
        one.close()


class Client:
    """A user who speaks to the service."""

    def __init__(self, service, name="ann"):
        self.service = service
        self.headers = service.person(name).headers

    def ask(self, method, path, **options):
        answer = requests.request(method, self.service.url + path, headers=self.headers, timeout=30, **options)
        assert answer.ok, answer.text
        return answer.json()

    def add(self, server, bucket):
        """Make a connection that is synchronised; return its id."""
        body = {
            "access_key": ACCESS_KEY,
            "secret_key": server.secret_key,
            "endpoint": server.endpoint,
            "bucket": bucket.name,
            "synchronize": True,
        }
        return self.ask("POST", "/api/cloud", json=body)["id"]

    def switch(self, connection_id, on):
        self.ask("PUT", f"/api/cloud/{connection_id}", params={"synchronize": str(on)})

    def jobs(self, connection_id):
        """Return the connection's jobs, oldest first."""
        found = self.ask("GET", "/runnings", params={"all": "1", "limit": "1000"})
        return [job for job in reversed(found) if job["connection"] == connection_id]

    def finished(self, connection_id):
        return [job for job in self.jobs(connection_id) if job["status"] == "succeeded"]


def mirrored(service, connection_id):
    """Return the files of the mirror by their paths, or None when there is no mirror; it may change meanwhile.

    What a killed process was writing stays for MULTIPART_KEEP_HOURS under a name of its own, and is no file of the mirror.
    """
    folder = Path(service.environ["DATA_DIR"]) / "mirrors" / connection_id
    if not folder.is_dir():
        return None
    try:
        return {str(path.relative_to(folder)): path.read_bytes() for path in finished_files(folder)}
    except FileNotFoundError:
        return None


def becomes(service, connection_id, objects):
    wanted = {key.removeprefix("cval/"): data for key, data in objects.items()}
    eventually(lambda: mirrored(service, connection_id) == wanted, 60, "the mirror")


def test_a_mirror_follows_its_bucket_until_it_is_switched_off(start, new_bucket, rclone):
    service = start(SYNCHRONISE_SECONDS=1)
    ann, bucket, other = Client(service), new_bucket(DATASET), new_bucket(DATASET)
    connection = ann.add(rclone, bucket)
    assert {job["kind"] for job in ann.jobs(connection)} == {"synchronisation"}
    becomes(service, connection, DATASET)

    bucket.put({"cval/images/train/new.jpg": b"new"})
    bucket.delete("cval/images/test/test1.jpg")
    changed = {**DATASET, "cval/images/train/new.jpg": b"new"}
    del changed["cval/images/test/test1.jpg"]
    becomes(service, connection, changed)

    ann.switch(connection, False)
    second = ann.add(rclone, other)
    # The scheduler made the second one, so what it had in hand when the first mirror was switched off has been cancelled.
    eventually(lambda: len(ann.finished(second)) >= 2)
    jobs, seen = ann.jobs(connection), len(ann.finished(second))
    bucket.put({"cval/images/train/unseen.jpg": b"unseen"})
    eventually(lambda: len(ann.finished(second)) >= seen + 2, what="two more synchronisations of another connection")
    assert [job["id"] for job in ann.jobs(connection)] == [job["id"] for job in jobs]
    becomes(service, connection, changed)

    ann.switch(connection, True)
    becomes(service, connection, {**changed, "cval/images/train/unseen.jpg": b"unseen"})


def test_after_kill_9_a_synchronisation_is_completed_and_goes_on(start, new_bucket, rclone):
    objects = {f"cval/images/train/{number:03}.jpg": b"image" for number in range(60)}
    bucket = new_bucket(objects)
    gate, held = threading.Event(), threading.Event()

    def hold(request):
        if request.path.endswith("/045.jpg") and not gate.is_set():
            held.set()
            gate.wait(60)
        return request.body

    with meddling(rclone) as proxy:
        proxy.before = hold
        service = start(SYNCHRONISE_SECONDS=1)
        ann = Client(service)
        connection = ann.add(proxy.as_server, bucket)
        assert held.wait(60)
        eventually(lambda: len(mirrored(service, connection) or ()) > 30)
        service.kill()
        gate.set()
        assert len(mirrored(service, connection)) < 60
        service.start()

        becomes(service, connection, objects)
        eventually(lambda: ann.jobs(connection)[0]["status"] == "succeeded")
        bucket.delete("cval/images/train/000.jpg")
        del objects["cval/images/train/000.jpg"]
        becomes(service, connection, objects)


def test_two_worker_processes_make_one_job_in_each_interval_though_they_are_killed(start, new_bucket, rclone):
    service = start(SYNCHRONISE_SECONDS=1, WEB_WORKERS=2)
    ann = Client(service)
    connection = ann.add(rclone, new_bucket(DATASET))
    for pid in service.workers():
        seen = len(ann.finished(connection))
        eventually(lambda seen=seen: len(ann.finished(connection)) >= seen + 3, 60, "three more")
        os.kill(pid, signal.SIGKILL)
        eventually(service.is_up)
    seen = len(ann.finished(connection))
    eventually(lambda: len(ann.finished(connection)) >= seen + 3, 60, "three more")

    times = [(seconds(job["created_at"]), job["started_at"], job["finished_at"]) for job in ann.jobs(connection)]
    for (_, _, ended), (_, began_next, _) in pairwise(times):
        assert began_next is None or ended <= began_next
    # An interval and its jitter; the request and the scheduler, which it wakes, may both make a job at first.
    assert min(later - made for (made, *_), (later, *_) in pairwise(times[2:])) >= 0.9


def seconds(timestamp):
    return datetime.fromisoformat(timestamp).timestamp()


def test_a_connection_that_is_deleted_under_its_job_takes_job_and_mirror_along(start, new_bucket, rclone):
    gate, held = threading.Event(), threading.Event()

    def hold(request):
        if request.path.endswith("/val2.jpg"):
            held.set()
            gate.wait(60)
        return request.body

    with meddling(rclone) as proxy:
        proxy.before = hold
        service = start(SYNCHRONISE_SECONDS=1)  # by one process, which knows of the deletion when it has answered
        ann = Client(service)
        connection = ann.add(proxy.as_server, new_bucket(DATASET))
        assert held.wait(60)
        eventually(lambda: mirrored(service, connection))
        ann.ask("DELETE", f"/api/cloud/{connection}")
        gate.set()

        eventually(lambda: [job["status"] for job in ann.jobs(connection)] == ["cancelled"], 60)
        eventually(lambda: mirrored(service, connection) is None)


def test_the_scheduler_does_not_hold_up_a_stop(start, new_bucket, rclone):
    # Whatever waited for its time would outlast the test, which waits a minute and a half for the end.
    service = start(SYNCHRONISE_SECONDS=1, SHUTDOWN_SECONDS=300)
    ann = Client(service)
    connection = ann.add(rclone, new_bucket(DATASET))
    eventually(lambda: len(ann.finished(connection)) >= 2, 60)

    assert service.stop() == 0
    assert "Stopped before all jobs did" not in service.log.read_text()
    assert "Traceback" not in service.log.read_text()
