"""Several processes share one database, and some of them die."""

import pytest

from app.jobs.contract import JobState
from tests.support.jobs import SUCCEEDED, Hold, eventually, opened, ran, request

pytestmark = pytest.mark.slow

BUCKET = "s3://here/mybucket"


@pytest.fixture
def hold():
    hold = Hold()
    yield hold
    hold.let_go()


@pytest.mark.fault(4)
def test_two_processes_racing_for_one_queue_run_each_job_exactly_once(new_registry):
    registry = new_registry(jobs_queued_limit=300)
    jobs = [registry.service.submit(request("note")) for _ in range(200)]

    children = [registry.child(), registry.child()]

    eventually(lambda: registry.service.list(include_finished=False, limit=1) == [], 90)
    assert sorted(ran(registry.data_dir).read_text().split()) == [job.id for job in jobs]
    assert {job.state for job in registry.service.list(include_finished=True, limit=300)} == {JobState.SUCCEEDED}
    assert [child.leave() for child in children] == [True, True]


def test_processes_together_keep_to_the_limit(new_registry):
    registry = new_registry(jobs_running_limit=3)
    children = [registry.child(), registry.child()]
    jobs = [registry.service.submit(request("hold")) for _ in range(6)]
    eventually(lambda: [registry.service.get(job.id).message for job in jobs[3:]] == ["waiting for a free place"] * 3)

    assert [registry.service.get(job.id).state for job in jobs] == ["running"] * 3 + ["queued"] * 3
    opened(registry.data_dir).touch()
    for job in jobs:
        registry.state_becomes(job, "succeeded")
    assert [child.leave() for child in children] == [True, True]


def test_a_job_in_another_process_is_watched_and_cancelled_from_here(registry):
    registry.child()
    job = registry.service.submit(request("hold"))
    eventually(lambda: registry.service.get(job.id).progress == {"held": True})

    registry.service.request_cancel(job.id)

    assert registry.state_becomes(job, "cancelled").reason == "cancelled_by_user"
    assert [one.record.key for one in registry.service.steps(job.id)] == ["one"]


@pytest.mark.fault(1, "I7")
def test_a_job_whose_process_was_killed_is_resumed_under_its_own_id(registry, hold):
    child = registry.child()
    job = registry.service.submit(request("hold", target=BUCKET))
    younger = registry.service.submit(request("hold", target=BUCKET))
    eventually(lambda: registry.service.get(job.id).progress == {"held": True})

    child.kill()
    registry.runner({"hold": hold})

    assert hold.entered(job).job_id == job.id
    assert registry.service.get(job.id).attempt == 2
    hold.let_go()
    ended = registry.state_becomes(job, "succeeded")
    assert ended.finished_at <= registry.state_becomes(younger, "succeeded").started_at


@pytest.mark.fault(7, "I7")
def test_a_killed_process_is_noticed_long_before_its_heartbeat_is_old(new_registry, hold):
    registry = new_registry(stale_seconds=3600)
    child = registry.child()
    registry.runner({"hold": hold}, reserved_only=True)  # sees the dead, takes no job
    job = registry.service.submit(request("hold"))
    registry.state_becomes(job, "running")

    child.kill()

    given_back = registry.state_becomes(job, "queued")
    assert (given_back.reason, given_back.attempt) == ("interrupted", 1)


@pytest.mark.fault(1, 34, "I7")
def test_a_killed_process_whose_job_was_to_be_cancelled_leaves_it_cancelled(registry):
    child = registry.child()
    job = registry.service.submit(request("hold"))
    eventually(lambda: registry.service.get(job.id).progress)
    child.suspend()  # so that it cannot obey any more
    registry.service.request_cancel(job.id)

    child.kill()
    registry.runner({})

    ended = registry.state_becomes(job, "cancelled")
    assert (ended.reason, ended.attempt) == ("cancelled_by_user", 1)


def test_a_job_reserved_for_a_process_that_was_killed_is_free_for_others(registry):
    child = registry.child()
    child.suspend()
    job = registry.service.submit(request("it"), reserved_for=child.runner_id)
    registry.runner({"it": lambda _context: SUCCEEDED})

    child.kill()

    registry.state_becomes(job, "succeeded")


@pytest.mark.fault(1)
def test_a_job_that_kills_its_process_again_and_again_is_given_up(registry):
    job = registry.service.submit(request("crash"))
    for crash in range(1, 7):
        child = registry.child()
        eventually(lambda wanted=crash: _times_run(registry) == wanted)
        child.kill()
    registry.runner({})

    ended = registry.state_becomes(job, "failed")

    assert (ended.reason, ended.attempt) == ("interrupted", 6)
    assert "its runner died 6 times" in ended.message


def _times_run(registry):
    return len(ran(registry.data_dir).read_text().split()) if ran(registry.data_dir).exists() else 0


def test_giving_back_in_order_is_no_crash_however_often_it_happens(registry):
    job = registry.service.submit(request("hold"))
    for attempt in range(1, 8):
        child = registry.child()
        eventually(lambda wanted=attempt: _times_run(registry) == wanted)
        assert child.leave()

    given_back = registry.service.get(job.id)

    assert (given_back.state, given_back.attempt) == ("queued", 7)


@pytest.mark.fault(2, "I4")
def test_a_process_that_hung_finds_its_job_taken_and_writes_nothing(new_registry, hold):
    registry = new_registry(heartbeat_seconds=1, stale_seconds=8)  # so that our own pauses make nobody take it from us
    child = registry.child()
    job = registry.service.submit(request("hold"))
    eventually(lambda: registry.service.get(job.id).progress)
    child.suspend()

    registry.runner({"hold": hold})
    ours = hold.entered(job)
    ours.report({"ours": True}, "ours")
    opened(registry.data_dir).touch()  # the hung one would now succeed
    child.resume()

    assert child.leave()
    now = registry.service.get(job.id)
    assert (now.state, now.attempt) == ("running", 2)
    assert now.progress in ({"held": True}, {"ours": True})
    hold.let_go()
    assert registry.state_becomes(job, "succeeded").progress == {"ours": True}


def test_files_of_dead_runners_do_not_pile_up(registry):
    for _ in range(3):
        registry.child().kill()

    runner = registry.runner({})

    folder = registry.data_dir / "runners"
    eventually(lambda: [path.stem for path in folder.iterdir()] == [runner.runner_id])
