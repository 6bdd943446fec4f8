"""/copy over real HTTP: named objects from one connection's bucket into another's, or within one."""

import re
import uuid

import pytest
import requests

from tests.support.buckets import Bucket
from tests.support.clients import cval_storage
from tests.support.trees import bucket_objects

OBJECTS = {"a": b"one", "folder/b": b"two", "c": b"three"}
STAMPED = re.compile(r"a_\d{6}_\d{6}")


@pytest.fixture
def person(service, name):
    return service.person(name)


@pytest.fixture
def buckets(rclone, name):
    """A bucket with objects, and an empty one."""
    made = [Bucket(rclone, f"{name}-from"), Bucket(rclone, f"{name}-to")]
    made[0].put(OBJECTS)
    yield made
    for bucket in made:
        bucket.drop()
        bucket.close()


@pytest.fixture
def connect(service, person):
    """A function that makes a connection to a bucket and returns its id."""

    def make(bucket):
        given = cval_storage(bucket) | {"synchronize": False}
        answer = requests.post(service.url + "/api/cloud", json=given, headers=person.headers, timeout=60)
        return str(answer.json()["id"])

    return make


@pytest.fixture
def copy(service, person):
    """A function that asks for a copy."""

    def ask(headers=None, **body):
        headers = person.headers if headers is None else headers
        return requests.post(service.url + "/copy", json=body, headers=headers, timeout=60)

    return ask


@pytest.fixture
def ended(service, person):
    """A function that returns the job that an answer tells of once it has finished."""
    service.session.headers.update(person.headers)
    yield lambda answer: service.finished(answer.json()["id"])
    service.session.headers.clear()


def test_objects_are_copied_by_a_job_like_any_other(service, person, buckets, connect, copy, ended, rclone):
    source, target = connect(buckets[0]), connect(buckets[1])
    answer = copy(source=source, target=target, objects=["a", "folder/b"], prefix="to/")
    started = answer.json()

    assert (answer.status_code, answer.headers["Location"]) == (202, f"/get?id={started['id']}")
    assert (started["kind"], started["direction"], started["status"]) == ("copy", "direct", "queued")
    assert (started["source"], started["dest"], started["prefix"]) == (buckets[0].name, buckets[1].name, "to/")
    assert (started["connection"], started["storage_url"]) == (target, rclone.endpoint)

    job = ended(answer)
    assert (job["status"], job["reason"], job["message"]) == ("succeeded", None, "2 copied.")
    assert job["done"] == {"uploads": 2, "deletes": 0, "bytes": 6}
    assert job["eta_seconds"] == 0
    assert bucket_objects(rclone, buckets[1].name) == {"to/a": b"one", "to/folder/b": b"two"}
    steps = service.get("/steps", id=job["id"])
    assert sorted((step["action"], step["key"], step["bytes"]) for step in steps) == [
        ("copy", "to/a", 3),
        ("copy", "to/folder/b", 3),
    ]
    assert job in service.get("/runnings", all=1)
    events = requests.get(service.url + "/events", params={"id": job["id"]}, headers=person.headers, timeout=60).text
    assert '"kind": "copy"' in events


@pytest.mark.parametrize(
    ("conflict", "status", "reason", "skipped"),
    [
        pytest.param({}, "failed", "object_exists", 0, id="fail, the default"),
        pytest.param({"conflict": "skip"}, "succeeded", None, 1, id="skip"),
        pytest.param({"conflict": "overwrite"}, "succeeded", None, 0, id="overwrite"),
        pytest.param({"conflict": "rename"}, "succeeded", None, 0, id="rename"),
    ],
)
def test_a_name_that_is_taken_within_one_bucket(
    buckets, connect, copy, ended, rclone, conflict, status, reason, skipped
):
    place = connect(buckets[0])
    job = ended(copy(source=place, target=place, objects=["a"], **conflict))

    assert (job["status"], job["reason"], job["skipped"]) == (status, reason, skipped)
    new = bucket_objects(rclone, buckets[0].name).keys() - OBJECTS
    assert bool(new) is (conflict == {"conflict": "rename"})
    assert all(STAMPED.fullmatch(key) for key in new)


def test_what_failed_is_told(service, buckets, connect, copy, ended):
    job = ended(copy(source=connect(buckets[0]), target=connect(buckets[1]), objects=["a", "none"]))

    assert (job["status"], job["reason"], job["failed"]) == ("partial", "object_missing", 1)
    (failed,) = service.get("/steps", id=job["id"], status="failed")
    assert (failed["action"], failed["key"], failed["reason"]) == ("copy", "none", "object_missing")


UNKNOWN = str(uuid.UUID(int=4, version=4))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"objects": ["a"], "target": UNKNOWN}, 404, id="no such connection"),
        pytest.param({"objects": []}, 422, id="nothing to copy"),
        pytest.param({}, 422, id="no objects"),
        pytest.param({"objects": ["a"] * 1001}, 422, id="too many objects"),
        pytest.param({"objects": ["\ud800"]}, 422, id="no text"),
        pytest.param({"objects": ["a"], "conflict": "maybe"}, 422, id="an unknown policy"),
        pytest.param({"objects": ["a"], "source": "no id"}, 422, id="no id"),
        pytest.param({"objects": ["a"], "more": 1}, 422, id="an unknown parameter"),
    ],
)
def test_what_cannot_be_copied_is_refused(buckets, connect, copy, body, status):
    place = connect(buckets[0])
    assert copy(**{"source": place, "target": place} | body).status_code == status


def test_strangers_copy_nothing(service, name, buckets, connect, copy):
    place = connect(buckets[0])
    asked = {"source": place, "target": place, "objects": ["a"]}

    assert copy(headers={}, **asked).status_code == 401
    assert copy(headers=service.person(f"{name}-b").headers, **asked).status_code == 404
    assert copy(headers=service.person(f"{name}-r", read_only=True).headers, **asked).status_code == 403
    assert requests.get(service.url + "/copy", params=asked, timeout=60).status_code == 405
