"""The first user of all: made once, with a key in a file, whatever is interrupted and whoever else starts."""

import fcntl
import json
import os
import re
import stat
import subprocess

import pytest

from app.accounts.authentication import Authentication
from app.accounts.caller import Role
from app.accounts.service import AccountService
from app.db import SqliteDatabase
from app.errors import SettingsError
from app.serving.first_admin import how_to_use, make_first_admin
from tests.support.jobs import settings_for
from tests.support.programs import Program

STALE = "sluice_" + "a" * 64 + "\n"


@pytest.fixture
def place(tmp_path):
    settings = settings_for(tmp_path / "data")
    database = SqliteDatabase(settings.data_dir / "sluice.db")
    database.upgrade()
    yield settings, database
    database.close()


def caller(place):
    settings, database = place
    key = (settings.data_dir / "admin.key").read_text().rstrip("\n")
    return Authentication(database, settings).by_key(key)


def test_the_first_start_makes_an_admin_and_a_file_with_his_key(place):
    settings, database = place
    path = make_first_admin(settings)

    assert path == settings.data_dir / "admin.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(r"sluice_[0-9a-f]{64}\n", path.read_text())
    assert (caller(place).name, caller(place).role, caller(place).read_only) == ("admin", Role.ADMIN, False)
    assert [user.has_password for user in AccountService(database).users()] == [False]
    assert [file.name for file in settings.data_dir.glob("admin.key*")] == ["admin.key"]


def test_the_next_start_makes_nothing(place):
    settings, database = place
    kept = make_first_admin(settings).read_text()

    assert make_first_admin(settings) is None
    assert (settings.data_dir / "admin.key").read_text() == kept
    (settings.data_dir / "admin.key").unlink()
    assert make_first_admin(settings) is None
    assert not (settings.data_dir / "admin.key").exists()
    assert len(AccountService(database).keys()) == 1


def test_where_there_are_users_none_is_made(place):
    settings, database = place
    AccountService(database).create_user("ann", Role.WORKER)

    assert make_first_admin(settings) is None
    assert not (settings.data_dir / "admin.key").exists()


def test_a_key_of_an_interrupted_start_is_replaced(place):
    settings, _ = place
    (settings.data_dir / "admin.key").write_text(STALE)
    make_first_admin(settings)

    assert (settings.data_dir / "admin.key").read_text() != STALE
    assert caller(place).name == "admin"


def link_to_key(path):
    (path.parent / "elsewhere").write_text(STALE)
    path.symlink_to(path.parent / "elsewhere")


def left_as_it_is(path):
    """What a change to a file would change; that it was read is none."""
    found = path.lstat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns


@pytest.mark.parametrize(
    "put",
    [
        pytest.param(lambda path: path.write_text("a note of mine"), id="another text"),
        pytest.param(lambda path: path.write_text(STALE + "more"), id="a key and more"),
        pytest.param(lambda path: path.write_bytes(b""), id="an empty file"),
        pytest.param(lambda path: path.mkdir(), id="a folder"),
        pytest.param(link_to_key, id="a link to a key"),
    ],
)
def test_what_is_no_key_is_never_replaced_and_nobody_is_made(place, put):
    settings, database = place
    path = settings.data_dir / "admin.key"
    put(path)
    before = left_as_it_is(path)

    with pytest.raises(SettingsError, match=r"is no key file of Sluice's\. Move it away"):
        make_first_admin(settings)
    assert left_as_it_is(path) == before
    assert AccountService(database).users() == []


def test_when_the_file_cannot_be_written_nobody_is_made(place):
    _, database = place

    def full(_key):
        raise SettingsError("no space")

    with pytest.raises(SettingsError):
        AccountService(database).make_first_admin(full)
    assert AccountService(database).users() == []
    assert AccountService(database).make_first_admin().record.user_name == "admin"


def test_what_is_told_holds_the_way_to_the_key_and_not_the_key(place):
    settings, _ = place
    path = make_first_admin(settings)
    text = how_to_use(path, "http://127.0.0.1:5000")

    assert f'"Authorization: Bearer $(cat {path})" http://127.0.0.1:5000/session' in text
    assert "sign in at http://127.0.0.1:5000/sign-in as admin, with the key as the password" in text
    assert path.read_text().strip() not in text


def test_a_path_with_spaces_is_told_as_a_shell_reads_it(tmp_path):
    (tmp_path / "it's a folder").mkdir()
    path = tmp_path / "it's a folder" / "admin.key"
    path.write_text(STALE)
    [command] = [line for line in how_to_use(path, "http://h").splitlines() if "curl" in line]
    said = subprocess.run(
        ["sh", "-c", command.replace("curl -H", "printf %s").removesuffix("http://h/session")],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip

    assert said.stdout == "Authorization: Bearer " + STALE.strip()


RACER = """
import fcntl, json, sys
from pathlib import Path
from app.serving.first_admin import make_first_admin
from tests.support.jobs import settings_for
with open(sys.argv[2]) as start:
    fcntl.flock(start, fcntl.LOCK_SH)
made = make_first_admin(settings_for(Path(sys.argv[1])))
print(json.dumps(str(made) if made else None))
"""


@pytest.mark.slow
def test_of_several_processes_that_start_at_once_one_makes_the_admin(place, tmp_path):
    settings, database = place
    with (tmp_path / "start").open("w") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        words = ("-c", RACER, str(settings.data_dir), start.name)
        racers = [Program(*words, environ=os.environ) for _ in range(4)]
    made = [json.loads(racer.communicate(timeout=60)[0]) for racer in racers]

    assert sorted(made, key=str) == [str(settings.data_dir / "admin.key"), None, None, None]
    assert len(AccountService(database).users()) == len(AccountService(database).keys()) == 1
    assert caller(place).name == "admin"
