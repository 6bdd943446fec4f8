"""Who is calling: every form, with what is right and what is not, where everybody is asked and where nobody is."""

import http.client
import json
import time
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests

from app.accounts.caller import Role
from app.web.credentials import FORMS

UNKNOWN = "sluice_" + 64 * "0"
JOB = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"
CHALLENGE = 'Basic realm="Sluice", charset="UTF-8"'
CANARY = "sluice_" + 16 * "cafe"


def basic(name, secret):
    return {"headers": {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}}


WAYS = {
    "basic": lambda person: basic(person.name, person.key),
    "token": lambda person: {"headers": {"Authorization": f"Token {person.key}"}},
    "bearer": lambda person: {"headers": {"Authorization": f"Bearer {person.key}"}},
    "user_api_key": lambda person: {"headers": {"Authorization": f"user_api_key:{person.key}"}},
    "x_api_key": lambda person: {"headers": {"x-api-key": person.key}},
    "key": lambda person: {"params": {"key": person.key}},
}
way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def ask(service, path, *, method="GET", **request):
    return requests.request(method, service.url + path, timeout=60, **request)


@pytest.fixture(params=["open", "required"])
def any_service(request, service, closed):
    """Both services, for what must be the same in them."""
    return service if request.param == "open" else closed


def test_every_form_of_the_table_is_tried_here():
    assert {*WAYS, "session"} == {form.name for form in FORMS}


@way
def test_each_form_says_who_is_calling(any_service, name, way):
    person = any_service.person(name)

    assert ask(any_service, "/session", **way(person)).json()["user"] == name
    assert ask(any_service, "/runnings", **way(person)).json() == []


def unknown(_service, person):
    return replace(person, key=UNKNOWN)


def no_key_at_all(_service, person):
    return replace(person, key="wrong")


def expired(service, person):
    with service.accounts(clock=lambda: time.time() - 3600) as accounts:
        return replace(person, key=accounts.create_key(person.name, expires_at=time.time() - 1800).key)


def revoked(service, person):
    with service.accounts() as accounts:
        accounts.revoke_key(accounts.keys(person.name)[0].id)
    return person


def disabled(service, person):
    with service.accounts() as accounts:
        accounts.disable(person.name)
    return person


def deleted(service, person):
    with service.accounts() as accounts:
        accounts.delete_user(person.name)
    return person


@way
@pytest.mark.parametrize("spoilt", [unknown, no_key_at_all, expired, revoked, disabled, deleted])
def test_a_key_that_is_none_is_never_taken_for_nobody(any_service, name, address, way, spoilt):
    request = way(spoilt(any_service, any_service.person(name)))
    request["headers"] = request.get("headers", {}) | address
    answers = [ask(any_service, path, **request) for path in ("/session", "/runnings", "/sync?wait=x")]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert answers[1].headers["WWW-Authenticate"] == CHALLENGE
    assert all(answer.json()["code"] == 401 and len(answer.json()["message"]) > 10 for answer in answers)


@way
def test_a_key_that_may_only_read_reads_and_changes_nothing(any_service, name, way):
    request = way(any_service.person(name, read_only=True))
    started = [ask(any_service, "/sync", method=method, **request) for method in ("GET", "POST")]
    ended = ask(any_service, f"/cancel?id={JOB}", **request)

    assert [answer.status_code for answer in (*started, ended)] == [403] * 3
    assert "may only read" in started[0].json()["message"]
    assert ask(any_service, "/session", **request).json()["read_only"] is True
    assert ask(any_service, "/runnings?all=1", **request).json() == []


