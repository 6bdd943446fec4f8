"""The scheduler: what it starts, in what order, and what becomes of what cannot be started."""

import threading

import pytest

from app.errors import ConnectionUnusable, DatabaseUnavailable, TooManyJobs
from app.schedules.scheduler import Scheduler
from app.schedules.service import ScheduleService
from tests.support.jobs import eventually, settings_for, write_lock
from tests.support.schedules import KIND, note_request


class Starter:
    """Submits a job for each schedule, or raises what a test says."""

    def __init__(self, jobs):
        self.started = []
        self.error = None
        self._jobs = jobs

    def __call__(self, schedule):
        self.started.append(schedule.subject)
        if self.error is not None:
            raise self.error
        return self._jobs.submit(note_request(schedule.subject))


@pytest.fixture
def starter(registry):
    return Starter(registry.service)


@pytest.fixture
def make(registry, schedules, clock, starter):
    """Make schedulers that look only when they are told, or that run; all are stopped at the end."""
    made = []

    def make_one(chores=(), settings=None, starters=None):
        one = Scheduler(
            schedules,
            starters or {KIND: starter},
            registry.service,
            settings or registry.settings,
            chores,
            clock=clock,
            chance=lambda: 0.5,
        )
        made.append(one)
        return one

    yield make_one
    for one in made:
        one.stop(10)


@pytest.fixture
def scheduler(make):
    return make()


@pytest.fixture
def put(schedules):
    return lambda subject="it", interval=300: schedules.put(subject, KIND, {}, interval)


def finish(registry):
    """Have every queued job end."""
    for job in registry.service.list(include_finished=False, limit=100):
        registry.service.request_cancel(job.id)


def test_what_is_due_is_started_and_due_again_an_interval_later(scheduler, schedules, starter, put, clock):
    put()
    scheduler.look()

    after = schedules.get("it")
    assert starter.started == ["it"]
    assert (after.due_at, after.message) == (clock.now + 300, "")
    assert after.job_id is not None


def test_nothing_is_started_before_its_time(registry, scheduler, starter, put, clock):
    put()
    for passed in (0, 1, 298.9):
        clock.now += passed
        scheduler.look()
        finish(registry)
    assert starter.started == ["it"]

    clock.now += 0.2
    scheduler.look()

    assert starter.started == ["it", "it"]


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    "passed", [pytest.param(10 * 300, id="downtime"), pytest.param(86_400, id="the clock was set a day on")]
)
def test_after_a_long_time_it_is_started_once(registry, scheduler, starter, put, clock, passed):
    put()
    scheduler.look()
    finish(registry)
    clock.now += passed

    for _ in range(3):
        scheduler.look()
        finish(registry)

    assert starter.started == ["it", "it"]


def test_the_longest_overdue_is_started_first(scheduler, starter, put, clock):
    for subject in ("first", "second", "third"):
        put(subject)
        clock.now += 1

    scheduler.look()

    assert starter.started == ["first", "second", "third"]


@pytest.mark.fault(41)
def test_while_its_last_job_is_unfinished_it_stays_due_and_starts_right_after(
    registry, scheduler, schedules, starter, put, clock
):
    put()
    scheduler.look()
    clock.now += 301
    due_at = schedules.get("it").due_at
    for _ in range(3):
        scheduler.look()
    assert starter.started == ["it"]
    assert schedules.get("it").due_at == due_at

    finish(registry)
    scheduler.look()

    assert starter.started == ["it", "it"]


def test_a_job_that_is_forgotten_holds_nothing_up(scheduler, schedules, starter, put, clock):
    put()
    schedules.started("it", "0190a0b0-0000-7000-8000-000000000000")
    clock.now += 301

    scheduler.look()

    assert starter.started == ["it"]


def test_a_starter_that_fails_says_why_and_is_asked_again_at_the_next_time(scheduler, schedules, starter, put, clock):
    put()
    starter.error = ConnectionUnusable("Its owner is gone.")
    scheduler.look()
    scheduler.look()
    failed = schedules.get("it")
    assert (failed.message, failed.due_at, failed.job_id) == ("Its owner is gone.", clock.now + 300, None)
    assert starter.started == ["it"]

    starter.error = None
    clock.now += 301
    scheduler.look()

    assert schedules.get("it").message == ""
    assert schedules.get("it").job_id is not None


def test_a_full_queue_leaves_all_due_in_their_order(scheduler, schedules, starter, put, clock):
    for subject in ("first", "second"):
        put(subject)
        clock.now += 1
    starter.error = TooManyJobs(limit=100, retry_after=0)

    scheduler.look()

    assert starter.started == ["first"]
    assert "100 jobs are already waiting" in schedules.get("first").message
    starter.error = None
    scheduler.look()
    assert starter.started == ["first", "first", "second"]


def test_an_owner_whose_share_of_the_queue_is_used_up_holds_no_other_up(scheduler, schedules, starter, put, clock):
    for subject in ("first", "second"):
        put(subject)
        clock.now += 1
    starter.error = TooManyJobs(50, 5, is_share=True)

    scheduler.look()
    scheduler.look()

    assert starter.started == ["first", "second"]
    assert "50 of your jobs are already waiting" in schedules.get("first").message
    starter.error = None
    clock.now += 5
    scheduler.look()
    assert starter.started[2:] == ["first", "second"]


