"""What became of a batch, as JSON: events, proofs for the index, uploads that comparisons call for, an error."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from app.errors import StoppedElsewhere
from app.storages.base import Entry
from app.transfer.events import Event, Finished, Listener, Moved, Scheduled, Started, Unchanged
from app.transfer.index import Notes, Seen
from app.transfer.steps import Upload

FINISHED, SCHEDULED, UNCHANGED, MOVED, SEEN, FOLLOWS = "f", "s", "u", "m", "i", "c"
STOPPED = "stopped"
"""The first word of a line that says reason and sentence of an error that ends the job."""


class Results:
    """Gathers what is told while a batch is done. Thread-safe.

    Args:
        report_moving: told how many bytes have gone out so far.
    """

    def __init__(self, report_moving: Callable[[int], None]) -> None:
        self._report_moving = report_moving
        self._lock = threading.Lock()
        self._lines: list[list[Any]] = []
        self._same: Counter[str] = Counter()
        self._moved = 0  #: in large files, net
        self._stored = 0  #: in files that count when they are done

    def __call__(self, event: Event) -> None:
        """Take one event."""
        with self._lock:
            match event:
                case Finished():
                    self._lines.append([FINISHED, *event])
                    self._stored += event.moved
                case Scheduled():
                    self._lines.append([SCHEDULED, *event])
                case Unchanged(keys, why):
                    self._same[why] += keys
                case Moved(size):
                    self._moved += size
            going = self._moved + self._stored
        self._report_moving(going)

    def note(self, seen: Seen) -> None:
        """Take a proof for the index."""
        with self._lock:
            self._lines.append([SEEN, *seen])

    def follow(self, upload: Upload) -> None:
        """Take an upload that a comparison calls for."""
        with self._lock:
            self._lines.append([FOLLOWS, upload.entry.key, upload.entry.size, upload.why])

    def stop(self, reason: str, message: str) -> None:
        """Say that the job must end as failed."""
        with self._lock:
            self._lines.append([STOPPED, reason, message])

    def lines(self) -> list[list[Any]]:
        """Return all of it."""
        with self._lock:
            sums = [[UNCHANGED, keys, why] for why, keys in self._same.items()]
            return [*self._lines, *sums, *([[MOVED, self._moved]] if self._moved else [])]


def replay(
    result: Sequence[Sequence[Any]], listener: Listener, index: Notes, follow: Callable[[Upload], None]
) -> StoppedElsewhere | None:
    """Tell all that a batch has told, as if it happened here; return what must be raised for it."""
    error, latest = None, None
    for kind, *line in result:
        if kind == FINISHED:
            latest = Finished(*line)
            listener(latest)
        elif kind == SEEN:
            index.note(Seen(*line))
        elif kind == FOLLOWS:
            key, size, why = line
            follow(Upload(Entry(key, size, 0.0), why))
        elif kind == STOPPED:
            reason, sentence = line
            error = StoppedElsewhere(sentence, reason)
        else:
            listener(_EVENTS[kind](*line))
    if latest is not None:
        listener(Started(latest.action, latest.key))  # for people: the last of what is being done
    return error


_EVENTS: dict[str, Callable[..., Event]] = {SCHEDULED: Scheduled, UNCHANGED: Unchanged, MOVED: Moved}
