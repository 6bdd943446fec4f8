"""The accounts of the CVAT dialect over HTTP: starting up, signing in and out, users, and the words of every refusal."""

import re
from base64 import b64encode
from http.cookies import SimpleCookie

import pytest
import requests

from app.accounts.caller import Role
from tests.support.service import running_service

PASSWORD = "right password"
CANARY = "canary-password"
UNKNOWN = "sluice_" + 64 * "0"
MEDIA_TYPE = "application/vnd.cvat+json"

NOBODY = "Authentication credentials were not provided."
WRONG_PASSWORD = "Invalid username/password."
NO_BASE64 = "Invalid basic header. Credentials not correctly base64 encoded."
WRONG_TOKEN = "Invalid token."
NO_TOKEN = "Invalid token header. No credentials provided."
DISABLED = "User inactive or deleted."
FORBIDDEN = "You do not have permission to perform this action."
WRONG_LOGIN = {"non_field_errors": ["Unable to log in with provided credentials."]}


def ask(service, method, path, **request):
    return requests.request(method, service.url + path, timeout=60, **request)


def login(service, name, password=PASSWORD, **request):
    return ask(service, "POST", "/api/auth/login", json={"username": name, "password": password}, **request)


def basic(text):
    return "Basic " + b64encode(text.encode()).decode()


def said(answer):
    """The status and the document of an answer, which is of CVAT's media type."""
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    return answer.status_code, answer.json()


def in_session(signed_in, token="csrftoken", **headers):
    """What a request in a session holds."""
    return {"cookies": signed_in.cookies, "headers": {"X-CSRFToken": signed_in.cookies[token]} | headers}


@pytest.fixture
def person(closed, name):
    return closed.person(name, password=PASSWORD)


@pytest.fixture
def admin(closed, name):
    return closed.person(f"{name}.admin", Role.ADMIN, password=PASSWORD)


@pytest.fixture
def signed_in(closed, person, address):
    answer = login(closed, person.name, headers=address)
    assert answer.status_code == 200, answer.text
    return answer


def user_id(service, name):
    with service.accounts() as accounts:
        return accounts.user(name).id


def test_about_is_for_everybody_and_says_a_version_that_the_sdk_takes(closed):
    status, about = said(ask(closed, "GET", "/api/server/about"))

    assert status == 200
    assert sorted(about) == ["description", "logo_url", "name", "subtitle", "version"]
    assert {type(value) for value in about.values()} == {str}
    assert about["version"] == "2.80.0"


