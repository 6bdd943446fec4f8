"""The drain: begun from anywhere, done once, waited for with a limit."""

import signal
import threading

import pytest

from app.serving.drain import Drain


class GatedRunner:
    """A runner whose operation in hand ends when the test says so."""

    def __init__(self, draining):
        self.draining = draining
        self.began = threading.Event()
        self.gate = threading.Event()
        self.drains = 0
        self.streams_ended_first = False

    def drain(self, timeout):
        self.drains += 1
        self.streams_ended_first = self.draining.is_set()
        self.began.set()
        return self.gate.wait(timeout)


@pytest.fixture
def draining():
    return threading.Event()


@pytest.fixture
def runner(draining):
    runner = GatedRunner(draining)
    yield runner
    runner.gate.set()


@pytest.fixture
def drain(runner, draining):
    drain = Drain(runner, draining, seconds=30)
    drain.start()
    yield drain
    drain.begin()


def test_nothing_is_drained_before_it_is_asked_for(drain, runner, draining):
    assert not drain.wait(0.05)
    assert runner.drains == 0
    assert not draining.is_set()


def test_event_streams_are_told_before_the_runner(drain, runner):
    drain.begin()

    assert runner.began.wait(10)
    assert runner.streams_ended_first


def test_a_wait_ends_with_the_operation_in_hand(drain, runner):
    drain.begin()
    runner.gate.set()

    assert drain.wait() is True


def test_a_short_wait_tells_that_operations_still_run(drain):
    drain.begin()

    assert drain.wait(0.05) is False


def test_asking_often_drains_once(drain, runner):
    for _ in range(5):
        drain.begin()
    runner.gate.set()

    assert drain.wait()
    assert runner.drains == 1


def test_a_runner_that_fails_to_drain_holds_nobody_up(draining):
    class Broken:
        def drain(self, timeout):
            raise OSError(timeout)

    drain = Drain(Broken(), draining, seconds=30)
    reported = threading.Event()
    before, threading.excepthook = threading.excepthook, lambda _: reported.set()
    try:
        drain.start()
        drain.begin()

        assert drain.wait() is False
        assert reported.wait(10)
    finally:
        threading.excepthook = before


def test_a_signal_handler_may_begin_it(drain, runner):
    before = signal.signal(signal.SIGUSR1, lambda *_: drain.begin())
    try:
        signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert runner.began.wait(10)
