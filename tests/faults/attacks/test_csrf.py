"""Nothing changes by what a foreign page makes a browser do: every changing route of the URL map, each way to be made."""

import pytest

from tests.support.belongings import TUS
from tests.support.inhabited import HERE
from tests.support.naming import requests_to

pytestmark = [pytest.mark.fault(36, "origins")]

FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "its origin": {"Origin": "https://evil.example"},
}
SPELT = {
    "its address": {"Referer": "http://evil.example/"},
    "a sister host": {"Sec-Fetch-Site": "same-site"},
    "in capitals": {"Sec-Fetch-Site": "CROSS-SITE"},
    "its origin, of our own name": {"Origin": "http://localhost.evil.example"},
    "its origin, behind our own name": {"Origin": "http://localhost@evil.example"},
    "our own name at another port": {"Origin": "http://localhost:81"},
    "an origin that hides": {"Origin": "null"},
    "an origin that cannot be read": {"Origin": "http://[evil"},
    "a foreign one beside our own": {"Origin": "http://localhost", "Referer": "http://evil.example/"},
    "a look ahead": {"Sec-Purpose": "prefetch;prerender"},
    "a look ahead of old": {"Purpose": "prefetch"},
}
"""One guard looks at all of these, for all routes."""

TYPES = {
    "a form": {"data": "a=b", "content_type": "application/x-www-form-urlencoded"},
    "text": {"data": '{"a": "b"}', "content_type": "text/plain"},
}
"""What a page may send elsewhere without being asked first."""


@pytest.fixture(scope="module")
def changing(house):
    found = [route for route in house.routes if route.changes]
    assert len(found) > 80
    return found


@pytest.fixture(scope="module")
def signed_in(house):
    """Ask as a browser in which the admin has signed in: it sends the cookies, and no token."""
    client = house.browser("root", "password-root")
    session = {"Cookie": f"sessionid={client.get_cookie('sessionid').value}"}
    plain = house.app.test_client(use_cookies=False)
    return lambda method, path, headers, **request: plain.open(
        path, method=method, base_url=HERE, headers={**session, **headers}, **request
    )


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_what_a_foreign_page_causes_is_refused_whoever_calls(house, anns, changing, headers):
    before, answers = house.rows(), {}
    for route in changing:
        for request in requests_to(route.method, route.path, anns):
            with house.ask("root", route.method, anns.address(route), headers=TUS | headers, **request) as answer:
                answers.setdefault(answer.status_code, []).append(str(route))

    assert answers.keys() == {403}, {status: answers[status] for status in answers if status != 403}
    assert house.rows() == before


def test_a_session_alone_changes_nothing(house, anns, changing, signed_in):
    before, answers = house.rows(), {}
    for route in changing:
        for request in requests_to(route.method, route.path, anns):
            with signed_in(route.method, anns.address(route), TUS, **request) as answer:
                answers.setdefault(answer.status_code, []).append(str(route))

    assert answers.keys() == {403}, {status: answers[status] for status in answers if status != 403}
    assert house.rows() == before
    with signed_in("GET", "/session", {}) as answer:  # and it was one all the time
        assert answer.json["user"] == "root"


@pytest.mark.parametrize("headers", SPELT.values(), ids=SPELT)
def test_a_foreign_page_is_known_however_the_browser_says_it(house, headers):
    before = house.rows()

    assert house.ask("root", "GET", "/sync?dest=b", headers=headers).status_code == 403
    assert house.ask("root", "POST", "/sync", json={"dest": "b"}, headers=headers).status_code == 403
    assert house.rows() == before


@pytest.mark.parametrize("token", ["", "x", "0" * 64], ids=["empty", "another", "as long as one"])
def test_a_session_with_another_token_changes_nothing(house, signed_in, token):
    before, own = house.rows(), {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert signed_in("POST", "/sync", own | {"X-CSRFToken": token}, json={"dest": "b"}).status_code == 403
    assert signed_in("POST", "/start", own, data={"dest": "b", "csrf_token": token}).status_code == 403
    assert house.rows() == before


@pytest.mark.parametrize("request_of", TYPES.values(), ids=TYPES)
def test_a_session_changes_nothing_by_what_a_page_may_send_unasked(house, anns, changing, signed_in, request_of):
    """Some routes look at the type of a body, or at its fields, before they look at who sent it."""
    before = house.rows()
    for route in changing:
        if route.method == "POST":
            with signed_in("POST", anns.address(route), TUS, **request_of) as answer:
                assert answer.status_code in (403, 415, 422), route
    assert house.rows() == before


def test_a_head_request_changes_nothing(house, anns, changing):
    before = house.rows()
    for route in changing:
        if route.method == "GET":
            [*requests] = requests_to(route.method, route.path, anns)
            for request in requests:
                assert house.ask("root", "HEAD", anns.address(route), **request).status_code == 405, route
    assert house.rows() == before
