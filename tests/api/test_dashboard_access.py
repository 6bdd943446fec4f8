"""Signing in to the dashboard over HTTP: who needs to, what is refused and in which words, and where one goes then."""

from http.cookies import SimpleCookie

import pytest
import requests
from lxml import html

from app.accounts.caller import Role
from app.accounts.scopes import Scope

PASSWORD = "right password"
JOB = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"
KEY = f"sluice_{64 * '5'}"
"""Nobody's."""


def ask(service, method, path, **request):
    return requests.request(method, service.url + path, timeout=60, allow_redirects=False, **request)


def sign_in(service, name, password=PASSWORD, wanted="/", **request):
    form = {"username": name, "password": password, "next": wanted}
    return ask(service, "POST", "/sign-in", data=form, **request)


def form_of(answer):
    """The form for signing in that an answer shows."""
    page = html.document_fromstring(answer.text)
    [form] = [form for form in page.forms if form.action == "/sign-in"]
    return form


def cookies_set(answer):
    lines = answer.raw.headers.getlist("Set-Cookie")
    return {name: morsel for line in lines for name, morsel in SimpleCookie(line).items()}


@pytest.fixture
def person(closed, name):
    return closed.person(name, password=PASSWORD)


@pytest.fixture
def signed_in(closed, person, address):
    answer = sign_in(closed, person.name, headers=address)
    assert answer.status_code == 303, answer.text
    return answer


def test_nobody_signs_in_to_see_the_jobs_of_an_open_service(service):
    answer = ask(service, "GET", "/")

    assert answer.status_code == 200
    assert "Nobody has to sign in" in answer.text
    assert '<a href="/sign-in">' in answer.text


def test_an_open_service_says_so_to_nobody_who_is_signed_in(service, name):
    cookies = sign_in(service, service.person(name, password=PASSWORD).name).cookies
    answer = ask(service, "GET", "/", cookies=cookies)

    assert name in answer.text
    assert "Nobody has to sign in" not in answer.text


def test_a_closed_service_shows_the_form_on_the_spot_and_no_error(closed):
    answer = ask(closed, "GET", "/")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Sluice"'  # no window of the browser's own opens
    assert form_of(answer).fields["next"] == "/"
    assert 'role="alert"' not in answer.text


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        pytest.param("/", "/", id="the jobs"),
        pytest.param("/?state=failed&state=partial", "/?state=failed&state=partial", id="some jobs"),
        pytest.param("/?key=" + KEY, "/", id="a key in the address"),
        pytest.param("/?state=failed&key=" + KEY + "&x=%C3%A9", "/?state=failed&x=%C3%A9", id="a key among others"),
        pytest.param("/?%6Bey=" + KEY, "/", id="a key spelt otherwise"),
        pytest.param("/?x=" + 3000 * "y", "/", id="a very long one"),
        pytest.param("/?x=%FF", "/?x=%25FF", id="no UTF-8"),
    ],
)  # fmt: skip
def test_who_signs_in_comes_back_to_what_he_asked_for_and_no_key_stays_in_the_address(closed, asked, wanted):
    answer = ask(closed, "GET", asked)

    assert answer.status_code == 401
    assert form_of(answer).fields["next"] == wanted
    assert KEY not in answer.text


