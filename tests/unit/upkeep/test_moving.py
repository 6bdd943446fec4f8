"""What a team keeps when it outgrows SQLite: everything."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select, text

from app.db import SqliteDatabase
from app.db.postgresql import PostgresqlDatabase
from app.errors import DatabaseUnavailable, SettingsError
from app.upkeep.moving import move_to_postgresql
from tests.support.jobs import settings_for

DATABASES = Path(__file__).parents[2] / "deployment" / "databases"
NEWEST = max(DATABASES.glob("*.sql"))


@pytest.fixture
def outgrown(tmp_path, postgres):
    """Settings of a DATA_DIR that was used for long, and of an empty PostgreSQL."""
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    with closing(sqlite3.connect(data_dir / "sluice.db")) as connection:
        connection.executescript(NEWEST.read_text())
    shutil.copyfile(NEWEST.with_suffix(".key"), data_dir / "secret.key")
    return settings_for(data_dir, database_url=postgres.url(postgres.empty()))


@pytest.fixture
def source(outgrown):
    database = SqliteDatabase(outgrown.data_dir / "sluice.db")
    yield database
    database.close()


@pytest.fixture
def target(outgrown):
    database = PostgresqlDatabase(outgrown.database_url)
    yield database
    database.close()


def content(database):
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in tables.sorted_tables
        }


def test_every_row_of_every_table_arrives_and_no_number_is_given_twice(outgrown, source, target):
    with closing(sqlite3.connect(source.path)) as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'users'")  # the last ones were removed
        connection.commit()

    moved = dict(move_to_postgresql(outgrown))

    before = content(source)
    assert content(target) == before
    assert moved == {name: len(rows) for name, rows in before.items() if name != "alembic_version"}
    assert sum(bool(rows) for rows in moved.values()) > 10
    with target.writing() as session:
        number = session.scalar(
            text("INSERT INTO users (name, role, created_at) VALUES ('newest', 'user', 0) RETURNING id")
        )
    assert number == 1001
    source.close()
    with pytest.raises(DatabaseUnavailable, match="has failed_logins already, so nothing was copied"):
        move_to_postgresql(outgrown)


# What limits each table's copying has, noted where the rows arrive.
NOTE_LIMITS = """
CREATE SCHEMA noted;
CREATE TABLE noted.limits (statement text, idle text);
CREATE FUNCTION noted.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO noted.limits VALUES (
        current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'));
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON users EXECUTE FUNCTION noted.note();
"""


def test_a_file_that_is_read_slowly_is_waited_for(outgrown, target):
    target.upgrade()
    with target.writing() as session:
        session.connection().exec_driver_sql(NOTE_LIMITS)

    move_to_postgresql(outgrown)

    with target.reading() as session:
        assert session.execute(text("SELECT DISTINCT statement, idle FROM noted.limits")).all() == [("0", "0")]


def test_what_fails_in_the_middle_has_copied_nothing(outgrown, source, target):
    target.upgrade()
    with target.writing() as session:
        session.execute(text("ALTER TABLE copies ADD CHECK (number < 0)"))

    with pytest.raises(Exception, match="violates check constraint"):
        move_to_postgresql(outgrown)
    assert not any(rows for name, rows in content(target).items() if name != "alembic_version")
    with source.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_nothing_is_copied_beside_a_service_that_runs(outgrown, source, target):
    source.upgrade()
    with source.reading() as session:
        session.execute(text("SELECT 1 FROM jobs"))  # its connection stays open

    with pytest.raises(DatabaseUnavailable, match=r"is in use\. Stop every process of Sluice"):
        move_to_postgresql(outgrown)
    assert not content(target)["jobs"]


def test_without_a_file_or_an_address_there_is_nothing_to_copy(tmp_path, outgrown):
    with pytest.raises(SettingsError, match="set DATABASE_URL"):
        move_to_postgresql(settings_for(outgrown.data_dir))
    with pytest.raises(SettingsError, match="so nothing to copy"):
        move_to_postgresql(settings_for(tmp_path / "empty", database_url=outgrown.database_url))
