"""What comes with one form is kept file by file."""

import pytest

from app.db import SqliteDatabase
from app.dialects.galaxy.forms import Spool
from app.errors import QuotaExceeded
from app.library.service import LibraryService
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for
from tests.support.people import People


@pytest.fixture
def database(tmp_path):
    database = SqliteDatabase(with_database(tmp_path) / "sluice.db")
    yield database
    database.close()


@pytest.fixture
def ann(database):
    return People(database).user("ann")


@pytest.fixture
def library(database, tmp_path):
    return LibraryService(database, settings_for(tmp_path / "data", library_quota=100))


def come(spool, content):
    """Have a file come whole, as the parser of forms does it."""
    part = spool.part("a.txt")
    part.write(content)
    part.seek(0)
    return part.upload


def test_a_file_counts_against_the_quota_before_the_next_one_comes(library, ann):
    spool = Spool(library.uploads, ann)
    come(spool, b"x" * 60)
    assert library.usage(ann.user_id).used == 60
    with pytest.raises(QuotaExceeded):
        spool.part("b.txt").write(b"x" * 41)


def test_what_is_whole_is_kept_while_the_next_one_comes(library, ann):
    spool = Spool(library.uploads, ann)
    upload = come(spool, b"content")
    spool.part("b.txt").write(b"half")
    assert library.uploads.find(ann, upload.id).is_complete


def test_nothing_stays_of_what_is_discarded(library, ann, tmp_path):
    spool = Spool(library.uploads, ann)
    come(spool, b"content")
    spool.part("b.txt").write(b"half")
    spool.discard()
    assert library.usage(ann.user_id).used == 0
    assert [path for path in (tmp_path / "data" / "library").rglob("*") if path.is_file()] == []
