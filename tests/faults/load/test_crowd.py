"""A crowd before one service while jobs run: everybody is served, every job succeeds, and the memory is bounded."""

import pytest

from bench.load.routes import ROUTES, SIGN_IN
from bench.load.sitting import Crowd, measured
from tests.support.empty_database import with_database

pytestmark = [pytest.mark.slow, pytest.mark.fault(36)]

MIB = 1024 * 1024
SIZE = Crowd(seconds=10, clients=60, jobs=6, pause=0.5, wait=0.1)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What came of the program that measures, with a smaller crowd; how long anything took says nothing here."""
    folder = tmp_path_factory.mktemp("crowd")
    with_database(folder / "data")
    return measured(SIZE, folder)


def test_every_request_is_answered_as_it_should_be(report):
    assert report.errors == []
    assert {name for name, answers in report.answers.items() if answers.number} == {*(r.path for r in ROUTES), SIGN_IN}


def test_nobody_is_put_off_but_who_signs_in_with_very_many_others(report):
    assert [name for name, answers in report.answers.items() if answers.later and name != SIGN_IN] == []


def test_the_jobs_succeed_meanwhile(report):
    assert report.wrong == []
    assert report.jobs


def test_the_memory_stays_within_bounds(report):
    start, *later = report.resident

    assert max(later) < start + 200 * MIB


def test_the_table_has_a_line_for_each_route(report):
    assert report.table().count("\n| ") == len(ROUTES) + 4
    assert "ERROR" not in report.table()
