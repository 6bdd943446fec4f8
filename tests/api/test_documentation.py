"""The API's own documentation: complete, and served without the internet."""

import re

import requests


def test_the_openapi_document_names_every_route_and_parameter(service):
    document = requests.get(service.url + "/openapi/sync.json", timeout=10).json()

    assert document["openapi"] == "3.0.3"
    assert sorted(document["paths"]) == ["/cancel", "/events", "/get", "/runnings", "/steps", "/sync"]
    assert all(sorted(path) == ["get", "post"] for path in document["paths"].values())
    parameters = {p["name"] for p in document["paths"]["/sync"]["get"]["parameters"]}
    assert parameters == {
        "direction", "source", "dest", "storage_url", "access_key", "secret_key", "wait", "prefix", "delete", "dry_run",
        "include", "exclude", "max_delete", "check",
    }  # fmt: skip


def test_swagger_ui_comes_from_this_service_alone(service):
    page = requests.get(service.url + "/docs/", timeout=10)
    assert page.status_code == 200
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text)
    for path in re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text):
        assert requests.get(service.url + path, timeout=10).status_code == 200


def test_the_front_page_leads_to_the_documentation(service):
    response = requests.get(service.url + "/", timeout=10)

    assert response.status_code == 200
    assert response.url == service.url + "/docs/"


def test_health_says_ok(service):
    assert requests.get(service.url + "/health", timeout=10).json() == {"status": "ok"}
