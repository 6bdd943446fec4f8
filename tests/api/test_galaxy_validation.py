"""What the Galaxy dialect says to bodies of get and send that are none: the rows of Galaxy 24.1, word for word."""

import json
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.galaxy import UNKNOWN, World

GET, SEND = "/api/cloud/storage/get", "/api/cloud/storage/send"


@pytest.fixture(scope="module")
def world(service, rclone):
    with closing(Bucket(rclone, "galaxy-validation")) as bucket:
        yield World(service, bucket)


def refused(answer):
    """Return the code and the text of a body that is refused, having looked at its form."""
    body = answer.json()
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert list(body) == ["err_msg", "err_code", "validation_errors"]
    errors = [json.loads(error) for error in body["validation_errors"]]
    assert [list(error) for error in errors] == [["type", "loc", "msg", "input"]] * len(errors)
    assert body["err_msg"].split("\n") == [f"{error['msg']} in {tuple(error['loc'])}" for error in errors]
    return body["err_code"], body["err_msg"]


def missing(*fields):
    return "\n".join(f"Field required in ('body', '{field}')" for field in fields)


CHANGES = [
    pytest.param(GET, {"objects": "x"}, "Input should be a valid list in ('body', 'objects')", id="objects is a text"),
    pytest.param(GET, {"objects": {}}, "Input should be a valid list in ('body', 'objects')", id="objects is an object"),
    pytest.param(GET, {"objects": None}, "Input should be a valid list in ('body', 'objects')", id="objects is null"),
    pytest.param(GET, {"objects": ["a", 1]}, "Input should be a valid string in ('body', 'objects', 1)", id="an object is a number"),
    pytest.param(GET, {"bucket": None}, "Input should be a valid string in ('body', 'bucket')", id="bucket is null"),
    pytest.param(GET, {"history_id": "a" * 15}, "Value error, Invalid id length, must be multiple of 16 in ('body', 'history_id')", id="an id of 15 characters"),
    pytest.param(GET, {"history_id": "z" * 16}, "Value error, Invalid characters in encoded ID in ('body', 'history_id')", id="an id of other characters"),
    pytest.param(GET, {"history_id": ""}, "Value error, Invalid characters in encoded ID in ('body', 'history_id')", id="an empty id"),
    pytest.param(GET, {"history_id": 5}, "Assertion failed,  in ('body', 'history_id')", id="an id is a number"),
    pytest.param(GET, {"authz_id": None}, "Assertion failed,  in ('body', 'authz_id')", id="an id is null"),
    pytest.param(GET, {"authz_id": "abc"}, "Value error, Invalid id length, must be multiple of 16 in ('body', 'authz_id')", id="an authz id of 3 characters"),
    pytest.param(GET, {"input_args": {"dbkey": 5}}, "Input should be a valid string in ('body', 'input_args', 'dbkey')", id="a genome is a number"),
    pytest.param(SEND, {"dataset_ids": ["abc"]}, "Value error, Invalid id length, must be multiple of 16 in ('body', 'dataset_ids', 0)", id="a dataset id of 3 characters"),
    pytest.param(SEND, {"dataset_ids": "f2db41e1fa331b3e"}, "Input should be a valid list in ('body', 'dataset_ids')", id="dataset_ids is a text"),
    pytest.param(SEND, {"overwrite_existing": "maybe"}, "Input should be a valid boolean, unable to interpret input in ('body', 'overwrite_existing')", id="overwrite is neither"),
    pytest.param(SEND, {"bucket": 5}, "Input should be a valid string in ('body', 'bucket')", id="bucket is a number"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "change", "text"), CHANGES)
def test_a_field_that_is_wrong_is_named(world, path, change, text):
    body = world.body(objects=[]) | change

    assert refused(world.galaxy.call("POST", path, json=body)) == (400008, text)


