"""Copies of a database that is in use."""

import shutil
import stat
import threading
import time

import pytest
from sqlalchemy import text

from app.db import copying
from app.errors import DatabaseUnavailable
from tests.support.databases import rows
from tests.support.service import eventually

BALLAST = """
    INSERT INTO ballast WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40000)
    SELECT x, hex(randomblob(400)) AS y FROM n
"""


@pytest.fixture
def large(database):
    """A database that takes a moment to copy, with two numbers that only ever change together."""
    with database.writing() as session:
        session.execute(text("CREATE TABLE ballast (x INTEGER PRIMARY KEY, y TEXT)"))
        session.execute(text(BALLAST))
        session.execute(text("CREATE TABLE twins AS SELECT 0 AS a, 0 AS b"))
    return database


class Writer:
    """Writes as fast as it can, in transactions that must not wait for anybody, until it is told to stop."""

    def __init__(self, database):
        self._database = database
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.written = []
        self.failed = []

    def _write(self):
        while not self._enough.is_set():
            try:
                with self._database.writing() as session:
                    session.execute(text("UPDATE twins SET a = a + 1"))
                    session.execute(text("UPDATE ballast SET y = hex(randomblob(400)) WHERE x = 40000"))
                    session.execute(text("UPDATE twins SET b = b + 1"))
                self.written.append(time.monotonic())
            except DatabaseUnavailable as error:
                self.failed.append(error)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        self._thread.join()


def test_writers_go_on_and_the_copy_shows_one_moment_and_never_begins_anew(large, tmp_path, monkeypatch):
    left = []

    def heard(_status, pages, _all):  # `_hear_signals` does nothing else
        left.append(pages)
        if len(left) == 2:
            so_far = len(writer.written)
            eventually(lambda: len(writer.written) > so_far)

    monkeypatch.setattr(copying, "_hear_signals", heard)
    with Writer(large) as writer:
        while not writer.written:
            time.sleep(0.001)  # between two looks at whether it has begun
        before = len(writer.written)
        large.copy_to(tmp_path / "copy.db")
        meanwhile = len(writer.written) - before

    assert writer.failed == []
    assert len(left) > 5
    assert left == sorted(left, reverse=True)
    assert meanwhile > 0
    [(a, b)] = rows(tmp_path / "copy.db", "SELECT a, b FROM twins")
    assert 0 < a == b < len(writer.written)
    assert rows(tmp_path / "copy.db", "SELECT count(*) FROM ballast") == [(40_000,)]


def test_a_copy_is_one_file_for_this_user_only(database, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()

    database.copy_to(folder / "copy.db")

    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600


def test_a_damaged_database_is_not_copied(large, tmp_path):
    large.settle()
    large.close()  # the last connection writes everything into the one file
    content = bytearray(large.path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    large.path.write_bytes(content)

    with pytest.raises(DatabaseUnavailable, match=r"sluice\.db is damaged, so no copy was kept .* Restore DATA_DIR"):
        large.copy_to(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize(
    ("target", "why"), [("data/sluice.db", "File exists"), ("nowhere/copy.db", "No such file or directory")]
)
def test_where_no_copy_can_be_made_is_named_and_left_alone(database, tmp_path, target, why):
    before = database.path.read_bytes()

    with pytest.raises(DatabaseUnavailable, match=rf"cannot be copied to .*{target}: {why}\."):
        database.copy_to(tmp_path / target)
    assert database.path.read_bytes() == before


def test_what_is_settled_is_in_the_one_file_that_is_synced(database, tmp_path):
    with database.writing() as session:
        session.execute(text("CREATE TABLE mine AS SELECT 42 AS answer"))
    shutil.copy(database.path, tmp_path / "before.db")  # without the log of writes beside it

    database.settle()

    shutil.copy(database.path, tmp_path / "after.db")
    assert rows(tmp_path / "before.db", "SELECT count(*) FROM sqlite_master WHERE name = 'mine'") == [(0,)]
    assert rows(tmp_path / "after.db", "SELECT answer FROM mine") == [(42,)]


def test_what_cannot_be_settled_yet_is_said(database):
    with database.reading() as reader:
        reader.execute(text("SELECT count(*) FROM jobs"))
        with database.writing() as session:
            session.execute(text("CREATE TABLE mine AS SELECT 42 AS answer"))

        with pytest.raises(DatabaseUnavailable, match="in use by a long reading; try again"):
            database.settle()
