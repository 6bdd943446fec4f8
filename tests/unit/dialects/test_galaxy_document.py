"""The OpenAPI document of the Galaxy dialect: valid in its version, and true of bodies and errors."""

import json

import pytest
from pydantic import BaseModel

from app import create_app
from app.bootstrap import build_services
from app.dialects.galaxy.bodies import EncodedId
from app.dialects.galaxy.documentation import body
from tests.support.jobs import settings_for

WITHOUT_BODY = {
    ("/api/cloud/authz/{authz_id}", "delete"),
    ("/api/configuration/toolbox", "put"),
    ("/api/histories/deleted/{history_id}/undelete", "post"),
    ("/api/jobs/{job_id}", "delete"),
    ("/api/upload/resumable_upload", "post"),
    ("/api/upload/resumable_upload/{upload_id}", "delete"),
    ("/api/upload/resumable_upload/{upload_id}", "post"),
}


class Inner(BaseModel):
    word: str | None = None


class Outer(BaseModel):
    number: EncodedId
    inner: Inner | None = None
    several: list[Inner] = []
    either: int | str | None = None


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data")))
    yield create_app(services).test_client().get("/openapi/galaxy.json").json
    services.database.close()


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]


def test_a_model_is_documented_in_the_form_of_openapi_3_0():
    given = body(Outer)
    schema = given["content"]["application/json"]["schema"]
    inner = schema["properties"]["inner"]

    assert given["required"] is True
    assert schema["required"] == ["number"]
    assert schema["properties"]["number"]["type"] == "string"
    assert (inner["nullable"], inner["type"]) == (True, "object")
    assert inner["properties"]["word"].items() >= {"type": "string", "nullable": True}.items()
    assert schema["properties"]["several"]["items"]["title"] == "Inner"
    assert schema["properties"]["either"]["anyOf"] == [{"type": "integer"}, {"type": "string"}]
    assert schema["properties"]["either"]["nullable"] is True


def test_nothing_in_the_document_is_of_a_newer_version(document):
    text = json.dumps(document)

    assert document["openapi"] == "3.0.3"
    assert '"type": "null"' not in text
    assert "$defs" not in text


def test_every_body_that_is_taken_is_documented(document):
    changing = {(path, method) for path, method, each in operations(document) if method in ("post", "put", "patch", "delete") and "requestBody" not in each}  # fmt: skip

    assert changing == WITHOUT_BODY


def test_every_error_has_the_form_of_this_dialect(document):
    seen = 0
    for path, _, each in operations(document):
        for status, answer in each["responses"].items():
            if status == "default":
                assert answer == {"$ref": "#/components/responses/DEFAULT_ERROR"}
            elif int(status) >= 400:
                assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Refusal"}, path
                seen += 1
    other = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert seen > 50
    assert other == {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
