"""Ten thousand jobs wait: what a choice costs grows with them in step, and nobody keeps the database for long."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, insert, select

from app.jobs.choice import IS_HELD, WAITS_FOR_PLACE, Candidate, Seeker, choose
from app.jobs.contract import JobState
from app.jobs.model import JobRow
from app.jobs.queue import NOTES_AT_ONCE, JobQueue

JOBS = 10_000
COMPARISONS_EACH = 40
"""At most so many prefixes are compared for each job: a binary search among ten thousand takes 14 steps."""

SHAPES = {
    "a target each": lambda number: (f"s3://here/bucket{number}", ""),
    "one target, prefixes side by side": lambda number: ("s3://here/bucket", f"p/{number * 7919 % JOBS:06}/"),
    "one target, one prefix": lambda _: ("s3://here/bucket", "p/"),
    "one target, prefixes in prefixes": lambda number: ("s3://here/bucket", "p/" * (number % 100)),
}


@pytest.fixture(params=SHAPES)
def shape(request):
    return request.param


def seeker(places, *, is_held=False):
    return Seeker(runner_id="me", kinds=frozenset({"mirror"}), running_limit=places, is_held=lambda: is_held, only=None)


class Compared(str):
    """A prefix that counts how often one is compared with another."""

    __slots__ = ()
    times = 0

    def __lt__(self, other):
        Compared.times += 1
        return str(self) < str(other)

    def startswith(self, *others):
        Compared.times += 1
        return super().startswith(*others)


@pytest.mark.parametrize("only", [None, frozenset({str(JOBS - 1)})], ids=["any job", "one job and what it waits for"])
def test_choosing_among_ten_thousand_compares_few_of_them_with_each_other(shape, only):
    places = (SHAPES[shape](number) for number in range(JOBS))
    waiting = [
        Candidate(str(number), "mirror", JobState.QUEUED, target, Compared(prefix), None, "")
        for number, (target, prefix) in enumerate(places)
    ]
    Compared.times = 0

    choice = choose(waiting, Seeker(runner_id="me", kinds=frozenset({"mirror"}), running_limit=1, only=only))

    assert choice.claim is not None
    assert len(choice.notes) == JOBS - 1
    assert Compared.times <= JOBS * COMPARISONS_EACH * (1 if only is None else 2)


def row(number, target, prefix):
    return {
        "id": f"{number:08x}-0000-7000-8000-{number:012x}",
        "kind": "mirror",
        "state": JobState.QUEUED,
        "message": "waiting to start",
        "arguments": {},
        "progress": {},
        "target": target,
        "target_prefix": prefix,
        "cancel_requested": False,
        "attempt": 0,
        "crashes": 0,
        "version": 1,
        "announced": False,
        "created_at": 1.0,
    }


@pytest.fixture
def queue(registry, each_database, shape):  # noqa: ARG001  # settings_for reads it
    with registry.database.writing() as session:
        rows = [row(number, *SHAPES[shape](number)) for number in range(JOBS)]
        session.connection().execute(insert(JobRow.__table__), rows)
    return JobQueue(registry.database)


@contextmanager
def statements(database):
    """Count what is asked of the database."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def told(registry, sentence):
    with registry.database.reading() as session:
        return session.scalar(select(func.count()).where(JobRow.message == sentence))


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["a target each", "one target, prefixes side by side"], indirect=True)
def test_a_claim_among_ten_thousand_asks_little_and_writes_a_bounded_number_of_rows(registry, queue):
    with statements(registry.database) as asked:
        claim = queue.claim(seeker(places=1))

    assert claim.fence.number == 1
    assert len(asked) < 30
    changed = JobRow.version > 1
    with registry.database.reading() as session:
        assert session.scalar(select(func.count()).where(changed)) == NOTES_AT_ONCE + 1
    assert told(registry, WAITS_FOR_PLACE) == NOTES_AT_ONCE


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["a target each"], indirect=True)
def test_holding_ten_thousand_jobs_and_letting_them_go_tells_them_some_at_a_time(registry, queue):
    with statements(registry.database) as asked:
        for _ in range(2):
            assert queue.claim(seeker(places=1, is_held=True)) is None
    assert told(registry, IS_HELD) == 2 * NOTES_AT_ONCE
    assert len(asked) < 40

    assert queue.claim(seeker(places=0)) is None
    assert told(registry, WAITS_FOR_PLACE) == NOTES_AT_ONCE
    assert told(registry, IS_HELD) == NOTES_AT_ONCE
