"""Keys with scopes, from the command line to a request: made, listed, used, refused."""

import json
import re

import pytest

from app import create_app
from app.accounts.caller import Role
from app.accounts.scopes import Scope
from app.bootstrap import build_services
from tests.support.jobs import settings_for


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(tmp_path / "data", sync_auth="required"))
    services.accounts.create_user("ann", Role.USER)
    yield services
    services.database.close()


@pytest.fixture
def app(services):
    return create_app(services)


@pytest.fixture
def run(app):
    """Run ``flask keys ...`` and return how it ended."""
    return lambda *words: app.test_cli_runner().invoke(args=["keys", *words])


def made(run, *scopes):
    """Make a key of these scopes by the command line and return it."""
    result = run("create", "ann", *(word for scope in scopes for word in ("--scope", scope)))
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def listed(run):
    return json.loads(run("list", "--json").stdout)


def test_a_key_looks_as_the_vendors_client_expects(run):
    assert re.fullmatch(r"[a-z]+_[A-Za-z0-9_-]{20,}", made(run, "cloud_storage:read"))


@pytest.mark.parametrize(
    ("scopes", "columns"),
    [
        pytest.param([], "read-write  for ever", id="none"),
        pytest.param(["read"], "read-only  read  for ever", id="read"),
        pytest.param(["cloud_storage:write"], "read-write  cloud_storage:write  for ever", id="cloud storage's"),
        pytest.param(["write", "read", "read"], "read-write  read,write  for ever", id="some, one of them twice"),
    ],
)
def test_the_list_says_what_a_key_is_held_to(run, scopes, columns):
    made(run, *scopes)

    assert columns in run("list").stdout
    assert listed(run)[0]["scopes"] == (sorted(set(scopes)) or None)


@pytest.mark.parametrize("word", ["everything", "READ", "images:read", "", "read,write"])
def test_a_scope_that_there_is_not_makes_no_key(run, word):
    result = run("create", "ann", "--scope", word)

    assert result.exit_code == 2
    assert all(scope in result.output for scope in Scope)
    assert listed(run) == []


@pytest.mark.fault("scopes")
def test_a_key_does_what_its_scopes_say_and_nothing_else(app, run):
    def ask(method, path, *scopes):
        headers = {"Authorization": f"Bearer {made(run, *scopes)}"}
        body = {} if method == "POST" else None
        return app.test_client().open(path, method=method, headers=headers, json=body).status_code

    assert [ask("GET", "/session", *scopes) for scopes in ([], ["read"], ["cloud_storage:read"])] == [200, 200, 403]
    assert [ask("POST", "/api/histories", *scopes) for scopes in ([], ["write"], ["read"])] == [200, 200, 403]


@pytest.mark.fault(37, "scopes")
def test_scopes_give_a_user_nothing_that_is_not_his(app, services, run):
    headers = {"Authorization": f"Bearer {made(run, 'admin')}"}

    assert services.accounts.keys("ann")[0].scopes == {Scope.ADMIN}
    assert app.test_client().put("/api/configuration/toolbox", headers=headers).status_code == 403