ABSENT = [
    pytest.param(GET, {}, missing("history_id", "bucket", "objects", "authz_id"), id="get, nothing"),
    pytest.param(SEND, {}, missing("history_id", "bucket", "authz_id"), id="send, nothing"),
    pytest.param(GET, {"bucket": "b", "objects": []}, missing("history_id", "authz_id"), id="get, no ids"),
    pytest.param(
        GET, {"bucket": 5, "objects": []}, "\n".join((missing("history_id"), "Input should be a valid string in ('body', 'bucket')", missing("authz_id"))),
        id="something is missing and something wrong",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "text"), ABSENT)
def test_all_that_is_missing_is_told_at_once(world, path, body, text):
    assert refused(world.galaxy.call("POST", path, json=body)) == (400007, text)


NO_OBJECT = "Input should be a valid dictionary or object to extract fields from in ('body',)"
JSON = "application/json"

BODIES = [
    pytest.param("", JSON, 400007, "Field required in ('body',)", id="empty"),
    pytest.param("[]", JSON, 400008, NO_OBJECT, id="a list"),
    pytest.param("null", JSON, 400008, NO_OBJECT, id="null"),
    pytest.param("5", JSON, 400008, NO_OBJECT, id="a number"),
    pytest.param("bucket=b", "application/x-www-form-urlencoded", 400008, NO_OBJECT, id="a form"),
    pytest.param("{", JSON, 400008, "JSON decode error in ('body', 1)", id="broken"),
    pytest.param('{"a": 1,}', JSON, 400008, "JSON decode error in ('body', 8)", id="broken later"),
    pytest.param('{"a": NaN}', JSON, 400008, "JSON decode error in ('body', 0)", id="what no JSON has"),
    pytest.param('{"bucket": "\\ud800"}', JSON, 400008, "JSON decode error in ('body', 0)", id="half a character"),
    pytest.param("[" * 100_000, JSON, 400008, "JSON decode error in ('body', 0)", id="nested too deeply"),
]


@pytest.mark.parametrize("path", [GET, SEND], ids=["get", "send"])
@pytest.mark.parametrize(("body", "kind", "code", "text"), BODIES)
def test_a_body_that_cannot_be_read_is_refused(world, path, body, kind, code, text):
    answer = world.galaxy.call("POST", path, data=body, headers={"Content-Type": kind})

    assert refused(answer) == (code, text)


IDS = [
    pytest.param(GET, {"history_id": UNKNOWN, "objects": []}, id="a history"),
    pytest.param(GET, {"authz_id": UNKNOWN, "objects": []}, id="an authorization"),
    pytest.param(SEND, {"dataset_ids": [UNKNOWN]}, id="a dataset"),
]


@pytest.mark.parametrize(("path", "change"), IDS)
def test_an_id_that_deciphers_to_nothing_is_told_apart(world, path, change):
    answer = world.galaxy.call("POST", path, json=world.body() | change)

    assert answer.status_code == 400
    assert answer.json() == {"err_msg": f"Wrong  id ( {UNKNOWN} ) specified, unable to decode.", "err_code": 400009}


def test_unknown_fields_are_ignored(world):
    answer = world.get(unknown=5, overwrite_existing="maybe")

    assert (answer.status_code, answer.json()) == (200, [])


def test_an_id_may_be_in_capitals(world):
    assert world.get(history_id=world.history_id.upper()).status_code == 200


LAX = [True, "true", "True", "yes", "on", "1", 1, "t", "y", False, "false", "off", "no", 0, "0", "f", "n", None]


@pytest.mark.parametrize("value", LAX, ids=repr)
def test_what_pydantic_reads_as_a_boolean_is_one(world, value):
    answer = world.sent(overwrite_existing=value)

    assert answer == {"sent_dataset_labels": [], "bucket_name": world.bucket.name, "failed_dataset_labels": []}


@pytest.mark.parametrize("path", [GET, SEND], ids=["get", "send"])
def test_another_method_is_refused_with_what_is_taken(world, path):
    answer = world.galaxy.call("GET", path)

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert set(answer.json()) == {"err_msg", "err_code"}
