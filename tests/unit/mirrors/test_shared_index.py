"""The index in the job database: the promises of the one in a file, for several machines."""

import logging

import pytest
from sqlalchemy import func, select, update

from app.mirrors.shared_index import IndexRow, SeenRow, SharedIndex
from app.transfer.index import Seen
from tests.support.empty_database import opened_database
from tests.support.jobs import settings_for

PLACES = ("/srv/uploads/\udcff", "s3://host/bucket/")
KEYS = ["a", "a!", "a/b", "a0", "é", "\uffff", "\U00010000"]


@pytest.fixture
def database(tmp_path, each_database):  # noqa: ARG001  # settings_for reads it
    database = opened_database(settings_for(tmp_path))
    yield database
    database.close()


def seen(key, mark="1"):
    return Seen(key, 5, f"source {mark}", f"target {mark}")


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def age(database, days):
    with database.writing() as session:
        session.execute(update(IndexRow).values(opened_at=IndexRow.opened_at - days * 86400))


def test_what_was_noted_comes_back_in_the_order_of_keys_and_after_any_of_them(database):
    with SharedIndex.open(database, *PLACES) as index:
        for key in reversed(KEYS):
            index.note(seen(key))
    index = SharedIndex.open(database, *PLACES)
    assert list(index.seen()) == [seen(key) for key in KEYS]
    assert [[row.key for row in index.seen(after)] for after in KEYS] == [
        KEYS[place + 1 :] for place in range(len(KEYS))
    ]


def test_more_than_a_page_and_more_than_a_thousand_notes_are_all_there(database):
    keys = [f"{number:06}" for number in range(12_345)]
    with SharedIndex.open(database, *PLACES) as index:
        for key in keys:
            index.note(seen(key))
    assert [row.key for row in SharedIndex.open(database, *PLACES).seen()] == keys


def test_the_last_word_on_a_key_counts_whoever_says_it(database):
    with SharedIndex.open(database, *PLACES) as planner, SharedIndex.open(database, *PLACES) as worker:
        worker.note(seen("a", "old"))
        worker.note(seen("b"))
        worker.note(seen("c"))
        worker.flush()
        planner.forget("b")
        planner.note(seen("a", "new"))
        planner.forget("c")
        planner.note(seen("c", "back"))
        planner.flush()
        worker.note(seen("d"))
        worker.forget("d")
    assert list(SharedIndex.open(database, *PLACES).seen()) == [seen("a", "new"), seen("c", "back")]


def test_each_pair_of_places_and_each_direction_has_its_own(database):
    with SharedIndex.open(database, "a", "b") as index:
        index.note(seen("k"))
    for places in (("b", "a"), ("a", "c"), ("ab", "")):
        assert list(SharedIndex.open(database, *places).seen()) == []


def test_one_that_is_only_read_changes_nothing(database):
    with SharedIndex.open(database, *PLACES, read_only=True) as index:
        index.note(seen("a"))
        assert list(index.seen()) == []
    assert count(database, IndexRow) == 0
    with SharedIndex.open(database, *PLACES) as index:
        index.note(seen("a"))
    with SharedIndex.open(database, *PLACES, read_only=True) as index:
        index.forget("a")
        assert list(index.seen()) == [seen("a")]


def test_one_that_nobody_opened_for_90_days_is_removed_and_another_is_not(database):
    with SharedIndex.open(database, "old", "place") as index:
        index.note(seen("a"))
    age(database, 91)
    with SharedIndex.open(database, "new", "place") as index:
        index.note(seen("b"))
    assert (count(database, IndexRow), count(database, SeenRow)) == (1, 1)
    age(database, 89)
    SharedIndex.open(database, "third", "place").close()
    assert list(SharedIndex.open(database, "new", "place").seen()) == [seen("b")]


def test_notes_of_one_that_was_removed_meanwhile_are_lost_and_fail_nothing(database, caplog):
    with caplog.at_level(logging.WARNING):
        with SharedIndex.open(database, *PLACES) as index:
            index.note(seen("a"))
            age(database, 91)
            SharedIndex.open(database, "another", "place").close()
            index.flush()
            index.note(seen("b"))
        assert list(SharedIndex.open(database, *PLACES).seen()) == []
    assert [record.message for record in caplog.records if "is not used any more" in record.message]


def test_a_database_that_cannot_be_used_fails_no_mirror(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("DATABASE_URL", "")
    database = opened_database(settings_for(tmp_path), busy_seconds=0.1)
    with SharedIndex.open(database, *PLACES) as index:
        index.note(seen("a"))
    database.close()
    (tmp_path / "sluice.db").write_bytes(b"no database at all" * 1000)
    for leftover in ("sluice.db-wal", "sluice.db-shm"):
        (tmp_path / leftover).unlink(missing_ok=True)
    with caplog.at_level(logging.WARNING), SharedIndex.open(database, *PLACES) as index:
        index.note(seen("a"))
        index.forget("b")
        assert list(index.seen()) == []
    assert len([record for record in caplog.records if "is not used any more" in record.message]) == 1
    database.close()
