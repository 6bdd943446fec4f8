import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.db import Base, SqliteDatabase
from app.errors import DatabaseUnavailable
from tests.support.databases import import_models
from tests.support.jobs import ROOT


@pytest.fixture
def database(tmp_path):
    database = SqliteDatabase(tmp_path / "data" / "sluice.db", busy_seconds=0.1)
    database.upgrade()
    yield database
    database.close()


def test_the_data_folder_and_the_file_are_for_this_user_only(database):
    assert stat.S_IMODE(database.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_the_revisions_make_the_constraints_and_partial_indexes_of_the_models(database, tmp_path):
    import_models()
    plain = SqliteDatabase(tmp_path / "plain.db")
    Base.metadata.create_all(plain.engine)

    assert _schema(database) == _schema(plain)
    plain.close()


def _schema(database):
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '%version%'"
    with database.reading() as session:
        return sorted(_parts(" ".join(sql.split())) for sql in session.scalars(text(query)))


def _parts(sql):
    """Take a definition apart at the commas outside of parentheses: a column that was added stands after constraints.

    A table that was rebuilt has its name in quotes.
    """
    name, _, inside = sql.partition("(")
    return name.replace('"', "").strip(), sorted(
        part.strip() for part in re.split(r",(?![^(]*\))", inside.rpartition(")")[0])
    )


def test_every_connection_is_in_wal_mode_with_foreign_keys(database):
    with database.reading() as session:
        values = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous")]

    assert values == ["wal", 1, 1]


def test_upgrading_twice_changes_nothing(database):
    before = _schema(database)

    database.upgrade()

    assert _schema(database) == before


def test_several_processes_upgrading_at_once_all_succeed(tmp_path):
    code = "import sys, pathlib; from app.db import SqliteDatabase; SqliteDatabase(pathlib.Path(sys.argv[1])).upgrade()"
    command = [sys.executable, "-W", "error", "-c", code, str(tmp_path / "data" / "sluice.db")]
    upgrading = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]

    results = [(process.communicate()[1], process.returncode) for process in upgrading]

    assert results == [(b"", 0)] * 3


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = _schema(database)

    with pytest.raises(DatabaseUnavailable, match=r"newer version of Sluice \(to revision 9999\)"):
        database.upgrade()
    assert _schema(database) == before


def test_an_upgrade_that_fails_in_the_middle_leaves_nothing_behind(tmp_path):
    database = SqliteDatabase(tmp_path / "sluice.db")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE steps (mine INTEGER)"))  # the second table of the first revision

    with pytest.raises(DatabaseUnavailable):
        database.upgrade()

    with database.reading() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    assert names == ["steps"]
    database.close()


def test_a_writer_waits_for_no_reader_and_readers_see_one_moment(database):
    with database.reading() as reader:
        before = reader.scalar(text("SELECT count(*) FROM alembic_version"))
        with database.writing() as writer:
            writer.execute(text("DELETE FROM alembic_version"))

        assert reader.scalar(text("SELECT count(*) FROM alembic_version")) == before == 1


def test_an_exception_inside_a_write_undoes_it_and_passes_unchanged(database):
    def write_and_fail():
        with database.writing() as session:
            session.execute(text("DELETE FROM alembic_version"))
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        write_and_fail()

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def write(database, *statements):
    with database.writing() as session:
        for statement in statements:
            session.execute(text(statement))


def test_a_locked_database_says_so(database):
    of_another_process = SqliteDatabase(database.path)
    with of_another_process.writing(), pytest.raises(DatabaseUnavailable, match="another process keeps it locked"):
        write(database, "DELETE FROM alembic_version")
    of_another_process.close()


def test_who_waits_too_long_for_the_writers_of_his_own_process_is_told_so(database):
    with database.writing(), pytest.raises(DatabaseUnavailable, match="others wait to write"):
        write(database, "DELETE FROM alembic_version")


def test_writers_of_one_process_follow_each_other(database):
    write(database, "CREATE TABLE counted (number INTEGER)", "INSERT INTO counted VALUES (0)")
    patient = SqliteDatabase(database.path, busy_seconds=60)
    with ThreadPoolExecutor(16) as pool:
        done = [pool.submit(write, patient, "UPDATE counted SET number = number + 1") for _ in range(200)]
        assert [each.result() for each in done] == [None] * 200
    patient.close()

    with database.reading() as session:
        assert session.scalar(text("SELECT number FROM counted")) == 200


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            ["PRAGMA max_page_count = 1", "CREATE TABLE big AS SELECT zeroblob(1000000)"],
            r"the disk is full; free space on the disk of DATA_DIR\.$",
            id="full",
        ),
        pytest.param(
            ["PRAGMA query_only = 1", "DELETE FROM alembic_version"], "give this user write access", id="read-only"
        ),
        pytest.param(["DELETE FROM gone"], "restart this process", id="a table is gone"),
    ],
)
@pytest.mark.fault(5)
def test_what_stands_in_the_way_of_a_write_is_said_with_what_to_do(database, statements, expected):
    with pytest.raises(DatabaseUnavailable, match=expected):
        write(database, *statements)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    path = tmp_path / "sluice.db"
    path.write_bytes(b"shopping list\n" * 100)

    with pytest.raises(DatabaseUnavailable, match=r"sluice\.db is unavailable: the file is not a database"):
        SqliteDatabase(path).upgrade()
    assert path.read_bytes() == b"shopping list\n" * 100


def test_a_damaged_file_says_that_a_backup_is_needed(database):
    database.close()  # the last connection writes everything into the one file
    content = bytearray(database.path.read_bytes())
    content[100:4096] = b"\xff" * 3996  # the page that describes all tables
    database.path.write_bytes(content)

    with pytest.raises(DatabaseUnavailable, match="damaged; restore DATA_DIR"), database.reading() as session:
        session.scalar(text("SELECT count(*) FROM jobs"))


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda folder: (folder / "data").write_text("a file"), id="a file stands in its place"),
        pytest.param(lambda folder: (folder / "data" / "sluice.db").mkdir(parents=True), id="the database is a folder"),
    ],
)
def test_a_data_folder_that_cannot_be_used_is_named(tmp_path, prepare):
    prepare(tmp_path)

    with pytest.raises(DatabaseUnavailable, match=r"DATA_DIR .*data cannot be used"):
        SqliteDatabase(tmp_path / "data" / "sluice.db").upgrade()
