import pytest

from app.connections.installation import MARK_FILE, prove_folder
from app.db.postgresql import PostgresqlDatabase
from app.db.sqlite import SqliteDatabase
from app.errors import SettingsError
from tests.support.jobs import settings_for


@pytest.fixture
def database(postgres):
    name = postgres.new()
    database = PostgresqlDatabase(postgres.url(name))
    yield database
    database.close()
    postgres.drop(name)


def test_the_first_start_marks_folder_and_database_and_later_ones_find_the_mark(tmp_path, database):
    settings = settings_for(tmp_path / "data")
    prove_folder(settings, database)
    mark = (tmp_path / "data" / MARK_FILE).read_text()

    prove_folder(settings, database)

    assert (tmp_path / "data" / MARK_FILE).read_text() == mark


def test_another_folder_is_refused(tmp_path, database):
    prove_folder(settings_for(tmp_path / "one"), database)

    with pytest.raises(SettingsError, match=r"is missing.*share one DATA_DIR"):
        prove_folder(settings_for(tmp_path / "two"), database)
    assert not (tmp_path / "two").exists()


def test_the_folder_of_another_database_is_refused(tmp_path, database, postgres):
    other = PostgresqlDatabase(postgres.url(postgres.new()))
    prove_folder(settings_for(tmp_path / "one"), database)
    prove_folder(settings_for(tmp_path / "two"), other)
    other.close()

    with pytest.raises(SettingsError, match="holds another word"):
        prove_folder(settings_for(tmp_path / "two"), database)


def test_a_folder_that_was_there_before_the_database_keeps_its_mark(tmp_path, database):
    settings = settings_for(tmp_path)
    (tmp_path / MARK_FILE).write_text("a-word-of-before\n")

    prove_folder(settings, database)

    assert (tmp_path / MARK_FILE).read_text() == "a-word-of-before\n"


def test_a_sqlite_file_needs_no_mark(tmp_path):
    prove_folder(settings_for(tmp_path), SqliteDatabase(tmp_path / "sluice.db"))

    assert not (tmp_path / MARK_FILE).exists()
