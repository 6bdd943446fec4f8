"""Whoever asks what does not answer is told so soon, and does not hold others up."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from app.monitoring.latest import Latest
from tests.support.jobs import eventually


class Hanging:
    """Answers how often it was asked, but for while it is held."""

    def __init__(self):
        self.asked = 0
        self._go = threading.Event()
        self._go.set()

    def __call__(self):
        self.asked += 1
        assert self._go.wait(30)
        return self.asked

    @contextmanager
    def held(self):
        self._go.clear()
        try:
            yield
        finally:
            self._go.set()


def test_many_who_ask_are_one_question():
    hanging = Hanging()
    latest = Latest("of a test", hanging, patience=10)

    with ThreadPoolExecutor(20) as pool:
        with hanging.held():
            asking = [pool.submit(latest.get) for _ in range(20)]
            assert eventually(lambda: hanging.asked)
        assert {each.result() for each in asking} == {1}
    assert latest.get() == 1
    assert hanging.asked == 1


def test_nobody_waits_longer_than_the_patience_and_who_comes_later_not_at_all():
    hanging = Hanging()
    latest = Latest("of a test", hanging, patience=2)

    with hanging.held():
        began = time.monotonic()
        assert latest.get() is None
        waited = time.monotonic() - began
        assert [latest.get() for _ in range(100)] == [None] * 100
        assert time.monotonic() - began - waited < 1.5
        assert 2 <= waited < 60

    assert eventually(latest.get) == 1
    assert hanging.asked == 1


def test_what_was_found_a_moment_ago_is_told_while_the_next_question_waits():
    hanging = Hanging()
    latest = Latest("of a test", hanging, patience=10, fresh=0)
    assert latest.get() == 1

    with ThreadPoolExecutor(1) as pool:
        with hanging.held():
            first = pool.submit(latest.get)
            assert eventually(lambda: hanging.asked == 2)
            assert latest.get() == 1
        assert first.result() == 2


def test_what_went_wrong_is_raised_and_asked_again():
    answers = [ZeroDivisionError("first"), None]

    def find():
        answer = answers.pop(0)
        if answer:
            raise answer
        return "good"

    latest = Latest("of a test", find, patience=10)

    with pytest.raises(ZeroDivisionError):
        latest.get()
    assert latest.get() == "good"
