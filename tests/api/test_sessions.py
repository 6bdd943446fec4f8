"""Signing in and out over HTTP: cookies, CSRF, fixation, and what ends a session."""

import json
from http.cookies import SimpleCookie

import pytest
import requests

from app.accounts.caller import Role
from tests.support.service import FINAL, running_service

PASSWORD = "right password"
JOB = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"


def ask(service, method, path, **request):
    return requests.request(method, service.url + path, timeout=60, **request)


def sign_in(service, name, password=PASSWORD, **request):
    return ask(service, "POST", "/session", json={"username": name, "password": password}, **request)


def cookies_set(answer):
    """Return each cookie that an answer sets, with its attributes."""
    lines = answer.raw.headers.getlist("Set-Cookie")
    return {name: (morsel, line) for line in lines for name, morsel in SimpleCookie(line).items()}


@pytest.fixture
def person(closed, name):
    return closed.person(name, password=PASSWORD)


@pytest.fixture
def signed_in(closed, person, address):
    """The answer to a login."""
    answer = sign_in(closed, person.name, headers=address)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_login_answers_who_it_is_and_the_cookies_do_the_rest(closed, name, signed_in):
    body = signed_in.json()

    assert list(body) == ["user", "role", "csrf_token", "expires_at"]
    assert (body["user"], body["role"]) == (name, "user")
    assert body["csrf_token"] == signed_in.cookies["csrftoken"]
    assert signed_in.cookies["sessionid"] not in signed_in.text
    assert ask(closed, "GET", "/session", cookies=signed_in.cookies).json() == {
        "user": name,
        "role": "user",
        "read_only": False,
        "csrf_token": body["csrf_token"],
    }
    assert ask(closed, "GET", "/runnings", cookies=signed_in.cookies).json() == []


def test_a_form_signs_in_too(closed, person, address):
    form = {"username": person.name.upper(), "password": PASSWORD}

    assert ask(closed, "POST", "/session", data=form, headers=address).json()["user"] == person.name


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookies_have_the_attributes_that_keep_them(closed, person, address, scheme):
    answer = sign_in(closed, person.name, headers=address | {"X-Forwarded-Proto": scheme})
    found = cookies_set(answer)

    assert sorted(found) == ["csrftoken", "sessionid"]
    for name, (morsel, line) in found.items():
        assert (morsel["path"], morsel["samesite"], morsel["domain"]) == ("/", "Lax", "")
        assert bool(morsel["secure"]) == (scheme == "https")
        assert bool(morsel["httponly"]) == (name == "sessionid")
        assert 0 < int(morsel["max-age"]) <= 336 * 3600
        assert line.rpartition("; ")[2] == "SameSite=Lax"  # CVAT's SDK cannot read a cookie that ends in a bare word


def test_nobody_can_say_https_where_no_proxy_is_trusted(service, name):
    service.person(name, password=PASSWORD)
    answer = sign_in(service, name, headers={"X-Forwarded-Proto": "https"})

    assert not any(morsel["secure"] for morsel, _ in cookies_set(answer).values())


def test_each_login_has_a_new_token_and_none_that_was_given_before(closed, person, address):
    planted = 64 * "0"
    first = sign_in(closed, person.name, headers=address, cookies={"sessionid": planted})
    second = sign_in(closed, person.name, headers=address, cookies={"sessionid": first.cookies["sessionid"]})

    assert len({planted, first.cookies["sessionid"], second.cookies["sessionid"]}) == 3
    assert first.cookies["csrftoken"] != second.cookies["csrftoken"]
    statuses = [
        ask(closed, "GET", "/session", cookies={"sessionid": token}).status_code
        for token in (planted, first.cookies["sessionid"], second.cookies["sessionid"])
    ]
    assert statuses == [401, 401, 200]  # a browser has one session: the one before ends


def test_signing_in_on_another_machine_ends_nothing_here(closed, person, address, signed_in):
    sign_in(closed, person.name, headers=address)

    assert ask(closed, "GET", "/session", cookies=signed_in.cookies).status_code == 200


