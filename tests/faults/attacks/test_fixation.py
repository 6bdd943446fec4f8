"""Nobody is in a session that another chose for him: each way to sign in, each way to have planted one."""

from pathlib import Path

import pytest

from tests.support.inhabited import HERE

pytestmark = [pytest.mark.fault(36)]

PASSWORD = "password-eva"
WAYS = {
    "the dashboard": lambda client, **more: client.post(
        "/sign-in", data={"username": "eva", "password": PASSWORD}, **more
    ),
    "a session": lambda client, **more: client.post("/session", json={"username": "eva", "password": PASSWORD}, **more),
    "as CVAT": lambda client, **more: client.post(
        "/api/auth/login", json={"username": "eva", "password": PASSWORD}, **more
    ),
}
GIVING = ["dialects/account/routes.py", "dialects/cvat/account_routes.py", "dashboard/sign_in_page.py"]
"""The modules behind them."""

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def eva(house):
    house.person("eva", password=PASSWORD)
    return house


def signed_in(house, way, planted):
    """Sign in with this in the cookie; return the answer, and who the cookies are said to be."""
    client = house.app.test_client()
    if planted:
        client.set_cookie("sessionid", planted, domain="localhost")
        client.set_cookie("csrftoken", planted, domain="localhost")
    answer = WAYS[way](client, base_url=HERE)
    assert answer.status_code in (200, 303), answer.text
    return client


def user_of(house, token):
    asked = house.app.test_client(use_cookies=False)
    return asked.get("/session", base_url=HERE, headers={"Cookie": f"sessionid={token}"}).status_code


def test_each_way_to_sign_in_is_tried():
    """Whoever gives a session imports what sets the cookie."""
    giving = {path.as_posix() for path in (ROOT / "app").rglob("*.py") if "set_session" in path.read_text("utf-8")}

    assert {path.removeprefix(f"{ROOT}/app/") for path in giving} == {"web/cookies.py", *GIVING}


@pytest.mark.parametrize("way", WAYS)
def test_what_stood_in_the_cookie_before_is_no_session_afterwards(eva, way):
    old = signed_in(eva, way, None)
    chosen = [64 * "0", "", "x" * 3000, old.get_cookie("sessionid").value]
    given = [signed_in(eva, way, planted).get_cookie("sessionid").value for planted in chosen]

    assert len({*given, *chosen}) == len(given) + len(chosen)
    assert [user_of(eva, token) for token in given] == [200] * len(given)
    assert [user_of(eva, token) for token in chosen if token] == [401] * 3


@pytest.mark.parametrize("way", WAYS)
def test_the_cookies_are_for_this_host_alone_and_no_script_reads_the_session(eva, way):
    client = eva.app.test_client()
    set_ = WAYS[way](client, base_url=HERE).headers.getlist("Set-Cookie")
    session = next(each for each in set_ if each.startswith("sessionid="))

    assert "HttpOnly" in session
    assert all("SameSite" in each and "Domain" not in each for each in set_)


@pytest.mark.parametrize("where", ["sessionid", "session", "token", "sid"])
def test_no_address_and_no_form_is_a_session(eva, where):
    token = signed_in(eva, "a session", None).get_cookie("sessionid").value
    client = eva.app.test_client(use_cookies=False)

    assert client.get(f"/session?{where}={token}", base_url=HERE).status_code in (401, 422)
    assert client.post("/runnings", data={where: token}, base_url=HERE).status_code in (401, 422)


def test_two_sessions_in_one_request_are_none(eva):
    mine, planted = (signed_in(eva, "a session", None).get_cookie("sessionid").value for _ in range(2))
    client = eva.app.test_client(use_cookies=False)
    headers = {"Cookie": f"sessionid={planted}; sessionid={mine}"}

    assert client.get("/session", base_url=HERE, headers=headers).status_code == 401
