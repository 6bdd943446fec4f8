"""The picker against a Google of ours: what is asked there, what comes back, and what never leaves."""

import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.accounts.model import UserRow
from app.errors import (
    AccessDenied,
    ConsentRequired,
    InvalidInput,
    NotAllowed,
    ObjectMissing,
    PickerSessionEnded,
    RequestRefused,
    StorageUnreachable,
    Throttled,
)
from app.grants.picker import PickerService
from app.grants.proxying import EXPORT_MAX, JSON_MAX
from tests.support import hostile_questions as hostile
from tests.support.drive import Waits
from tests.support.google_fake import google

DOCUMENT = "application/vnd.google-apps.document"
ASKED = r"^GET /drive/v3/"


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def picker(settings, database, service, tokens, clock, waits):
    return PickerService(settings, database, service, tokens, clock, waits)


@pytest.fixture
def opened(picker, connected, anna):
    """A session for anna's account; what Google was asked until then is forgotten."""
    return picker.open(anna, connected(anna).grant.connection_id)


@pytest.fixture
def ask(picker, opened, anna, fake):
    """Ask in that session; `asked` are the requests to Google's Drive since."""
    fake.requests.clear()
    return lambda endpoint, params=None: picker.ask(anna, opened.id, endpoint, params)


@pytest.fixture
def photo(fake):
    return fake.drive.add("photo ä.jpg", b"jpeg", "image/jpeg", picked=True)


def test_a_page_lists_what_the_account_can_see(ask, fake, photo):
    found = ask("files", {"q": "name contains 'photo'", "fields": "files(id,name)", "pageSize": 5000})
    [seen] = fake.asked(ASKED)

    assert found == {"files": [{"id": photo, "name": "photo ä.jpg"}]}
    assert seen.query == {"q": "name contains 'photo'", "fields": "files(id,name)", "pageSize": "1000"}


def test_a_page_reads_what_is_known_of_one_file_and_of_the_account(ask, photo, fake):
    assert ask(f"files/{photo}", {"fields": "id,size"}) == {"id": photo, "size": "4"}
    assert ask("about").keys() == {"user", "storageQuota"}
    assert ask("about", {"fields": "user(emailAddress)"}) == {"user": {"emailAddress": "ann@example.com"}}
    assert [seen.query.get("alt") for seen in fake.asked(ASKED)] == [None, None, None]


def test_a_file_without_parameters_is_told_of_and_not_downloaded(ask, photo):
    assert ask(f"files/{photo}")["name"] == "photo ä.jpg"


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_an_export_comes_as_text_with_its_type_and_size(ask, fake, size):
    content = bytes(range(256)) * 300
    document = fake.drive.add("a letter", None, DOCUMENT, picked=True, exports={"text/plain": content[:size]})

    found = ask(f"files/{document}/export", {"mimeType": "text/plain"})
    assert (found["mime_type"], found["size"]) == ("text/plain", size)
    assert b64decode(found["content_base64"], validate=True) == content[:size]
    assert found.keys() == {"mime_type", "size", "content_base64"}


def test_nothing_but_our_own_headers_reaches_google(ask, fake, opened):
    ask("files")
    [seen] = fake.asked(ASKED)

    assert seen.headers["Authorization"] == f"Bearer {opened.access_token}"
    names = {name.lower() for name in seen.headers} - {"x-target"}  # the fake's own
    assert names == {"host", "accept", "accept-encoding", "user-agent", "authorization"}
    assert (seen.method, seen.body) == ("GET", b"")


def test_no_proxy_of_the_environment_is_asked(ask, fake, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    ask("files")
    assert len(fake.asked(ASKED)) == 1


def test_no_hostile_question_sends_anything(ask, fake):
    asked = [(name, endpoint, {}) for name, endpoint in hostile.ENDPOINTS.items()]
    asked += [(name, *question) for name, question in hostile.PARAMS.items()]

    for name, endpoint, params in asked:
        with pytest.raises(InvalidInput):
            ask(endpoint, params)
        assert fake.requests == [], name
    assert len(asked) > 150


SMUGGLED = [
    "*&alt=media",
    "id&access_token=x&key=y",
    "id#fragment",
    "id?alt=media",
    "id;alt=media",
    "../../upload/drive/v3/files",
    "%26alt%3Dmedia",
    "//evil.example/",
    "@evil.example",
    "\\..\\",
    "id\u2028alt: media",
    "ａｌｔ＝media",
    "𝔘",
]


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [("files", "q"), ("files", "fields"), ("files", "pageToken"), ("files/abc", "fields"), ("about", "fields")],
)
def test_what_a_value_says_stays_a_value(ask, fake, endpoint, name):
    for value in SMUGGLED:
        fake.requests.clear()
        fake.fail(ASKED, 400, "invalidParameter")  # whatever it would say to that
        with pytest.raises(RequestRefused):
            ask(endpoint, {name: value})
        [seen] = fake.requests
        target = urlsplit(seen.headers["X-Target"])

        assert target.path == f"/drive/v3/{endpoint}"
        assert parse_qsl(target.query, keep_blank_values=True) == [(name, value)]


