"""The revisions make, in both databases, what the classes of the product say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from app.db import Base, SqliteDatabase
from app.db.postgresql import PostgresqlDatabase
from app.errors import DatabaseUnavailable
from tests.support.databases import add_revisions, import_models, revisions_until


@pytest.fixture
def both(tmp_path, postgres):
    """The two kinds of database, brought from nothing to this version."""
    made = [SqliteDatabase(tmp_path / "sluice.db"), PostgresqlDatabase(postgres.url(postgres.empty()))]
    for database in made:
        database.upgrade()
    yield made
    for database in made:
        database.close()


def differences(database):
    import_models()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def test_nothing_is_left_to_be_revised(both):
    assert [differences(database) for database in both] == [[], []]


def test_both_have_the_same_tables_columns_and_indexes(both):
    def shape(database):
        looking = inspect(database.engine)
        return {
            table: (
                {column["name"]: column["nullable"] for column in looking.get_columns(table)},
                {index["name"] for index in looking.get_indexes(table) if not index.get("duplicates_constraint")},
                {key["name"]: key["options"] for key in looking.get_foreign_keys(table)},
                {key["name"] for key in looking.get_unique_constraints(table)},
            )
            for table in looking.get_table_names()
        }

    of_sqlite, of_postgresql = map(shape, both)

    assert of_sqlite == of_postgresql


def test_an_upgrade_of_postgresql_that_fails_has_done_nothing_and_two_at_once_do_it_once(both, tmp_path):
    _, database = both
    with database.reading() as session:
        head = session.scalar(text("SELECT version_num FROM alembic_version"))
    failing = add_revisions(
        revisions_until("9", tmp_path / "failing"),
        head,
        'op.execute("CREATE TABLE mine (x INT)")\nraise ZeroDivisionError',
    )
    later = add_revisions(revisions_until("9", tmp_path / "later"), head, 'op.execute("CREATE TABLE mine (x INT)")')
    url = database.engine.url.render_as_string(hide_password=False)
    broken, newer = PostgresqlDatabase(url, migrations=failing), PostgresqlDatabase(url, migrations=later)
    with pytest.raises(ZeroDivisionError):
        broken.upgrade()
    assert "mine" not in inspect(database.engine).get_table_names()

    newer.upgrade()
    newer.upgrade()

    assert "mine" in inspect(database.engine).get_table_names()
    with pytest.raises(DatabaseUnavailable, match=r"newer version of Sluice \(to revision 9001\).* restore a dump"):
        database.upgrade()
    for each in (broken, newer):
        each.close()


def test_a_postgresql_that_cannot_hold_every_name_is_refused(postgres):
    database = PostgresqlDatabase(postgres.url(postgres.empty("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")))

    with pytest.raises(DatabaseUnavailable, match="has the encoding LATIN1, and UTF8 is needed"):
        database.upgrade()
    database.close()
