"""Keeps source and target of a job open between two of its batches: to open them costs more than many a batch."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from app.mirrors.opening import Asked, Sides

KEEP_SECONDS = 30.0


@dataclass(eq=False, slots=True)
class _Open:
    """A pair that was opened.

    Attributes:
        key: what it was opened with, so that nobody gets it who would open another one; secret.
        users: how many batches use it now.
        is_current: whether another batch may get it.
    """

    key: str = field(repr=False)
    sides: Sides
    users: int = 0
    is_current: bool = True
    timer: threading.Timer | None = None


class OpenSides:
    """The two storages that were used last in this process. Thread-safe.

    Args:
        open_sides: opens source and target of a job.
        seconds: how long an unused pair stays open.
    """

    def __init__(self, open_sides: Callable[[Asked], Sides], seconds: float = KEEP_SECONDS) -> None:
        self._open_sides = open_sides
        self._seconds = seconds
        self._opening = threading.Lock()  #: held while a pair is opened, which may take seconds
        self._lock = threading.Lock()
        self._current: _Open | None = None

    def lent(self, context: Asked) -> AbstractContextManager[Sides]:
        """Have source and target of this job open; whatever opening them raises passes through."""
        return self._lent(context)

    @contextmanager
    def _lent(self, context: Asked) -> Iterator[Sides]:
        opened = self._taken(context)
        try:
            yield opened.sides
        finally:
            self._put_back(opened)

    def close(self) -> None:
        """Close the pair as soon as nobody uses it."""
        with self._lock:
            retired, self._current = self._current, None
        if retired is not None:
            self._retire(retired)

    def _taken(self, context: Asked) -> _Open:
        key = json.dumps([context.job_id, context.owner_id, dict(context.arguments), dict(context.secrets)])
        with self._opening:
            with self._lock:
                current = self._current
                if current is not None and current.key == key:
                    current.users += 1
                    return current
            self.close()
            opened = _Open(key, self._open_sides(context), users=1)
            with self._lock:
                self._current = opened
            return opened

    def _put_back(self, opened: _Open) -> None:
        with self._lock:
            opened.users -= 1
            is_unused = not opened.users
            if is_unused and opened.is_current:
                opened.timer = self._timer(opened)
                return
        if is_unused:
            opened.sides.close()

    def _timer(self, opened: _Open) -> threading.Timer:
        """Have the pair closed unless somebody comes for it; the last one to put it back counts."""
        if opened.timer is not None:
            opened.timer.cancel()
        timer = threading.Timer(self._seconds, self._close_unused, [opened])
        timer.daemon = True
        timer.start()
        return timer

    def _close_unused(self, opened: _Open) -> None:
        with self._lock:
            if opened.users or self._current is not opened:
                return
            self._current = None
        self._retire(opened)

    def _retire(self, opened: _Open) -> None:
        with self._lock:
            was_current, opened.is_current = opened.is_current, False
            is_unused = not opened.users
            if opened.timer is not None:
                opened.timer.cancel()
        if was_current and is_unused:
            opened.sides.close()