def test_signing_out_ends_the_session_and_clears_both_cookies(closed, signed_in):
    token = {"X-CSRFToken": signed_in.cookies["csrftoken"]}
    answer = ask(closed, "DELETE", "/session", cookies=signed_in.cookies, headers=token)

    assert (answer.status_code, answer.content) == (204, b"")
    assert {name: (morsel.value, morsel["max-age"]) for name, (morsel, _) in cookies_set(answer).items()} == {
        "sessionid": ("", "0"),
        "csrftoken": ("", "0"),
    }
    assert ask(closed, "GET", "/session", cookies=signed_in.cookies).status_code == 401
    assert ask(closed, "DELETE", "/session", cookies=signed_in.cookies).status_code == 204  # it is over already


def test_signing_out_ends_the_session_also_when_something_else_says_who_calls(closed, person, signed_in):
    answer = ask(closed, "DELETE", "/session", cookies=signed_in.cookies, headers=person.headers)

    assert answer.status_code == 204
    assert ask(closed, "GET", "/session", cookies=signed_in.cookies).status_code == 401


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda accounts, name: accounts.set_password(name, "another password"), id="another password"),
        pytest.param(lambda accounts, name: accounts.disable(name), id="disabled"),
        pytest.param(lambda accounts, name: accounts.delete_user(name), id="deleted"),
    ],
)
def test_what_ends_a_session_ends_it_at_once(closed, name, signed_in, end):
    with closed.accounts() as accounts:
        end(accounts, name)

    for path in ("/session", "/runnings"):
        assert ask(closed, "GET", path, cookies=signed_in.cookies).status_code == 401


@pytest.fixture
def endless(closed, name, person):
    """The id of a job of the person that does one file operation in a second, and is cancelled at the end."""
    (closed.uploads / name).mkdir()
    for number in range(200):
        (closed.uploads / name / f"f{number}").touch()
    job_id = ask(closed, "POST", f"/sync?source={name}&dest={name}&wait=1", headers=person.headers).json()["id"]
    yield job_id
    admin = closed.person(f"{name}.admin", role=Role.ADMIN)
    assert ask(closed, "POST", f"/cancel?id={job_id}", headers=admin.headers).status_code == 202  # it still ran


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "end"),
    [
        pytest.param("session", lambda accounts, name: accounts.disable(name), id="a session, the user disabled"),
        pytest.param("session", lambda accounts, name: accounts.set_password(name, None), id="a session that ended"),
        pytest.param("password", lambda accounts, name: accounts.disable(name), id="a password, the user disabled"),
        pytest.param(
            "key", lambda accounts, name: accounts.revoke_key(accounts.keys(name)[0].id), id="a key that was revoked"
        ),
        pytest.param("key", lambda accounts, name: accounts.set_role(name, Role.WORKER), id="another role"),
    ],
)
def test_an_answer_that_lasts_ends_with_what_proved_its_caller(closed, person, signed_in, address, endless, by, end):
    proof = {
        "session": {"cookies": signed_in.cookies},
        "password": {"auth": (person.name, PASSWORD), "headers": address},
        "key": {"headers": person.headers},
    }
    with ask(closed, "GET", f"/events?id={endless}", stream=True, **proof[by]) as events:
        lines = events.iter_lines()
        next(line for line in lines if line.startswith(b"data: "))
        with closed.accounts() as accounts:
            end(accounts, person.name)

        rest = [json.loads(line[6:])["status"] for line in lines if line.startswith(b"data: ")]
        assert FINAL.isdisjoint(rest)  # what was under way, and not all to the end of the job


def test_a_role_counts_from_the_next_request_on(closed, name, signed_in):
    with closed.accounts() as accounts:
        accounts.set_role(name, Role.ADMIN)

    assert ask(closed, "GET", "/session", cookies=signed_in.cookies).json()["role"] == "admin"


@pytest.mark.parametrize("token", ["", "x", 64 * "0", "é"], ids=["empty", "short", "unknown", "not ASCII"])
def test_a_stale_cookie_is_nobody_and_no_error_where_nobody_is_asked(service, closed, token):
    cookie = {"Cookie": f"sessionid={token}"}

    assert ask(service, "GET", "/runnings", headers=cookie).status_code == 200
    assert ask(service, "POST", "/sync?dry_run=1", headers=cookie).status_code == 202
    for path in ("/session", "/runnings"):
        assert ask(closed, "GET", path, headers=cookie).status_code == 401


