"""An account is connected: begin, the page that Google sends the browser back to, finish."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.aion import API, APP, STORAGE, Aion, own_callback, own_url, refusal, service_with
from tests.support.google_fake import google as fake_google

pytestmark = pytest.mark.slow

AUTH = "/cloud-storage/auth/google_drive"
PAGES = "https://pages.example.org"
"""The origin of a page that is trusted."""


@pytest.fixture(scope="module")
def google():
    with fake_google() as google:
        yield google


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone, google):
    folder = tmp_path_factory.mktemp("aion")
    with service_with(google, folder, rclone, TRUSTED_ORIGINS=PAGES) as service:
        yield service


@pytest.fixture
def aion(service, google):
    return Aion(service, google)


@pytest.fixture
def land(service):
    """A function that opens the page that Google sends the browser back to, as nobody."""
    return lambda **query: requests.get(service.url + f"{STORAGE}/auth/google_drive/callback", params=query, timeout=30)


def test_a_consent_begins_with_googles_address_and_a_state(aion, service):
    begun = aion.begun()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun["authorization_url"]).query).items()}

    assert set(begun) == {"authorization_url", "state", "provider"}
    assert begun["provider"] == "google_drive"
    assert asked["state"] == begun["state"]
    assert asked["redirect_uri"] == own_callback(service)
    assert asked["code_challenge_method"] == "S256"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="no body"),
        pytest.param({"json": {"provider": "google_drive", "redirect_uri": None}}, id="null"),
        pytest.param({"json": {"provider": "google_drive", "redirect_uri": APP}}, id="the seed's"),
    ],
)
def test_the_body_of_a_beginning_may_be_left_out(aion, sent):
    assert aion.call("POST", AUTH, **sent).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        pytest.param("/cloud-storage/auth/dropbox", {}, "google_drive", id="a provider that there is not"),
        pytest.param(AUTH, {"provider": "dropbox"}, "another provider", id="two providers"),
        pytest.param(AUTH, {"redirect_uri": "https://evil.example.org/"}, "redirect_uri", id="an address of a stranger"),
        pytest.param(AUTH, {"redirect_uri": APP + "/"}, "redirect_uri", id="almost an address that is allowed"),
    ],
)  # fmt: skip
def test_a_beginning_that_makes_no_sense_is_refused(aion, path, body, expected):
    answer = aion.call("POST", path, json=body)

    assert refusal(answer) == (400, "VALIDATION_ERROR")
    assert expected in answer.json()["error"]["message"]


def test_an_account_is_connected_once_and_again_under_the_same_id(aion):
    first = aion.finish(aion.consented(aion.begun())).json()
    second = aion.finish(aion.consented(aion.begun())).json()
    connection = first["connection"]

    assert (first["is_new"], second["is_new"]) == (True, False)
    assert second["connection"]["id"] == connection["id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", connection.pop("created_at"))
    assert connection == {
        "id": connection["id"],
        "provider": "google_drive",
        "provider_email": aion.account.email,
        "provider_display_name": "John Doe",
        "is_active": True,
        "last_used_at": None,
    }


def test_a_state_is_good_for_one_attempt_of_the_one_who_began(aion, service, google):
    begun = aion.begun()
    brought = aion.consented(begun)
    other = Aion(service, google)

    assert refusal(other.finish(brought)) == (400, "VALIDATION_ERROR")
    assert aion.finish(brought).status_code == 200
    assert refusal(aion.finish(brought)) == (400, "VALIDATION_ERROR")


def test_a_consent_without_drive_connects_nothing(aion):
    answer = aion.finish(aion.consented(aion.begun(), scopes=[]))

    assert refusal(answer) == (400, "VALIDATION_ERROR")
    assert answer.json()["error"]["details"]["reason"] == "consent_refused"
    assert aion.told("GET", "/cloud-storage/connections")["total_count"] == 0


def test_google_that_does_not_answer_is_a_bad_gateway(aion, google):
    brought = aion.consented(aion.begun())
    google.fail(r"^POST /token", 503, times=10)
    answer = aion.finish(brought)
    google.lawful()

    assert refusal(answer) == (502, "UPSTREAM_ERROR")


def data_of(html):
    """Return what the script of a page tells, and to which origin."""
    return re.search(r"const told = (.*), origin = (.*);", html).groups()


def test_the_page_tells_its_opener_and_nobody_else(aion, land):
    begun = aion.begun(Origin=PAGES)
    answer = land(code="4/0A-code", state=begun["state"], scope="openid", authuser="0")
    told, origin = data_of(answer.text)
    nonce = re.search(r'<script nonce="([^"]+)">', answer.text)[1]

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cross-Origin-Opener-Policy" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Request-ID"]
    assert origin == f'"{PAGES}"'
    assert told == (
        f'{{"type": "sluice:oauth", "provider": "google_drive", "code": "4/0A-code", "state": "{begun["state"]}"}}'
    )


def test_each_page_has_a_nonce_of_its_own(aion, land):
    state = aion.begun()["state"]
    pages = [land(code="x", state=state) for _ in range(2)]

    assert len({page.headers["Content-Security-Policy"] for page in pages}) == 2


@pytest.mark.parametrize(
    ("body", "headers", "origin"),
    [
        pytest.param({}, {}, None, id="our own"),
        pytest.param({"redirect_uri": APP}, {}, "https://your-app.com", id="that of the address to come back to"),
        pytest.param({"redirect_uri": APP}, {"Origin": PAGES}, PAGES, id="that of the page that asked"),
    ],
)
def test_the_origin_that_may_hear_comes_from_the_beginning(aion, land, service, body, headers, origin):
    state = aion.begun(body, **headers)["state"]
    answer = land(code="x", state=state, origin="https://evil.example.org", targetOrigin="*")

    assert data_of(answer.text)[1] == f'"{origin or own_url(service)}"'


def test_a_page_of_a_stranger_begins_nothing(aion):
    answer = aion.call("POST", AUTH, json={}, headers={"Origin": "https://evil.example.org"})

    assert refusal(answer) == (403, "PERMISSION_DENIED")


def test_a_refusal_of_the_accounts_owner_is_told_without_a_code(aion, land):
    begun = aion.begun()
    brought = aion.consented(begun, deny=True)
    answer = land(**brought, error_description="No, thanks.", code="surplus")

    assert brought == {"error": "access_denied", "state": begun["state"]}
    assert answer.status_code == 200
    assert data_of(answer.text)[0] == (
        f'{{"type": "sluice:oauth", "provider": "google_drive", "state": "{begun["state"]}", '
        f'"error": "access_denied", "error_description": "No, thanks."}}'
    )


def test_hearing_of_a_consent_does_not_use_it_up(aion, land):
    brought = aion.consented(aion.begun())

    assert land(**brought).status_code == 200
    assert aion.finish(brought).status_code == 200
    assert land(**brought).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"code": "x"}, id="no state"),
        pytest.param({"code": "x", "state": "unknown"}, id="an unknown state"),
        pytest.param({"code": "x", "state": "'; DROP TABLE consents"}, id="a hostile state"),
        pytest.param({"code": "x", "state": "x" * 513}, id="too long a state"),
        pytest.param({"error": "<script>alert(1)</script>", "state": "unknown"}, id="a hostile error"),
    ],
)
def test_what_fits_no_consent_gets_a_page_without_a_script(land, query):
    answer = land(**query)

    assert answer.status_code == 400
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="neither code nor error"),
        pytest.param({"code": ""}, id="an empty code"),
        pytest.param({"code": ["x", "y"]}, id="two codes"),
        pytest.param({"code": "x" * 4097}, id="too long a code"),
        pytest.param({"code": "x", "error_description": "x" * 2049}, id="too long a description"),
    ],
)
def test_a_good_state_with_anything_else_that_is_not_right_gets_it_too(aion, land, query):
    answer = land(**query, state=aion.begun()["state"])

    assert answer.status_code == 400
    assert "<script" not in answer.text


def test_another_provider_hears_nothing(aion, service):
    state = aion.begun()["state"]
    url = f"{service.url}{API}/cloud-storage/auth/dropbox/callback"

    assert requests.get(url, params={"code": "x", "state": state}, timeout=30).status_code == 400


def test_nothing_is_begun_or_finished_by_who_is_nobody(service):
    for path in (AUTH, f"{AUTH}/callback"):
        answer = requests.post(f"{service.url}{API}{path}", json={"code": "x", "state": "y"}, timeout=30)
        assert refusal(answer) == (401, "AUTH_ERROR")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_installation_without_a_client_at_google_says_so(tmp_path, rclone, google):
    with service_with(google, tmp_path, rclone, GOOGLE_CLIENT_ID="", GOOGLE_API_KEY="") as service:
        aion = Aion(service, google)

        assert refusal(aion.call("POST", AUTH, json={})) == (503, "NOT_CONFIGURED")
