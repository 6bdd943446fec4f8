"""Databases, and the revisions of later versions of Sluice."""

from itertools import count

import pytest

from app.db import SqliteDatabase
from tests.support.databases import add_revisions, revisions_until, rows


@pytest.fixture
def database(tmp_path):
    database = SqliteDatabase(tmp_path / "data" / "sluice.db", busy_seconds=0.5)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def head(tmp_path):
    """The newest revision that there really is."""
    database = SqliteDatabase(tmp_path / "head.db")
    database.upgrade()
    [(revision,)] = rows(database, "SELECT version_num FROM alembic_version")
    database.close()
    return revision


@pytest.fixture
def later_version(tmp_path, head):
    """Return a function that makes the revisions of a later version, each given by what its upgrade does."""
    numbers = count()
    return lambda *bodies: add_revisions(revisions_until("9", tmp_path / f"later {next(numbers)}"), head, *bodies)