def test_while_the_queue_is_said_to_be_full_it_is_not_asked_again_and_again(scheduler, starter, put):
    put()
    starter.error = TooManyJobs(limit=100, retry_after=60)

    for _ in range(5):
        scheduler.look()

    assert starter.started == ["it"]


def test_a_starter_that_breaks_is_logged_and_holds_no_other_up(scheduler, schedules, starter, put, caplog):
    put("first")
    put("second")
    starter.error = ZeroDivisionError("broken")

    scheduler.look()

    assert starter.started == ["first", "second"]
    assert "internal error" in schedules.get("first").message
    assert "ZeroDivisionError: broken" in caplog.text


def test_a_database_that_fails_during_a_start_leaves_it_due_soon(scheduler, schedules, starter, put, clock):
    put()
    starter.error = DatabaseUnavailable("locked")
    with pytest.raises(DatabaseUnavailable):
        scheduler.look()
    starter.error = None
    clock.now += 31

    scheduler.look()

    assert starter.started == ["it", "it"]
    assert schedules.get("it").job_id is not None


def test_a_message_is_logged_once_and_not_each_time(scheduler, starter, put, clock, caplog):
    put()
    starter.error = ConnectionUnusable("Its owner is gone.")

    for _ in range(3):
        scheduler.look()
        clock.now += 331

    assert caplog.text.count("Its owner is gone.") == 1


def test_schedules_of_kinds_that_nobody_starts_here_are_left_alone(scheduler, schedules):
    put = schedules.put("it", "unknown", {}, 300)

    scheduler.look()

    assert schedules.get("it") == put


@pytest.mark.fault(41)
def test_a_clock_that_was_set_back_does_not_silence_a_schedule(scheduler, schedules, starter, put, clock, caplog):
    put()
    schedules.started("it", "0190a0b0-0000-7000-8000-000000000000")
    clock.now -= 86_400
    scheduler.look()
    assert "The clock was set back: 1 schedules" in caplog.text
    assert starter.started == []

    clock.now += 301
    scheduler.look()

    assert starter.started == ["it"]


@pytest.mark.fault(41)
def test_a_clock_that_was_set_a_day_on_and_right_again_costs_one_start(registry, make, starter, put, clock):
    put()
    scheduler = make()
    scheduler.look()
    for passed in (86_400, -86_400):
        clock.now += passed
        finish(registry)
        assert scheduler.stop(10)
        scheduler = make()  # whose first look, and not that in ten seconds, is at the clock
        scheduler.look()
    assert starter.started == ["it", "it"]

    finish(registry)
    clock.now += 301
    scheduler.look()

    assert starter.started == ["it", "it", "it"]


def test_a_second_one_stands_by_until_the_first_has_stopped(make, starter, put):
    first, second = make(), make()
    first.look()
    put()
    second.look()
    assert starter.started == []

    assert first.stop(10)
    second.look()

    assert starter.started == ["it"]


def test_one_whose_thread_has_ended_lets_another_take_over(make, starter, put):
    first, second = make(), make()
    first.start()
    put("first")
    eventually(lambda: starter.started == ["first"])

    assert first.stop(10)
    put("second")
    second.look()

    assert starter.started == ["first", "second"]


def test_the_thread_starts_what_becomes_due_and_survives_errors(make, schedules, starter, put):
    scheduler = make()
    schedules.tell(scheduler.wake)
    starter.error = ZeroDivisionError("broken")
    scheduler.start()
    put("first")
    eventually(lambda: starter.started == ["first"])

    starter.error = None
    put("second")

    eventually(lambda: starter.started == ["first", "second"])
    assert scheduler.stop(10)
    put("third")
    assert starter.started == ["first", "second"]


def test_the_thread_goes_on_when_the_database_can_be_written_again(new_registry, clock, caplog):
    registry = new_registry(busy_seconds=0.05)
    schedules, starter = ScheduleService(registry.database, clock), Starter(registry.service)
    schedules.put("it", KIND, {}, 300)
    scheduler = Scheduler(schedules, {KIND: starter}, registry.service, registry.settings, clock=clock)
    with write_lock(registry.database):
        scheduler.start()
        eventually(lambda: "No schedule can be started just now" in caplog.text)
        assert starter.started == []

    eventually(lambda: starter.started == ["it"])

    assert scheduler.stop(10)


def test_a_folder_without_a_lock_is_told_and_starts_nothing(make, tmp_path, starter, put, caplog):
    scheduler = make(settings=settings_for(tmp_path / "nowhere"))
    put()
    scheduler.start()

    eventually(lambda: "No schedule can be started just now" in caplog.text)

    assert scheduler.stop(10)
    assert starter.started == []


def test_stopping_waits_for_no_chore_longer_than_it_may(make):
    begun, gate = threading.Event(), threading.Event()

    def chore():
        begun.set()
        gate.wait(30)

    scheduler = make(chores=[chore])
    scheduler.start()
    assert begun.wait(10)

    assert not scheduler.stop(0.05)
    gate.set()
    assert scheduler.stop(10)


def test_one_that_was_never_started_stops(make):
    assert make().stop(1)
