"""Connected accounts, keys with scopes, and the picker, as the Aionvision dialect has them."""

import re

import pytest
import requests

from tests.support.aion import API, Aion, refusal, service_with
from tests.support.google_fake import google as fake_google

pytestmark = pytest.mark.slow

UNKNOWN = "550e8400-e29b-41d4-a716-446655440000"
CONNECTIONS, PROXY = "/cloud-storage/connections", "/cloud-storage/picker-proxy"


@pytest.fixture(scope="module")
def google():
    with fake_google() as google:
        yield google


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone, google):
    with service_with(google, tmp_path_factory.mktemp("aion"), rclone) as service:
        yield service


@pytest.fixture
def aion(service, google):
    return Aion(service, google)


def listed(aion, **query):
    answer = aion.told("GET", CONNECTIONS, params=query)
    assert answer["total_count"] == len(answer["connections"])
    return [one["id"] for one in answer["connections"]]


def test_a_person_lists_his_own_accounts(aion, service, google):
    connection_id = aion.connected()
    other = Aion(service, google)

    assert listed(aion) == listed(aion, provider="google_drive", active_only="true") == [connection_id]
    assert listed(other) == []


def test_an_account_that_must_consent_anew_is_listed_only_if_it_is_asked_for(aion):
    connection_id = aion.connected()
    answer = aion.revoked(connection_id)

    assert refusal(answer) == (401, "REAUTH_REQUIRED")
    assert answer.json()["requires_reauth"] is True
    assert refusal(aion.call("GET", f"{CONNECTIONS}/{connection_id}/picker-token")) == (401, "REAUTH_REQUIRED")
    assert listed(aion) == []
    assert listed(aion, active_only="false") == [connection_id]
    assert aion.connected() == connection_id
    assert listed(aion) == [connection_id]


def test_disconnecting_revokes_what_was_granted_and_answers_in_the_seeds_words(aion, google):
    connection_id = aion.connected()
    answer = aion.told("DELETE", f"{CONNECTIONS}/{connection_id}")

    assert answer == {"success": True, "message": "Connection disconnected successfully"}
    assert aion.account.sub not in google.oauth.grants
    assert listed(aion, active_only="false") == []
    assert refusal(aion.call("DELETE", f"{CONNECTIONS}/{connection_id}")) == (404, "NOT_FOUND")


def test_an_id_may_come_with_the_prefix_of_the_vendors_pages(aion):
    connection_id = aion.connected()

    assert aion.call("DELETE", f"{CONNECTIONS}/job_{connection_id}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("DELETE", f"{CONNECTIONS}/{{}}", id="disconnect"),
        pytest.param("GET", f"{CONNECTIONS}/{{}}/picker-token", id="picker"),
        pytest.param("GET", "/cloud-storage/jobs/{}", id="job"),
        pytest.param("GET", "/user-files/{}", id="image"),
        pytest.param("GET", "/user-files/{}/download", id="file"),
    ],
)
def test_an_unknown_id_is_not_found_and_a_malformed_one_is_refused(aion, method, path):
    assert refusal(aion.call(method, path.format(UNKNOWN))) == (404, "NOT_FOUND")
    for malformed in ("x", "img_001", UNKNOWN[:-1], f"{UNKNOWN}%0A"):
        answer = aion.call(method, path.format(malformed))
        assert refusal(answer) == (422, "VALIDATION_ERROR")
        assert answer.json()["detail"][0]["loc"][0] == "path"


def test_what_is_somebody_elses_is_not_found(aion, service, google):
    connection_id = aion.connected()
    other = Aion(service, google)

    for method, path in (("DELETE", ""), ("GET", "/picker-token")):
        assert refusal(other.call(method, f"{CONNECTIONS}/{connection_id}{path}")) == (404, "NOT_FOUND")
    assert listed(aion) == [connection_id]


def test_an_address_with_a_slash_at_its_end_is_nothings(aion):
    assert refusal(aion.call("GET", f"{CONNECTIONS}/")) == (404, "NOT_FOUND")


def test_a_wrong_method_says_which_are_right(aion):
    answer = aion.call("PUT", CONNECTIONS)

    assert refusal(answer) == (405, "REQUEST_REFUSED")
    assert "GET" in answer.headers["Allow"]


