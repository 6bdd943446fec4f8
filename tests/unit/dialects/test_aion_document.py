"""The OpenAPI document of the Aionvision dialect: the ten routes of the seed with the fields of its contract."""

import pytest

from app import create_app
from app.bootstrap import build_services
from tests.support.jobs import settings_for

STORAGE = "/api/v2/cloud-storage"
ROUTES = {
    ("post", f"{STORAGE}/auth/{{provider}}"),
    ("get", f"{STORAGE}/auth/{{provider}}/callback"),
    ("post", f"{STORAGE}/auth/{{provider}}/callback"),
    ("get", f"{STORAGE}/connections"),
    ("delete", f"{STORAGE}/connections/{{connection_id}}"),
    ("get", f"{STORAGE}/connections/{{connection_id}}/picker-token"),
    ("post", f"{STORAGE}/picker-proxy"),
    ("post", f"{STORAGE}/import"),
    ("post", f"{STORAGE}/export"),
    ("get", f"{STORAGE}/jobs/{{job_id}}"),
}
OURS = {("get", "/api/v2/user-files/{file_id}"), ("get", "/api/v2/user-files/{file_id}/download")}

REQUIRED = {
    "Begun": {"authorization_url", "state", "provider"},
    "Finish": {"code", "state"},
    "Completed": {"connection", "is_new"},
    "Connections": {"connections", "total_count"},
    "Connection": {
        "id", "provider", "provider_email", "provider_display_name", "is_active", "created_at", "last_used_at",
    },
    "Disconnected": {"success", "message"},
    "Session": {"session_id", "access_token", "app_id", "developer_key", "expires_at"},
    "Proxied": {"session_id", "endpoint"},
    "Data": {"data"},
    "Import": {"connection_id", "files"},
    "ImportFile": {"id", "name"},
    "Export": {"connection_id", "image_ids"},
    "Imported": {"image_ids", "job_id", "status", "total_files", "is_async", "message"},
    "Exported": {"cloud_file_ids", "job_id", "job_status", "is_async", "message"},
    "Job": {
        "job_id", "type", "status", "connection_id", "provider", "total_files", "completed_files", "failed_files", "created_at",
        "updated_at", "error", "completed_at", "files",
    },
    "Invalid": {"detail", "error", "request_id"},
    "Refusal": {"error", "request_id"},
}  # fmt: skip
"""What is always there. The vendor's own document lets some of it be left out of answers; ours never does."""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data")))
    yield create_app(services).test_client().get("/openapi/aion.json").json
    services.database.close()


def operations(document):
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }


def test_it_has_the_ten_routes_and_those_that_read_images_back(document):
    assert set(operations(document)) == ROUTES | OURS


@pytest.mark.parametrize("name", REQUIRED)
def test_a_schema_requires_what_the_contract_requires(document, name):
    assert set(document["components"]["schemas"][name]["required"]) == REQUIRED[name]


def test_every_route_but_the_browsers_says_with_which_errors_it_answers(document):
    for route, operation in operations(document).items():
        if not route[1].endswith("/callback") or route[0] != "get":
            assert set(operation["responses"]) >= {"200", "401", "403", "422", "429", "503"}, route
            refused = operation["responses"]["422"]["content"]["application/json"]["schema"]
            assert refused == {"$ref": "#/components/schemas/Invalid"}


def test_ids_in_addresses_are_uuids(document):
    found = [
        parameter
        for methods in document["paths"].values()
        for parameter in methods.get("parameters", [])
        if parameter["name"].endswith("_id")
    ]

    assert len(found) == 5
    assert all(parameter["schema"] == {"type": "string", "format": "uuid"} for parameter in found)


def test_a_key_is_asked_for_everywhere_but_where_google_sends_the_browser(document):
    open_to_all = {route for route, operation in operations(document).items() if operation.get("security") == []}

    assert document["security"]
    assert open_to_all == {("get", f"{STORAGE}/auth/{{provider}}/callback")}