REFUSALS = [
    pytest.param(400, "invalidParameter", RequestRefused, 1, id="400"),
    pytest.param(402, "paymentRequired", RequestRefused, 1, id="402"),
    pytest.param(405, "httpMethodNotAllowed", RequestRefused, 1, id="405"),
    pytest.param(409, "conflict", RequestRefused, 1, id="409"),
    pytest.param(412, "conditionNotMet", RequestRefused, 1, id="412"),
    pytest.param(418, "teapot", RequestRefused, 1, id="418"),
    pytest.param(403, "insufficientFilePermissions", AccessDenied, 1, id="403"),
    pytest.param(403, "appNotAuthorizedToFile", AccessDenied, 1, id="403, a file that was not picked"),
    pytest.param(403, "exportSizeLimitExceeded", AccessDenied, 1, id="403, an export that is too large"),
    pytest.param(403, "somethingNew", AccessDenied, 1, id="403, an unknown word"),
    pytest.param(403, "insufficientPermissions", ConsentRequired, 1, id="403, too little was granted"),
    pytest.param(403, "userRateLimitExceeded", Throttled, 2, id="403, too many requests"),
    pytest.param(403, "dailyLimitExceeded", Throttled, 1, id="403, too many today"),
    pytest.param(403, "accessNotConfigured", StorageUnreachable, 1, id="403, the operator's fault"),
    pytest.param(404, "notFound", ObjectMissing, 1, id="404"),
    pytest.param(410, "gone", ObjectMissing, 1, id="410"),
    pytest.param(429, "rateLimitExceeded", Throttled, 2, id="429"),
    pytest.param(500, "backendError", StorageUnreachable, 2, id="500"),
    pytest.param(501, "notImplemented", StorageUnreachable, 1, id="501"),
    pytest.param(502, "badGateway", StorageUnreachable, 2, id="502"),
    pytest.param(503, "backendError", StorageUnreachable, 2, id="503"),
    pytest.param(504, "timeout", StorageUnreachable, 2, id="504"),
    pytest.param(599, "whatever", StorageUnreachable, 1, id="599"),
]


@pytest.mark.parametrize(("status", "reason", "error", "requests"), REFUSALS)
def test_what_google_refuses_is_told_as_our_own_error(ask, fake, waits, status, reason, error, requests):
    fake.fail(ASKED, status, reason, times=9, message="ya29.canary said by Google")

    with pytest.raises(error) as caught:
        ask("files/abc")
    assert type(caught.value) is error
    assert "canary" not in str(caught.value)
    assert len(fake.requests) == requests
    assert sum(waits.slept) <= 4


def test_an_html_page_for_an_error_is_told_by_its_status(ask, fake):
    fake.fail(ASKED, 503, body="<html>Error</html>", times=9)
    with pytest.raises(StorageUnreachable):
        ask("files")
    fake.lawful()
    fake.fail(ASKED, 400, body="<html>Error</html>")
    with pytest.raises(RequestRefused):
        ask("files")


@pytest.mark.parametrize("seconds", ["3", "30", "86400"])
def test_googles_wish_to_wait_is_handed_on(ask, fake, waits, seconds):
    fake.fail(ASKED, 429, "rateLimitExceeded", times=9, headers={"Retry-After": seconds})

    with pytest.raises(Throttled) as caught:
        ask("files")
    assert caught.value.retry_after == int(seconds)
    assert sum(waits.slept) <= 20


def test_one_failure_is_made_good_by_another_attempt(ask, fake, photo):
    fake.fail(ASKED, 503)
    assert ask(f"files/{photo}", {"fields": "id"}) == {"id": photo}
    fake.drop(ASKED)
    assert ask(f"files/{photo}", {"fields": "id"}) == {"id": photo}


def test_a_connection_that_breaks_off_is_told_as_unreachable(ask, fake):
    fake.drop(ASKED, times=9)
    with pytest.raises(StorageUnreachable):
        ask("files")
    fake.lawful()
    fake.cut(ASKED, 5, times=9)
    with pytest.raises(StorageUnreachable):
        ask("about")


def test_a_token_that_google_takes_no_more_is_renewed_once(ask, fake, opened):
    fake.expire_tokens()

    assert "files" in ask("files")
    first, second = (seen.headers["Authorization"] for seen in fake.asked(ASKED))
    assert (first, fake.oauth.refreshes) == (f"Bearer {opened.access_token}", 1)
    assert second != first


def test_two_refusals_of_the_token_ask_for_consent(ask, fake):
    fake.fail(ASKED, 401, "authError", times=9)

    with pytest.raises(ConsentRequired):
        ask("files")
    with pytest.raises(PickerSessionEnded):  # its owner must consent anew first
        ask("files")
    assert len(fake.asked(ASKED)) == 2


