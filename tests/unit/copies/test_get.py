"""Objects of a bucket come into a history."""

import gzip
import hashlib
from dataclasses import replace

import pytest

from app.copies.contract import OBJECTS_MAX, BucketPlace, Conversion, CopyState, KeyUnavailable
from app.errors import (
    FileChanged,
    InvalidInput,
    KeyRefused,
    NotAllowed,
    NotFound,
    ObjectMissing,
    StorageMissing,
    StorageUnreachable,
    TooManyJobs,
)
from app.library.contract import CollectionKind, ItemQuery, ItemState
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.faulty_storage import FaultyStorage

OBJECTS = {"a.bed": b"chr1\t1\t2\n", "folder/b c.txt": b"second", "empty": b""}


def items_of(here):
    return here.library.items(here.anna, ItemQuery(collection_number=here.history))


def test_objects_become_items_in_the_order_asked_for(here, new_bucket):
    bucket = new_bucket(OBJECTS)
    keys = ["folder/b c.txt", "empty", "a.bed"]
    items = here.copies.get(here.anna, here.place(bucket), here.history, keys, attributes={"dbkey": "hg38"})

    assert [(item.name, item.state, item.position) for item in items] == [
        ("folder/b c.txt", ItemState.WAITING, 1),
        ("empty", ItemState.WAITING, 2),
        ("a.bed", ItemState.WAITING, 3),
    ]
    arrived = here.arrived(items)
    assert [here.data(item) for item in arrived] == [OBJECTS[key] for key in keys]
    assert {item.state for item in arrived} == {ItemState.READY}
    assert [item.attributes for item in arrived] == [{"dbkey": "hg38"}] * 3
    assert (arrived[0].file_type, arrived[2].file_type) == ("txt", "bed")
    assert here.leftovers() == []


def test_one_request_is_one_job_with_a_copy_and_a_step_for_each_object(here, new_bucket):
    items = here.copies.get(here.anna, here.place(new_bucket(OBJECTS)), here.history, list(OBJECTS))
    copies = here.ended([here.made_by(item) for item in items])
    job = here.job_of(copies[0])

    assert {copy.job_id for copy in copies} == {job.id}
    assert [(copy.source, copy.state, copy.size, copy.sha256) for copy in copies] == [
        (key, CopyState.DONE, len(data), hashlib.sha256(data).hexdigest()) for key, data in OBJECTS.items()
    ]
    assert (job.kind, job.state, job.reason, job.message, job.owner_id) == (
        "copy",
        "succeeded",
        None,
        "3 copied.",
        here.anna.user_id,
    )
    steps = [step.record for step in here.jobs.steps(job.id)]
    assert sorted((step.action, step.key, step.status, step.size) for step in steps) == sorted(
        ("copy", key, "done", len(data)) for key, data in OBJECTS.items()
    )
    assert job.progress["planned"] == {"uploads": 3, "deletes": 0, "bytes": 15, "complete": True}
    assert job.progress["done"] == {"uploads": 3, "deletes": 0, "bytes": 15}
    assert job.progress["eta_seconds"] == 0


def test_no_object_is_no_job(waiting, new_bucket):
    assert waiting.copies.get(waiting.anna, waiting.place(new_bucket()), waiting.history, []) == []
    assert waiting.unfinished() == []


def test_a_missing_object_is_told_of_and_those_before_it_come(here, new_bucket):
    place = here.place(new_bucket(OBJECTS))
    with pytest.raises(KeyUnavailable) as raised:
        here.copies.get(here.anna, place, here.history, ["a.bed", "nothing", "empty", "nor this"])

    assert (raised.value.key, type(raised.value.found)) == ("nothing", ObjectMissing)
    assert [(item.name, item.state) for item in here.arrived(items_of(here))] == [("a.bed", ItemState.READY)]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param("../a.bed", id="leads outside"),
        pytest.param("/a.bed", id="begins with a slash"),
        pytest.param("k" * 1025, id="too long"),
        pytest.param("\ud800", id="no text"),
        pytest.param("a\0b", id="a NUL"),
    ],
)
def test_a_key_that_no_object_can_have_is_not_there(waiting, new_bucket, key):
    place = waiting.place(new_bucket(OBJECTS))
    with pytest.raises(KeyUnavailable) as raised:
        waiting.copies.get(waiting.anna, place, waiting.history, [key])

    assert isinstance(raised.value.found, (ObjectMissing, KeyRefused))
    assert items_of(waiting) == []


