"""When a schedule is due next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schedules.timing import latest_due, next_due


@pytest.mark.parametrize(
    ("now", "interval", "chance", "due"),
    [
        pytest.param(1000, 300, 0.5, 1300, id="an interval later"),
        pytest.param(1000, 300, 0.0, 1270, id="a tenth earlier at most"),
        pytest.param(1000, 300, 1.0, 1330, id="a tenth later at most"),
        pytest.param(1000, 1, 0.5, 1001, id="each second"),
        pytest.param(1000, 604_800, 0.5, 605_800, id="each week"),
        pytest.param(9_000_000, 300, 0.5, 9_000_300, id="once after a long downtime, not once for each missed time"),
    ],
)
def test_the_next_time_is_counted_from_this_start(now, interval, chance, due):
    assert next_due(now, interval, chance) == pytest.approx(due)


@pytest.mark.parametrize(
    ("due_at", "interval", "is_plausible"),
    [
        pytest.param(1000, 300, True, id="due now"),
        pytest.param(1329, 300, True, id="as late as the jitter allows"),
        pytest.param(1331, 300, False, id="the clock was set back a little"),
        pytest.param(90_000, 300, False, id="the clock was set back by a day"),
        pytest.param(10, 300, True, id="overdue for long"),
        pytest.param(1010, 1, True, id="a start is under way, however short the interval"),
        pytest.param(1011, 1, False, id="too far for a short interval"),
    ],
)
def test_a_moment_that_no_clock_in_agreement_has_set_is_told(due_at, interval, is_plausible):
    assert (due_at <= latest_due(1000, interval)) is is_plausible


@given(st.floats(0, 4e9), st.integers(1, 604_800), st.floats(0, 1))
def test_what_was_set_by_the_same_clock_is_always_plausible(now, interval, chance):
    assert now < next_due(now, interval, chance) <= latest_due(now, interval)
