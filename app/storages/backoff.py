"""How long is waited before something is tried again: longer each time, never all at once, and not for ever."""

import threading
import time
from collections.abc import Callable
from random import random
from typing import NamedTuple, TypeVar

from app.storages.meanings import Passing

T = TypeVar("T")


class Rule(NamedTuple):
    """How often something is tried.

    Attributes:
        attempts: how often at most.
        seconds: for all attempts and waits together; no wait begins that would end after them.
        first: seconds before the second attempt, doubled for each one after it.
        spread: up to so many seconds are added to each wait, so that many who wait do not come back together.
        most: seconds of one wait, unless the server asks for more.
    """

    attempts: int
    seconds: float
    first: float
    spread: float
    most: float


class Backoff:
    """Waits between attempts. Thread-safe.

    Args:
        rule: how often, how long.
        clock: seconds that only grow.
        spread: a number from 0 to 1.
        sleep: waits so many seconds, and says whether it did to the end; None: as `close` describes it.
    """

    def __init__(
        self,
        rule: Rule,
        clock: Callable[[], float] = time.monotonic,
        spread: Callable[[], float] = random,
        sleep: Callable[[float], bool] | None = None,
    ) -> None:
        self.rule, self.clock, self.spread = rule, clock, spread
        self.sleep = sleep or self._sleep
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def attempts(self) -> "Attempts":
        """Return what counts the attempts at one thing, from now."""
        return Attempts(self)

    def until_answered(self, attempt: Callable[[], T]) -> T:
        """Return what ``attempt`` does as soon as it does not raise `Passing`; else what that told last."""
        attempts = self.attempts()
        while True:
            try:
                return attempt()
            except Passing as error:
                attempts.wait(error)

    def close(self) -> None:
        """Wake those who wait, and have them give up; who begins to wait afterwards does so."""
        with self._lock:
            self._closing.set()
            self._closing = threading.Event()

    def _sleep(self, seconds: float) -> bool:
        return not self._closing.wait(seconds)


class Attempts:
    """The attempts at one thing. Used by one thread.

    Args:
        backoff: how often, how long.
    """

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self.begin()

    def begin(self) -> None:
        """Count from the first one again, since something was achieved."""
        self._made = 0
        self._end = self._backoff.clock() + self._backoff.rule.seconds

    def wait(self, error: Passing) -> None:
        """Return when it is time for another attempt.

        Raises:
            StorageError: what ``error`` tells; there is no other attempt.
        """
        rule, self._made = self._backoff.rule, self._made + 1
        seconds = max(self._seconds(rule), error.retry_after)
        is_last = self._made >= rule.attempts or self._backoff.clock() + seconds > self._end
        if is_last or not self._backoff.sleep(seconds):
            raise error.told from None

    def _seconds(self, rule: Rule) -> float:
        exponent = self._made - 1
        return min(rule.first * 2.0**exponent + self._backoff.spread() * rule.spread, rule.most)
