"""The API's own documentation: complete, and served without the internet."""

import re

import pytest
import requests

from app.web.credentials import FORMS


def test_the_openapi_document_names_every_route_and_parameter(service):
    document = requests.get(service.url + "/openapi/sync.json", timeout=60).json()

    assert document["openapi"] == "3.0.3"
    assert sorted(document["paths"]) == ["/cancel", "/copy", "/events", "/get", "/runnings", "/steps", "/sync"]
    assert [*document["paths"].pop("/copy")] == ["post"]
    assert all(sorted(path) == ["get", "post"] for path in document["paths"].values())
    parameters = {p["name"] for p in document["paths"]["/sync"]["get"]["parameters"]}
    assert parameters == {
        "direction", "source", "dest", "storage_url", "connection", "access_key", "secret_key", "wait", "prefix", "delete", "dry_run",
        "include", "exclude", "max_delete", "check",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/openapi/sync.json", "/openapi/account.json"])
def test_a_document_offers_every_way_to_say_who_you_are(service, path):
    document = requests.get(service.url + path, timeout=60).json()

    assert list(document["components"]["securitySchemes"]) == [form.name for form in FORMS]
    assert [*document["security"][-1]] == [FORMS[-1].name]


def test_the_document_says_whether_anybody_must_say_who_he_is(service, closed):
    first = [
        requests.get(each.url + "/openapi/sync.json", timeout=60).json()["security"][0] for each in (service, closed)
    ]

    assert first == [{}, {FORMS[0].name: []}]


def test_signing_in_is_documented_with_a_body_and_for_everybody(service):
    document = requests.get(service.url + "/openapi/account.json", timeout=60).json()
    login = document["paths"]["/session"]["post"]

    assert [*document["paths"]] == ["/session"]
    assert sorted(document["paths"]["/session"]) == ["delete", "get", "post"]
    assert login["security"] == []
    assert [*login["requestBody"]["content"]] == ["application/json"]
    assert "parameters" not in login


def test_swagger_ui_shows_the_documents_that_exist(service):
    page = requests.get(service.url + "/docs/", timeout=60).text
    shown = re.findall(r'"url": "(/openapi/[^"]+)"', page)

    assert {"/openapi/sync.json", "/openapi/account.json"} <= set(shown)
    assert [requests.get(service.url + path, timeout=60).status_code for path in shown] == [200] * len(shown)


def test_swagger_ui_comes_from_this_service_alone(service):
    page = requests.get(service.url + "/docs/", timeout=60)
    assert page.status_code == 200
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text)
    for path in re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text):
        assert requests.get(service.url + path, timeout=60).status_code == 200


def test_the_front_page_links_to_the_documentation(service):
    response = requests.get(service.url + "/", timeout=60)

    assert response.status_code == 200
    assert 'href="/docs/"' in response.text


def test_health_says_ok(service):
    assert requests.get(service.url + "/health", timeout=60).json() == {"status": "ok"}
