import logging
import threading
import time

import pytest
from sqlalchemy import event

from app.cancellation import Cancelled
from app.errors import SourceUnreadable, StorageUnreachable
from app.jobs.contract import JobState, Outcome, StepStatus
from app.jobs.queue import JobQueue
from tests.support.jobs import SUCCEEDED, Hold, eventually, request, step

BUCKET = "s3://here/mybucket"

pytestmark = pytest.mark.usefixtures("each_runner")


def raising(error):
    def handler(_context):
        raise error

    return handler


def returning(outcome):
    return lambda _context: outcome


@pytest.fixture
def hold():
    hold = Hold()
    yield hold
    hold.let_go()


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        pytest.param(returning(SUCCEEDED), ("succeeded", None, "all done"), id="success"),
        pytest.param(
            returning(Outcome(JobState.PARTIAL, "upload_failed", "2 failed")),
            ("partial", "upload_failed", "2 failed"),
            id="partial",
        ),
        pytest.param(
            raising(SourceUnreadable("The folder is gone.")),
            ("failed", "source_unreadable", "The folder is gone."),
            id="a product error",
        ),
        pytest.param(
            raising(ZeroDivisionError("secret detail")),
            ("failed", "internal_error", "an internal error ended this job; see the log"),
            id="a bug",
        ),
        pytest.param(
            raising(SystemExit(3)),
            ("failed", "internal_error", "an internal error ended this job; see the log"),
            id="an exit",
        ),
        pytest.param(
            returning(Outcome(JobState.RUNNING, None, "")),
            ("failed", "internal_error", "an internal error ended this job; see the log"),
            id="an end that is none",
        ),
        pytest.param(
            raising(Cancelled("too_slow")), ("cancelled", "too_slow", "cancelled"), id="cancelled for a reason"
        ),
    ],
)
def test_what_a_handler_does_is_how_the_job_ends(registry, handler, expected):
    registry.runner({"it": handler})

    job = registry.service.submit(request("it"))

    ended = eventually(lambda: (now := registry.service.get(job.id)).state.is_final and now)
    assert (ended.state, ended.reason, ended.message) == expected
    assert ended.started_at <= ended.finished_at


def test_a_bug_in_a_handler_is_logged_with_its_traceback(registry, caplog):
    registry.runner({"it": raising(ZeroDivisionError("secret detail"))})

    job = registry.service.submit(request("it"))

    registry.state_becomes(job, "failed")
    assert (job.id in caplog.text, "secret detail" in caplog.text) == (True, True)


def test_a_job_of_a_kind_without_handler_waits_for_another_runner(registry):
    registry.runner({"it": returning(SUCCEEDED)})
    stranger, ours = registry.service.submit(request("other")), registry.service.submit(request("it"))

    registry.state_becomes(ours, "succeeded")

    assert registry.service.get(stranger.id).state is JobState.QUEUED


def test_counters_and_steps_can_be_seen_while_the_job_runs_and_stay_in_order(registry):
    go_on, done = threading.Event(), threading.Event()

    def handler(context):
        for number in range(700):
            context.record([step(f"key {number}")])
        context.report({"done": 700}, "half way")
        go_on.wait(30)
        for number in range(700, 1000):
            context.record([step(f"key {number}", StepStatus.FAILED)])
        context.report({"done": 1000}, "nearly")
        done.set()
        return SUCCEEDED

    registry.runner({"it": handler})
    job = registry.service.submit(request("it"))
    seen = eventually(lambda: (now := registry.service.get(job.id)).progress and now)
    assert (seen.state, seen.progress, seen.message) == ("running", {"done": 700}, "half way")
    assert len(registry.service.steps(job.id, limit=5000)) == 700
    go_on.set()

    ended = registry.state_becomes(job, "succeeded")

    steps = registry.service.steps(job.id, limit=5000)
    assert (ended.progress, ended.message) == ({"done": 1000}, "all done")
    assert [one.number for one in steps] == list(range(1, 1001))
    assert [one.record.key for one in steps] == [f"key {number}" for number in range(1000)]
    assert len(registry.service.steps(job.id, StepStatus.FAILED, limit=5000)) == 300


