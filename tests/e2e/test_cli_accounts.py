"""Users, keys and organisations on the command line, as a shell runs it."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

from app import create_app
from app.accounts.caller import Role
from app.bootstrap import build_services
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for
from tests.support.programs import Program, flask, run_flask
from tests.support.servers import free_port, missing
from tests.support.service import ROOT, eventually

PASSWORD = "correct horse"
FLASK = [sys.executable, "-m", "flask", "--app", "app"]
STORAGE = {"storage_url": "http://127.0.0.1:9", "minio_access_key": "key", "minio_secret_key": "secret"}


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(with_database(tmp_path / "var"), **STORAGE))
    yield services
    services.database.close()


@pytest.fixture
def run(services):
    """Run a command in this process; there is no terminal, and ``input`` comes from standard input."""
    runner = create_app(services).test_cli_runner()

    def run(*arguments, typed="", status=0):
        result = runner.invoke(args=list(arguments), input=typed)
        assert result.exit_code == status, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def ann(run):
    run("users", "create", "ann", "--no-password")


def users(run):
    return {user["name"]: user for user in json.loads(run("users", "list", "--json").stdout)}


def keys(run, *arguments):
    return json.loads(run("keys", "list", *arguments, "--json").stdout)


def test_a_user_is_made_with_a_password_from_standard_input(run, services):
    assert run("users", "create", "Ann", "--role", "admin", "--password-stdin", typed=PASSWORD + "\n").stdout == (
        "ann  admin  created\n"
    )
    assert services.authentication.by_password("ann", PASSWORD, "192.0.2.1").is_admin
    assert run("users", "list").stdout == "ann                       admin\n"


def test_only_the_line_end_is_left_out_of_a_password(run, services):
    run("users", "create", "ann", "--password-stdin", typed="  spaces  \r\nmore")

    assert services.authentication.by_password("ann", "  spaces  ", "192.0.2.1").name == "ann"


REFUSED = [
    pytest.param(["users", "create", "bob"], "", 2, "Use --password-stdin or --no-password", id="nobody to ask"),
    pytest.param(["users", "password", "ann"], "", 2, "Use --password-stdin or --no-password", id="nor here"),
    pytest.param(
        ["users", "create", "bob", "--password-stdin", "--no-password"], "", 2, "Use either", id="two ways at once"
    ),
    pytest.param(["users", "create", "a b", "--no-password"], "", 1, "name: use 1 to 150", id="a hostile name"),
    pytest.param(["users", "create", "a b"], "", 1, "name: use 1 to 150", id="before a password is asked for"),
    pytest.param(["users", "create", "ANN", "--no-password"], "", 1, "a user ann already", id="a taken name"),
    pytest.param(["users", "create", "bob", "--role", "king"], "", 2, "'king' is not one of", id="an odd role"),
    pytest.param(["users", "create", "bob", "--password-stdin"], "short\n", 1, "use 8 to 256", id="a short password"),
    pytest.param(["users", "create", "bob", "--password-stdin"], "", 1, "use 8 to 256", id="an empty input"),
    pytest.param(
        ["users", "create", "bob", "--password-stdin"], "x" * 100_000, 1, "use 8 to 256", id="a flood of input"
    ),
    pytest.param(
        ["users", "create", "bob", "--password-stdin"],
        b"p\xe4ssw\xf6rter\n",
        1,
        "password: use",
        id="Latin-1 bytes",
    ),
    pytest.param(["users", "password", "bob"], "", 1, "no user 'bob'", id="a password of nobody"),
    pytest.param(["users", "disable", "bob"], "", 1, "no user 'bob'", id="disable nobody"),
    pytest.param(["users", "disable", "root"], "", 1, "the last admin", id="disable the last admin"),
    pytest.param(["users", "delete", "root", "--yes"], "", 1, "the last admin", id="delete the last admin"),
    pytest.param(["users", "role", "root", "user"], "", 1, "the last admin", id="degrade the last admin"),
    pytest.param(["users", "delete", "ann"], "y\n", 2, "Use --yes", id="delete without a terminal"),
    pytest.param(["keys", "create", "bob"], "", 1, "no user 'bob'", id="a key of nobody"),
    pytest.param(["keys", "create", "ann", "--days", "0"], "", 2, "--days", id="no days"),
    pytest.param(["keys", "create", "ann", "--label", "a\nb"], "", 1, "label: use at most 64", id="an odd label"),
    pytest.param(["keys", "list", "bob"], "", 1, "no user 'bob'", id="the keys of nobody"),
    pytest.param(["keys", "revoke", "99999999999999999999"], "", 1, "no key 99999999999999999999", id="a huge id"),
    pytest.param(["keys", "revoke", "x"], "", 2, "'x' is not a valid integer", id="no id"),
    pytest.param(["keys", "delete", "1"], "y\n", 2, "Use --yes", id="delete a key without a terminal"),
    pytest.param(["orgs", "create", "acme"], "", 2, "--owner", id="no owner"),
    pytest.param(["orgs", "create", "a b", "--owner", "ann"], "", 1, "slug: use 1 to 16", id="a hostile slug"),
    pytest.param(["orgs", "create", "acme", "--owner", "bob"], "", 1, "no user 'bob'", id="nobody's"),
    pytest.param(["orgs", "show", "none"], "", 1, "no organisation 'none'", id="no such organisation"),
    pytest.param(["orgs", "add", "lab", "ann"], "", 2, "--role", id="no role"),
    pytest.param(["orgs", "remove", "lab", "root"], "", 1, "the last owner of lab", id="the last owner"),
    pytest.param(["orgs", "remove", "lab", "ann"], "", 1, "ann is no member of lab", id="no member"),
    pytest.param(["orgs", "delete", "lab"], "y\n", 2, "Use --yes", id="delete without a terminal, again"),
]


@pytest.mark.usefixtures("ann")
def test_what_cannot_be_done_is_said_in_a_sentence_and_changes_nothing(run, services):
    run("users", "create", "root", "--role", "admin", "--no-password")
    run("orgs", "create", "lab", "--owner", "root")
    before = services.accounts.users(), services.accounts.keys(), services.accounts.members("lab")
    for case in REFUSED:
        arguments, typed, status, sentence = case.values
        result = run(*arguments, typed=typed, status=status)

        assert sentence in result.stderr, case.id
        assert result.stdout == "", case.id
        now = services.accounts.users(), services.accounts.keys(), services.accounts.members("lab")
        assert now == before, case.id


@pytest.mark.usefixtures("ann")
def test_a_user_changes_and_goes(run, services):
    assert users(run)["ann"]["has_password"] is False
    assert run("users", "password", "ann", "--password-stdin", typed=PASSWORD + "\n").stdout == (
        "ann  has another password now\n"
    )
    assert services.authentication.by_password("ann", PASSWORD, "192.0.2.1").name == "ann"
    assert run("users", "role", "Ann", "worker").stdout == "ann  worker\n"
    assert run("users", "disable", "ann").stdout == "ann  disabled\n"
    assert run("users", "list").stdout == "ann                       worker  disabled\n"
    assert run("users", "enable", "ann").stdout == "ann  enabled\n"
    assert run("users", "password", "ann", "--no-password").stdout == "ann  has no password now\n"
    assert run("users", "list").stdout == "ann                       worker  keys only\n"
    assert run("users", "delete", "ann", "--yes").stdout == "ann  deleted\n"
    assert (run("users", "list").stdout, run("users", "list").stderr) == ("", "No users.\n")


@pytest.mark.usefixtures("ann")
def test_a_key_is_all_that_is_printed_on_standard_output(run, services):
    result = run("keys", "create", "ann", "--label", "NAS", "--days", "2", "--read-only")
    caller = services.authentication.by_key(result.stdout.removesuffix("\n"))
    [listed] = keys(run)

    assert re.fullmatch(r"sluice_[0-9a-f]{64}\n", result.stdout)
    assert result.stdout.strip() not in result.stderr
    assert (caller.name, caller.read_only) == ("ann", True)
    assert (listed["label"], listed["read_only"], listed["standing"]) == ("NAS", True, "valid")
    assert listed["expires_at"] > listed["created_at"]
    assert result.stdout.strip() not in run("keys", "list").stdout + json.dumps(listed)


@pytest.mark.usefixtures("ann")
def test_keys_are_listed_revoked_and_deleted(run):
    run("users", "create", "bob", "--no-password")
    ids = []
    for name in ("ann", "bob"):
        run("keys", "create", name)
        ids.append(str(keys(run, name)[0]["id"]))
    hint = keys(run, "ann")[0]["hint"]
    assert run("keys", "revoke", ids[0]).stdout == f"{ids[0]}  revoked\n"

    assert [key["standing"] for key in keys(run)] == ["revoked", "valid"]
    [line] = run("keys", "list", "ann").stdout.splitlines()
    assert line.split() == [ids[0], "ann", f"...{hint}", "revoked", "read-write", "for", "ever", "never", "used"]
    assert run("keys", "delete", ids[0], "--yes").stdout == f"{ids[0]}  deleted\n"
    assert [key["user_name"] for key in keys(run)] == ["bob"]


@pytest.mark.usefixtures("ann")
def test_an_organisation_comes_changes_and_goes(run):
    run("users", "create", "bob", "--no-password")
    assert run("orgs", "create", "Acme", "--owner", "ann", "--name", "Acme Corporation").stdout == "acme  created\n"
    assert run("orgs", "add", "acme", "BOB", "--role", "supervisor").stdout == "bob  supervisor of acme\n"
    assert run("orgs", "list").stdout == "acme              Acme Corporation\n"
    assert [line.split() for line in run("orgs", "show", "acme").stdout.splitlines()[1:]] == [
        ["ann", "owner"],
        ["bob", "supervisor"],
    ]
    assert run("orgs", "remove", "acme", "bob").stdout == "bob  no member of acme any more\n"
    document = json.loads(run("orgs", "show", "acme", "--json").stdout)
    assert [(one["user_name"], one["role"]) for one in document["members"]] == [("ann", "owner")]
    assert run("orgs", "delete", "acme", "--yes").stdout == "acme  deleted\n"
    assert json.loads(run("orgs", "list", "--json").stdout) == []


def started_anew(environ, arguments, terminal):
    return subprocess.Popen(
        [*FLASK, *arguments], cwd=ROOT, env=environ, start_new_session=True,
        stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def forked(environ, arguments, terminal):
    return Program("-c", AT_A_TERMINAL, os.ttyname(terminal), *arguments, environ=environ)


AT_A_TERMINAL = """
import os, runpy, sys
terminal = os.open(sys.argv[1], os.O_RDWR)
os.dup2(terminal, 0)
os.dup2(terminal, 2)
sys.argv = ["flask", "--app", "app", *sys.argv[2:]]
runpy.run_module("flask", run_name="__main__", alter_sys=True)
"""


class Terminal:
    """A command whose standard input and error are a terminal."""

    def __init__(self, start, environ, *arguments):
        self._own, self._other = pty.openpty()
        self.process = start(environ, arguments, self._other)
        self.seen = ""

    def answer(self, question, text):
        eventually(lambda: self._read().endswith(question), what=f"{question!r} in {self.seen!r}")
        os.write(self._own, text.encode() + b"\n")

    def end(self):
        out, _ = self.process.communicate(timeout=60)
        os.close(self._other)
        with suppress(OSError):  # how Linux says that the other side of a terminal has closed
            while True:
                self._read()
        os.close(self._own)
        return self.process.returncode, out

    def _read(self):
        self.seen += os.read(self._own, 1000).decode()
        return self.seen


@pytest.fixture
def environ(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {"DATA_DIR": str(tmp_path / "var")} | {name.upper(): value for name, value in STORAGE.items()}


@pytest.mark.slow
def test_on_a_terminal_a_password_is_asked_for_twice_and_not_shown(services, environ):
    terminal = Terminal(started_anew, environ, "users", "create", "ann")
    terminal.answer("Password: ", PASSWORD)
    terminal.answer("Repeat for confirmation: ", "something else")
    terminal.answer("Password: ", PASSWORD)
    terminal.answer("Repeat for confirmation: ", PASSWORD)

    assert terminal.end() == (0, "ann  user  created\n")
    assert PASSWORD not in terminal.seen
    assert "do not match" in terminal.seen
    assert services.authentication.by_password("ann", PASSWORD, "192.0.2.1").name == "ann"


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "status", "left"), [("y", 0, []), ("n", 1, ["ann"]), ("", 1, ["ann"])])
def test_on_a_terminal_deleting_asks_first(services, environ, answer, status, left):
    services.accounts.create_user("ann", Role.USER)
    terminal = Terminal(forked, environ, "users", "delete", "ann")
    terminal.answer("[y/N]: ", answer)

    assert terminal.end()[0] == status
    assert [user.name for user in services.accounts.users()] == left


@pytest.mark.slow
def test_a_shell_gets_the_key_and_nothing_else(services, environ):
    made = run_flask("users", "create", "ann", "--password-stdin", environ=environ, given=PASSWORD)
    key = run_flask("keys", "create", "ann", environ=environ)

    assert (made.returncode, made.stdout, made.stderr) == (0, "ann  user  created\n", "")
    assert services.authentication.by_key(key.stdout.removesuffix("\n")).name == "ann"
    refused = run_flask("users", "create", "bob", environ=environ)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "There is no terminal" in refused.stderr
    assert "Traceback" not in made.stderr + key.stderr + refused.stderr


def serve_until(environ, log, condition):
    """Run what `make run` runs until the condition holds, and return what it printed."""
    with log.open("wb") as output:
        process = flask("serve", environ=environ, out=output, err=output)
        try:
            eventually(lambda: process.poll() is not None or condition(), what=log.read_text())
        finally:
            process.terminate()
            process.wait(60)
    return log.read_text()


@pytest.mark.slow
def test_the_first_start_says_once_where_the_admins_key_is_and_shows_it_nowhere(tmp_path, environ):
    environ |= {"API_PORT": str(free_port())}
    log, path = tmp_path / "log", tmp_path / "var" / "admin.key"
    first, second = (serve_until(environ, log, lambda: "Ctrl-C stops it." in log.read_text()) for _ in range(2))
    key = path.read_text().strip()

    assert f'"Authorization: Bearer $(cat {path})" http://127.0.0.1:{environ["API_PORT"]}/session' in first
    assert str(path) not in second
    assert key not in first + second
    assert run_flask("users", "list", environ=environ).stdout.split() == ["admin", "admin", "keys", "only"]


@pytest.mark.slow
def test_the_way_that_the_first_start_shows_works(tmp_path, environ):
    environ |= {"API_PORT": str(free_port())}
    log, said = tmp_path / "log", []

    def asked():
        if "Ctrl-C stops it." in log.read_text() and not said:
            [command] = [line for line in log.read_text().splitlines() if line.startswith("  curl ")]
            said.append(subprocess.run(["sh", "-c", f"{command} -sS"], capture_output=True, timeout=60, check=True))
        return said

    if shutil.which("curl") is None:
        missing("curl is not installed.")
    serve_until(environ, log, asked)
    assert json.loads(said[0].stdout)["user"] == "admin"
