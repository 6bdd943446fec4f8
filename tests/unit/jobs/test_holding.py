"""Holding the queue: nothing is claimed while it is held, in whichever process that was said."""

import threading

import pytest

from app.jobs.choice import Seeker
from app.jobs.contract import JobState
from app.jobs.holding import Holding
from app.jobs.queue import JobQueue
from tests.support.jobs import SUCCEEDED, eventually, request

pytestmark = pytest.mark.usefixtures("each_database")


def test_what_is_held_in_one_process_is_held_in_all(tmp_path):
    one, other = Holding(tmp_path), Holding(tmp_path)
    assert not other.is_active

    one.set(True)
    one.set(True)
    assert other.is_active

    other.set(False)
    other.set(False)
    assert not one.is_active


def test_a_job_waits_while_the_queue_is_held_and_what_runs_goes_on(registry):
    go_on = threading.Event()

    def work(_context):
        assert go_on.wait(30)
        return SUCCEEDED

    registry.runner({"hold": work})
    running = registry.service.submit(request()).id
    eventually(lambda: registry.service.get(running).state is JobState.RUNNING)

    registry.service.holding.set(True)
    waiting = registry.service.submit(request()).id
    go_on.set()
    eventually(lambda: registry.service.get(running).state is JobState.SUCCEEDED)
    eventually(lambda: "until an admin lets the queue go" in registry.service.get(waiting).message)
    assert registry.service.get(waiting).state is JobState.QUEUED

    registry.service.holding.set(False)
    eventually(lambda: registry.service.get(waiting).state is JobState.SUCCEEDED)


def test_a_job_that_is_submitted_after_the_queue_was_held_waits_although_a_runner_is_about_to_take_it(registry):
    job = registry.service.submit(request()).id
    looks = iter([False, True])  # the queue is held between the look and the start

    seeker = Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=1, is_held=lambda: next(looks))

    assert JobQueue(registry.database).claim(seeker) is None
    assert registry.service.get(job).state is JobState.QUEUED
    assert "until an admin lets the queue go" in registry.service.get(job).message


def test_a_runner_that_takes_only_its_own_jobs_does_not_wait(registry):
    registry.service.holding.set(True)
    runner = registry.runner({"hold": lambda _context: SUCCEEDED}, reserved_only=True)

    job = registry.service.submit(request(), reserved_for=runner.runner_id).id

    eventually(lambda: registry.service.get(job).state is JobState.SUCCEEDED)