@pytest.mark.parametrize("by", ["password", "key"])
def test_a_name_with_a_password_or_a_key_signs_in(closed, person, address, by):
    answer = sign_in(closed, person.name.upper(), {"password": PASSWORD, "key": person.key}[by], headers=address)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    found = ask(closed, "GET", "/", cookies=answer.cookies)
    assert found.status_code == 200
    assert person.name in found.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookies_are_those_of_every_session(closed, person, address, scheme):
    found = cookies_set(sign_in(closed, person.name, headers=address | {"X-Forwarded-Proto": scheme}))

    assert sorted(found) == ["csrftoken", "sessionid"]
    for name, morsel in found.items():
        assert (morsel["path"], morsel["samesite"], morsel["domain"]) == ("/", "Lax", "")
        assert bool(morsel["secure"]) == (scheme == "https")
        assert bool(morsel["httponly"]) == (name == "sessionid")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param({"password": "wrong password"}, "The name or the password is wrong.", id="a wrong password"),
        pytest.param({"username": "nobody"}, "The name or the password is wrong.", id="an unknown user"),
        pytest.param({"password": ""}, "The name or the password is wrong.", id="no password"),
        pytest.param({"password": KEY}, "This key is unknown.", id="an unknown key"),
        pytest.param({"username": "<b>&\"'"}, "The name or the password is wrong.", id="markup for a name"),
        pytest.param({"username": 5000 * "x"}, "The name or the password is wrong.", id="a very long name"),
    ],
)
def test_what_is_refused_is_said_in_the_form_which_keeps_the_name(closed, person, address, spoil, sentence):
    typed = {"username": person.name, "password": PASSWORD, "next": "/?state=failed"} | spoil
    answer = ask(closed, "POST", "/sign-in", data=typed, headers=address)
    fields = form_of(answer).fields

    assert answer.status_code == 401
    assert html.document_fromstring(answer.text).xpath("string(//*[@role='alert'])") == sentence
    assert fields["username"] == typed["username"][:150]
    assert not fields["password"]
    assert fields["next"] == "/?state=failed"
    assert not answer.cookies
    assert KEY not in answer.text
    assert PASSWORD not in answer.text


def test_after_wrong_passwords_the_form_says_how_long_to_wait_and_a_key_still_works(closed, person, address):
    for _ in range(5):
        assert sign_in(closed, person.name, "wrong password", headers=address).status_code == 401
    refused = sign_in(closed, person.name, headers=address)
    seconds = int(refused.headers["Retry-After"])

    assert refused.status_code == 429
    assert f"Too many wrong passwords. Try again in {seconds} seconds." in refused.text
    assert form_of(refused).fields["username"] == person.name
    assert sign_in(closed, person.name, person.key, headers=address).status_code == 303


PAGES = [
    pytest.param("/", id="the jobs"),
    pytest.param("/?state=failed", id="some jobs"),
]
NO_PAGES = [
    pytest.param("https://evil.example/", id="another site"),
    pytest.param("//evil.example/", id="another host"),
    pytest.param("///evil.example/", id="three slashes"),
    pytest.param("/\\evil.example/", id="a backslash"),
    pytest.param("\\\\evil.example/", id="two backslashes"),
    pytest.param("/\t/evil.example/", id="a tab, which browsers leave out"),
    pytest.param("\t//evil.example/", id="a tab in front"),
    pytest.param("%09//evil.example/", id="an escaped tab in front"),
    pytest.param("/%09/evil.example/", id="an escaped tab"),
    pytest.param("/%2Fevil.example/", id="an escaped slash"),
    pytest.param("/%5Cevil.example/", id="an escaped backslash"),
    pytest.param("/\r\nSet-Cookie: a=b", id="another header"),
    pytest.param("/%0D%0ASet-Cookie: a=b", id="another header, escaped"),
    pytest.param("javascript:alert(1)", id="a script"),
    pytest.param("data:text/html,x", id="a document"),
    pytest.param("http:evil.example", id="a scheme without slashes"),
    pytest.param("@evil.example", id="what makes the host a user"),
    pytest.param("/@evil.example", id="no such page"),
    pytest.param("http://[", id="half an address"),
    pytest.param("//[", id="half a host"),
    pytest.param(" /", id="a space in front"),
    pytest.param("", id="nothing"),
    pytest.param("/" + 3000 * "x", id="a very long one"),
    pytest.param("/?x=" + 3000 * "x", id="a very long question"),
    pytest.param("/é", id="beyond ASCII"),
    pytest.param("/sync?dest=attacked", id="a route that starts a job"),
    pytest.param(f"/cancel?id={JOB}", id="a route that cancels a job"),
    pytest.param("/%73ync?dest=attacked", id="that route, escaped"),
    pytest.param("/sign-in", id="the form itself"),
    pytest.param("/sign-out", id="signing out"),
    pytest.param("/static/live.js", id="a script of ours"),
]


