"""Items of a history go into a bucket."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from app.copies.contract import OBJECTS_MAX, Conflict, CopyState, Wanted
from app.copies.naming import Names
from app.errors import AccessDenied, NotAllowed, NotFound, StorageFailure, StorageUnreachable
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.faulty_storage import FaultyStorage
from tests.support.storages import RecordingStorage
from tests.support.trees import bucket_objects

STAMPED = re.compile(r"_\d{6}_\d{6}")


@pytest.fixture
def target():
    return MemoryStorage(exists=True)


def content(data):
    return MemoryContent(data, 0)


def held(storage):
    """Return the objects of a storage."""
    found = {}
    for entry in storage.list():
        with storage.read(entry.key) as body:
            found[entry.key] = body.read()
    return found


def send(here, items, conflict=Conflict.RENAME, names=None):
    """Send these items into the bucket called photos, and return their copies at the end."""
    keys = names or [item.name for item in items]
    wanted = [Wanted(item.number, key) for item, key in zip(items, keys, strict=True)]
    return here.ended(here.copies.send(here.anna, here.nowhere(), here.history, wanted, conflict))


def test_items_become_objects_of_a_real_bucket(here, new_bucket, rclone):
    bucket = new_bucket()
    files = {"a.bed": b"one", "folder/b c.txt": b"two", "empty": b"", "ü\N{SNOWMAN}": b"four"}
    items = here.filled(*files.items())
    copies = here.copies.send(here.anna, here.place(bucket), here.history, here.wanted(items))

    assert [(copy.key, copy.state, copy.stored_key) for copy in copies] == [
        (name, CopyState.WAITING, None) for name in files
    ]
    copies = here.ended(copies)
    assert bucket_objects(rclone, bucket.name) == files
    assert [(copy.state, copy.stored_key, copy.size, copy.sha256) for copy in copies] == [
        (CopyState.DONE, name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    ]
    job = here.job_of(copies[0])
    assert (job.state, job.reason, job.target.rpartition("/")[2]) == ("succeeded", None, bucket.name)


def test_a_bucket_that_is_gone_fails_all_that_is_sent(here, new_bucket):
    bucket = new_bucket()
    place, items = here.place(bucket), here.filled(("a", b"1"), ("b", b"2"))
    bucket.drop()
    copies = here.ended(here.copies.send(here.anna, place, here.history, here.wanted(items)))
    bucket._client.create_bucket(Bucket=bucket.name)  # for the end of the test

    assert {(copy.state, copy.reason) for copy in copies} == {(CopyState.FAILED, "storage_missing")}
    assert all(bucket.name in copy.message for copy in copies)
    job = here.job_of(copies[0])
    assert (job.state, job.reason) == ("failed", "storage_missing")


@pytest.mark.parametrize(
    ("conflict", "state", "reason", "after"),
    [
        pytest.param(Conflict.FAIL, CopyState.FAILED, "object_exists", {"a": b"old"}, id="fail"),
        pytest.param(Conflict.SKIP, CopyState.SKIPPED, "object_exists", {"a": b"old"}, id="skip"),
        pytest.param(Conflict.OVERWRITE, CopyState.DONE, None, {"a": b"new"}, id="overwrite"),
    ],
)
def test_a_name_that_is_taken(start, target, conflict, state, reason, after):
    here = start()
    here.run_on(photos=target)
    target.write("a", content(b"old"))
    (copy,) = send(here, here.filled(("a", b"new")), conflict)

    assert (copy.state, copy.reason, bool(copy.message)) == (state, reason, reason is not None)
    assert held(target) == after


def test_a_taken_name_gets_the_time_behind_it_and_then_a_number(start, target):
    here = start()
    here.run_on(photos=target)
    items = here.filled(("rep1.bed", b"1"), ("rep1.bed", b"2"), ("rep1.bed", b"3"))
    copies = send(here, items)

    assert [copy.state for copy in copies] == [CopyState.DONE] * 3
    assert copies[0].stored_key == "rep1.bed"
    others = [copy.stored_key.removeprefix("rep1.bed") for copy in copies[1:]]
    assert STAMPED.fullmatch(others[0])
    assert len(set(others)) == 2
    assert [held(target)[copy.stored_key] for copy in copies] == [b"1", b"2", b"3"]


def test_as_many_items_of_one_name_as_a_request_may_name_get_names_within_one_second(target):
    target.write("a", content(b"old"))
    names = Names(target, lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    chosen = [names.choose("a", Conflict.RENAME) for _ in range(OBJECTS_MAX)]

    assert len(set(chosen)) == OBJECTS_MAX
    assert chosen[:2] == ["a_260102_030405", "a_260102_030405_2"]


@pytest.mark.parametrize(
    ("conflict", "states", "after"),
    [
        pytest.param(Conflict.OVERWRITE, ["done", "done", "done"], b"3", id="the last one stays"),
        pytest.param(Conflict.FAIL, ["done", "failed", "failed"], b"1", id="the first one stays, the others fail"),
        pytest.param(
            Conflict.SKIP, ["done", "skipped", "skipped"], b"1", id="the first one stays, the others are left out"
        ),
    ],
)
def test_items_of_one_name_follow_each_other(start, target, conflict, states, after):
    here = start()
    here.run_on(photos=target)
    others = [(f"other{number}", b"") for number in range(20)]
    copies = send(here, here.filled(("a", b"1"), *others, ("a", b"2"), ("a", b"3")), conflict)

    assert [copy.state for copy in copies if copy.key == "a"] == states
    assert held(target)["a"] == after
    assert len(held(target)) == 21


def test_a_name_is_free_again_when_its_first_item_could_not_be_stored(start, target):
    here, faulty = start(), FaultyStorage(target)
    here.run_on(photos=faulty)
    faulty.faults["write a"].append(StorageFailure("once"))
    first, second = send(here, here.filled(("a", b"1"), ("a", b"2")), Conflict.FAIL)

    assert (first.state, first.message) == (CopyState.FAILED, "once")
    assert (second.state, second.stored_key) == (CopyState.DONE, "a")
    assert held(target) == {"a": b"2"}


def test_a_storage_that_cannot_tell_whether_a_name_is_taken_fails_that_object(here, new_bucket):
    place = here.place(new_bucket())
    items = here.filled(("fine", b"1"), ("k" * 1030, b"2"), ("../up", b"3"), ("/lead", b"4"), ("", b"5"))
    copies = here.ended(here.copies.send(here.anna, place, here.history, here.wanted(items)))

    assert copies[0].state is CopyState.DONE
    assert copies[1].state is CopyState.FAILED
    assert copies[4].state is CopyState.FAILED
    assert all(copy.reason in ("key_refused", "storage_failure") for copy in copies if copy.state is CopyState.FAILED)
    assert here.job_of(copies[0]).state == "partial"


def test_a_key_of_1024_bytes_is_stored_and_cannot_be_renamed(start, target):
    here = start()
    here.run_on(photos=target)
    first, second = send(here, here.filled(("k" * 1024, b"1"), ("k" * 1024, b"2")))

    assert (first.state, len(first.stored_key)) == (CopyState.DONE, 1024)
    assert (second.state, second.reason) == (CopyState.FAILED, "key_refused")
    assert held(target) == {"k" * 1024: b"1"}


def test_an_error_of_the_whole_storage_ends_all_that_is_left(start, target):
    here, faulty = start(TRANSFERS_PER_JOB=1), FaultyStorage(target)
    here.run_on(photos=faulty)
    faulty.faults["write"].extend([None, StorageUnreachable("It does not answer.")])
    copies = send(here, here.filled(*((f"f{number}", b"1") for number in range(5))))

    assert [copy.state for copy in copies] == [CopyState.DONE] + [CopyState.FAILED] * 4
    assert {(copy.reason, copy.message) for copy in copies[1:]} == {("storage_unreachable", "It does not answer.")}
    job = here.job_of(copies[0])
    assert (job.state, job.reason, job.message) == ("failed", "storage_unreachable", "It does not answer.")


def test_reasons_that_differ_are_summed_up(start, target):
    here, faulty = start(TRANSFERS_PER_JOB=1), FaultyStorage(target)
    here.run_on(photos=faulty)
    faulty.faults["write"].extend([StorageFailure("one"), AccessDenied("another")])
    job = here.job_of(send(here, here.filled(("a", b"1"), ("b", b"2")))[0])

    assert (job.state, job.reason) == ("failed", "copy_failed")


def test_a_damaged_file_of_the_library_is_not_stored(start, target):
    here = start()
    here.run_on(photos=target)
    items = here.filled(("a", b"right"))
    for path in (here.services.settings.data_dir / "library" / "files").rglob("*"):
        if path.is_file():
            path.write_bytes(b"wrong")
    (copy,) = send(here, items)

    assert (copy.state, copy.reason) == (CopyState.FAILED, "file_unreadable")
    assert held(target) == {}


def test_an_item_that_was_purged_meanwhile_fails_alone(waiting, target):
    items = waiting.filled(("a", b"1"), ("b", b"2"))
    copies = waiting.copies.send(waiting.anna, waiting.nowhere(), waiting.history, waiting.wanted(items))
    waiting.library.delete_item(waiting.anna, items[0].number, purge=True)
    waiting.run_on(photos=target)

    assert [(copy.state, copy.reason) for copy in waiting.ended(copies)] == [
        (CopyState.FAILED, "not_ready"),
        (CopyState.DONE, None),
    ]
    assert held(target) == {"b": b"2"}


def test_objects_go_out_together(start, target):
    here, recording = start(), RecordingStorage(target)
    here.run_on(photos=recording)
    send(here, here.filled(*((f"f{number}", b"1") for number in range(40))))

    assert len(held(target)) == 40
    assert len(recording.changes) == 40


@pytest.mark.parametrize("mine", [True, False], ids=["of another history", "of nobody"])
def test_items_of_elsewhere_are_not_sent(waiting, mine):
    number = waiting.filled(("a", b""), history=waiting.history_of(waiting.anna))[0].number if mine else 77
    with pytest.raises(NotFound):
        waiting.copies.send(waiting.anna, waiting.nowhere(), waiting.history, [Wanted(number, "a")])
    assert waiting.unfinished() == []


def test_a_history_of_somebody_else_is_not_sent(waiting):
    bert = waiting.people.user("bert")
    history = waiting.history_of(bert)
    items = waiting.filled(("a", b"1"), caller=bert, history=history)
    with pytest.raises(NotAllowed):
        waiting.copies.send(waiting.anna, waiting.nowhere(), history, waiting.wanted(items))


def test_nothing_to_send_is_no_job(waiting):
    assert waiting.copies.send(waiting.anna, waiting.nowhere(), waiting.history, []) == []
    assert waiting.unfinished() == []


def test_who_may_only_see_a_connection_sends_nothing_there(waiting):
    owner = waiting.people.user("max", lab="maintainer")
    supervisor = waiting.people.user("susi", lab="supervisor")
    connection = waiting.connection(owner, organisation_id=waiting.people.organisation("lab"))
    history = waiting.history_of(supervisor)
    items = waiting.filled(("a", b"1"), caller=supervisor, history=history)
    place = waiting.nowhere().__class__(bucket="photos", connection=connection.id)

    with pytest.raises(NotAllowed, match="into it"):
        waiting.copies.send(supervisor, place, history, waiting.wanted(items))


def test_two_jobs_for_one_bucket_wait_for_each_other_only_where_their_names_meet(waiting):
    items = waiting.filled(("a/1", b""), ("a/2", b""), ("b/1", b""))
    place = waiting.nowhere()
    for chosen in (items[:2], items[2:], items[:1]):
        waiting.copies.send(waiting.anna, place, waiting.history, waiting.wanted(chosen))

    assert [job.target_prefix for job in waiting.unfinished()] == ["a/", "b/1", "a/1"]
