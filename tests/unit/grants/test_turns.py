"""Turns: one thread at a time for each name, and who waited learns why it failed."""

import threading
import time

import pytest

from app.errors import StorageUnreachable
from app.grants.turns import Turns


@pytest.fixture
def turns():
    return Turns()


def test_one_thread_at_a_time_has_the_turn_of_a_name(turns):
    inside, most, lock = [], [], threading.Lock()

    def take():
        for _ in range(50):
            with turns.of("a"):
                with lock:
                    inside.append(1)
                    most.append(len(inside))
                with lock:
                    inside.pop()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(most) == 1
    assert len(most) == 200


def test_names_do_not_wait_for_each_other(turns):
    with turns.of("a"), turns.of("b"):
        pass


def test_who_waited_meanwhile_learns_why_it_failed_and_who_comes_later_does_not(turns):
    waiting, heard = threading.Event(), []

    def wait():
        began = time.monotonic()
        waiting.set()
        with turns.of("a") as turn:
            heard.append(turn.failure_since(began))
            heard.append(turn.failure_since(time.monotonic() + 1))

    with turns.of("a") as turn:
        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(30)
        turn.fail(StorageUnreachable("silent"))
    thread.join()

    assert isinstance(heard[0], StorageUnreachable)
    assert str(heard[0]) == "silent"
    assert heard[1] is None


def test_a_name_that_nobody_holds_is_forgotten(turns):
    with turns.of("a") as turn:
        turn.fail(StorageUnreachable("silent"))
    del turn

    with turns.of("a") as turn:
        assert turn.failure_since(0) is None
