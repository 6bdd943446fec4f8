"""The OpenAPI documents of all dialects: each says of every answer what it is made of."""

import pytest

from app import create_app
from app.bootstrap import build_services
from tests.support.jobs import settings_for

DOCUMENTS = ("sync", "account", "webhooks", "cval", "cvat", "galaxy", "aion")

OWN = "#/components/schemas/Error"
REFUSALS = {"sync": OWN, "account": OWN, "webhooks": OWN, "cval": "#/components/schemas/Refusal", "galaxy": "#/components/schemas/Refusal"}  # fmt: skip
"""The form of the errors of a document, where it is one form."""

WITHOUT_BYTES = {
    ("galaxy", "post", "/api/upload/resumable_upload", "201"): "tus answers by headers",
    ("galaxy", "head", "/api/upload/resumable_upload/{upload_id}", "200"): "HEAD",
}
"""Answers of 2xx that have no body, besides those with 204; and why."""


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data")))
    client = create_app(services).test_client()
    yield {name: client.get(f"/openapi/{name}.json").json for name in DOCUMENTS}
    services.database.close()


def answers(documents):
    """Yield every answer of every operation of every document, references followed."""
    for name, document in documents.items():
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if method != "parameters":
                    for status, told in operation["responses"].items():
                        yield (name, method, path, status), _followed(document, told)


def _followed(document, told):
    while "$ref" in told:
        for part in told["$ref"].split("/"):
            told = document if part == "#" else told[part]
    return told


def test_every_answer_has_a_media_type_and_a_schema_or_no_bytes(documents):
    bare = {
        place
        for place, told in answers(documents)
        if not told.get("content") or not all(each.get("schema") for each in told["content"].values())
    }

    assert {place for place in bare if place[3] != "204"} == {*WITHOUT_BYTES}


def test_there_is_a_document_for_every_dialect_and_no_other(documents, tmp_path):
    services = build_services(settings_for(tmp_path))
    rules = [rule.rule for rule in create_app(services).url_map.iter_rules() if rule.rule.startswith("/openapi/")]
    services.database.close()

    assert sorted(rules) == sorted(f"/openapi/{name}.json" for name in documents)


def test_every_error_has_the_form_of_its_dialect(documents):
    for (name, method, path, status), told in answers(documents):
        if name in REFUSALS and (status == "default" or int(status) >= 400) and (path, status) != ("/cancel", "409"):
            (content,) = told["content"].values()
            assert content["schema"] == {"$ref": REFUSALS[name]}, (name, method, path, status)
