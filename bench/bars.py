"""The bars: what the project set out to reach, and whether the results do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bench.cases.answering import BUSY, LATENCY
from bench.cases.interruption import IN_FLIGHT, PARTS_AGAIN, RESUME
from bench.cases.planning import PLAN, SPEED
from bench.cases.repeats import NOTHING
from bench.cases.transfers import LARGE, SMALL
from bench.sitting import CPU, PEAK, WALL, Scale
from bench.summary import Summary
from bench.tools import AWS_CLI, RCLONE, RCLONE_BY_SIZE, S5CMD, SLUICE
from bench.trees import MIB

Reading: TypeAlias = Callable[[Summary, Scale], float]
"""Takes what was reached out of the results; raises `KeyError` when what it needs was not measured."""


@dataclass(frozen=True)
class Bar:
    """One thing to reach.

    Attributes:
        case: where.
        what: what the numbers are, for people.
        limit: the number to reach.
        is_least: True: at least that; False: at most.
        unit: follows the numbers.
        reading: gives what was reached.
    """

    case: str
    what: str
    limit: float
    is_least: bool
    unit: str
    reading: Reading


@dataclass(frozen=True)
class Verdict:
    """A bar beside what was reached."""

    bar: Bar
    reached: float

    @property
    def is_met(self) -> bool:
        """Whether the bar is reached."""
        return self.reached >= self.bar.limit if self.bar.is_least else self.reached <= self.bar.limit

    @property
    def missed_by(self) -> float | None:
        """How far it is from the limit, as a part of it (0.1 is a tenth); None when it is met, or the limit is 0."""
        if self.is_met or not self.bar.limit:
            return None
        return abs(self.reached - self.bar.limit) / self.bar.limit


def verdicts(summary: Summary, scale: Scale) -> Iterator[Verdict]:
    """Yield a verdict on each bar whose cases and tools were measured."""
    for bar in BARS:
        try:
            reached = bar.reading(summary, scale)
        except KeyError:
            continue
        yield Verdict(bar, reached)


def _times_as_fast_as(tool: str, case: str) -> Reading:
    return lambda summary, _: summary.number(case, tool, WALL) / summary.number(case, SLUICE, WALL)


def _times_the_least(name: str, case: str) -> Reading:
    """How often our number goes into the best of the others."""
    return lambda summary, _: summary.least_of_others(case, SLUICE, name) / summary.number(case, SLUICE, name)


def _ours(case: str, name: str, unit: float = 1) -> Reading:
    return lambda summary, _: summary.number(case, SLUICE, name) / unit


def _cpu_per_small_file(summary: Summary, scale: Scale) -> float:
    return summary.number(SMALL, SLUICE, CPU) / scale.small_files * 1000


def _parts_beyond_those_in_flight(summary: Summary, _scale: Scale) -> float:
    return max(0.0, summary.number(RESUME, SLUICE, PARTS_AGAIN) - summary.number(RESUME, SLUICE, IN_FLIGHT))


BARS = (
    Bar(SMALL, f"times as fast as {RCLONE}", 2.5, True, "", _times_as_fast_as(RCLONE, SMALL)),
    Bar(SMALL, f"times as fast as {S5CMD}", 4, True, "", _times_as_fast_as(S5CMD, SMALL)),
    Bar(SMALL, f"times as fast as {AWS_CLI}", 7, True, "", _times_as_fast_as(AWS_CLI, SMALL)),
    Bar(SMALL, "our CPU per file, everything included", 0.35, False, "ms", _cpu_per_small_file),
    Bar(NOTHING, f"times as fast as {RCLONE_BY_SIZE}", 1, True, "", _times_as_fast_as(RCLONE_BY_SIZE, NOTHING)),
    Bar(NOTHING, f"times as fast as {S5CMD}", 4, True, "", _times_as_fast_as(S5CMD, NOTHING)),
    Bar(NOTHING, "our peak memory", 150, False, "MiB", _ours(NOTHING, PEAK, MIB)),
    Bar(LARGE, "times as fast as the fastest of the others", 1, True, "", _times_the_least(WALL, LARGE)),
    Bar(LARGE, "the least CPU of the others, in ours", 1, True, "", _times_the_least(CPU, LARGE)),
    Bar(RESUME, "parts sent again beyond those in flight", 0, False, "", _parts_beyond_those_in_flight),
    Bar(PLAN, "entries per second", 200_000, True, "", _ours(PLAN, SPEED)),
    Bar(PLAN, "our peak memory", 200, False, "MiB", _ours(PLAN, PEAK, MIB)),
    Bar(LATENCY, "99th percentile of /get while a job runs", 50, False, "ms", _ours(LATENCY, BUSY)),
)
"""As the project's goals have them."""
