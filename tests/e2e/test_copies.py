"""Copy jobs of a running service: killed in the middle, stopped from another process, and without their database."""

import hashlib
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from app.bootstrap import build_services
from app.connections.contract import OPERATOR
from app.copies.contract import CopyQuery, CopyState
from app.settings import Settings
from tests.support.buckets import Bucket
from tests.support.clients import cval_storage
from tests.support.galaxy import Hold, World, outlast_a_look
from tests.support.jobs import write_lock
from tests.support.meddling import meddling
from tests.support.service import eventually
from tests.support.trees import bucket_objects

pytestmark = pytest.mark.slow

OBJECTS = {
    f"d{number % 7}/f{number:03}": f"content {number}".encode() * 50 for number in (*range(50), *range(100, 150))
}
"""A hundred, of which a `Hold` of f1 holds the second half: more than a job has in hand at once."""


@pytest.fixture(scope="module")
def source(rclone):
    """A bucket that no test changes."""
    made = Bucket(rclone, "e2e-copied-from")
    made.put(OBJECTS)
    yield made
    made.drop()
    made.close()


def connection(service, headers, storage):
    given = storage | {"synchronize": False}
    return requests.post(service.url + "/api/cloud", json=given, headers=headers, timeout=60).json()["id"]


def test_after_kill_9_a_copy_of_100_objects_goes_on_and_stores_none_of_them_twice(start, bucket, rclone, source):
    service = start()
    service.session.headers.update(service.person("anna").headers)
    target = Bucket(rclone, f"{bucket}-to")
    headers = dict(service.session.headers)
    with meddling(rclone) as proxy:
        proxy.before = hold = Hold("PUT", "f1")
        ends = cval_storage(source), cval_storage(target) | {"endpoint": proxy.as_server.endpoint}
        places = [connection(service, headers, each) for each in ends]
        asked = {"source": places[0], "target": places[1], "objects": list(OBJECTS), "conflict": "rename"}
        job = service.session.post(service.url + "/copy", json=asked, timeout=30).json()
        eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] > 15)
        service.kill()
        assert 15 < len(bucket_objects(rclone, target.name)) < 100
        hold.release()
        service.start()
        finish_after_kill(service, headers, job)
    assert bucket_objects(rclone, target.name) == OBJECTS
    target.drop()
    target.close()


def finish_after_kill(service, headers, job):
    service.session.headers.update(headers)
    ended = service.finished(job["id"])

    assert (ended["status"], ended["message"]) == ("succeeded", "100 copied.")
    assert 0 < ended["done"]["uploads"] < 100
    assert ended["done"]["uploads"] + ended["unchanged"] == 100


def test_after_kill_9_a_history_gets_all_of_100_objects_once(start, source):
    service = start()
    with meddling(source.server) as proxy:
        proxy.before = hold = Hold("GET", "f1")
        world = World(service, source, proxy.as_server)
        numbers = [each["id"] for each in world.get(*OBJECTS).json()]
        eventually(lambda: sum(found["state"] == "ok" for found in world.galaxy.contents(world.history_id)) > 15)
        assert all_ended(world) is None
        service.kill()
        hold.release()
        service.start()
        found = eventually(lambda: all_ended(world), 60, "the end of all datasets")

    assert [one["id"] for one in found] == numbers
    assert {one["state"] for one in found} == {"ok"}
    files = [path for path in (Path(service.environ["DATA_DIR"]) / "library" / "files").rglob("*") if path.is_file()]
    digests = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    expected = sorted(hashlib.sha256(data).hexdigest() for data in OBJECTS.values())
    assert set(digests) == set(expected)
    assert [world.galaxy.content(number) for number in numbers[::25]] == list(OBJECTS.values())[::25]


def all_ended(world):
    found = world.galaxy.contents(world.history_id)
    return found if all(one["state"] in ("ok", "error", "discarded") for one in found) else None


@contextmanager
def another_process(service):
    """The services of the same DATA_DIR, as another process has them; no job runs here."""
    services = build_services(Settings.load(service.environ, Path("no.env")))
    try:
        yield services
    finally:
        services.database.close()


def test_a_copy_that_another_process_carries_is_stopped_and_leaves_nothing(start, source):
    service = start()
    with meddling(source.server) as proxy, another_process(service) as services:
        world = World(service, source, proxy.as_server)
        proxy.before = hold = Hold("GET", "f000")
        first, second = (one["id"] for one in world.get("d0/f000", "d1/f001").json())
        hold.wait()
        copies = services.copies.find(OPERATOR, CopyQuery(order="created_at"))
        held = next(copy for copy in copies if copy.source == "d0/f000")
        assert held.state is CopyState.RUNNING
        assert services.copies.cancel(OPERATOR, held.number) is True
        outlast_a_look()
        hold.release()
        ended = eventually(lambda: (now := services.copies.show(OPERATOR, held.number)).state.is_final and now)

    assert (ended.state, ended.reason) == (CopyState.CANCELLED, "cancelled_by_user")
    assert world.galaxy.ended_dataset(first)["state"] == "discarded"
    assert world.galaxy.ended_dataset(second)["state"] == "ok"
    assert list((Path(service.environ["DATA_DIR"]) / "library" / "arriving").iterdir()) == []


def test_a_copy_job_outlives_a_database_that_cannot_be_used_for_a_while(start, source):
    service = start()
    with meddling(source.server) as proxy:
        world = World(service, source, proxy.as_server)
        proxy.before = hold = Hold("GET", "f000")
        (first,) = (one["id"] for one in world.get("d0/f000").json())
        hold.wait()
        with write_lock(Path(service.environ["DATA_DIR"]) / "sluice.db"):
            hold.release()
            eventually(lambda: "database" in service.log.read_text(), what="a complaint about the database")
        assert world.galaxy.ended_dataset(first)["state"] == "ok"
    assert world.galaxy.content(first) == OBJECTS["d0/f000"]
