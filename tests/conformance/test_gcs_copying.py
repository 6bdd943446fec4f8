"""Copies by a server as strict as Google: in rounds, of one version, and what is no copy."""

import uuid
from contextlib import closing

import pytest

from app.errors import AccessDenied, FileChanged, ObjectMissing, StorageFailure, StorageUnreachable
from app.storages.gcs.storage import GcsStorage
from tests.conformance.subjects import gcs_address
from tests.support.gcs_answers import Answer
from tests.support.gcs_fake import PERMISSIONS
from tests.support.gcs_model import Bucket


@pytest.fixture
def bucket(fake_gcs):
    name = "b" + uuid.uuid4().hex
    fake_gcs.buckets[name] = bucket = Bucket(name)
    bucket.put("source", b"0123456789", {"contentType": "text/x-odd", "metadata": {"colour": "blue"}}, {})
    bucket.put("old", b"old", {}, {})
    return bucket


@pytest.fixture
def storage(fake_gcs, bucket):
    with closing(GcsStorage(gcs_address(fake_gcs, bucket.name), connections=4)) as storage:
        yield storage


def rounds(fake):
    return [seen for seen in fake.seen if "/rewriteTo/" in seen.path]


def of_a_copy(answer):
    """Trouble for requests to copy, and for no others."""
    return lambda seen: answer if "/rewriteTo/" in seen.path else None


def test_what_is_kept_beside_an_object_goes_along(bucket, storage):
    entry = storage.copy("source", "folder/copy")
    made = bucket.objects["folder/copy"]
    assert (made.data, made.properties["contentType"], made.properties["metadata"]) == (
        b"0123456789",
        "text/x-odd",
        {"colour": "blue"},
    )
    assert entry == storage.stat("folder/copy")


@pytest.mark.parametrize(("at_once", "asked"), [(100, 1), (10, 1), (9, 2), (4, 3), (1, 10)])
def test_a_copy_takes_as_many_rounds_as_the_server_wants(fake_gcs, bucket, storage, at_once, asked):
    bucket.rewritten_at_once = at_once
    assert storage.copy("source", "copy").size == 10
    assert bucket.objects["copy"].data == b"0123456789"
    assert len(rounds(fake_gcs)) == asked
    assert not [seen for seen in fake_gcs.seen if seen.query.get("alt") == "media"]


def test_what_passes_between_two_rounds_is_survived(fake_gcs, bucket, storage):
    bucket.rewritten_at_once = 4
    troubles = iter([None, "drop", Answer(503, {}, b""), None])
    fake_gcs.trouble = lambda seen: next(troubles, None) if "/rewriteTo/" in seen.path else None
    assert storage.copy("source", "old").size == 10
    assert bucket.objects["old"].data == b"0123456789"


def test_a_source_that_is_replaced_between_two_rounds_is_told(fake_gcs, bucket, storage):
    bucket.rewritten_at_once = 4

    def trouble(seen):
        if "rewriteToken" in seen.query:
            bucket.put("source", b"newer one.", {}, {})

    fake_gcs.trouble = trouble
    with pytest.raises(FileChanged):
        storage.copy("source", "old")
    assert bucket.objects["old"].data == b"old"


def test_a_source_that_goes_away_between_two_rounds_is_missing(fake_gcs, bucket, storage):
    bucket.rewritten_at_once = 4

    def trouble(seen):
        if "rewriteToken" in seen.query:
            bucket.objects.pop("source", None)

    fake_gcs.trouble = trouble
    with pytest.raises(ObjectMissing):
        storage.copy("source", "old")
    assert bucket.objects["old"].data == b"old"


def test_a_server_that_copies_nothing_changes_nothing(fake_gcs, bucket, storage):
    fake_gcs.knows_rewriting = False
    assert storage.copy("source", "old") is None
    with pytest.raises(ObjectMissing):
        storage.copy("none", "old")
    assert bucket.objects["old"].data == b"old"


def test_a_damaged_copy_is_taken_away_again(bucket, storage):
    bucket.damages, bucket.compares = True, False
    with pytest.raises(StorageFailure, match="damaged"):
        storage.copy("source", "copy")
    assert "copy" not in bucket.objects


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Answer(200, {}, b"<html>"), StorageUnreachable, id="a page"),
        pytest.param(Answer(200, {}, b'{"done": false}'), StorageUnreachable, id="nothing to go on with"),
        pytest.param(Answer(200, {}, b'{"done": true}'), StorageUnreachable, id="done, and no object"),
        pytest.param(Answer(200, {}, b'{"done": true, "resource": {"name": 1}}'), StorageUnreachable, id="no object"),
        pytest.param(Answer(412, {}, b""), FileChanged, id="another version"),
        pytest.param(Answer(507, {}, b""), StorageFailure.__base__, id="full"),
    ],
)
def test_an_answer_that_is_no_copy_is_no_success(fake_gcs, bucket, storage, answer, error):
    fake_gcs.trouble = of_a_copy(answer)
    with pytest.raises(error):
        storage.copy("source", "old")
    assert bucket.objects["old"].data == b"old"


def test_another_object_than_was_asked_for_is_no_copy(fake_gcs, bucket, storage):
    told = b'{"done": true, "resource": {"name": "other", "size": "10", "generation": "7", "timeCreated": "2024-01-01T00:00:00Z"}}'
    fake_gcs.trouble = of_a_copy(Answer(200, {}, told))
    with pytest.raises(StorageFailure):
        storage.copy("source", "old")
    assert bucket.objects["old"].data == b"old"


@pytest.mark.parametrize("verb", ["get", "create", "delete"])
def test_who_may_not_read_write_or_replace_does_not_copy_onto_an_object(fake_gcs, bucket, storage, verb):
    fake_gcs.allowed = PERMISSIONS - {f"storage.objects.{verb}"}
    with pytest.raises(AccessDenied):
        storage.copy("source", "old")
    assert bucket.objects["old"].data == b"old"
