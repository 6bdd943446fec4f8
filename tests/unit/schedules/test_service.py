"""The table of schedules."""

import pytest

from app.errors import DatabaseUnavailable
from app.schedules.service import ScheduleService
from app.schedules.timing import LEASE_SECONDS
from tests.support.jobs import write_lock

pytestmark = pytest.mark.usefixtures("each_database")

SUBJECT = "connection:1"


@pytest.fixture
def put(schedules):
    return lambda subject=SUBJECT, kind="note", interval=300: schedules.put(subject, kind, {"n": 1}, interval)


def test_a_new_schedule_is_enabled_and_due_now(schedules, put, clock):
    made = put()

    assert schedules.get(SUBJECT) == made
    assert (made.enabled, made.due_at, made.interval, made.arguments) == (True, clock.now, 300, {"n": 1})
    assert (made.job_id, made.message) == (None, "")
    assert schedules.due({"note"}) == [made]


def test_putting_it_again_replaces_what_it_does_and_keeps_what_it_did(schedules, put, clock):
    first = put()
    schedules.started(SUBJECT, "job")
    schedules.switch_off(SUBJECT)
    clock.now += 7

    again = schedules.put(SUBJECT, "other", {"n": 2}, 60)

    assert (again.id, again.job_id) == (first.id, "job")
    assert (again.kind, again.arguments, again.interval) == ("other", {"n": 2}, 60)
    assert (again.enabled, again.due_at) == (True, clock.now)


def test_one_that_is_off_is_never_due(schedules, put):
    put()
    schedules.switch_off(SUBJECT)
    schedules.due_now(SUBJECT)

    assert schedules.due({"note"}) == []
    assert schedules.enabled([SUBJECT]) == set()


@pytest.mark.parametrize("act", ["switch_off", "remove", "due_now"])
def test_asking_for_one_that_is_not_there_is_harmless(schedules, act):
    getattr(schedules, act)("nothing")

    assert schedules.get("nothing") is None


def test_a_removed_one_is_gone(schedules, put):
    put()
    schedules.remove(SUBJECT)

    assert schedules.get(SUBJECT) is None
    assert schedules.due({"note"}) == []


def test_more_subjects_can_be_asked_for_than_a_query_takes(schedules, put):
    put("here")

    assert schedules.enabled([*map(str, range(40_000)), "here"]) == {"here"}


def test_the_longest_overdue_comes_first_and_other_kinds_are_left_alone(schedules, put, clock):
    for subject in ("late", "later"):
        put(subject)
        clock.now += 1
    put("foreign", kind="other")
    put("tomorrow")
    schedules.started("tomorrow", "job")

    assert [schedule.subject for schedule in schedules.due({"note"})] == ["late", "later"]


def test_a_start_is_claimed_once(schedules, put):
    schedule = put()

    assert [schedules.claim(schedule) is None for _ in range(3)] == [False, True, True]
    assert schedules.due({"note"}) == []


def test_a_claim_that_nobody_settles_runs_out(schedules, put, clock):
    schedules.claim(put())
    clock.now += LEASE_SECONDS - 1
    assert schedules.due({"note"}) == []

    clock.now += 1

    assert [schedule.subject for schedule in schedules.due({"note"})] == [SUBJECT]


@pytest.mark.parametrize("change", ["switch_off", "remove", "due_now"])
def test_one_that_was_changed_meanwhile_is_not_claimed(schedules, put, clock, change):
    schedule = put()
    clock.now += 1
    getattr(schedules, change)(SUBJECT)

    assert schedules.claim(schedule) is None


def test_settling_says_when_it_is_due_next_and_what_happened(schedules, put, clock):
    schedule = put()
    lease = schedules.claim(schedule)

    schedules.settle(schedule, lease, clock.now + 300, "job", "")

    settled = schedules.get(SUBJECT)
    assert (settled.due_at, settled.job_id, settled.message) == (clock.now + 300, "job", "")


def test_what_was_made_due_while_it_was_started_stays_due(schedules, put, clock):
    schedule = put()
    lease = schedules.claim(schedule)
    schedules.due_now(SUBJECT)

    schedules.settle(schedule, lease, clock.now + 300, "job", "")

    settled = schedules.get(SUBJECT)
    assert (settled.due_at, settled.job_id) == (clock.now, "job")


def test_settling_one_that_was_removed_meanwhile_brings_nothing_back(schedules, put, clock):
    schedule = put()
    lease = schedules.claim(schedule)
    schedules.remove(SUBJECT)

    schedules.settle(schedule, lease, clock.now, "job", "")

    assert schedules.get(SUBJECT) is None


def test_a_start_by_somebody_else_counts(schedules, put, clock):
    put()

    schedules.started(SUBJECT, "job")

    assert (schedules.get(SUBJECT).due_at, schedules.get(SUBJECT).job_id) == (clock.now + 300, "job")


def test_a_clock_that_was_set_back_is_noticed(schedules, put, clock):
    for subject, interval in (("short", 60), ("long", 86_400), ("off", 60), ("overdue", 60)):
        put(subject, interval=interval)
        schedules.started(subject, "job")
    schedules.switch_off("off")
    schedules.due_now("overdue")
    before = {subject: schedules.get(subject).due_at for subject in ("long", "off", "overdue")}

    clock.now -= 3600

    assert schedules.correct() == 2
    assert {subject: schedules.get(subject).due_at for subject in ("long", "off")} == {
        name: before[name] for name in ("long", "off")
    }
    assert [schedules.get(subject).due_at for subject in ("short", "overdue")] == [clock.now + 60] * 2
    assert schedules.correct() == 0


def test_another_interval_counts_for_all_of_a_kind_from_their_next_start(schedules, put, clock):
    put()
    put("other", kind="other")
    schedules.started(SUBJECT, "job")

    schedules.set_interval("note", 60)

    assert (schedules.get(SUBJECT).interval, schedules.get(SUBJECT).due_at) == (60, clock.now + 300)
    assert schedules.get("other").interval == 300
    assert schedules.correct() == 1  # a much shorter one does not wait for the long one's moment
    schedules.set_interval("note", 60)
    assert schedules.get(SUBJECT).due_at == clock.now + 60


@pytest.mark.parametrize(("act", "is_told"), [("due_now", True), ("switch_off", False), ("remove", False)])
def test_listeners_are_told_when_something_is_due(schedules, put, act, is_told):
    put()
    told = []
    schedules.tell(lambda: told.append(True))

    getattr(schedules, act)(SUBJECT)

    assert bool(told) is is_told


def test_a_database_that_is_locked_is_said_and_nothing_was_changed(new_registry, clock):
    registry = new_registry(busy_seconds=0.05)
    schedules = ScheduleService(registry.database, clock)

    with write_lock(registry.database), pytest.raises(DatabaseUnavailable):
        schedules.put(SUBJECT, "note", {}, 60)

    assert schedules.get(SUBJECT) is None
