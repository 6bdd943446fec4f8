"""How fast a job went over time: bytes and files in a hundred intervals or so, however long it ran. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from app.jobs.contract import Progress

INTERVALS_MAX = 120


class Interval(NamedTuple):
    """What was done in one interval.

    Attributes:
        bytes: how many bytes were moved.
        files: how many files were moved or deleted.
    """

    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Throughput:
    """How fast a job went, from its first start to the counters that were written last.

    Attributes:
        seconds: the length of each interval; the last one may not be over yet.
        intervals: at most `INTERVALS_MAX`, in order and without gaps: while nothing was done, nothing was done.
            Empty for a job whose handler counts no files.
    """

    seconds: int = 1
    intervals: Sequence[Interval] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> "Throughput":
        """Return what `stored` gave; of None an empty one."""
        if stored is None:
            return cls()
        return cls(stored["seconds"], tuple(Interval(*pair) for pair in stored["intervals"]))

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"seconds": self.seconds, "intervals": [list(interval) for interval in self.intervals]}


class Meter:
    """Turns the counters of one attempt, as they are seen now and then, into throughput. Not thread-safe.

    Args:
        throughput: of the attempts before.
        began: when this attempt began, in seconds since the job first started. Its counters began at 0 then.
    """

    def __init__(self, throughput: Throughput, began: float) -> None:
        self._seconds = throughput.seconds
        self._intervals = list(throughput.intervals)
        self._seen_at = max(0.0, began)
        self._seen = Interval(0, 0)

    @property
    def throughput(self) -> Throughput:
        """What has been seen so far."""
        return Throughput(self._seconds, tuple(self._intervals))

    def note(self, at: float, progress: Progress) -> bool:
        """Take the counters of a moment; what was done since the last one is spread evenly over the time between.

        A counter that has fallen (a failed upload takes back its bytes) counts as standing still.

        Args:
            at: seconds since the job first started; what is before an earlier call counts as that time.
            progress: ``done`` has the counters ``bytes``, ``uploads`` and ``deletes``.

        Returns:
            False, having done nothing, when the progress has other keys.
        """
        seen = _counted(progress)
        if seen is None:
            return False
        done = Interval(*(max(0, now - before) for now, before in zip(seen, self._seen, strict=True)))
        began, at = self._seen_at, max(self._seen_at, at)
        self._reach(at)
        self._spread(done, began, at)
        self._seen, self._seen_at = seen, at
        return True

    def _reach(self, at: float) -> None:
        """Have an interval for this moment."""
        while at >= self._seconds * INTERVALS_MAX:
            pairs = zip_longest(self._intervals[::2], self._intervals[1::2], fillvalue=Interval(0, 0))
            self._intervals = [Interval(one.bytes + two.bytes, one.files + two.files) for one, two in pairs]
            self._seconds *= 2
        missing = int(at // self._seconds) + 1 - len(self._intervals)
        self._intervals += [Interval(0, 0)] * missing

    def _spread(self, done: Interval, began: float, ended: float) -> None:
        """Add to each interval its share; the shares are whole numbers whose sum is exactly what was done."""
        first, last = int(began // self._seconds), int(ended // self._seconds)
        given = Interval(0, 0)
        for place in range(first, last + 1):
            until = min(ended, (place + 1) * self._seconds)
            share = 1.0 if place == last else (until - began) / (ended - began)
            due = Interval(int(done.bytes * share), int(done.files * share))
            old = self._intervals[place]
            self._intervals[place] = Interval(old.bytes + due.bytes - given.bytes, old.files + due.files - given.files)
            given = due


def _counted(progress: Progress) -> Interval | None:
    done = progress.get("done")
    if not isinstance(done, Mapping):
        return None
    numbers = [number for name in ("bytes", "uploads", "deletes") if isinstance(number := done.get(name), int)]
    return Interval(numbers[0], numbers[1] + numbers[2]) if len(numbers) == 3 else None