def test_a_missing_bucket_is_told_of_before_any_object(waiting, new_bucket):
    bucket = new_bucket()
    place = waiting.place(bucket)
    gone = replace(
        place, connection=waiting.connection(waiting.anna, bucket.server, "no-such-bucket").id, bucket="no-such-bucket"
    )

    with pytest.raises(StorageMissing):
        waiting.copies.get(waiting.anna, gone, waiting.history, ["a"])
    with pytest.raises(StorageUnreachable):
        waiting.copies.get(waiting.anna, waiting.nowhere(), waiting.history, ["a"])
    assert waiting.unfinished() == []


def foreign_history(here):
    return {"collection_number": here.history_of(here.people.user("bert"))}


def deleted_history(here):
    here.library.delete_collection(here.anna, here.history)
    return {}


def foreign_connection(here):
    bert = here.people.user("bert")
    return {"place": BucketPlace(bucket="photos", connection=here.connection(bert).id)}


REFUSED = [
    pytest.param(lambda _: {"collection_number": 99}, NotFound, id="no such history"),
    pytest.param(lambda _: {"collection_number": 2**70}, NotFound, id="a number that no history can have"),
    pytest.param(foreign_history, NotAllowed, id="somebody else's history"),
    pytest.param(deleted_history, InvalidInput, id="a deleted history"),
    pytest.param(foreign_connection, NotFound, id="somebody else's connection"),
    pytest.param(lambda _: {"place": BucketPlace(bucket="b")}, InvalidInput, id="neither connection nor authorization"),
    pytest.param(
        lambda _: {"place": BucketPlace(bucket="b", authorization=1, connection="c")}, InvalidInput, id="both"
    ),
    pytest.param(lambda here: {"place": replace(here.nowhere(), bucket="another")}, InvalidInput, id="another bucket"),
    pytest.param(lambda _: {"place": BucketPlace(bucket="b", authorization=7)}, NotFound, id="no such authorization"),
    pytest.param(lambda _: {"keys": ["k"] * (OBJECTS_MAX + 1)}, InvalidInput, id="too many objects"),
    pytest.param(
        lambda here: {"caller": replace(here.anna, read_only=True)}, NotAllowed, id="a key that may only read"
    ),
    pytest.param(lambda here: {"caller": here.people.user("wim", "worker")}, NotAllowed, id="a worker"),
]


@pytest.mark.parametrize(("refused", "error"), REFUSED)
def test_what_may_not_be_is_refused_before_anything_is_made(waiting, refused, error):
    asked = {"caller": waiting.anna, "place": waiting.nowhere(), "collection_number": waiting.history, "keys": ["a"]}
    with pytest.raises(error):
        waiting.copies.get(**asked | refused(waiting))
    assert waiting.unfinished() == []


def test_a_full_queue_leaves_no_item_behind(start, new_bucket):
    here = start(JOBS_QUEUED_LIMIT=1)
    place = here.place(new_bucket(OBJECTS))
    here.copies.get(here.anna, place, here.history, ["a.bed"])
    with pytest.raises(TooManyJobs):
        here.copies.get(here.anna, place, here.history, ["empty"])

    assert [item.name for item in items_of(here)] == ["a.bed"]


@pytest.mark.parametrize(
    ("data", "conversion", "kept"),
    [
        pytest.param(b"a \r\nb", Conversion(), b"a \r\nb", id="nothing"),
        pytest.param(b"a \r\nb", Conversion(posix_lines=True), b"a \nb\n", id="line ends"),
        pytest.param(b"a  b\n", Conversion(tabs=True), b"a\tb\n", id="tabs"),
        pytest.param(gzip.compress(b"text\n"), Conversion(decompress=True), b"text\n", id="unpacked"),
    ],
)
def test_files_are_changed_as_was_asked_for(here, new_bucket, data, conversion, kept):
    items = here.copies.get(here.anna, here.place(new_bucket({"a": data})), here.history, ["a"], conversion)

    assert here.data(here.arrived(items)[0]) == kept
    assert here.leftovers() == []


def test_a_type_that_was_given_is_kept(here, new_bucket):
    place = here.place(new_bucket(OBJECTS))
    items = here.copies.get(here.anna, place, here.history, ["a.bed"], Conversion(file_type="interval"))

    assert items[0].file_type == here.arrived(items)[0].file_type == "interval"