def test_two_session_cookies_are_nobodys_and_no_error_where_nobody_is_asked(service, closed, signed_in):
    token = signed_in.cookies["sessionid"]

    for cookies in (f"sessionid={token}; sessionid=x", f"sessionid=x; sessionid={token}"):
        assert ask(closed, "GET", "/session", headers={"Cookie": cookies}).status_code == 401
        assert ask(service, "GET", "/runnings", headers={"Cookie": cookies}).status_code == 200


@pytest.fixture(scope="module")
def two_sessions(closed):
    """The cookies of two sessions of one user."""
    closed.person("ann-of-two-sessions", password=PASSWORD)
    headers = {"X-Forwarded-For": "198.51.100.1"}
    return [sign_in(closed, "ann-of-two-sessions", headers=headers).cookies for _ in range(2)]


START = ("/sync?dry_run=1", 202)
END = (f"/cancel?id={JOB}", 404)


@pytest.mark.parametrize(("path", "passed"), [START, END], ids=["sync", "cancel"])
@pytest.mark.parametrize(
    ("method", "headers", "passes"),
    [
        pytest.param("POST", {"X-CSRFToken": "own"}, True, id="the token"),
        pytest.param("POST", {"X-CSRF-Token": "own"}, True, id="the token by its other name"),
        pytest.param("GET", {"X-CSRFToken": "own"}, True, id="the token with a GET"),
        pytest.param("POST", {}, False, id="no token"),
        pytest.param("POST", {"X-CSRFToken": ""}, False, id="an empty token"),
        pytest.param("POST", {"X-CSRFToken": "wrong"}, False, id="a wrong token"),
        pytest.param("POST", {"X-CSRFToken": "é"}, False, id="a token that is not ASCII"),
        pytest.param("POST", {"X-CSRFToken": "another"}, False, id="the token of another session"),
        pytest.param("POST", {"Sec-Fetch-Site": "same-origin"}, False, id="our own page without the token"),
        pytest.param("POST", {"Sec-Fetch-Site": "none"}, False, id="a POST that says it was typed"),
        pytest.param("POST", {"X-CSRFToken": "own", "Sec-Fetch-Site": "cross-site"}, False, id="another site with the token"),
        pytest.param("POST", {"X-CSRFToken": "own", "Origin": "https://evil.example"}, False, id="another origin with the token"),
        pytest.param("GET", {}, False, id="a link, in a browser that tells nothing"),
        pytest.param("GET", {"Sec-Fetch-Site": "none"}, True, id="the address bar"),
        pytest.param("GET", {"Sec-Fetch-Site": "same-origin"}, True, id="a link of our own"),
        pytest.param("GET", {"Sec-Fetch-Site": "same-site"}, False, id="a neighbouring site"),
        pytest.param("GET", {"Sec-Fetch-Site": "cross-site"}, False, id="another site"),
        pytest.param("GET", {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch"}, False, id="a guess of the browser"),
    ],
)  # fmt: skip
def test_a_session_changes_something_only_with_its_token_or_by_hand(
    closed, two_sessions, path, passed, method, headers, passes
):
    own, another = two_sessions
    tokens = {"own": own["csrftoken"], "another": another["csrftoken"]}
    headers = {name: tokens.get(value, value).encode() for name, value in headers.items()}
    answer = ask(closed, method, path, cookies=own, headers=headers)

    assert answer.status_code == (passed if passes else 403)


def test_the_csrf_cookie_alone_proves_nothing(closed, signed_in):
    token = signed_in.cookies["csrftoken"]
    cookies = {"csrftoken": token}

    assert ask(closed, "GET", "/session", cookies=cookies, headers={"X-CSRFToken": token}).status_code == 401


def test_reading_needs_no_token(closed, signed_in):
    for method in ("GET", "POST"):
        assert ask(closed, method, "/runnings", cookies=signed_in.cookies).status_code == 200


def test_signing_out_needs_the_token_too(closed, signed_in):
    assert ask(closed, "DELETE", "/session", cookies=signed_in.cookies).status_code == 403
    assert ask(closed, "GET", "/session", cookies=signed_in.cookies).status_code == 200


def test_a_key_beside_a_cookie_needs_no_token(closed, person, signed_in):
    answer = ask(closed, "POST", "/sync?dry_run=1", cookies=signed_in.cookies, headers=person.headers)

    assert answer.status_code == 202


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/"}],
    ids=["fetch metadata", "origin", "referrer"],
)
def test_another_site_signs_nobody_in(closed, person, address, headers):
    form = {"username": person.name, "password": PASSWORD}
    answer = ask(closed, "POST", "/session", data=form, headers=address | headers)

    assert answer.status_code == 403
    assert not answer.cookies


@pytest.mark.parametrize(
    "login",
    [
        pytest.param({"password": "wrong password"}, id="a wrong password"),
        pytest.param({"username": "nobody"}, id="an unknown user"),
        pytest.param({"username": ""}, id="no name"),
        pytest.param({"password": ""}, id="no password"),
        pytest.param({"username": "a\0b"}, id="a control character"),
        pytest.param({"password": 100_000 * "x"}, id="a very long password"),
        pytest.param({"password": "\ud800"}, id="no character at all"),
    ],
)
def test_a_wrong_login_is_one_sentence_and_sets_nothing(closed, person, address, login):
    right = {"username": person.name, "password": PASSWORD}
    answer = ask(closed, "POST", "/session", json=right | login, headers=address)

    assert answer.status_code == 401
    assert answer.json()["message"] == "The name or the password is wrong."
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Sluice"'
    assert not answer.cookies


@pytest.mark.parametrize(
    ("request_of", "status"),
    [
        pytest.param({"json": {"username": "ann"}}, 422, id="no password"),
        pytest.param({"json": {"username": "ann", "password": 12345678}}, 422, id="a number"),
        pytest.param({"json": {"username": "ann", "password": ["canary-password"]}}, 401, id="a list of one"),
        pytest.param({"json": {"username": "ann", "password": "canary-password", "more": 1}}, 422, id="more"),
        pytest.param({"json": ["canary-password"]}, 422, id="no object"),
        pytest.param({"params": {"username": "ann", "password": "canary-password"}}, 422, id="in the address"),
        pytest.param({"data": "canary-password{", "headers": {"Content-Type": "application/json"}}, 400, id="no JSON"),
        pytest.param({"data": "canary-password", "headers": {"Content-Type": "text/plain"}}, 415, id="plain text"),
        pytest.param({"data": {"username": "ann", "password": "x" * 2_000_000}}, 413, id="megabytes"),
    ],
)  # fmt: skip
def test_what_is_no_login_is_refused_without_repeating_it(closed, address, request_of, status):
    headers = address | request_of.get("headers", {})
    answer = ask(closed, "POST", "/session", **(request_of | {"headers": headers}))

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    assert "canary" not in answer.text + closed.log.read_text()


def test_wrong_passwords_are_throttled_by_the_address_that_the_proxy_tells(closed, person):
    stranger, owner = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "203.0.113.8"}
    for _ in range(5):
        assert sign_in(closed, person.name, "wrong password", headers=stranger).status_code == 401
    refused = sign_in(closed, person.name, PASSWORD, headers=stranger)
    by_basic = ask(closed, "GET", "/runnings", auth=(person.name, PASSWORD), headers=stranger)

    assert refused.status_code == by_basic.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert not refused.cookies
    # What the client itself put before the proxy's word does not count.
    lie = {"X-Forwarded-For": "203.0.113.9, 203.0.113.7"}
    assert sign_in(closed, person.name, PASSWORD, headers=lie).status_code == 429
    assert sign_in(closed, person.name, PASSWORD, headers=owner).status_code == 200
    assert ask(closed, "GET", "/session", headers=person.headers | stranger).status_code == 200  # a key is no guess


@pytest.mark.slow
def test_without_a_proxy_nobody_can_choose_his_address(tmp_path, rclone):
    with running_service(tmp_path, rclone) as service:
        service.person("ann", password=PASSWORD)
        statuses = [
            sign_in(service, "ann", "wrong password", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
            for n in range(6)
        ]

    assert statuses == [401] * 5 + [429]