@pytest.mark.parametrize("token", [UNKNOWN, "x"])
def test_about_does_not_look_at_who_asks(closed, token):
    assert ask(closed, "GET", "/api/server/about", headers={"Authorization": f"Token {token}"}).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/html", "*/*", "image/png;q=0.1", "", None])
def test_the_media_type_is_the_same_whatever_the_client_accepts(closed, accept):
    answers = [ask(closed, "GET", path, headers={"Accept": accept}) for path in ("/api/server/about", "/api/users/1")]

    assert [said(answer)[0] for answer in answers] == [200, 401]


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        pytest.param("PUT", "/api/server/about", 405, {"GET", "HEAD", "OPTIONS"}, id="about"),
        pytest.param("GET", "/api/auth/login", 405, {"POST", "OPTIONS"}, id="login"),
        pytest.param("DELETE", "/api/auth/logout", 405, {"POST", "OPTIONS"}, id="logout"),
        pytest.param("PUT", "/api/users/1", 405, {"GET", "HEAD", "DELETE", "OPTIONS"}, id="a user"),
        pytest.param("GET", "/api/server/about/", 404, None, id="about, a slash behind it"),
        pytest.param("POST", "/api/auth/login/", 404, None, id="login, a slash behind it"),
        pytest.param("GET", "/api/users/self/", 404, None, id="self, a slash behind it"),
        pytest.param("GET", "/api/users/x", 404, None, id="a user who is no number"),
        pytest.param("GET", "/api/users/-1", 404, None, id="a user below zero"),
        pytest.param("GET", "/api/auth/nothing", 404, None, id="nothing"),
    ],
)
def test_where_nothing_answers_the_words_are_those_of_the_original(closed, person, method, path, status, allowed):
    answer = ask(closed, method, path, headers=person.headers)

    assert said(answer) == (status, {"detail": f'Method "{method}" not allowed.' if allowed else "Not found."})
    assert set(answer.headers.get("Allow", "").split(", ")) == (allowed or {""})


def test_a_login_answers_a_key_and_two_cookies(closed, signed_in, person):
    status, body = said(signed_in)

    assert (status, [*body]) == (200, ["key"])
    assert re.fullmatch("[0-9a-f]{40}", body["key"])
    assert sorted(signed_in.cookies.keys()) == ["csrftoken", "sessionid"]
    for request in (in_session(signed_in), {"headers": {"Authorization": f"Token {body['key']}"}}):
        assert ask(closed, "GET", "/api/users/self", **request).json()["username"] == person.name


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_sdk_can_read_the_cookies(closed, person, address, scheme):
    answer = login(closed, person.name, headers=address | {"X-Forwarded-Proto": scheme})
    lines = answer.raw.headers.getlist("Set-Cookie")
    joined = SimpleCookie(", ".join(lines))  # as the SDK does it

    assert {name: morsel.value for name, morsel in joined.items()} == dict(answer.cookies)
    assert sorted(joined) == ["csrftoken", "sessionid"]
    for line in lines:
        assert "=" in line.rpartition("; ")[2]
        assert ("; Secure" in line) is (scheme == "https")


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(lambda fields: {"json": fields}, id="JSON"),
        pytest.param(lambda fields: {"json": fields | {"more": [1], "email": ""}}, id="JSON with more in it"),
        pytest.param(lambda fields: {"data": fields}, id="a form"),
        pytest.param(lambda fields: {"files": {name: (None, value) for name, value in fields.items()}}, id="multipart"),
        pytest.param(
            lambda fields: {"json": {"email": fields["username"], "password": fields["password"]}},
            id="the name as an address",
        ),
        pytest.param(lambda fields: {"json": fields | {"username": fields["username"].upper()}}, id="upper case"),
    ],
)
def test_a_login_comes_in_several_forms(closed, person, address, request_of):
    fields = {"username": person.name, "password": PASSWORD}

    assert ask(closed, "POST", "/api/auth/login", headers=address, **request_of(fields)).status_code == 200


def test_a_password_of_digits_may_come_as_a_number(closed, name, address):
    closed.person(name, password="1234567890")

    assert login(closed, name, 1234567890, headers=address).status_code == 200


@pytest.mark.parametrize(
    ("given", "body"),
    [
        pytest.param({"username": "ann"}, {"password": ["This field is required."]}, id="no password"),
        pytest.param({"username": "ann", "password": ""}, {"password": ["This field may not be blank."]}, id="an empty password"),
        pytest.param({"username": "ann", "password": None}, {"password": ["This field may not be null."]}, id="null"),
        pytest.param({"username": "ann", "password": True}, {"password": ["Not a valid string."]}, id="a boolean"),
        pytest.param({"username": "ann", "password": {"a": CANARY}}, {"password": ["Not a valid string."]}, id="an object"),
        pytest.param({}, {"password": ["This field is required."]}, id="nothing"),
        pytest.param({"password": CANARY}, {"non_field_errors": ['Must include either "username" or "email" and "password".']}, id="no name"),
        pytest.param({"username": "", "password": CANARY}, {"non_field_errors": ['Must include either "username" or "email" and "password".']}, id="an empty name"),
        pytest.param([CANARY], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}, id="a list"),
        pytest.param(CANARY, {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}, id="a string"),
        pytest.param({"username": "nobody", "password": CANARY}, WRONG_LOGIN, id="an unknown user"),
        pytest.param({"username": "a\0b", "password": CANARY}, WRONG_LOGIN, id="a control character"),
        pytest.param({"username": "nobody", "password": "\ud800"}, WRONG_LOGIN, id="no character at all"),
        pytest.param({"username": "nobody", "password": 100_000 * "x"}, WRONG_LOGIN, id="a very long password"),
    ],
)  # fmt: skip
def test_what_is_no_login_is_refused_by_field(closed, address, given, body):
    answer = ask(closed, "POST", "/api/auth/login", json=given, headers=address)

    assert said(answer) == (400, body)
    assert not answer.cookies
    assert CANARY not in answer.text + closed.log.read_text()


@pytest.mark.parametrize("state", ["wrong", "disabled", "no password"])
def test_a_login_that_fails_is_one_sentence_whatever_the_reason(closed, person, address, state):
    with closed.accounts() as accounts:
        if state == "disabled":
            accounts.disable(person.name)
        if state == "no password":
            accounts.set_password(person.name, None)
    answer = login(closed, person.name, "wrong password" if state == "wrong" else PASSWORD, headers=address)

    assert said(answer) == (400, WRONG_LOGIN)
    assert "WWW-Authenticate" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize(
    ("content_type", "status", "detail"),
    [
        pytest.param("application/json", 400, "JSON parse error", id="no JSON"),
        pytest.param("text/plain", 415, 'Unsupported media type "text/plain" in request.', id="plain text"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_without_repeating_it(closed, address, content_type, status, detail):
    headers = address | {"Content-Type": content_type}
    found, body = said(ask(closed, "POST", "/api/auth/login", data=CANARY + "{", headers=headers))

    assert found == status
    assert body["detail"].startswith(detail)
    assert CANARY not in str(body)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=["fetch metadata", "origin"]
)
def test_another_site_signs_nobody_in(closed, person, address, headers):
    answer = login(closed, person.name, headers=address | headers)
    status, body = said(answer)

    assert status == 403
    assert body["detail"].startswith("CSRF Failed: ")
    assert not answer.cookies


def test_wrong_passwords_are_throttled_in_both_places(closed, person):
    stranger = {"X-Forwarded-For": "203.0.113.77"}
    statuses = [login(closed, person.name, "wrong password", headers=stranger).status_code for _ in range(5)]
    refused = [
        login(closed, person.name, headers=stranger),
        ask(closed, "GET", "/api/users/self", auth=(person.name, PASSWORD), headers=stranger),
    ]

    assert statuses == [400] * 5
    for answer in refused:
        seconds = int(answer.headers["Retry-After"])
        assert said(answer) == (429, {"detail": f"Request was throttled. Expected available in {seconds} seconds."})
        assert seconds > 0


def test_signing_in_again_ends_the_session_before_and_its_key(closed, person, signed_in, address):
    again = login(closed, person.name, headers=address, cookies=signed_in.cookies)
    statuses = [
        ask(closed, "GET", "/api/users/self", headers={"Authorization": f"Token {key}"}).status_code
        for key in (signed_in.json()["key"], again.json()["key"])
    ]

    assert statuses == [401, 200]


def by_cookie(signed_in):
    return in_session(signed_in)


def by_key(signed_in):
    return {"headers": {"Authorization": f"Token {signed_in.json()['key']}"}}


@pytest.mark.parametrize("way", [by_cookie, by_key])
def test_signing_out_ends_both_the_cookie_and_the_key(closed, signed_in, way):
    answer = ask(closed, "POST", "/api/auth/logout", **way(signed_in))
    cleared = SimpleCookie(", ".join(answer.raw.headers.getlist("Set-Cookie")))

    assert said(answer) == (200, {"detail": "Successfully logged out."})
    assert {name: (morsel.value, morsel["max-age"]) for name, morsel in cleared.items()} == {
        "sessionid": ("", "0"),
        "csrftoken": ("", "0"),
    }
    assert said(ask(closed, "GET", "/api/users/self", **by_cookie(signed_in))) == (401, {"detail": NOBODY})
    assert said(ask(closed, "GET", "/api/users/self", **by_key(signed_in))) == (401, {"detail": WRONG_TOKEN})
    assert ask(closed, "POST", "/api/auth/logout", **by_cookie(signed_in)).status_code == 200  # it is over already


@pytest.mark.parametrize("read_only", [False, True], ids=["a key", "a key that may only read"])
def test_signing_out_leaves_an_api_key_as_it_is(closed, name, read_only):
    person = closed.person(name, read_only=read_only)

    assert ask(closed, "POST", "/api/auth/logout", headers=person.headers).status_code == 200
    assert ask(closed, "GET", "/api/users/self", headers=person.headers).status_code == 200


def test_who_is_nobody_may_sign_out(closed):
    assert said(ask(closed, "POST", "/api/auth/logout")) == (200, {"detail": "Successfully logged out."})


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no token"),
        pytest.param({"X-CSRFToken": "wrong"}, id="a wrong token"),
        pytest.param({"X-CSRFToken": "own", "Origin": "https://evil.example"}, id="another origin"),
        pytest.param({"X-CSRFToken": "own", "Sec-Fetch-Site": "cross-site"}, id="another site"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/auth/logout"), ("DELETE", "/api/users/{own}")], ids=["logout", "removal"]
)
def test_a_session_changes_nothing_without_its_token(closed, person, signed_in, method, path, headers):
    own = {"X-CSRFToken": signed_in.cookies["csrftoken"]}
    headers = headers | (own if headers.get("X-CSRFToken") == "own" else {})
    path = path.format(own=user_id(closed, person.name))
    status, body = said(ask(closed, method, path, cookies=signed_in.cookies, headers=headers))

    assert status == 403
    assert body["detail"].startswith("CSRF Failed: ")
    assert ask(closed, "GET", "/api/users/self", **in_session(signed_in)).status_code == 200


def test_a_session_that_sends_its_own_origin_may_change_something(closed, signed_in):
    assert ask(closed, "POST", "/api/auth/logout", **in_session(signed_in, Origin=closed.url)).status_code == 200


def test_a_key_and_a_password_need_no_csrf_token(closed, name, address):
    people = [closed.person(f"{name}.{number}", password=PASSWORD) for number in range(2)]
    proofs = [{"headers": people[0].headers}, {"auth": (people[1].name, PASSWORD), "headers": address}]
    paths = [f"/api/users/{user_id(closed, person.name)}" for person in people]

    assert [ask(closed, "DELETE", path, **proof).status_code for path, proof in zip(paths, proofs, strict=True)] == [
        204
    ] * 2


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        pytest.param({}, NOBODY, id="nothing"),
        pytest.param({"Cookie": f"sessionid={64 * '0'}"}, NOBODY, id="a session that is none"),
        pytest.param({"Authorization": basic("{name}:wrong password")}, WRONG_PASSWORD, id="basic, wrong"),
        pytest.param({"Authorization": basic(f"nobody:{PASSWORD}")}, WRONG_PASSWORD, id="basic, an unknown name"),
        pytest.param({"Authorization": basic(f"nobody:{UNKNOWN}")}, WRONG_PASSWORD, id="basic, an unknown key"),
        pytest.param({"Authorization": "Basic %%%"}, NO_BASE64, id="basic, no base64"),
        pytest.param({"Authorization": "Basic " + b64encode(b"ann").decode()}, NO_BASE64, id="basic, no colon"),
        pytest.param({"Authorization": "Basic"}, NO_BASE64, id="basic, nothing behind it"),
        pytest.param({"Authorization": f"Token {UNKNOWN}"}, WRONG_TOKEN, id="token, unknown"),
        pytest.param({"Authorization": f"Token {40 * '0'}"}, WRONG_TOKEN, id="token, like a session's"),
        pytest.param({"Authorization": "Token x"}, WRONG_TOKEN, id="token, none at all"),
        pytest.param({"Authorization": f"Bearer {UNKNOWN}"}, WRONG_TOKEN, id="bearer, unknown"),
        pytest.param({"Authorization": "Token"}, NO_TOKEN, id="token, nothing behind it"),
        pytest.param({"Authorization": "Bearer"}, NO_TOKEN, id="bearer, nothing behind it"),
        pytest.param({"Authorization": "Digest x"}, NOBODY, id="a scheme that is none of ours"),
        pytest.param({"x-api-key": UNKNOWN}, WRONG_TOKEN, id="x-api-key, unknown"),
        pytest.param({"x-api-key": "a,b"}, "x-api-key came more than once, or holds a comma: say once who you are.", id="x-api-key, twice"),
    ],
)  # fmt: skip
def test_who_proves_nothing_is_told_so_in_the_words_of_the_original(closed, person, address, header, detail):
    if header.get("Authorization") == basic("{name}:wrong password"):
        header = {"Authorization": basic(f"{person.name}:wrong password")}
    answer = ask(closed, "GET", "/api/users/self", headers=address | header)

    assert said(answer) == (401, {"detail": detail})
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("way", ["Token", "Bearer", "basic"])
def test_a_key_of_a_disabled_user_says_that_he_is(closed, person, address, way):
    with closed.accounts() as accounts:
        accounts.disable(person.name)
    value = basic(f"{person.name}:{person.key}") if way == "basic" else f"{way} {person.key}"
    answer = ask(closed, "GET", "/api/users/self", headers=address | {"Authorization": value})

    assert said(answer) == (401, {"detail": DISABLED})


def test_a_password_of_a_disabled_user_is_wrong_like_any_other(closed, person, address):
    with closed.accounts() as accounts:
        accounts.disable(person.name)
    answer = ask(closed, "GET", "/api/users/self", auth=(person.name, PASSWORD), headers=address)

    assert said(answer) == (401, {"detail": WRONG_PASSWORD})


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda accounts, name: accounts.set_password(name, "another password"), id="another password"),
        pytest.param(lambda accounts, name: accounts.disable(name), id="disabled"),
        pytest.param(lambda accounts, name: accounts.delete_user(name), id="deleted"),
    ],
)
def test_what_ends_a_session_ends_its_key(closed, person, signed_in, end):
    with closed.accounts() as accounts:
        end(accounts, person.name)

    assert said(ask(closed, "GET", "/api/users/self", **by_key(signed_in))) == (401, {"detail": WRONG_TOKEN})


def test_the_key_of_a_session_is_good_for_the_other_dialects_too(closed, signed_in, person):
    assert ask(closed, "GET", "/session", **by_key(signed_in)).json()["user"] == person.name
    assert ask(closed, "GET", "/session", params={"key": signed_in.json()["key"]}).json()["user"] == person.name


def test_a_key_of_ours_is_taken_as_token_bearer_and_basic(closed, person):
    values = [
        f"Token {person.key}",
        f"Bearer {person.key}",
        basic(f"{person.name}:{person.key}"),
        basic(f":{person.key}"),
    ]
    answers = [ask(closed, "GET", "/api/users/self", headers={"Authorization": value}) for value in values]

    assert [answer.json()["username"] for answer in answers] == [person.name] * 4


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_a_user_is_shown_with_what_the_sdk_knows_of_him(closed, name, role):
    person = closed.person(name, role)
    status, body = said(ask(closed, "GET", "/api/users/self", headers=person.headers))
    joined = body.pop("date_joined")

    assert status == 200
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", joined)
    assert body == {
        "url": f"{closed.url}/api/users/{body['id']}",
        "id": user_id(closed, name),
        "username": name,
        "first_name": "",
        "last_name": "",
        "email": "",
        "groups": [role.value],
        "is_staff": role is Role.ADMIN,
        "is_superuser": role is Role.ADMIN,
        "is_active": True,
        "last_login": None,
        "has_analytics_access": False,
    }
    assert ask(closed, "GET", body["url"].removeprefix(closed.url), headers=person.headers).json()["id"] == body["id"]


def test_a_login_is_in_what_is_shown_of_the_user(closed, name, address):
    person = closed.person(name, password=f"the password of {name} alone")
    signed_in = login(closed, name, person.password, headers=address)

    assert ask(closed, "GET", "/api/users/self", **in_session(signed_in)).json()["last_login"] is not None


def test_everybody_sees_himself_and_an_admin_sees_all(closed, person, admin, name):
    other = closed.person(f"{name}.other")
    ids = {each.name: user_id(closed, each.name) for each in (person, other)}

    def shown(caller, number):
        return said(ask(closed, "GET", f"/api/users/{number}", headers=caller.headers))

    assert shown(person, ids[person.name])[1]["username"] == person.name
    assert shown(person, ids[other.name]) == (403, {"detail": FORBIDDEN})
    assert shown(admin, ids[other.name])[1]["username"] == other.name
    for caller in (person, admin):
        for number in (4_000_000, 2**63 - 1, 2**63, 10**30, 0):
            assert shown(caller, number) == (404, {"detail": "No User matches the given query."})


@pytest.fixture(scope="module")
def crowd(tmp_path_factory, rclone):
    """A service with 25 users, of whom the first is an admin."""
    with running_service(tmp_path_factory.mktemp("crowd"), rclone) as service:
        root = service.person("root", Role.ADMIN)
        with service.accounts() as accounts:
            for number in range(24):
                accounts.create_user(f"user-{number}", Role.USER)
        yield service, root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "ids", "following", "before"),
    [
        pytest.param("", range(25, 15, -1), "?page=2", None, id="ten to a page"),
        pytest.param("?page=2", range(15, 5, -1), "?page=3", "", id="the second page"),
        pytest.param("?page=3", range(5, 0, -1), None, "?page=2", id="the third page"),
        pytest.param("?page=last&page_size=20", range(5, 0, -1), None, "?page_size=20", id="the last page"),
        pytest.param("?page_size=all", range(25, 0, -1), None, None, id="all"),
        pytest.param("?page_size=x&more=1", range(25, 15, -1), "?more=1&page=2&page_size=x", None, id="no size, and more"),
        pytest.param("?username=user-3", [5], None, None, id="one by name"),
        pytest.param("?username=USER-3", [], None, None, id="by a name of other letters"),
        pytest.param("?username=", range(25, 15, -1), "?page=2&username=", None, id="by an empty name"),
    ],
)  # fmt: skip
def test_an_admin_gets_all_users_by_pages(crowd, query, ids, following, before):
    service, root = crowd
    status, body = said(ask(service, "GET", f"/api/users{query}", headers=root.headers))
    address = f"{service.url}/api/users"

    assert (status, sorted(body)) == (200, ["count", "next", "previous", "results"])
    assert [user["id"] for user in body["results"]] == [*ids]
    assert body["next"] == (None if following is None else address + following)
    assert body["previous"] == (None if before is None else address + before)
    assert body["count"] == (len(ids) if "username=U" in query or "username=u" in query else 25)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "1.5", "9" * 30])
def test_a_page_that_there_is_not_is_said_so(crowd, page):
    service, root = crowd

    assert said(ask(service, "GET", f"/api/users?page={page}", headers=root.headers)) == (
        404,
        {"detail": "Invalid page."},
    )


def test_everybody_else_gets_himself(closed, person):
    status, body = said(ask(closed, "GET", "/api/users", headers=person.headers))

    assert (status, body["count"], body["next"]) == (200, 1, None)
    assert [user["username"] for user in body["results"]] == [person.name]


def test_a_key_in_the_query_string_is_not_in_the_addresses_of_pages(closed, admin, name):
    for number in range(2):
        closed.person(f"{name}.{number}")
    body = ask(closed, "GET", "/api/users", params={"page_size": 1, "key": admin.key}).json()

    assert body["next"] == f"{closed.url}/api/users?page=2&page_size=1"


def test_a_user_is_removed_by_an_admin_or_by_himself_and_by_nobody_else(closed, person, admin, name):
    other = closed.person(f"{name}.other")
    ids = {each.name: user_id(closed, each.name) for each in (person, other)}

    def removed(caller, number):
        return ask(closed, "DELETE", f"/api/users/{number}", headers=caller.headers)

    assert said(removed(person, ids[other.name])) == (403, {"detail": FORBIDDEN})
    for caller, number in ((admin, ids[other.name]), (person, ids[person.name])):
        answer = removed(caller, number)
        assert (answer.status_code, answer.content) == (204, b"")
    assert said(removed(admin, ids[other.name])) == (404, {"detail": "No User matches the given query."})
    assert said(removed(person, ids[person.name])) == (401, {"detail": WRONG_TOKEN})  # the key went with him


def test_a_key_that_may_only_read_removes_nobody(closed, name):
    person = closed.person(name, read_only=True)
    path = f"/api/users/{user_id(closed, name)}"

    assert said(ask(closed, "DELETE", path, headers=person.headers)) == (403, {"detail": FORBIDDEN})
    assert ask(closed, "GET", path, headers=person.headers).status_code == 200


def test_the_last_owner_of_an_organisation_stays_until_another_is_named(closed, person, admin, name):
    with closed.accounts() as accounts:
        accounts.create_organisation(name[-16:], "", person.name)
    path = f"/api/users/{user_id(closed, person.name)}"
    for caller in (person, admin):
        status, body = said(ask(closed, "DELETE", path, headers=caller.headers))
        assert status == 400
        assert body["detail"].startswith(f"{person.name} is the last owner of {name[-16:]}")
    with closed.accounts() as accounts:
        accounts.delete_organisation(name[-16:])

    assert ask(closed, "DELETE", path, headers=person.headers).status_code == 204


@pytest.mark.slow
def test_the_last_admin_stays(tmp_path, rclone):
    with running_service(tmp_path, rclone) as service:
        admin = service.person("root", Role.ADMIN)
        answer = ask(service, "DELETE", "/api/users/1", headers=admin.headers)

        status, body = said(answer)
        assert status == 400
        assert body["detail"].startswith("root is the last admin who is not disabled.")
        assert ask(service, "GET", "/api/users/self", headers=admin.headers).status_code == 200


def test_a_connection_outlives_its_owner_and_is_nobodys(closed, person, admin):
    storage = {
        "access_key": "AKIAEXAMPLE",
        "secret_key": "s",
        "endpoint": closed.environ["STORAGE_URL"],
        "bucket": "left-behind",
    }
    made = ask(closed, "POST", "/api/cloud", json=storage | {"synchronize": False}, headers=person.headers)
    assert made.status_code == 200, made.text
    path = f"/api/users/{user_id(closed, person.name)}"

    assert ask(closed, "DELETE", path, headers=person.headers).status_code == 204
    left = ask(closed, "GET", f"/api/cloud/{made.json()['id']}", headers=admin.headers)
    assert left.json()["bucket"] == "left-behind"