def test_a_page_gets_what_googles_picker_needs(aion, google):
    answer = aion.call("GET", f"{CONNECTIONS}/{aion.connected()}/picker-token")
    session = answer.json()["session"]

    assert answer.headers["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"session"}
    assert set(session) == {"session_id", "access_token", "app_id", "developer_key", "expires_at"}
    assert session["app_id"] == google.project_number
    assert session["developer_key"] == google.api_key
    assert session["access_token"] in google.oauth.access_tokens
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", session["expires_at"])


def asked(aion, session_id, endpoint, **params):
    return aion.call("POST", PROXY, json={"session_id": session_id, "endpoint": endpoint, "params": params})


@pytest.fixture
def session_id(aion):
    return aion.told("GET", f"{CONNECTIONS}/{aion.connected()}/picker-token")["session"]["session_id"]


def test_drive_is_asked_in_a_session_of_the_picker(aion, session_id):
    file_id = aion.add("photo.jpg", b"12345")
    answer = asked(aion, session_id, f"files/{file_id}", fields="id,name,mimeType,size")

    assert answer.json() == {
        "data": {"id": file_id, "name": "photo.jpg", "mimeType": "image/jpeg", "size": "5"},
    }
    assert file_id in [one["id"] for one in asked(aion, session_id, "files").json()["data"]["files"]]
    assert aion.told("POST", PROXY, json={"session_id": session_id, "endpoint": "about"})["data"]["user"]


@pytest.mark.parametrize(
    ("endpoint", "params"),
    [
        pytest.param("files/../about", {}, id="another path"),
        pytest.param("https://evil.example.org/", {}, id="another host"),
        pytest.param("files/generateIds", {}, id="a word that looks like an id"),
        pytest.param("drives", {}, id="another endpoint"),
        pytest.param("files\n", {}, id="an end of a line"),
        pytest.param("files", {"alt": "media"}, id="another answer"),
        pytest.param("files", {"access_token": "x"}, id="another token"),
        pytest.param("files", {"q": ["x"]}, id="a list"),
    ],
)
def test_what_the_proxy_does_not_ask_is_refused_and_not_asked(aion, google, session_id, endpoint, params):
    before = len(google.requests)
    answer = asked(aion, session_id, endpoint, **params)

    assert refusal(answer) == (400, "VALIDATION_ERROR")
    assert answer.json()["error"]["details"]["field"] in ("endpoint", "params")
    assert len(google.requests) == before


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        pytest.param(403, "insufficientFilePermissions", (403, "PERMISSION_DENIED"), id="refused"),
        pytest.param(404, "notFound", (404, "NOT_FOUND"), id="gone"),
        pytest.param(400, "invalid", (400, "VALIDATION_ERROR"), id="makes no sense"),
        pytest.param(429, "rateLimitExceeded", (429, "RATE_LIMITED"), id="too fast"),
        pytest.param(503, "backendError", (502, "UPSTREAM_ERROR"), id="down"),
    ],
)
def test_what_google_says_to_the_proxy_has_the_status_of_the_later_page(aion, google, session_id, status, reason, expected):  # fmt: skip
    google.fail(r"^GET /drive/v3/files", status, reason, times=20)
    answer = asked(aion, session_id, "files")
    google.lawful()

    assert refusal(answer) == expected
    assert ("Retry-After" in answer.headers) is (status == 429)


def test_a_session_that_is_over_or_anothers_is_unknown(aion, service, google, session_id):
    other = Aion(service, google)

    assert refusal(asked(other, session_id, "files")) == (401, "AUTH_ERROR")
    assert refusal(asked(aion, "picker_sess_abc123", "files")) == (401, "AUTH_ERROR")
    aion.call("DELETE", f"{CONNECTIONS}/{listed(aion)[0]}")
    answer = asked(aion, session_id, "files")
    assert refusal(answer) == (401, "AUTH_ERROR")
    assert "requires_reauth" not in answer.json()


READ, WRITE, DELETE = "cloud_storage:read", "cloud_storage:write", "cloud_storage:delete"
SCOPED = [
    ("GET", CONNECTIONS, {"read", "write", "admin", READ}),
    ("GET", f"/cloud-storage/jobs/{UNKNOWN}", {"read", "write", "admin", READ}),
    ("GET", f"/user-files/{UNKNOWN}", {"read", "write", "admin", READ}),
    ("GET", f"/user-files/{UNKNOWN}/download", {"read", "write", "admin", READ}),
    ("DELETE", f"{CONNECTIONS}/{UNKNOWN}", {"write", "admin", DELETE}),
    ("GET", f"{CONNECTIONS}/{UNKNOWN}/picker-token", {"write", "admin", WRITE}),
    ("POST", PROXY, {"write", "admin", WRITE}),
    ("POST", "/cloud-storage/import", {"write", "admin", WRITE}),
    ("POST", "/cloud-storage/export", {"write", "admin", WRITE}),
    ("POST", "/cloud-storage/auth/google_drive", {"write", "admin", WRITE}),
    ("POST", "/cloud-storage/auth/google_drive/callback", {"write", "admin", WRITE}),
]
"""Each route, and the scopes of which one suffices."""

BODIES = {
    PROXY: {"session_id": "x", "endpoint": "files"},
    "/cloud-storage/import": {"connection_id": UNKNOWN, "files": [{"id": "a", "name": "a"}]},
    "/cloud-storage/export": {"connection_id": UNKNOWN, "image_ids": [UNKNOWN]},
    "/cloud-storage/auth/google_drive/callback": {"code": "x", "state": "y"},
}


def may_not(aion):
    """Return the routes that a key is refused for."""
    answers = {(method, path): aion.call(method, path, json=BODIES.get(path)) for method, path, _ in SCOPED}
    return {route for route, answer in answers.items() if answer.status_code == 403}


@pytest.mark.parametrize("scope", ["read", "write", "admin", READ, WRITE, DELETE, "cloud_storage:share"])
def test_a_key_with_a_scope_opens_the_routes_of_that_scope(service, google, scope):
    held = Aion(service, google, scopes=[scope])

    assert may_not(held) == {(method, path) for method, path, scopes in SCOPED if scope not in scopes}


def test_a_key_that_may_only_read_changes_nothing(service, google):
    reader = Aion(service, google, read_only=True)

    assert may_not(reader) == {(method, path) for method, path, scopes in SCOPED if "read" not in scopes}


@pytest.mark.parametrize(("method", "path"), [pytest.param(m, p, id=f"{m} {p[:40]}") for m, p, _ in SCOPED])
def test_every_route_asks_who_is_calling(service, method, path):
    answer = requests.request(method, f"{service.url}{API}{path}", timeout=30)

    assert refusal(answer) == (401, "AUTH_ERROR")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_request_keeps_its_senders_id(aion):
    answer = aion.call("GET", CONNECTIONS, headers={"X-Request-ID": "my-request.1"})

    assert answer.headers["X-Request-ID"] == "my-request.1"
    assert aion.call("GET", "/nothing", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"] != "a b"
