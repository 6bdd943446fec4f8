"""Every view that changes something is guarded: asked of the URL map, so that a new route cannot be forgotten."""

import pytest

from app import create_app
from app.bootstrap import build_services
from app.web.parameters import FIRST
from app.web.scoped import CHANGES
from tests.support.jobs import settings_for

READING = {"GET", "HEAD", "OPTIONS"}
POSTS_THAT_READ = {("POST", path) for path in ("/runnings", "/get", "/steps", "/events")}
GETS_THAT_CHANGE = {("GET", path) for path in ("/sync", "/cancel")}
# Guarded against foreign pages alone: who called before makes no difference.
SIGNING_IN = {("POST", path) for path in ("/session", "/api/auth/login", "/sign-in")}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data")))
    yield create_app(services)
    services.database.close()


def views(app):
    """Yield (method, path, view) for all that the application answers by a view of its own."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        methods = getattr(view, "view_class", None)
        for method in rule.methods - {"OPTIONS"}:
            yield (
                method,
                rule.rule,
                getattr(methods, "get" if method == "HEAD" else method.lower()) if methods else view,
            )


def guarded(app):
    return {(method, path) for method, path, view in views(app) if hasattr(view, CHANGES)}


@pytest.mark.fault(36)
def test_every_method_but_get_is_guarded_unless_it_is_known_to_read(app):
    changing = {(method, path) for method, path, _ in views(app) if method not in READING}

    assert changing - guarded(app) == POSTS_THAT_READ | SIGNING_IN


def test_the_gets_that_change_something_are_guarded_too(app):
    assert guarded(app) >= GETS_THAT_CHANGE


def test_the_exceptions_are_routes_that_exist(app):
    assert {(method, path) for method, path, _ in views(app)} >= POSTS_THAT_READ | GETS_THAT_CHANGE | SIGNING_IN


@pytest.mark.fault(36, "origins")
def test_a_foreign_page_is_refused_before_its_parameters_are_looked_at(app):
    asked_first = {(method, path) for method, path, view in views(app) if hasattr(view, FIRST)}
    client = app.test_client()

    for method, path in sorted((method, path) for method, path in asked_first if "<" not in path and method != "HEAD"):
        answer = client.open(
            path, method=method, data="[", content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code in (401, 403), (method, path, answer.text)
    assert asked_first >= {("POST", "/copy"), ("POST", "/cancel"), ("POST", "/webhooks"), ("POST", "/session")}
