"""The chart of a throughput: bars within its drawing, round numbers on its axis, and a sentence that says the same."""

import pytest

from app.dashboard.jobs.chart import HEIGHT, WIDTH, throughput_chart
from app.jobs.throughput import Interval, Throughput

MIB = 1024 * 1024


def through(*moved, seconds=1, files=0):
    return Throughput(seconds, tuple(Interval(size, files) for size in moved))


@pytest.mark.parametrize(
    ("throughput", "elapsed"),
    [
        pytest.param(Throughput(), 0, id="of a job that has not started"),
        pytest.param(through(0, 0, 0, 0), 4, id="of a job that moved nothing"),
        pytest.param(through(5, 5), 1.5, id="of a job that was over at once"),
    ],
)
def test_there_is_no_chart(throughput, elapsed):
    assert throughput_chart(throughput, elapsed) is None


@pytest.mark.parametrize(
    ("throughput", "top", "middle"),
    [
        pytest.param(through(MIB, 3 * MIB, 0), "4.0 MiB/s", "2.0 MiB/s", id="up to the next power of two"),
        pytest.param(through(MIB, 4 * MIB, 0), "4.0 MiB/s", "2.0 MiB/s", id="a power of two is its own end"),
        pytest.param(
            through(MIB, 3 * MIB, 0, seconds=4), "1.0 MiB/s", "512.0 KiB/s", id="intervals of several seconds"
        ),
        pytest.param(through(1, 0, 0, seconds=60), "2 Bytes/s", "1 Byte/s", id="next to nothing"),
        pytest.param(through(0, 0, 0, files=37), "50 files/s", "25 files/s", id="files where there are no bytes"),
        pytest.param(through(0, 0, 0, seconds=64, files=1), "0.02 files/s", "0.01 files/s", id="few files"),
    ],
)
def test_the_axis_ends_with_a_round_number(throughput, top, middle):
    chart = throughput_chart(throughput, 1000)

    assert (chart.top, chart.middle) == (top, middle)


def test_a_bar_is_as_high_as_its_share_of_the_axis_and_stands_on_the_ground():
    chart = throughput_chart(through(MIB, 0, 3 * MIB, 4 * MIB), 4)

    assert [(bar.x, bar.width) for bar in chart.bars] == [(0, 300), (600, 300), (900, 300)]
    assert [bar.height for bar in chart.bars] == [HEIGHT / 4, HEIGHT * 3 / 4, HEIGHT]
    assert {bar.y + bar.height for bar in chart.bars} == {HEIGHT}
    assert chart.bars[-1].x + chart.bars[-1].width == WIDTH


@pytest.mark.parametrize(
    ("elapsed", "sentence"),
    [
        pytest.param(3.5, "3.0 MiB/s at most and 1.1 MiB/s on average, over 3.5 s.", id="the last is not over"),
        pytest.param(60, "3.0 MiB/s at most and 1.0 MiB/s on average, over 4.0 s.", id="nothing was noted after it"),
    ],
)
def test_the_sentence_says_peak_and_average(elapsed, sentence):
    assert throughput_chart(through(MIB, 0, 3 * MIB, 0), elapsed).sentence == sentence