def test_the_row_is_written_about_once_a_second_however_often_is_reported(registry):
    enough = threading.Event()

    def handler(context):
        while not enough.wait(0.001):
            context.report({"at": time.monotonic()}, "busy")
        return SUCCEEDED

    registry.runner({"it": handler})
    began = time.monotonic()
    job = registry.service.submit(request("it"))
    eventually(lambda: registry.service.get(job.id).version >= 4)  # made, started, twice written
    enough.set()

    ended = registry.state_becomes(job, "succeeded")

    assert ended.version <= 4 + (time.monotonic() - began)


def test_counters_that_no_row_can_hold_end_the_job_and_not_the_runner(registry, caplog):
    def handler(context):
        context.report({"bad": object()}, "")
        return SUCCEEDED

    registry.runner({"bad": handler, "good": returning(SUCCEEDED)})
    bad, good = registry.service.submit(request("bad")), registry.service.submit(request("good"))

    registry.state_becomes(good, "succeeded")

    assert registry.state_becomes(bad, "failed").reason == "internal_error"
    assert "cannot be stored" in caplog.text


def test_no_more_jobs_run_at_once_than_allowed_over_all_runners(new_registry, hold):
    one, other = new_registry(jobs_running_limit=2), new_registry(jobs_running_limit=2)
    one.runner({"hold": hold})
    other.runner({"hold": hold})
    jobs = [one.service.submit(request()) for _ in range(4)]

    eventually(lambda: one.service.get(jobs[3].id).message == "waiting for a free place")

    states = [job.state for job in one.service.list(include_finished=False, limit=9)]
    assert states == ["running", "running", "queued", "queued"]
    hold.let_go()
    for job in jobs:
        one.state_becomes(job, "succeeded")


def test_a_huge_job_does_not_hold_up_a_small_one(registry, hold):
    registry.runner({"hold": hold, "small": returning(SUCCEEDED)})
    huge = registry.service.submit(request(target=BUCKET))
    hold.entered(huge)

    small = registry.service.submit(request("small", target="s3://here/other"))

    registry.state_becomes(small, "succeeded")
    assert registry.service.get(huge.id).state is JobState.RUNNING


@pytest.mark.fault("I4")
def test_the_second_writer_of_a_target_waits_and_others_pass_it(registry, hold):
    registry.runner({"hold": hold, "small": returning(SUCCEEDED)})
    first = registry.service.submit(request(target=BUCKET))
    second = registry.service.submit(request("small", target=BUCKET))
    third = registry.service.submit(request("small", target=BUCKET, prefix="photos/"))
    other = registry.service.submit(request("small", target="s3://here/other"))

    registry.state_becomes(other, "succeeded")
    told = "waiting for another job that uses mybucket"
    eventually(lambda: {registry.service.get(job.id).message for job in (second, third)} == {told})
    hold.let_go()

    ends = [registry.state_becomes(job, "succeeded") for job in (first, second, third)]
    assert ends[0].finished_at <= ends[1].started_at <= ends[1].finished_at <= ends[2].started_at


def test_jobs_on_neighbouring_prefixes_of_a_target_run_together(registry, hold):
    registry.runner({"hold": hold})
    jobs = [registry.service.submit(request(target=BUCKET, prefix=prefix)) for prefix in ("a/", "b/")]

    assert [hold.entered(job).job_id for job in jobs] == [job.id for job in jobs]


def test_a_running_job_is_cancelled_at_once_in_its_own_process(registry, hold):
    registry.runner({"hold": hold})
    job = registry.service.submit(request())
    token = hold.entered(job).token

    registry.service.request_cancel(job.id)

    assert token.reason == "cancelled_by_user"
    ended = registry.state_becomes(job, "cancelled")
    assert (ended.reason, ended.cancel_requested) == ("cancelled_by_user", True)


