"""The counters of a run: a thread-safe sum of its events, and what they say about speed and time left."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

from app.transfer.events import Event, Finished, Moved, PlanCompleted, Scheduled, Started, Unchanged

WINDOW_SECONDS = 10.0
"""The speed is that of the last seconds, so that it follows what happens now."""

FILE_COST = 64 * 1024
"""An operation counts as this many bytes more when time is estimated: small files cost requests, not bytes."""

PHASES = {"upload": "uploading", "delete": "deleting", "drop": "deleting"}
"""What a job is busy with during an operation, apart from listing; others (making the bucket) are too short for it."""

VERBS = {"upload": "uploading", "delete": "deleting", "create": "creating", "drop": "deleting the bucket"}

_MAPPINGS = ("began", "ended", "settled", "planned", "done", "same")
_NUMBERS = ("skipped", "failed", "failed_planned", "complete")


class Tally:
    """Sums events. Every method may be called from any thread.

    Args:
        clock: monotonic seconds.
        wall: POSIX seconds.
        state: what another tally's `state` returned: this one goes on from there. The speed begins anew.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._wall = wall
        self._began: dict[str, float] = {"listing": wall()}
        self._ended: dict[str, float] = {}
        self._settled: Counter[str] = Counter()
        self._started = clock()
        self._planned: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._failures: set[tuple[str, str]] = set()
        self._same: Counter[str] = Counter()
        self._skipped = self._failed = self._failed_planned = 0
        self._complete = False
        self._latest: Started | None = None
        if state is not None:
            self._restore(state)
        self._work: deque[tuple[float, int, int]] = deque([(self._started, *self._moved_and_worked(0))])

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Started):
            self._latest = event  # one assignment, so that the most frequent event needs no lock
            return
        with self._lock:
            match event:
                case Finished():
                    self._finish(event)
                case Scheduled(action, size):
                    self._planned[action] += 1
                    self._planned["bytes"] += size
                case Moved(size):
                    self._done["bytes"] += size
                case Unchanged(count, why):
                    self._same[why] += count
                case PlanCompleted():
                    self._complete = True
                    self._ended["listing"] = self._wall()

    def _finish(self, event: Finished) -> None:
        self._settle(event)
        if event.status == "done":
            self._done[event.action] += 1
            self._done["bytes"] += event.moved
        elif event.status == "failed":
            self._failed += 1
            self._failed_planned += event.action in ("upload", "delete")
            self._failures.add((event.action, event.reason))
        elif event.status == "skipped":
            self._skipped += 1

    def _settle(self, event: Finished) -> None:
        self._settled[event.action] += 1
        phase = PHASES.get(event.action)
        if phase is None:
            return
        if event.status == "done":  # in a dry run a file can fail, too, and nothing is sent
            self._began.setdefault(phase, event.finished_at)
        if phase in self._began:
            self._ended[phase] = event.finished_at

    @property
    def failed(self) -> int:
        """How many files failed."""
        with self._lock:
            return self._failed

    @property
    def skipped(self) -> int:
        """How many things were left out by rule."""
        with self._lock:
            return self._skipped

    @property
    def reasons(self) -> set[str]:
        """The distinct reasons of what failed."""
        with self._lock:
            return {reason for _, reason in self._failures}

    @property
    def failed_actions(self) -> set[str]:
        """The distinct actions of which one failed."""
        with self._lock:
            return {action for action, _ in self._failures}

    def state(self) -> dict[str, Any]:
        """Return, as JSON, all sums so far."""
        with self._lock:
            return {
                **{name: dict(getattr(self, f"_{name}")) for name in _MAPPINGS},
                **{name: getattr(self, f"_{name}") for name in _NUMBERS},
                "failures": sorted(self._failures),
            }

    def _restore(self, state: Mapping[str, Any]) -> None:
        for name in _MAPPINGS:
            getattr(self, f"_{name}").update(state[name])
        for name in _NUMBERS:
            setattr(self, f"_{name}", state[name])
        self._failures = {(action, reason) for action, reason in state["failures"]}

    def progress(self, moving: int = 0) -> dict[str, Any]:
        """Return the counters as JSON; bytes in bytes, ``eta_seconds`` whole seconds or None while unknown.

        ``phases`` are in the order in which they began, within a second: ``listing`` (which goes on while the first
        files are sent), ``uploading``, ``deleting``. One that has no end yet may go on, or has ended with the job.

        Args:
            moving: bytes that have gone out and that no event has told yet.
        """
        with self._lock:
            speed, work_speed = self._speeds(moving)
            return {
                "planned": {
                    "uploads": self._planned["upload"],
                    "deletes": self._planned["delete"],
                    "bytes": self._planned["bytes"],
                    "complete": self._complete,
                },
                "done": {
                    "uploads": self._done["upload"],
                    "deletes": self._done["delete"],
                    "bytes": self._done["bytes"] + moving,
                },
                "unchanged": self._same.total(),
                "unchanged_by": {why: self._same[why] for why in ("index", "size", "content")},
                "skipped": self._skipped,
                "failed": self._failed,
                "phases": self._phases(),
                "bytes_per_second": round(speed),
                "eta_seconds": self._seconds_left(work_speed, moving),
            }

    @property
    def message(self) -> str:
        """What is happening, for people."""
        latest = self._latest
        return f"{VERBS[latest.action]} {latest.key}" if latest else "listing"

    def sentence(self) -> str:
        """Return what has been done so far, for people."""
        with self._lock:
            parts = [
                f"{self._done['upload']} uploaded",
                f"{self._done['delete']} deleted",
                f"{self._same.total()} unchanged",
            ]
            parts += [f"{self._skipped} skipped"] if self._skipped else []
            parts += [f"{self._failed} failed"] if self._failed else []
        return ", ".join(parts)

    def _phases(self) -> list[dict[str, Any]]:
        latest = self._latest
        if latest is not None and latest.action in PHASES:
            # Looked for now, and not when it came, so that the most frequent event costs nothing more.
            self._began.setdefault(PHASES[latest.action], self._wall())
        running = {PHASES[action] for action in ("upload", "delete") if self._is_left(action)}
        return [
            {"name": name, "started_at": began, "ended_at": None if name in running else self._ended.get(name)}
            for name, began in self._began.items()
        ]

    def _is_left(self, action: str) -> bool:
        return not self._complete or self._settled[action] < self._planned[action]

    def _operations(self) -> int:
        return self._done["upload"] + self._done["delete"]

    def _moved_and_worked(self, moving: int) -> tuple[int, int]:
        moved = self._done["bytes"] + moving
        return moved, moved + FILE_COST * self._operations()

    def _speeds(self, moving: int) -> tuple[float, float]:
        """Return bytes and work (bytes and file cost) per second over the last seconds; forget older points."""
        now = self._clock()
        moved, work = self._moved_and_worked(moving)
        while len(self._work) > 1 and self._work[1][0] <= now - WINDOW_SECONDS:
            self._work.popleft()
        then, bytes_then, work_then = self._work[0]
        if now - self._work[-1][0] >= 0.25:
            self._work.append((now, moved, work))
        seconds = max(now - then, 0.001)
        return max(0.0, (moved - bytes_then) / seconds), max(0.0, (work - work_then) / seconds)

    def _seconds_left(self, work_speed: float, moving: int) -> int | None:
        operations = self._planned["upload"] + self._planned["delete"] - self._operations() - self._failed_planned
        size = max(0, self._planned["bytes"] - self._done["bytes"] - moving)
        if not self._complete:
            return None
        if operations <= 0:
            return 0
        if work_speed <= 0:
            return None
        return round((size + FILE_COST * operations) / work_speed + 0.5)
