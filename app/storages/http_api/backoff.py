"""How long is waited before something is tried again: longer each time, never all at once, and not for ever."""

import threading
import time
from collections.abc import Callable
from random import random
from typing import NamedTuple, TypeVar, cast

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from app.storages.http_api.meanings import Passing

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
        self._rule, self._clock, self._spread = rule, clock, spread
        self.sleep = sleep or self._sleep
        self._doubled, self._most = wait_exponential(rule.first), stop_after_attempt(rule.attempts)
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def until_answered(self, attempt: Callable[[], T]) -> T:
        """Return what ``attempt`` does as soon as it does not raise `Passing`; what else it raises ends it.

        Raises:
            StorageError: what the last `Passing` told.
        """
        end = self._clock() + self._rule.seconds
        attempts = Retrying(
            retry=retry_if_exception_type(Passing),
            wait=self._seconds,
            stop=lambda state: self._most(state) or self._clock() + state.upcoming_sleep > end,
            before_sleep=self._wait,
            sleep=_awake,
            reraise=True,
        )
        try:
            return attempts(attempt)
        except Passing as error:
            raise error.told from None

    def close(self) -> None:
        """Wake those who wait, and have them give up; who begins to wait afterwards does so."""
        with self._lock:
            self._closing.set()
            self._closing = threading.Event()

    def _seconds(self, state: RetryCallState) -> float:
        seconds = self._doubled(state) + self._spread() * self._rule.spread
        return max(min(seconds, self._rule.most), _error(state).retry_after)

    def _wait(self, state: RetryCallState) -> None:
        """Wait before tenacity would: here it can still be told what failed, where the wait ends early."""
        if not self.sleep(state.upcoming_sleep):
            raise _error(state)

    def _sleep(self, seconds: float) -> bool:
        return not self._closing.wait(seconds)


def _awake(_: float) -> None:
    """Do not wait: `Backoff` has done so."""


def _error(state: RetryCallState) -> Passing:
    """Return why another attempt is made; nothing else is tried again."""
    return cast("Passing", state.outcome and state.outcome.exception())
