"""Upgrades of a database with jobs in it: a copy first, all or nothing, once, and a way back."""

import resource
import shutil
import signal
import stat
import subprocess
import sys

import pytest

from app.db import SqliteDatabase
from app.errors import DatabaseUnavailable
from tests.support.databases import rows
from tests.support.jobs import ROOT, request

ADD = 'op.execute("ALTER TABLE jobs ADD COLUMN colour TEXT")'
ADD_AND_FAIL = f"{ADD}\nraise ZeroDivisionError"
SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
JOBS = "SELECT * FROM jobs ORDER BY number"


@pytest.fixture
def data_dir(registry):
    for _ in range(3):
        registry.service.submit(request(arguments={"ballast": "x" * 200_000}, secrets={"key": "k"}))
    registry.database.close()
    return registry.data_dir


@pytest.fixture
def before(data_dir):
    """What an upgrade finds."""
    return [rows(data_dir / "sluice.db", query) for query in (SCHEMA, JOBS)]


def upgrade(data_dir, *migrations):
    database = SqliteDatabase(data_dir / "sluice.db", 0.5, *migrations)
    try:
        database.upgrade()
    finally:
        database.close()


def upgrading(data_dir, migrations, **options):
    """Start a process that upgrades."""
    code = "import sys; from pathlib import Path; from app.db import SqliteDatabase; SqliteDatabase(Path(sys.argv[1]), 5, Path(sys.argv[2])).upgrade()"
    command = [sys.executable, "-W", "error", "-c", code, str(data_dir / "sluice.db"), str(migrations)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


def copies(data_dir):
    return sorted(path.name for path in data_dir.glob("sluice.db.*"))


def test_an_older_database_is_copied_and_then_upgraded(data_dir, before, later_version, head):
    upgrade(data_dir, later_version(ADD))

    copy = data_dir / f"sluice.db.{head}-before-9001"
    assert copies(data_dir) == [copy.name]
    assert [rows(copy, query) for query in (SCHEMA, JOBS)] == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert rows(data_dir / "sluice.db", "SELECT colour FROM jobs") == [(None,)] * 3


def test_a_new_database_and_one_that_is_up_to_date_are_not_copied(data_dir, later_version):
    newer = later_version(ADD)
    upgrade(data_dir)
    upgrade(data_dir.with_name("new"), newer)
    upgrade(data_dir.with_name("new"), newer)

    assert copies(data_dir) == copies(data_dir.with_name("new")) == []


def test_an_upgrade_that_fails_leaves_the_database_to_the_old_version_and_no_copy(registry, before, later_version):
    with pytest.raises(ZeroDivisionError):
        upgrade(registry.data_dir, later_version(ADD_AND_FAIL))

    assert [rows(registry.data_dir / "sluice.db", query) for query in (SCHEMA, JOBS)] == before
    assert copies(registry.data_dir) == []
    upgrade(registry.data_dir)
    assert len(registry.service.list(include_finished=True, limit=9)) == 3


@pytest.mark.fault(5)
def test_an_upgrade_that_is_killed_has_done_nothing_and_is_done_by_the_next(data_dir, before, later_version, head):
    killing = f"{ADD}\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    killed = upgrading(data_dir, later_version(killing))
    killed.communicate()

    assert killed.returncode == -signal.SIGKILL
    assert copies(data_dir) == [f"sluice.db.{head}-before-9001.draft"]
    assert [rows(data_dir / "sluice.db", query) for query in (SCHEMA, JOBS)] == before

    upgrade(data_dir, later_version(ADD))

    assert copies(data_dir) == [f"sluice.db.{head}-before-9001"]
    assert rows(data_dir / copies(data_dir)[0], JOBS) == before[1]


def test_no_copy_is_ever_replaced(data_dir, before, later_version, head):
    first = data_dir / f"sluice.db.{head}-before-9001"
    newer = later_version(ADD)
    upgrade(data_dir, newer)
    shutil.copy(first, data_dir / "sluice.db")  # back to the old version, which goes on with it
    old = SqliteDatabase(data_dir / "sluice.db")
    with old.writing() as session:
        session.connection().exec_driver_sql("UPDATE jobs SET message = 'later'")
    old.close()

    upgrade(data_dir, newer)

    second = first.with_name(f"{first.name}.2")
    assert copies(data_dir) == [first.name, second.name]
    assert rows(first, JOBS) == before[1]
    assert set(rows(second, "SELECT message FROM jobs")) == {("later",)}


def test_without_room_for_a_copy_nothing_is_upgraded(data_dir, later_version):
    database = data_dir / "sluice.db"
    content, room = database.read_bytes(), database.stat().st_size // 2
    refused = upgrading(
        data_dir, later_version(ADD), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    )

    assert "Before an upgrade a copy is kept, so nothing was upgraded." in refused.communicate()[1].splitlines()[-1]
    assert database.read_bytes() == content
    assert copies(data_dir) == []


def test_several_processes_at_once_upgrade_and_copy_once(data_dir, before, later_version, head):
    newer = later_version(ADD)
    processes = [upgrading(data_dir, newer) for _ in range(3)]

    results = [(process.communicate()[1], process.returncode) for process in processes]

    assert results == [("", 0)] * 3
    assert copies(data_dir) == [f"sluice.db.{head}-before-9001"]
    assert rows(data_dir / copies(data_dir)[0], JOBS) == before[1]


def test_an_older_version_names_the_copy_that_it_can_use_and_goes_on_with_it(data_dir, before, later_version, head):
    upgrade(data_dir, later_version(ADD))
    upgrade(data_dir, later_version(ADD, 'op.execute("DROP TABLE steps")'))
    copy = data_dir / f"sluice.db.{head}-before-9001"

    with pytest.raises(DatabaseUnavailable, match=rf"\(to revision 9002\).* or put back {copy}, the copy from before"):
        upgrade(data_dir)
    with pytest.raises(DatabaseUnavailable, match=r"or put back .*\.db\.9001-before-9002,"):
        upgrade(data_dir, later_version(ADD))
    copy.replace(data_dir / "sluice.db")
    upgrade(data_dir)

    assert rows(data_dir / "sluice.db", JOBS) == before[1]


def test_without_a_copy_an_older_version_speaks_of_a_backup(data_dir, later_version):
    upgrade(data_dir, later_version(ADD))
    for name in copies(data_dir):
        (data_dir / name).rename(data_dir / f"{name}.draft")  # not whole, so not to be used

    with pytest.raises(DatabaseUnavailable, match=r"or restore DATA_DIR from a backup made before the upgrade\."):
        upgrade(data_dir)
