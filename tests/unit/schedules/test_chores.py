"""What the active scheduler does now and then."""

import threading

from app.schedules.chores import Chores


def test_every_chore_is_done_at_once_and_in_order_though_one_fails(caplog):
    done = []

    def fail():
        raise ZeroDivisionError("broken")

    chores = Chores([lambda: done.append("first"), fail, lambda: done.append("last")])
    chores.begin()

    assert chores.wait(10)
    assert done == ["first", "last"]
    assert "ZeroDivisionError: broken" in caplog.text
    assert "Traceback" in caplog.text


def test_a_round_is_not_repeated_before_its_time_nor_while_it_lasts():
    done, gate = [], threading.Event()

    def wait():
        done.append("begun")
        gate.wait(30)

    chores = Chores([wait])
    for _ in range(3):
        chores.begin()
    assert not chores.wait(0.01)
    gate.set()
    assert chores.wait(10)
    chores.begin()

    assert chores.wait(10)
    assert done == ["begun"]


def test_without_chores_nothing_is_begun():
    chores = Chores([])
    chores.begin()

    assert chores.wait(0)
