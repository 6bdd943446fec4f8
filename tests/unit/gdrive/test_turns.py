"""One thread at a time for each name."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.storages.gdrive.turns import Turns

NAMES = ["a", ("a", "b"), "c"]


def test_nobody_else_has_a_name_meanwhile_and_others_have_theirs():
    turns, inside, seen = Turns(), dict.fromkeys(NAMES, 0), []

    def take(number):
        name = NAMES[number % len(NAMES)]
        with turns.taken(name):
            inside[name] += 1
            seen.append(inside[name])
            inside[name] -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(take, range(3000)))
    assert set(seen) == {1}


def test_two_names_are_had_at_once():
    turns, both = Turns(), threading.Barrier(2)

    def take(name):
        with turns.taken(name):
            both.wait(30)  # broken, which raises, unless the other one comes while this one is had

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, ["a", "b"]))


def test_a_failure_gives_the_name_back():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.taken("a"):
        1 / 0  # noqa: B018
    with turns.taken("a"):
        pass