def test_an_object_that_went_away_meanwhile_fails_alone(waiting, new_bucket):
    bucket = new_bucket(OBJECTS)
    items = waiting.copies.get(waiting.anna, waiting.place(bucket), waiting.history, list(OBJECTS))
    bucket.delete("folder/b c.txt")
    waiting.run()
    arrived = waiting.arrived(items)

    assert [item.state for item in arrived] == [ItemState.READY, ItemState.FAILED, ItemState.READY]
    failed = waiting.made_by(arrived[1])
    assert (failed.state, failed.reason, failed.message) == (CopyState.FAILED, "object_missing", arrived[1].message)
    job = waiting.job_of(failed)
    assert (job.state, job.reason) == ("partial", "object_missing")
    assert job.message == "2 copied, 1 failed. What failed is listed by /steps."


def test_a_bucket_that_went_away_meanwhile_fails_all(waiting, new_bucket):
    bucket = new_bucket(OBJECTS)
    items = waiting.copies.get(waiting.anna, waiting.place(bucket), waiting.history, list(OBJECTS))
    bucket.drop()
    waiting.run()
    arrived = waiting.arrived(items)
    bucket._client.create_bucket(Bucket=bucket.name)  # for the end of the test

    assert {item.state for item in arrived} == {ItemState.FAILED}
    assert all(item.message for item in arrived)
    job = waiting.job_of(waiting.made_by(items[0]))
    assert (job.state, job.reason) == ("failed", "storage_missing")


def test_what_exceeds_the_quota_fails_and_the_others_come(start, new_bucket):
    here = start(LIBRARY_QUOTA="20", TRANSFERS_PER_JOB=1)
    here.run()
    bucket = new_bucket({"one": b"1" * 12, "two": b"2" * 12, "three": b"3" * 8})
    arrived = here.arrived(here.copies.get(here.anna, here.place(bucket), here.history, ["one", "two", "three"]))

    assert [item.state for item in arrived] == [ItemState.READY, ItemState.FAILED, ItemState.READY]
    copy = here.made_by(arrived[1])
    assert copy.reason == "quota_exceeded"
    assert here.job_of(copy).reason == "quota_exceeded"
    assert here.leftovers() == []


def test_a_replaced_object_comes_as_it_is_when_it_is_read(waiting, new_bucket):
    bucket = new_bucket({"a": b"short"})
    items = waiting.copies.get(waiting.anna, waiting.place(bucket), waiting.history, ["a"])
    bucket.put({"a": b"a longer one"})
    waiting.run()

    assert waiting.data(waiting.arrived(items)[0]) == b"a longer one"


def test_a_purged_item_is_not_filled_and_its_copy_is_cancelled(waiting, new_bucket):
    items = waiting.copies.get(waiting.anna, waiting.place(new_bucket(OBJECTS)), waiting.history, ["a.bed", "empty"])
    copy = waiting.made_by(items[0])
    waiting.library.delete_item(waiting.anna, items[0].number, purge=True)
    waiting.run()

    (ended,) = waiting.ended([copy])
    assert (ended.state, ended.size) == (CopyState.CANCELLED, 0)
    assert waiting.library.item(waiting.anna, items[1].number).state is ItemState.READY


def test_a_history_of_another_kind_is_none(waiting):
    dataset = waiting.library.create_collection(waiting.anna, CollectionKind.DATASET, "d").number
    with pytest.raises(NotFound):
        waiting.copies.get(waiting.anna, waiting.nowhere(), dataset, ["a"])


@pytest.mark.parametrize(
    ("times", "state", "reason"),
    [
        pytest.param(2, CopyState.DONE, None, id="twice"),
        pytest.param(3, CopyState.FAILED, "file_changed", id="again and again"),
    ],
)
def test_an_object_that_changes_while_it_is_read_is_read_anew(waiting, new_bucket, times, state, reason):
    bucket = new_bucket(OBJECTS)
    items = waiting.copies.get(waiting.anna, waiting.place(bucket), waiting.history, ["a.bed"])
    storage = MemoryStorage(exists=True)
    storage.write("a.bed", MemoryContent(b"whole", 0))
    faulty = FaultyStorage(storage)
    faulty.faults["read"].extend([FileChanged("torn")] * times)
    waiting.run_on(**{bucket.name: faulty})

    (ended,) = waiting.ended([waiting.made_by(items[0])])
    assert (ended.state, ended.reason) == (state, reason)
    assert waiting.leftovers() == []
