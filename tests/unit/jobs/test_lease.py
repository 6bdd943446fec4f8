import threading
import time

import pytest

from app.cancellation import Cancelled
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


def test_its_clock_counts_the_time_that_a_machine_slept():
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= lease_clock() <= time.clock_gettime(time.CLOCK_BOOTTIME)
