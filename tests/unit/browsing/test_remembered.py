"""What is kept in memory: no more than fits, and nothing of a connection that was told to be forgotten."""

import pytest

from app.browsing.remembered import Remembered, Version


def version(connection="c", updated_at=1.0, key="m", mark="v", what="all"):
    return Version(connection, updated_at, key, mark, what)


@pytest.fixture
def remembered():
    return Remembered(10_000)


def test_what_was_kept_is_there(remembered):
    remembered.keep(version(), "value", 5)
    assert remembered.get(version()) == "value"


@pytest.mark.parametrize(
    "other", [{"connection": "d"}, {"updated_at": 2.0}, {"key": "n"}, {"mark": "w"}, {"what": "first"}]
)
def test_anything_that_is_another_finds_nothing(remembered, other):
    remembered.keep(version(), "value", 5)
    assert remembered.get(version(**other)) is None


def test_what_was_used_last_stays(remembered):
    for key in "abc":
        remembered.keep(version(key=key), key, 1900)
    remembered.get(version(key="a"))
    remembered.keep(version(key="d"), "d", 1900)
    assert [remembered.get(version(key=key)) for key in "abcd"] == ["a", None, "c", "d"]
    assert remembered.size <= 10_000


def test_what_is_too_large_is_not_kept_and_nothing_goes_for_it(remembered):
    remembered.keep(version(), "value", 5)
    remembered.keep(version(key="large"), "large", 10_000)
    assert remembered.get(version(key="large")) is None
    assert remembered.get(version()) == "value"


def test_long_keys_count(remembered):
    for number in range(100):
        remembered.keep(version(what=f"{number}" + "x" * 1000), number, 0)
    assert sum(remembered.get(version(what=f"{number}" + "x" * 1000)) is not None for number in range(100)) < 3


def test_all_of_a_connection_is_forgotten_and_nothing_else(remembered):
    for connection in "ab":
        for what in ("first", "all"):
            remembered.keep(version(connection, what=what), what, 1)
    remembered.forget("a")
    remembered.forget("a")
    assert remembered.get(version("a")) is None
    assert remembered.get(version("b")) == "all"
    remembered.forget("b")
    assert remembered.size == 0
