import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.throughput import INTERVALS_MAX, Interval, Meter, Throughput


def counters(moved, uploads=0, deletes=0):
    return {"done": {"bytes": moved, "uploads": uploads, "deletes": deletes}, "unchanged": 7}


def metered(*notes, before=None, began=0.0):
    """Return the throughput after notes of (seconds, bytes) or (seconds, bytes, uploads, deletes)."""
    meter = Meter(before or Throughput(), began)
    for at, *numbers in notes:
        assert meter.note(at, counters(*numbers))
    return meter.throughput


def bytes_of(throughput):
    return [interval.bytes for interval in throughput.intervals]


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        pytest.param([(0.5, 10)], [10], id="within the first second"),
        pytest.param([(0.5, 10), (0.9, 15)], [15], id="twice in a second"),
        pytest.param([(1.0, 10)], [10, 0], id="at the end of a second the next has begun"),
        pytest.param([(4.0, 100)], [25, 25, 25, 25, 0], id="evenly over the seconds between"),
        pytest.param([(0.5, 0), (2.5, 100)], [25, 50, 25], id="from one middle to another"),
        pytest.param([(2.5, 1)], [0, 0, 1], id="one byte is not lost"),
        pytest.param([(0.5, 10), (3.5, 10)], [10, 0, 0, 0], id="nothing was done"),
        pytest.param([(0.5, 10), (1.5, 4), (1.9, 9)], [10, 5], id="bytes taken back, and counted from there"),
        pytest.param([(1.5, 10), (0.5, 16)], [6, 10], id="time does not go back"),
        pytest.param([(0.0, 10)], [10], id="at once"),
    ],
)
def test_the_increase_of_bytes_is_counted_in_the_seconds_in_which_it_came(notes, expected):
    assert metered(*notes) == Throughput(1, tuple(Interval(number, 0) for number in expected))


def test_uploads_and_deletions_are_files():
    assert metered((0.5, 0, 2, 1), (1.5, 0, 2, 5)).intervals[-1].files == 2
    assert sum(interval.files for interval in metered((0.5, 0, 2, 1), (1.5, 0, 2, 5)).intervals) == 7


@pytest.mark.parametrize(
    ("last", "seconds", "length"),
    [
        pytest.param(119.9, 1, 120, id="two minutes"),
        pytest.param(120.0, 2, 61, id="a moment more"),
        pytest.param(240.0, 4, 61, id="four minutes"),
        pytest.param(86_400.0, 1024, 85, id="a day"),
    ],
)
def test_intervals_double_when_they_would_become_too_many(last, seconds, length):
    throughput = metered(*((float(at), 10 * at) for at in range(119)), (last, 1180))

    assert (throughput.seconds, len(throughput.intervals)) == (seconds, length)
    assert sum(bytes_of(throughput)) == 1180


def test_each_pair_of_neighbours_becomes_one():
    notes = [(at + 0.5, at * at) for at in range(119)]
    seconds = bytes_of(metered(*notes))

    doubled = metered(*notes, (120.0, 118 * 118))

    assert doubled.seconds == 2
    pairs = zip(seconds[::2], [*seconds[1::2], 0], strict=True)
    assert bytes_of(doubled) == [*(one + two for one, two in pairs), 0]


times = st.floats(0, 1_000_000, allow_nan=False)


@given(st.lists(st.tuples(times, st.integers(0, 10**15), st.integers(0, 10**9)), max_size=60))
def test_nothing_is_lost_however_long_it_runs(notes):
    total, files, done = 0, 0, []
    for at, size, more in sorted(notes):
        total, files = total + size, files + more
        done.append((at, total, files))

    throughput = metered(*done)

    assert len(throughput.intervals) <= INTERVALS_MAX
    assert sum(bytes_of(throughput)) == total
    assert sum(interval.files for interval in throughput.intervals) == files
    assert all(number >= 0 for interval in throughput.intervals for number in interval)
    if done:
        assert (len(throughput.intervals) - 1) * throughput.seconds <= done[-1][0]
        assert done[-1][0] < len(throughput.intervals) * throughput.seconds


def test_a_later_attempt_goes_on_where_the_earlier_one_stopped_with_counters_from_0():
    first = metered((0.5, 10), (1.5, 20))

    second = metered((10.5, 8), (11.5, 9), before=first, began=10.0)

    assert bytes_of(second) == [15, 5, 0, 0, 0, 0, 0, 0, 0, 0, 8, 1]


def test_it_is_the_same_after_a_journey_through_json():
    throughput = metered((0.5, 10, 2), (300.0, 4000, 70))

    assert Throughput.read(json.loads(json.dumps(throughput.stored()))) == throughput
    assert Throughput.read(None) == Throughput()


@pytest.mark.parametrize(
    "progress",
    [
        pytest.param({}, id="none"),
        pytest.param({"done": 700}, id="a number"),
        pytest.param({"done": {"bytes": 1, "uploads": 2}}, id="a counter is missing"),
        pytest.param({"done": {"bytes": "many", "uploads": 2, "deletes": 3}}, id="a word"),
    ],
)
def test_other_progress_is_left_alone(progress):
    meter = Meter(Throughput(), 0.0)

    assert meter.note(1.0, progress) is False
    assert meter.throughput == Throughput()
