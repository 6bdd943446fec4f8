import pytest

from app.webhooks.turns import AT_ONCE, AT_ONCE_OF_ONE_OWNER, SLOW_AT_ONCE, SLOW_SECONDS, Due, Turns


def due(name, owner=1, *, at=1.0, failures=0):
    return Due(int(name[1:]), name, owner, at, failures)


def names(chosen):
    return [one.id for one in chosen]


def sent(turns, name, seconds):
    turns.began(name)
    turns.ended(name, seconds)


@pytest.mark.parametrize(
    ("wanting", "busy", "chosen"),
    [
        pytest.param([due("w1", at=3), due("w2", at=2)], [], ["w2", "w1"], id="the longest due first"),
        pytest.param([due("w1", 1), due("w2", 1), due("w3", 2)], [], ["w1", "w3", "w2"], id="owners alternate"),
        pytest.param([due("w1", 1), due("w2", 2)], [1], ["w2", "w1"], id="who has no place comes first"),
        pytest.param([due("w1", 1), due("w2", 2)], [1] * AT_ONCE_OF_ONE_OWNER, ["w2"], id="who has all his places"),
    ],
)
def test_places_are_given(wanting, busy, chosen):
    assert names(Turns().choose(wanting, busy, AT_ONCE)) == chosen


def test_who_was_sent_something_last_is_the_last():
    turns, wanting = Turns(), [due("w1"), due("w2", at=2), due("w3", at=3)]
    for name in ("w1", "w2"):
        sent(turns, name, 0.0)

    assert names(turns.choose(wanting, [], 2)) == ["w3", "w1"]


@pytest.mark.parametrize(
    ("seconds", "failures", "many"),
    [
        pytest.param(2 * SLOW_SECONDS, 0, SLOW_AT_ONCE, id="slow at last"),
        pytest.param(0.0, 3, AT_ONCE, id="quick at last, whatever was before"),
        pytest.param(None, 0, AT_ONCE, id="new"),
        pytest.param(None, 3, SLOW_AT_ONCE, id="nothing known, but that deliveries were given up"),
    ],
)
def test_slow_receivers_do_not_get_all_places(seconds, failures, many):
    turns = Turns()
    wanting = [due(f"w{number}", number, failures=failures) for number in range(2 * AT_ONCE)]
    for one in wanting if seconds is not None else ():
        sent(turns, one.id, seconds)

    assert len(turns.choose(wanting, [], AT_ONCE)) == many


def test_what_slow_receivers_hold_already_counts():
    turns = Turns()
    wanting = [due(f"w{number}", number) for number in range(2 * AT_ONCE)]
    for one in wanting:
        sent(turns, one.id, 2 * SLOW_SECONDS)
    for one in wanting[:SLOW_AT_ONCE]:
        turns.began(one.id)
    left = wanting[SLOW_AT_ONCE:]

    assert turns.choose(left, [], AT_ONCE - SLOW_AT_ONCE) == []
    assert names(turns.choose([*left, due("w99", 99)], [], AT_ONCE - SLOW_AT_ONCE)) == ["w99"]
