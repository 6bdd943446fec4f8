"""What is wrong with a body, in the words of Galaxy 24.1: the table of its contract, row by row."""

import json
from types import SimpleNamespace

import pytest
from flask import Flask, jsonify
from pydantic import BaseModel

from app.dialects.galaxy.bodies import ERRORS_MAX, EncodedId, decoded, read_body, read_optional_body
from app.settings import Settings
from app.web.services import attach

ID = "f2db41e1fa331b3e"
WHOLE = {"history_id": ID, "bucket": "b", "objects": ["k"], "authz_id": ID}
RUBBISH = "0123456789abcdef"


class Body(BaseModel):
    history_id: EncodedId
    bucket: str
    objects: list[str]
    authz_id: EncodedId
    dataset_ids: list[EncodedId] | None = None
    overwrite_existing: bool = False


class Optional(BaseModel):
    name: str | None = None


@pytest.fixture(scope="module")
def client():
    app = Flask(__name__)
    attach(app, SimpleNamespace(settings=Settings.load({})))
    app.add_url_rule("/body", "body", lambda: jsonify(read_body(Body).model_dump()), methods=["POST"])
    app.add_url_rule("/optional", "optional", lambda: jsonify(read_optional_body(Optional).name), methods=["POST"])
    app.add_url_rule("/of/<text>", "of", lambda text: jsonify(decoded(text, "history")))
    return app.test_client()


def faults(answer, code):
    assert answer.status_code == 400
    assert answer.json["err_code"] == code
    found = [json.loads(text) for text in answer.json["validation_errors"]]
    assert all(list(fault) == ["type", "loc", "msg", "input"] for fault in found)
    assert answer.json["err_msg"].split("\n") == [f"{fault['msg']} in {tuple(fault['loc'])}" for fault in found]
    return answer.json["err_msg"]


def test_a_body_is_read_and_what_nobody_knows_is_ignored(client):
    given = WHOLE | {"dataset_ids": [ID], "overwrite_existing": "yes", "else": 1}

    assert client.post("/body", json=given).json == {
        "history_id": 1, "bucket": "b", "objects": ["k"], "authz_id": 1, "dataset_ids": [1], "overwrite_existing": True,
    }  # fmt: skip


NO_BOOLEAN = "Input should be a valid boolean, unable to interpret input in ('body', 'overwrite_existing')"
NO_OBJECT = "Input should be a valid dictionary or object to extract fields from in ('body',)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"objects": "x"}, "Input should be a valid list in ('body', 'objects')", id="text for a list"),
        pytest.param({"objects": [1]}, "Input should be a valid string in ('body', 'objects', 0)", id="a number in a list"),
        pytest.param({"bucket": None}, "Input should be a valid string in ('body', 'bucket')", id="null for text"),
        pytest.param({"history_id": ID[:-1]}, "Value error, Invalid id length, must be multiple of 16 in ('body', 'history_id')", id="15 characters"),
        pytest.param({"history_id": "z" * 16}, "Value error, Invalid characters in encoded ID in ('body', 'history_id')", id="no hexadecimal digits"),
        pytest.param({"history_id": ""}, "Value error, Invalid characters in encoded ID in ('body', 'history_id')", id="empty id"),
        pytest.param({"history_id": 1}, "Assertion failed,  in ('body', 'history_id')", id="a number for an id"),
        pytest.param({"dataset_ids": ["abc"]}, "Value error, Invalid id length, must be multiple of 16 in ('body', 'dataset_ids', 0)", id="an id in a list"),
        pytest.param({"overwrite_existing": "maybe"}, NO_BOOLEAN, id="no boolean"),
        pytest.param({"bucket": "\ud800"}, "JSON decode error in ('body', 0)", id="half a character"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_named_in_galaxys_words(client, given, said):
    body = json.dumps(WHOLE | given)
    answer = client.post("/body", data=body, content_type="application/json")

    assert faults(answer, 400008) == said


def test_all_that_is_missing_is_named_at_once(client):
    said = faults(client.post("/body", json={}), 400007)

    assert said.split("\n") == [f"Field required in ('body', '{name}')" for name in WHOLE]


def test_what_is_missing_decides_the_code_beside_other_faults(client):
    given = {name: value for name, value in WHOLE.items() if name != "bucket"} | {"objects": "x"}

    assert len(faults(client.post("/body", json=given), 400007).split("\n")) == 2


@pytest.mark.parametrize(
    ("content", "media_type", "code", "said"),
    [
        pytest.param(b"", "application/json", 400007, "Field required in ('body',)", id="nothing"),
        pytest.param(b"[]", "application/json", 400008, NO_OBJECT, id="a list"),
        pytest.param(b'"x"', "application/json", 400008, NO_OBJECT, id="text"),
        pytest.param(b"null", "application/json", 400008, NO_OBJECT, id="null"),
        pytest.param(b"a=b", "application/x-www-form-urlencoded", 400008, NO_OBJECT, id="a form"),
        pytest.param(b"\xff\x00", "text/plain", 400008, NO_OBJECT, id="bytes"),
        pytest.param(b"{", "application/json", 400008, "JSON decode error in ('body', 1)", id="broken JSON"),
        pytest.param(b"{", "", 400008, "JSON decode error in ('body', 1)", id="broken, of no type"),
        pytest.param(b"\xff{}", "application/json", 400008, "JSON decode error in ('body', 0)", id="no UTF-8"),
        pytest.param(b'{"a": NaN}', "application/json", 400008, "JSON decode error in ('body', 0)", id="not a number"),
        pytest.param(b"1" * 5000, "application/json", 400008, "JSON decode error in ('body', 0)", id="too many digits"),
        pytest.param(b"[" * 100_000, "application/json", 400008, "JSON decode error in ('body', 0)", id="too deep"),
    ],
)
def test_what_is_no_object_is_refused(client, content, media_type, code, said):
    answer = client.post("/body", data=content, headers={"Content-Type": media_type} if media_type else {})

    assert faults(answer, code) == said


def test_an_id_that_deciphers_to_rubbish_has_a_code_of_its_own(client):
    answer = client.post("/body", json=WHOLE | {"history_id": RUBBISH})

    assert answer.status_code == 400
    assert answer.json == {
        "err_msg": f"Wrong  id ( {RUBBISH} ) specified, unable to decode.",
        "err_code": 400009,
    }


def test_faults_without_end_are_told_as_far_as_a_person_reads(client):
    answer = client.post("/body", json=WHOLE | {"objects": [1] * 10_000, "bucket": ["x" * 100_000]})

    assert len(answer.json["validation_errors"]) == ERRORS_MAX
    assert len(answer.data) < 100_000


def test_a_body_that_may_be_left_out_is_an_empty_one_then(client):
    assert client.post("/optional").json is None
    assert client.post("/optional", json={"name": "x"}).json == "x"
    assert faults(client.post("/optional", json={"name": 1}), 400008)


def test_an_id_in_an_address_is_read_or_refused(client):
    assert client.get(f"/of/{ID}").json == 1
    answer = client.get("/of/nonexistent_id")
    assert (answer.status_code, answer.json) == (
        400,
        {"err_msg": "Malformed history id ( nonexistent_id ) specified, unable to decode", "err_code": 400009},
    )
