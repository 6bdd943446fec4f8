"""Objects go from a bucket into a bucket."""

import hashlib
from dataclasses import replace

import pytest

from app import create_app
from app.authorizations.contract import NewAuthorization
from app.connections.contract import Changes
from app.copies.contract import BucketPlace, Conflict, CopyQuery, CopyState
from app.errors import FileChanged, InvalidInput, NotAllowed, NotFound
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.storages import ReadingStorage, RecordingStorage, WrappedStorage
from tests.support.trees import bucket_objects

OBJECTS = {"a": b"one", "folder/b": b"two", "empty": b""}


def filled(objects):
    storage = MemoryStorage(exists=True)
    for key, data in objects.items():
        storage.write(key, MemoryContent(data, 0))
    return storage


def held(storage):
    found = {}
    for entry in storage.list():
        with storage.read(entry.key) as body:
            found[entry.key] = body.read()
    return found


def copied(here, job):
    """Return the copies of a job at its end, in order."""
    here.finished(job)
    return here.copies.find(here.anna, CopyQuery(job_id=job.id, order="created_at"))[::-1]


def test_objects_go_from_one_real_bucket_to_another(here, new_bucket, rclone):
    source, target = new_bucket(OBJECTS), new_bucket()
    job = here.copies.direct(here.anna, here.place(source), here.place(target), list(OBJECTS), prefix="to/")

    assert (job.kind, job.owner_id) == ("copy", here.anna.user_id)
    copies = copied(here, job)
    assert bucket_objects(rclone, target.name) == {f"to/{key}": data for key, data in OBJECTS.items()}
    assert [(copy.source, copy.key, copy.stored_key, copy.sha256) for copy in copies] == [
        (key, f"to/{key}", f"to/{key}", hashlib.sha256(data).hexdigest()) for key, data in OBJECTS.items()
    ]
    assert here.jobs.get(job.id).state == "succeeded"


def test_a_bucket_copies_its_own_objects_by_itself(here, new_bucket, rclone):
    bucket = new_bucket(OBJECTS)
    place = here.place(bucket)
    copies = copied(here, here.copies.direct(here.anna, place, place, ["a"], prefix="again/"))

    assert [(copy.state, copy.size) for copy in copies] == [(CopyState.DONE, 3)]
    assert bucket_objects(rclone, bucket.name) == {**OBJECTS, "again/a": b"one"}


def test_nothing_of_what_a_storage_copies_by_itself_is_read(waiting):
    storage = ReadingStorage(RecordingStorage(filled(OBJECTS)))
    place = waiting.nowhere()
    waiting.run_on(photos=storage)
    copies = copied(waiting, waiting.copies.direct(waiting.anna, place, place, ["a"], prefix="again/"))

    assert (copies[0].state, copies[0].sha256, storage.reads) == (CopyState.DONE, None, [])
    assert storage.inner.changes == ["copy a to again/a"]


class UnableStorage(WrappedStorage):
    """Cannot copy anything by itself."""

    def copy(self, source, key):  # noqa: ARG002
        return None


def test_what_a_storage_cannot_copy_by_itself_is_read_and_written(waiting):
    storage = filled(OBJECTS)
    place = waiting.nowhere()
    waiting.run_on(photos=UnableStorage(storage))
    copies = copied(waiting, waiting.copies.direct(waiting.anna, place, place, ["a"], prefix="again/"))

    assert copies[0].sha256 == hashlib.sha256(b"one").hexdigest()
    assert held(storage)["again/a"] == b"one"


class UnconditionalStorage(WrappedStorage):
    """Knows no conditions: it copies what has just replaced the object that it was asked for, and tells of that."""

    def __init__(self, inner, replacement):
        super().__init__(inner)
        self._replacement = replacement

    def copy(self, source, key):
        if self._replacement is None:
            return self.inner.copy(source, key)
        self.inner.write(source, MemoryContent(self._replacement, 0))
        self._replacement = None
        self.inner.copy(source, key)
        raise FileChanged(f"{source!r} was replaced while it was copied.")


@pytest.mark.parametrize("conflict", list(Conflict))
def test_an_object_that_was_replaced_while_its_storage_copied_it_is_there_once(waiting, conflict):
    storage, place = filled(OBJECTS), waiting.nowhere()
    waiting.run_on(photos=UnconditionalStorage(storage, b"newer"))
    (copy,) = copied(waiting, waiting.copies.direct(waiting.anna, place, place, ["a"], conflict, prefix="again/"))

    assert (copy.state, copy.stored_key, copy.size) == (CopyState.DONE, "again/a", 5)
    assert held(storage) == {**OBJECTS, "a": b"newer", "again/a": b"newer"}


def test_one_bucket_behind_two_connections_is_read_and_written(waiting):
    storage = ReadingStorage(filled(OBJECTS))
    waiting.run_on(photos=storage)
    copied(waiting, waiting.copies.direct(waiting.anna, waiting.nowhere(), waiting.nowhere(), ["a"], prefix="again/"))

    assert storage.reads == ["a"]


