"""``?key=`` says who is calling on every route of every dialect, although their schemas refuse unknown parameters."""

import re

import pytest

from app import create_app
from app.accounts.caller import Role
from app.bootstrap import build_services
from tests.support.jobs import settings_for

UNKNOWN = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"
OPEN = ("/docs", "/openapi", "/health", "/readyz", "/metrics", "/static")
SIGNING_IN_AND_OUT = {
    ("POST", "/session"),
    ("DELETE", "/session"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/logout"),
    ("GET", "/sign-in"),
    ("POST", "/sign-out"),
}
PUBLIC = {
    *(
        ("GET", path)
        for path in ("/api/server/about", "/api/version", "/api/configuration", "/api/histories/published")
    ),
    # Published ones are for anybody.
    *(("GET", f"/api/histories/{UNKNOWN}{below}") for below in ("", "/contents")),
    *(("GET", f"/api/histories/{UNKNOWN}/contents/{UNKNOWN}{below}") for below in ("", "/display", "/extra_files")),
    *(("GET", f"/api/datasets/{UNKNOWN}{below}") for below in ("", "/display")),
    # Where Google sends a browser back to, which has no key.
    ("GET", f"/api/v2/cloud-storage/auth/{UNKNOWN}/callback"),
    # Google sends a browser there.
    ("GET", f"/api/v2/cloud-storage/auth/{UNKNOWN}/callback"),
}
BY_PASSWORD = {("GET", "/api/authenticate/baseauth"), ("POST", "/sign-in")}
NO_KEY = {403001, 403008}
"""What Galaxy says with 403 where all others say 401."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data"), sync_auth="required"))
    yield create_app(services)
    services.database.close()


@pytest.fixture(scope="module")
def key(app):
    accounts = app.extensions["sluice"].accounts
    accounts.create_user("ann", Role.USER)
    return accounts.create_key("ann").key


def requests_of(app):
    """Yield (method, path) for each route that asks who is calling."""
    for rule in app.url_map.iter_rules():
        if rule.rule != "/" and not rule.rule.startswith(OPEN):
            path = re.sub(r"<[^>]+>", UNKNOWN, re.sub(r"<int:[^>]+>", "4000000", rule.rule))
            yield from ((method, path) for method in sorted(rule.methods - {"OPTIONS", "HEAD"}))


def asks_who_is_calling(answer):
    galaxys = answer.status_code == 403 and answer.is_json and answer.json.get("err_code") in NO_KEY
    return answer.status_code == 401 or galaxys


@pytest.mark.fault(37, "profiler")
def test_without_a_key_every_route_asks_who_is_calling(app):
    client = app.test_client(use_cookies=False)
    answers = {route: client.open(route[1], method=route[0]) for route in requests_of(app)}

    assert {
        route for route, answer in answers.items() if not asks_who_is_calling(answer)
    } == SIGNING_IN_AND_OUT | PUBLIC


def test_every_route_takes_a_key_in_the_query_string(app, key):
    client = app.test_client(use_cookies=False)
    answers = {route: client.open(route[1], method=route[0], query_string={"key": key}) for route in requests_of(app)}

    assert len(answers) > 10
    for route, answer in answers.items():
        assert route in BY_PASSWORD or not asks_who_is_calling(answer), route
        said = "" if answer.mimetype == "text/event-stream" else answer.text  # one of those has no end
        assert "Unknown field" not in said, route
        assert key not in said, route
        answer.close()