def test_a_running_job_is_cancelled_through_the_database_by_who_knows_no_runner(new_registry, hold):
    ours, theirs = new_registry(), new_registry()
    ours.runner({"hold": hold})
    job = ours.service.submit(request())
    hold.entered(job)

    theirs.service.request_cancel(job.id)

    assert ours.state_becomes(job, "cancelled").reason == "cancelled_by_user"


def test_a_job_that_another_process_submits_is_found(new_registry):
    ours, theirs = new_registry(), new_registry()
    ours.runner({"it": returning(SUCCEEDED)})

    job = theirs.service.submit(request("it"))

    ours.state_becomes(job, "succeeded")


def test_a_runner_for_its_own_jobs_leaves_the_others_alone(registry):
    ran = []
    runner = registry.runner({"it": lambda context: ran.append(context.job_id) or SUCCEEDED}, reserved_only=True)
    before = registry.service.submit(request("it"))
    ours = registry.service.submit(request("it"), reserved_for=runner.runner_id)

    registry.state_becomes(ours, "succeeded")

    assert (ran, registry.service.get(before.id).state) == ([ours.id], "queued")


def test_a_reserved_job_is_run_by_nobody_else_while_its_runner_lives(new_registry, hold):
    ours, theirs = new_registry(), new_registry()
    busy = ours.runner({"unknown": hold}, reserved_only=True)
    theirs.runner({"hold": hold, "it": returning(SUCCEEDED)})
    reserved = theirs.service.submit(request(), reserved_for=busy.runner_id)

    theirs.state_becomes(theirs.service.submit(request("it")), "succeeded")
    assert theirs.service.get(reserved.id).state is JobState.QUEUED
    busy.drain(5)

    assert hold.entered(reserved).job_id == reserved.id


@pytest.mark.fault(3)
def test_a_drain_gives_the_running_jobs_back_and_starts_no_other(new_registry, hold):
    registry = new_registry(jobs_running_limit=1)
    runner = registry.runner({"hold": hold})
    job, waiting = registry.service.submit(request()), registry.service.submit(request())
    hold.entered(job)

    assert runner.drain(10)

    given_back = registry.service.get(job.id)
    assert (given_back.state, given_back.reason, given_back.attempt) == ("queued", "interrupted", 1)
    assert registry.service.get(waiting.id).attempt == 0
    assert not hold.inside


def test_a_job_given_back_is_resumed_under_its_own_id_with_its_history(new_registry):
    registry = new_registry()

    def interrupted(context):
        context.record([step("before")])
        context.token.wait(30)
        context.token.raise_if_cancelled()

    first = registry.runner({"it": interrupted})
    job = registry.service.submit(request("it", secrets={"key": "kept"}))
    registry.state_becomes(job, "running")
    first.drain(10)
    secrets = []

    def resumed(context):
        secrets.append(context.secrets)
        context.record([step("after")])
        return SUCCEEDED

    registry.runner({"it": resumed})

    ended = registry.state_becomes(job, "succeeded")
    assert (ended.attempt, ended.reason, secrets) == (2, None, [{"key": "kept"}])
    found = [(one.number, one.record.key) for one in registry.service.steps(job.id)]
    assert found == [(1, "before"), (2, "after")]


def test_a_job_that_ends_by_itself_during_a_drain_keeps_its_end(registry):
    entered = threading.Event()

    def handler(context):
        entered.set()
        context.token.wait(30)
        return SUCCEEDED

    runner = registry.runner({"it": handler})
    job = registry.service.submit(request("it"))
    entered.wait(30)

    assert runner.drain(10)
    assert registry.service.get(job.id).state is JobState.SUCCEEDED