@pytest.mark.parametrize(
    "path", ["/sync", "/runnings", f"/get?id={JOB}", f"/cancel?id={JOB}", f"/steps?id={JOB}", f"/events?id={JOB}"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_where_everybody_is_asked_nobody_gets_in(closed, path, method):
    answer = ask(closed, path, method=method)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == CHALLENGE


@pytest.mark.parametrize("path", ["/health", "/docs/", "/openapi/sync.json", "/openapi/account.json"])
def test_documentation_and_health_ask_nobody(closed, path):
    assert ask(closed, path).status_code == 200


def test_an_account_is_asked_for_even_where_the_sync_routes_are_open(service):
    answer = ask(service, "/session")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Sluice"'  # no window of the browser's own


def test_a_password_is_taken_by_basic_in_any_case_of_the_name(any_service, name, address):
    any_service.person(name, password="right password")
    request = basic(name.upper(), "right password")
    request["headers"] |= address

    assert ask(any_service, "/session", **request).json()["user"] == name
    assert ask(any_service, "/runnings", **request).status_code == 200


@pytest.mark.parametrize(
    ("user", "password"),
    [("{name}", "wrong password"), ("{name}", ""), ("", "right password"), ("nobody-{name}", "right password")],
    ids=["wrong", "empty", "no name", "unknown name"],
)  # fmt: skip
def test_a_wrong_password_is_refused_in_the_same_words_whoever_it_is_for(closed, name, address, user, password):
    closed.person(name, password="right password")
    request = basic(user.format(name=name), password)
    request["headers"] |= address
    answer = ask(closed, "/runnings", **request)

    assert answer.status_code == 401
    assert answer.json()["message"] == "The name or the password is wrong."


def test_a_key_in_the_place_of_a_password_needs_no_name_or_its_owners(closed, name):
    person = closed.person(name)

    assert ask(closed, "/session", **basic("", person.key)).json()["user"] == name
    assert ask(closed, "/session", **basic(name.upper(), person.key)).json()["user"] == name
    assert ask(closed, "/session", **basic("another", person.key)).status_code == 401


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(lambda key: {"headers": {"Authorization": key}}, id="a key without a scheme"),
        pytest.param(lambda key: {"headers": {"Authorization": f"Digest {key}"}}, id="a scheme that is none of ours"),
        pytest.param(lambda key: {"headers": {"Authorization": f"Bearer {key},Bearer {key}"}}, id="two headers"),
        pytest.param(lambda _: {"headers": {"Authorization": "Basic %%%"}}, id="no base64"),
        pytest.param(lambda _: {"headers": {"Authorization": b"Bearer \xff\xfe"}}, id="bytes"),
        pytest.param(lambda key: {"headers": {"x-api-key": f"{key},{key}"}}, id="x-api-key twice"),
        pytest.param(lambda key: {"params": [("key", key), ("key", key)]}, id="key twice"),
        pytest.param(lambda _: {"params": {"key": ""}}, id="an empty key"),
        pytest.param(lambda key: {"params": {"key": "\x00" + key}}, id="a control character"),
        pytest.param(lambda key: {"params": {"key": key + 4000 * "0"}}, id="a long key"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_even_with_a_good_key_in_it(any_service, name, request_of):
    key = any_service.person(name).key
    answer = ask(any_service, "/runnings", **request_of(key))

    assert answer.status_code == 401
    assert len(answer.json()["message"]) > 10
    assert key not in answer.text


def test_two_authorization_headers_are_refused_as_a_server_sees_them(closed, name):
    key = closed.person(name).key
    host, port = urlsplit(closed.url).netloc.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    with closing(connection):
        connection.putrequest("GET", "/runnings")
        for _ in range(2):
            connection.putheader("Authorization", f"Bearer {key}")
        connection.endheaders()
        answer = connection.getresponse()

        assert answer.status == 401
        assert "more than once" in json.load(answer)["message"]


def test_the_header_counts_before_the_query_string_and_that_before_a_cookie(closed, name):
    first, second = closed.person(name), closed.person(f"{name}-2")
    both = {"headers": first.headers, "params": {"key": second.key}, "cookies": {"sessionid": "x"}}

    assert ask(closed, "/session", **both).json()["user"] == first.name
    assert ask(closed, "/session", params=both["params"], cookies=both["cookies"]).json()["user"] == second.name


def test_a_key_in_the_query_string_reaches_no_view_no_log_and_no_error(any_service, name):
    key = any_service.person(name).key
    answers = [
        ask(any_service, path, method=method, params={"key": given})
        for method in ("GET", "POST")
        for path in (f"/get?id={JOB}", "/sync?wait=x", "/runnings", "/nope", "/session", "/health", "/docs", "/docs/")
        for given in (key, CANARY)
    ]
    good = [ask(any_service, path, params={"key": key}).status_code for path in (f"/get?id={JOB}", "/sync?wait=x")]
    log = any_service.log.read_text()

    assert good == [404, 422]  # the parameter itself is not what is refused
    assert "/sync 401" in log  # the log is there, and has its lines
    for secret in (key, CANARY):
        assert secret not in "".join(answer.text for answer in answers)
        assert secret not in log
    assert key not in "".join(str(answer.headers) for answer in answers)


def test_a_worker_watches_and_does_not_start(any_service, name):
    worker = any_service.person(name, Role.WORKER)
    answer = ask(any_service, "/sync", headers=worker.headers)

    assert answer.status_code == 403
    assert "worker" in answer.json()["message"]
    assert ask(any_service, "/runnings", headers=worker.headers).status_code == 200


def test_a_connection_asks_for_its_owner_even_where_the_sync_routes_are_open(service, name):
    assert ask(service, f"/sync?connection={uuid4()}").status_code == 401
    assert ask(service, f"/sync?connection={uuid4()}", headers=service.person(name).headers).status_code == 404
    assert ask(service, "/sync?connection=x").status_code == 422