def test_a_grant_that_was_revoked_asks_for_consent_and_ends_the_session(ask, fake):
    fake.revoke()

    with pytest.raises(ConsentRequired):
        ask("files")
    with pytest.raises(PickerSessionEnded):
        ask("files")


def json_of(size):
    return json.dumps({"files": "x" * (size - len('{"files": ""}'))})


JSON = {"Content-Type": "application/json; charset=UTF-8"}
LIES = [
    pytest.param("<html></html>", {"Content-Type": "text/html"}, id="HTML"),
    pytest.param('{"a": 1}', {"Content-Type": "text/html"}, id="JSON that says it is HTML"),
    pytest.param('{"a": 1}', {"Content-Type": "application/jsonp"}, id="JSON that says it is something like it"),
    pytest.param('{"a": 1}', {"Content-Type": ""}, id="JSON that says nothing"),
    pytest.param('{"a": ', JSON, id="half of it"),
    pytest.param("", JSON, id="nothing"),
    pytest.param("[1]", JSON, id="a list"),
    pytest.param('"text"', JSON, id="a text"),
    pytest.param("null", JSON, id="null"),
    pytest.param('{"a": NaN}', JSON, id="no number"),
    pytest.param('{"a": 1e999}', JSON, id="endless"),
    pytest.param('{"a": "\\ud800"}', JSON, id="half a pair"),
    pytest.param('{"a": ' + "9" * 5000 + "}", JSON, id="a number with too many digits"),
    pytest.param('{"a": ' + "[" * 100_000, JSON, id="nested too deeply"),
    pytest.param(json_of(JSON_MAX + 1), JSON, id="a byte too much"),
]


@pytest.mark.parametrize(("body", "headers"), LIES)
def test_what_is_no_answer_of_googles_is_told_as_unreachable(ask, fake, body, headers):
    fake.fail(ASKED, 200, body=body, headers=headers)

    with pytest.raises(StorageUnreachable):
        ask("files")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON ; charset=utf-8"])
def test_the_largest_answer_is_taken(ask, fake, kind):
    fake.fail(ASKED, 200, body=json_of(JSON_MAX), headers={"Content-Type": kind})

    assert len(ask("files")["files"]) > JSON_MAX - 100


def test_exports_have_a_limit_too(ask, fake):
    export = ("files/abc/export", {"mimeType": "application/pdf"})
    fake.fail(ASKED, 200, body="x" * EXPORT_MAX)
    assert ask(*export)["size"] == EXPORT_MAX
    fake.fail(ASKED, 200, body="x" * (EXPORT_MAX + 1))
    with pytest.raises(StorageUnreachable):
        ask(*export)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(ask, fake, status):
    with google() as elsewhere:
        fake.fail(ASKED, status, body={}, headers={"Location": f"{elsewhere.url}/drive/v3/files"})
        with pytest.raises(StorageUnreachable):
            ask("files")
        assert (len(fake.requests), elsewhere.requests) == (1, [])


def test_a_page_gets_a_token_that_is_good_for_five_minutes(picker, connected, anna, fake, clock):
    connection_id = connected(anna).grant.connection_id
    first = picker.open(anna, connection_id)
    clock.now += 3599 - 301
    assert picker.open(anna, connection_id).access_token == first.access_token
    clock.now += 2

    renewed = picker.open(anna, connection_id)
    assert (renewed.access_token != first.access_token, fake.oauth.refreshes) == (True, 1)
    assert renewed.expires_at == clock.now + 3599


def test_no_page_gets_a_token_that_ends_at_once(picker, connected, anna, fake, clock):
    connection_id = connected(anna).grant.connection_id
    clock.now += 3599 - 200
    fake.fail("POST /token", 503, times=9)
    with pytest.raises(StorageUnreachable):
        picker.open(anna, connection_id)
    fake.lawful()
    fake.oauth.expires_in = 299
    with pytest.raises(StorageUnreachable, match="gives no new token"):
        picker.open(anna, connection_id)


def test_a_page_whose_grant_was_revoked_gets_no_session(picker, connected, anna, fake, clock):
    connection_id = connected(anna).grant.connection_id
    fake.revoke()
    clock.now += 3599

    for _ in range(2):
        with pytest.raises(ConsentRequired):
            picker.open(anna, connection_id)
    assert fake.oauth.refreshes == 0


def test_who_is_removed_while_his_token_is_renewed_gets_no_session(picker, connected, database, anna, fake, clock):
    connection_id = connected(anna).grant.connection_id
    clock.now += 3599
    with ThreadPoolExecutor() as pool, fake.hold("POST /token") as held:
        opening = pool.submit(picker.open, anna, connection_id)
        held.arrived()
        with database.writing() as session:
            session.delete(session.get(UserRow, anna.user_id))
        held.release()
        with pytest.raises(NotAllowed):
            opening.result()


def test_disconnecting_ends_the_sessions(picker, opened, service, connected, anna):
    service.disconnect(anna, connected(anna).grant.connection_id)

    with pytest.raises(PickerSessionEnded):
        picker.ask(anna, opened.id, "files", {})
