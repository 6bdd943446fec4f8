"""What a key with scopes may be used for, asked of every view of the URL map, so that a new one cannot be forgotten."""

import re

import pytest
from flask import Blueprint, jsonify

from app import create_app
from app.accounts.caller import Role
from app.accounts.scopes import Scope, suffices
from app.bootstrap import build_services
from app.web.callers import current_caller, required_caller
from app.web.guard import changes_something, signs_out
from app.web.public import ask_who_calls, public
from app.web.scoped import scoped, wanted_scopes
from tests.support.jobs import settings_for

SOME_UUID = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"
SOME_ENCODED = "f2db41e1fa331b3e"
"""What Galaxy takes for an id."""

OPEN = ("/docs", "/openapi", "/health", "/readyz", "/metrics", "/static")
WHOEVER_CALLS = {
    ("POST", "/session"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/api/auth/login"),
    ("GET", "/api/authenticate/baseauth"),
    ("GET", "/api/server/about"),
    ("GET", "/api/version"),
    ("GET", "/api/configuration"),
    ("GET", f"/api/v2/cloud-storage/auth/{SOME_UUID}/callback"),
}
"""Views that never look at who calls, or at a key of another form."""

SIGNING_OUT = {("POST", "/api/auth/logout"), ("POST", "/sign-out")}
BY_SCOPE = [Scope.CLOUD_STORAGE_READ, Scope.CLOUD_STORAGE_WRITE, Scope.CLOUD_STORAGE_DELETE, Scope.CLOUD_STORAGE_SHARE]

probe = Blueprint("probe", __name__)
ask_who_calls(probe)


@probe.get("/probe/looks")
def looks():
    return jsonify(required_caller().name)


@probe.post("/probe/changes")
@changes_something
def changes():
    return jsonify("changed")


@probe.get("/probe/marked")
@scoped(Scope.CLOUD_STORAGE_READ)
def marked():
    return jsonify("looked at")


@probe.post("/probe/marked-change")
@scoped(Scope.CLOUD_STORAGE_DELETE)
@changes_something
def marked_change():
    return jsonify("removed")


@probe.post("/probe/either")
@changes_something
@scoped(Scope.CLOUD_STORAGE_WRITE, Scope.CLOUD_STORAGE_SHARE)
def either():
    return jsonify("shared")


@probe.post("/probe/out")
@signs_out
def out():
    return jsonify("gone")


@probe.get("/probe/public")
@public
def for_anybody():
    return jsonify("shown")


@probe.get("/probe/published")
@public
def published():
    caller = current_caller()
    return jsonify(caller.name if caller else "nobody")


@pytest.fixture(scope="module", params=["open", "required"])
def app(request, tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data"), sync_auth=request.param))
    app = create_app(services)
    app.register_blueprint(probe)
    services.accounts.create_user("ann", Role.ADMIN)
    yield app
    services.database.close()


@pytest.fixture(scope="module")
def asking(app):
    """Return what makes a key that is held to some scopes, and gives what asks a route with it."""
    accounts = app.extensions["sluice"].accounts

    def asking(*scopes, **key):
        headers = {"x-api-key": accounts.create_key("ann", scopes=scopes or None, **key).key}
        client = app.test_client(use_cookies=False)
        return lambda method, path: client.open(path, method=method, headers=headers)

    return asking


@pytest.fixture(scope="module")
def answer_to(asking):
    """Return what asks a route with a new key that is held to some scopes."""
    return lambda method, path, *scopes, **key: asking(*scopes, **key)(method, path)


def routes(app):
    """Yield (method, path, view) for all that the application answers by a view of its own."""
    for rule in app.url_map.iter_rules():
        if rule.rule == "/" or rule.rule.startswith((*OPEN, "/probe")):
            continue
        view, some = app.view_functions[rule.endpoint], SOME_ENCODED if "galaxy" in rule.endpoint else SOME_UUID
        path = re.sub(r"<[^>]+>", some, re.sub(r"<int:[^>]+>", "4000000", rule.rule))
        for method in sorted(rule.methods - {"OPTIONS"}):
            own = "get" if method == "HEAD" else method.lower()
            yield method, path, getattr(getattr(view, "view_class", None), own, view)


@pytest.mark.parametrize("scope", BY_SCOPE)
@pytest.mark.fault(37, "scopes")
def test_a_key_for_cloud_storage_opens_only_the_views_that_are_marked_for_it(app, asking, scope):
    ask = asking(scope)
    answers = {(method, path): (view, ask(method, path).status_code) for method, path, view in routes(app)}

    assert ask("POST", "/probe/changes").status_code == 403  # nothing ended the key meanwhile
    assert len(answers) > 100
    for (method, path), (view, status) in answers.items():
        own = ("GET" if method == "HEAD" else method, path)
        may = own in WHOEVER_CALLS or wanted_scopes(view) is None or suffices({scope}, wanted_scopes(view))
        assert (status != 403) == may, (method, path, status)


def test_what_any_key_or_none_may_do_exists(app):
    assert {(method, path) for method, path, _ in routes(app)} >= WHOEVER_CALLS | SIGNING_OUT


def test_no_other_view_than_signing_out_is_for_every_key(app):
    assert {(method, path) for method, path, view in routes(app) if wanted_scopes(view) is None} == SIGNING_OUT


NONE, READ, WRITE, ADMIN = (), ("read",), ("write",), ("admin",)
SHARED = [NONE, WRITE, ADMIN, ("cloud_storage:write",), ("cloud_storage:share",), ("cloud_storage:read", *WRITE)]
VIEWS = [
    pytest.param("GET", "/probe/looks", [NONE, READ, WRITE, ADMIN], id="looked at"),
    pytest.param("HEAD", "/probe/looks", [NONE, READ, WRITE, ADMIN], id="its HEAD"),
    pytest.param("POST", "/probe/changes", [NONE, WRITE, ADMIN, ("cloud_storage:read", *WRITE)], id="changes"),
    pytest.param("GET", "/probe/marked", [NONE, READ, WRITE, ADMIN, ("cloud_storage:read",)], id="marked"),
    pytest.param("POST", "/probe/marked-change", [NONE, WRITE, ADMIN, ("cloud_storage:delete",)], id="marked change"),
    pytest.param("POST", "/probe/either", SHARED, id="one of two"),
]
REFUSED = [
    pytest.param("GET", "/probe/looks", ("cloud_storage:read", "cloud_storage:write"), "read", id="looked at"),
    pytest.param("HEAD", "/probe/looks", ("cloud_storage:read",), None, id="its HEAD"),
    pytest.param("HEAD", "/sync", ("read",), None, id="the HEAD of a GET that changes something"),
    pytest.param("POST", "/probe/changes", ("cloud_storage:write",), "write", id="changes"),
    pytest.param("POST", "/probe/changes", ("read",), "write", id="changes, and the key reads"),
    pytest.param("GET", "/probe/marked", ("cloud_storage:write",), "cloud_storage:read", id="marked"),
    pytest.param("POST", "/probe/marked-change", ("cloud_storage:write",), "cloud_storage:delete", id="marked change"),
    pytest.param(
        "POST", "/probe/either", ("read",), "cloud_storage:share or cloud_storage:write", id="neither of the two"
    ),
    pytest.param("GET", "/probe/published", ("cloud_storage:read",), "read", id="public, and looks at who calls"),
]


@pytest.mark.parametrize(("method", "path", "keys"), VIEWS)
def test_a_view_takes_what_it_says_or_what_implies_it(answer_to, method, path, keys):
    assert {answer_to(method, path, *scopes).status_code for scopes in keys} == {200}


@pytest.mark.parametrize(("method", "path", "scopes", "wanted"), REFUSED)
@pytest.mark.fault("scopes")
def test_a_view_refuses_any_other_key_and_says_what_would_do(answer_to, method, path, scopes, wanted):
    answer = answer_to(method, path, *scopes)

    assert answer.status_code == 403
    assert wanted is None or f"The scopes of this key do not include {wanted}. Use another key." in answer.text


@pytest.mark.parametrize("path", ["/probe/out", "/probe/public"])
def test_signing_out_and_what_is_for_anybody_take_every_key(answer_to, path):
    assert answer_to("POST" if path == "/probe/out" else "GET", path, "cloud_storage:share").status_code == 200


@pytest.mark.fault(37, "scopes")
def test_a_read_only_key_stays_one_whatever_its_scopes(answer_to):
    assert answer_to("GET", "/probe/looks", "write", read_only=True).status_code == 200
    assert answer_to("POST", "/probe/changes", "write", read_only=True).status_code == 403


def test_scopes_say_nothing_where_nothing_answers(answer_to):
    assert answer_to("GET", "/probe/nowhere", "cloud_storage:read").status_code == 404