@pytest.mark.parametrize("wanted", NO_PAGES)
def test_the_form_leads_to_no_address_but_a_page_of_ours(closed, person, wanted):
    shown = form_of(ask(closed, "GET", "/sign-in", params={"next": wanted})).fields["next"]
    went = sign_in(closed, person.name, person.key, wanted)

    assert shown == "/"
    assert (went.status_code, went.headers["Location"]) == (303, "/")
    assert len(cookies_set(went)) == 2


@pytest.mark.parametrize("wanted", PAGES)
def test_the_form_leads_to_the_page_that_was_wanted(closed, person, wanted):
    shown = form_of(ask(closed, "GET", "/sign-in", params={"next": wanted})).fields["next"]

    assert shown == wanted
    assert sign_in(closed, person.name, person.key, wanted).headers["Location"] == wanted


def test_no_key_goes_from_the_form_into_the_address(closed, person):
    wanted = f"/?key={KEY}&state=failed"
    shown = ask(closed, "GET", "/sign-in", params={"next": wanted})

    assert KEY not in shown.text
    assert sign_in(closed, person.name, person.key, wanted).headers["Location"] == "/?state=failed"


def test_a_key_in_the_address_shows_the_page_and_stands_nowhere_in_it(closed, person):
    answer = ask(closed, "GET", "/", params={"key": person.key})

    assert answer.status_code == 200
    assert person.key not in answer.text
    assert not answer.cookies


def test_each_sign_in_has_a_new_token_and_ends_the_session_before(closed, person, address):
    planted = {"sessionid": 64 * "0", "csrftoken": 64 * "1"}
    first = sign_in(closed, person.name, headers=address, cookies=planted).cookies
    second = sign_in(closed, person.name, headers=address, cookies=dict(first)).cookies

    assert len({planted["sessionid"], first["sessionid"], second["sessionid"]}) == 3
    statuses = [ask(closed, "GET", "/", cookies=dict(each)).status_code for each in (planted, first, second)]
    assert statuses == [401, 401, 200]


def test_a_wrong_password_leaves_the_session_that_is_there(closed, person, address, signed_in):
    refused = sign_in(closed, person.name, "wrong password", headers=address, cookies=signed_in.cookies)

    assert refused.status_code == 401
    assert ask(closed, "GET", "/", cookies=signed_in.cookies).status_code == 200


def test_who_is_signed_in_is_told_so_by_the_form(closed, name, signed_in):
    assert f"You are signed in as {name}." in ask(closed, "GET", "/sign-in", cookies=signed_in.cookies).text


def test_signing_out_ends_the_session_and_clears_both_cookies(closed, signed_in):
    form = {"csrf_token": signed_in.cookies["csrftoken"]}
    answer = ask(closed, "POST", "/sign-out", data=form, cookies=signed_in.cookies)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert {name: (morsel.value, morsel["max-age"]) for name, morsel in cookies_set(answer).items()} == {
        "sessionid": ("", "0"),
        "csrftoken": ("", "0"),
    }
    assert ask(closed, "GET", "/", cookies=signed_in.cookies).status_code == 401


def test_no_other_page_signs_anybody_out(closed, signed_in):
    assert ask(closed, "POST", "/sign-out", cookies=signed_in.cookies).status_code == 403
    assert ask(closed, "GET", "/sign-out", cookies=signed_in.cookies).status_code == 405
    assert ask(closed, "GET", "/", cookies=signed_in.cookies).status_code == 200


def test_signing_out_of_a_session_that_has_ended_is_no_error(closed, signed_in):
    form = {"csrf_token": signed_in.cookies["csrftoken"]}
    answers = [ask(closed, "POST", "/sign-out", data=form, cookies=signed_in.cookies) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]


def test_a_session_that_ends_while_a_page_is_open_says_so_and_leads_back(closed, name, signed_in):
    with closed.accounts() as accounts:
        accounts.set_password(name, "another password")
    answer = ask(closed, "GET", "/?state=failed", cookies=signed_in.cookies)

    assert answer.status_code == 401
    assert "Your session has ended. Sign in again." in answer.text
    assert form_of(answer).fields["next"] == "/?state=failed"