@pytest.mark.parametrize(
    ("conflict", "state", "after"),
    [
        pytest.param(Conflict.FAIL, CopyState.FAILED, b"old", id="fail"),
        pytest.param(Conflict.SKIP, CopyState.SKIPPED, b"old", id="skip"),
        pytest.param(Conflict.OVERWRITE, CopyState.DONE, b"one", id="overwrite"),
        pytest.param(Conflict.RENAME, CopyState.DONE, b"old", id="rename"),
    ],
)
def test_a_name_that_is_taken(waiting, conflict, state, after):
    source, target = filled(OBJECTS), filled({"a": b"old"})
    waiting.run_on(here=source, there=target)
    job = waiting.copies.direct(waiting.anna, waiting.nowhere("here"), waiting.nowhere("there"), ["a"], conflict)

    assert [copy.state for copy in copied(waiting, job)] == [state]
    assert held(target)["a"] == after
    assert len(held(target)) == (2 if conflict is Conflict.RENAME else 1)


def test_a_missing_object_fails_alone(waiting):
    source, target = filled(OBJECTS), filled({})
    waiting.run_on(here=source, there=target)
    job = waiting.copies.direct(waiting.anna, waiting.nowhere("here"), waiting.nowhere("there"), ["none", "a"])

    assert [(copy.state, copy.reason) for copy in copied(waiting, job)] == [
        (CopyState.FAILED, "object_missing"),
        (CopyState.DONE, None),
    ]
    assert held(target) == {"a": b"one"}


def test_the_command_line_lists_copy_jobs(waiting):
    source, target = waiting.nowhere("here"), waiting.nowhere("there")
    waiting.copies.direct(waiting.anna, source, target, ["a"])
    waiting.copies.send(waiting.anna, target, waiting.history, waiting.wanted(waiting.filled(("a", b"1"))))
    answer = create_app(waiting.services).test_cli_runner().invoke(args=["jobs"])

    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert ["here -> there" in lines[0], "library -> there" in lines[1]] == [True, True]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        pytest.param({"keys": []}, InvalidInput, id="nothing"),
        pytest.param({"keys": ["a"] * 1001}, InvalidInput, id="too much"),
        pytest.param({"keys": ["\ud800"]}, InvalidInput, id="no text"),
        pytest.param({"keys": ["a"], "prefix": "\ud800"}, InvalidInput, id="a prefix that is no text"),
    ],
)
def test_what_cannot_be_copied_is_refused(waiting, asked, error):
    with pytest.raises(error):
        waiting.copies.direct(waiting.anna, waiting.nowhere(), waiting.nowhere(), **asked)
    assert waiting.unfinished() == []


def test_who_may_only_read_or_see_copies_nothing_there(waiting):
    place = waiting.nowhere()
    with pytest.raises(NotAllowed):
        waiting.copies.direct(replace(waiting.anna, read_only=True), place, place, ["a"])
    with pytest.raises(NotFound):
        waiting.copies.direct(waiting.people.user("bert"), place, place, ["a"])


def test_a_deleted_connection_takes_its_copies_along(waiting):
    source, target = waiting.nowhere("here"), waiting.nowhere("there")
    job = waiting.copies.direct(waiting.anna, source, target, ["a", "b"])
    other = waiting.copies.direct(waiting.anna, target, target, ["a"])
    waiting.connections.delete(waiting.anna, source.connection)

    assert {copy.state for copy in copied(waiting, job)} == {CopyState.CANCELLED}
    assert waiting.jobs.get(other.id).state == "queued"


def test_a_deleted_connection_takes_along_what_reached_it_by_an_authorization(waiting):
    connection = waiting.connection(waiting.anna)
    configs = {"connection": connection.id}, {"access_key": "a", "secret_key": "b"}
    authorized = [
        waiting.services.authorizations.create(waiting.anna, NewAuthorization(provider="aws", config=config)).number
        for config in configs
    ]
    through, other = (BucketPlace(bucket=connection.bucket, authorization=number) for number in authorized)
    lost = [through, waiting.nowhere("there")]
    jobs = [waiting.copies.direct(waiting.anna, *ends, ["a"]) for ends in (lost, lost[::-1], [other, other])]
    waiting.connections.delete(waiting.anna, connection.id)

    states = [waiting.jobs.get(job.id).state for job in jobs]
    assert states == ["cancelled", "cancelled", "queued"]


def test_a_removed_authorization_takes_its_jobs_along(waiting):
    config = {"access_key": "a", "secret_key": "b"}
    new = NewAuthorization(provider="aws", config=config)
    removed, other = (waiting.services.authorizations.create(waiting.anna, new).number for _ in range(2))
    ends = [BucketPlace(bucket="there", authorization=number) for number in (removed, other)]
    jobs = [waiting.copies.direct(waiting.anna, source, target, ["a"]) for source, target in (ends, ends[::-1])]
    kept = waiting.copies.direct(waiting.anna, ends[1], ends[1], ["a"])
    waiting.services.authorizations.remove(waiting.anna, removed)

    assert [waiting.jobs.get(job.id).state for job in (*jobs, kept)] == ["cancelled", "cancelled", "queued"]


def test_a_connection_that_leads_elsewhere_meanwhile_is_not_used(waiting, new_bucket):
    place = waiting.place(new_bucket(OBJECTS))
    job = waiting.copies.direct(waiting.anna, place, place, ["a"], prefix="again/")
    elsewhere = Changes(address={"endpoint": "http://127.0.0.1:9", "bucket": "elsewhere"})
    waiting.connections.change(waiting.anna, place.connection, elsewhere)
    waiting.run()

    assert [(copy.state, copy.reason) for copy in copied(waiting, job)] == [(CopyState.FAILED, "connection_unusable")]
    assert waiting.jobs.get(job.id).reason == "connection_unusable"
