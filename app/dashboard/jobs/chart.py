"""The chart of a job's throughput: where its bars stand, what its axes say, and the same in a sentence. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.dashboard import words
from app.jobs.throughput import Throughput

WIDTH, HEIGHT = 1200, 200

_LEAST = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """What was moved in one interval, as a rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart in words and rectangles.

    Attributes:
        width, height: of the drawing, in its own units; a page stretches it to the place that it has.
        bars: one for each interval in which something was moved, from left to right.
        top, middle: what the upper end and the middle of the vertical axis stand for; its lower end is 0.
        end: what the right end of the horizontal axis stands for; its left end is the start of the job.
        unit: what is counted, for a heading.
        sentence: peak and average in words.
    """

    width: int = WIDTH
    height: int = HEIGHT
    bars: Sequence[Bar]
    top: str
    middle: str
    end: str
    unit: str
    sentence: str


def throughput_chart(throughput: Throughput, elapsed: float) -> Chart | None:
    """Return the chart of bytes per second, or of files per second where no bytes were moved.

    Args:
        throughput: what was noted.
        elapsed: seconds since the job first started, or that it took: its last interval may not be over.

    Returns:
        None when nothing was moved, or for too short a time to draw.
    """
    moved_bytes = [size for size, _ in throughput.intervals]
    counts_bytes = any(moved_bytes)
    amounts = moved_bytes if counts_bytes else [files for _, files in throughput.intervals]
    if not any(amounts) or len(amounts) < _LEAST:
        return None
    rates = [amount / throughput.seconds for amount in amounts]
    top = _byte_top(max(rates)) if counts_bytes else _count_top(max(rates))
    said = words.rate if counts_bytes else _files_per_second
    seconds = max(throughput.seconds, min(elapsed, len(rates) * throughput.seconds))
    length = words.duration(seconds)
    return Chart(
        bars=_bars(rates, top),
        top=said(top),
        middle=said(top / 2),
        end=length,
        unit="Bytes per second" if counts_bytes else "Files per second",
        sentence=f"{said(max(rates))} at most and {said(sum(amounts) / seconds)} on average, over {length}.",
    )


def _bars(rates: Sequence[float], top: float) -> list[Bar]:
    width = WIDTH / len(rates)
    heights = [HEIGHT * rate / top for rate in rates]
    return [
        Bar(round(width * place, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2))
        for place, height in enumerate(heights)
        if height
    ]


def _byte_top(peak: float) -> float:
    """Return the next power of two, so that half of it is a round number of units too."""
    return float(2 ** max(1, math.ceil(math.log2(peak)) if peak > 1 else 1))


def _count_top(peak: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ..., or of a tenth of these."""
    scale = 10.0 ** math.floor(math.log10(peak))
    return next(step * scale for step in (1, 2, 5, 10) if step * scale >= peak)


def _files_per_second(number: float) -> str:
    return f"{number:,.3g} files/s"