def test_a_session_ends_with_the_key_that_opened_it(closed, name, address):
    with closed.accounts() as accounts:
        accounts.create_user(name, Role.USER)
        made = accounts.create_key(name)
        cookies = sign_in(closed, name, made.key, headers=address).cookies
        assert ask(closed, "GET", "/", cookies=cookies).status_code == 200
        accounts.delete_key(made.record.id)

    assert ask(closed, "GET", "/", cookies=cookies).status_code == 401


def test_a_key_that_may_only_read_says_so_at_the_top_of_its_pages(closed, name, address):
    person = closed.person(name, read_only=True)
    cookies = sign_in(closed, name, person.key, headers=address).cookies

    assert "may only read" in ask(closed, "GET", "/", cookies=cookies).text


def test_a_key_that_is_not_for_pages_is_told_so_and_can_sign_in_otherwise(closed, name, address):
    person = closed.person(name, password=PASSWORD, scopes={Scope.CLOUD_STORAGE_WRITE})
    cookies = sign_in(closed, name, person.key, headers=address).cookies
    answer = ask(closed, "GET", "/", cookies=cookies)

    assert answer.status_code == 403
    assert "The scopes of this key do not include read. Use another key." in answer.text
    assert ask(closed, "GET", "/sign-in", cookies=cookies).status_code == 200
    assert sign_in(closed, name, headers=address, cookies=cookies).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/"},
    ],
    ids=["fetch metadata", "a neighbouring site", "origin", "a page that hides its own", "referrer"],
)
def test_another_site_signs_nobody_in(closed, person, headers):
    answer = sign_in(closed, person.name, person.key, headers=headers)

    assert answer.status_code == 403
    assert "Refused: " in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("request_of", "status", "sentence"),
    [
        pytest.param(
            {"data": {"username": "x" * 2_000_000}}, 413, "too large for a form. Nothing was done.", id="megabytes"
        ),
        pytest.param(
            {"files": {"username": ("name", b"x" * 2_000_000)}}, 413, "too large for a form", id="a file of megabytes"
        ),
        pytest.param({"json": {"username": "canary", "password": "canary"}}, 401, "password is wrong", id="JSON"),
        pytest.param({"params": {"username": "canary"}}, 401, "password is wrong", id="in the address"),
        pytest.param({"data": b"\xff\x00=%FF"}, 401, "password is wrong", id="no form"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused_on_a_page(closed, address, request_of, status, sentence):
    answer = ask(closed, "POST", "/sign-in", headers=address, **request_of)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert sentence in answer.text
    assert "canary" not in answer.text


@pytest.mark.parametrize("header", [{"Authorization": "Bearer x"}, {"x-api-key": KEY}, {"Authorization": "x"}], ids=str)
def test_a_program_that_proves_nothing_learns_why(closed, header):
    answer = ask(closed, "GET", "/", headers=header)

    assert answer.status_code == 401
    assert html.document_fromstring(answer.text).xpath("string(//*[@role='alert'])")


def test_a_page_that_is_not_there_says_so_on_a_page(closed, signed_in):
    answer = ask(closed, "GET", "/jobs/nothing/at/all", cookies=signed_in.cookies)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Content-Security-Policy" in answer.headers


def test_a_form_that_nobody_sent_was_not_done_and_says_so(closed):
    answer = ask(closed, "POST", "/start", data={"dest": "photos"})  # he has signed out in another window

    assert answer.status_code == 401
    assert "What you sent was not done. Sign in first." in answer.text


def test_two_cookies_of_one_name_are_told_apart_from_nobody(closed, signed_in):
    own = f"sessionid={signed_in.cookies['sessionid']}"
    answer = ask(closed, "GET", "/", headers={"Cookie": f"{own}; sessionid=of-another-application"})

    assert answer.status_code == 401
    assert "sends two cookies called sessionid" in answer.text
    assert signed_in.cookies["sessionid"] not in answer.text


def test_an_address_that_is_only_for_a_form_says_so_to_who_opens_it(closed):
    answer = ask(closed, "GET", "/sign-out")

    assert answer.status_code == 405
    assert "takes only what a form sends. Nothing was done." in answer.text