def test_a_job_that_fails_because_everything_stops_at_once_is_given_back(registry):
    entered = threading.Event()

    def handler(context):
        entered.set()
        context.token.wait(30)
        raise StorageUnreachable("it was stopped with the machine")

    runner = registry.runner({"it": handler})
    job = registry.service.submit(request("it"))
    entered.wait(30)

    assert runner.drain(10)
    found = registry.service.get(job.id)
    assert (found.state, found.reason) == (JobState.QUEUED, "interrupted")


@pytest.mark.fault(3, 34)
def test_a_cancel_during_a_drain_is_not_forgotten(new_registry):
    ours, theirs = new_registry(), new_registry()
    entered, go_on = threading.Event(), threading.Event()

    def handler(context):
        entered.set()
        context.token.wait(30)
        go_on.wait(30)
        context.token.raise_if_cancelled()

    runner = ours.runner({"it": handler})
    job = ours.service.submit(request("it"))
    entered.wait(30)
    draining = threading.Thread(target=runner.drain, args=(10,))
    draining.start()
    theirs.service.request_cancel(job.id)
    go_on.set()
    draining.join()

    assert (ours.service.get(job.id).state, ours.service.get(job.id).reason) == ("cancelled", "cancelled_by_user")


def test_an_operation_that_does_not_end_in_time_is_still_looked_after(registry):
    entered, go_on = threading.Event(), threading.Event()

    def handler(context):
        entered.set()
        go_on.wait(30)
        context.token.raise_if_cancelled()

    runner = registry.runner({"it": handler})
    job = registry.service.submit(request("it"))
    entered.wait(30)

    assert not runner.drain(0.1)
    assert registry.service.get(job.id).state is JobState.RUNNING
    go_on.set()
    assert runner.drain(10)
    assert registry.service.get(job.id).state is JobState.QUEUED


def test_a_runner_that_was_never_started_can_be_drained(registry):
    from app.jobs.threads import ThreadRunner  # noqa: PLC0415  # the only test that makes one by hand

    assert ThreadRunner(registry.database, registry.box, {}, registry.settings).drain(1)


def test_a_runner_whose_job_was_taken_away_stops_it_and_writes_nothing_more_of_that_attempt(registry, caplog):
    attempts, go_on = [], threading.Event()

    def handler(context):
        attempts.append(context)
        if len(attempts) == 1:
            context.token.wait(30)
            go_on.wait(30)
            context.report({"attempt": 1}, "still mine?")
            context.record([step("of the first attempt")])
        return SUCCEEDED

    runner = registry.runner({"it": handler})
    job = registry.service.submit(request("it"))
    eventually(lambda: attempts)
    JobQueue(registry.database).rescue([runner.runner_id], 0.0, lambda _: True, [])

    taken = registry.service.get(job.id)
    eventually(lambda: attempts[0].token.reason == "interrupted")
    unchanged = registry.service.get(job.id)
    go_on.set()

    ended = registry.state_becomes(job, "succeeded")
    assert (taken.state, taken.reason, unchanged) == ("queued", "interrupted", taken)
    assert (ended.attempt, ended.progress, list(registry.service.steps(job.id))) == (2, {}, [])
    assert "was taken away" in caplog.text


def test_an_idle_runner_reads_and_never_writes(registry):
    runner = registry.runner({"it": returning(SUCCEEDED)})
    registry.state_becomes(registry.service.submit(request("it")), "succeeded")
    statements = []
    event.listen(
        registry.database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, sql, *_rest: statements.append(sql.split()[0]),
    )

    for seen in range(1, 4):
        runner.wake()
        eventually(lambda wanted=seen: statements.count("SELECT") >= wanted)

    assert set(statements) <= {"BEGIN", "SELECT"}


def test_nothing_is_said_in_the_log_about_a_job_that_goes_well(registry, caplog):
    caplog.set_level(logging.WARNING)
    registry.runner({"it": returning(SUCCEEDED)})

    registry.state_becomes(registry.service.submit(request("it")), "succeeded")

    assert [record for record in caplog.records if record.name.startswith("app.jobs")] == []
