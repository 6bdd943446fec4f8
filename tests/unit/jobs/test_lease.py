import threading
import time

import pytest

from app.cancellation import Cancelled
from app.copies.stopping import CopyToken, Flags
from app.jobs.lease import LeasedToken, lease_clock


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_work_goes_on_while_the_lease_is_sure(clock):
    token = LeasedToken(10, clock)
    clock.now += 10

    token.raise_if_cancelled()


def test_nothing_begins_after_the_lease_has_run_out_until_it_is_proven_again(clock):
    token = LeasedToken(10, clock)
    clock.now += 11
    began = threading.Event()

    def operation():
        token.raise_if_cancelled()
        began.set()

    thread = threading.Thread(target=operation)
    thread.start()
    assert not began.wait(0.3)
    token.renew(clock.now)
    thread.join(10)

    assert began.is_set()


def test_who_waits_for_a_proof_stops_when_the_work_is_lost(clock):
    token = LeasedToken(10, clock)
    clock.now += 11
    threading.Timer(0.05, token.cancel, ["interrupted"]).start()

    with pytest.raises(Cancelled):
        token.raise_if_cancelled()


def test_a_proof_of_before_a_later_one_takes_nothing_back(clock):
    token = LeasedToken(10, clock)
    token.renew(clock.now + 5)
    token.renew(clock.now)
    clock.now += 14

    token.raise_if_cancelled()


def test_a_look_is_good_for_half_as_long_as_a_heartbeat(clock):
    token = LeasedToken(10, clock)
    clock.now += 8
    token.renew_by_look(clock.now)
    clock.now += 5
    token.raise_if_cancelled()

    clock.now += 0.1
    threading.Timer(0.05, token.cancel, ["interrupted"]).start()
    with pytest.raises(Cancelled):
        token.raise_if_cancelled()


def test_a_lease_begins_when_it_was_asked_for_and_not_when_it_is_known(clock):
    token = LeasedToken(10, clock, proven_at=clock.now - 11)

    threading.Timer(0.05, token.cancel, ["interrupted"]).start()
    with pytest.raises(Cancelled):
        token.raise_if_cancelled()


def test_what_ends_an_operation_in_hand_goes_on_after_a_cancel_but_not_without_the_lease(clock):
    token = LeasedToken(10, clock)
    copy = CopyToken(token, 1, Flags(frozenset))
    token.cancel("interrupted")
    for each in (token, copy):
        each.require_lease()

    clock.now += 11
    for each in (token, copy):
        with pytest.raises(Cancelled):
            each.require_lease()


def test_a_copy_of_a_job_waits_for_the_proof_too(clock):
    job = LeasedToken(10, clock)
    token = CopyToken(job, 1, Flags(frozenset))
    token.raise_if_cancelled()

    clock.now += 11
    threading.Timer(0.05, job.cancel, ["interrupted"]).start()
    with pytest.raises(Cancelled, match="interrupted"):
        token.raise_if_cancelled()


def test_its_clock_counts_the_time_that_a_machine_slept():
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= lease_clock() <= time.clock_gettime(time.CLOCK_BOOTTIME)
