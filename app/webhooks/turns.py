"""Whose turn it is to be sent something: owners and webhooks alternate, and slow receivers do not get all places."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

AT_ONCE = 16
"""So many messages one process sends at a time."""

AT_ONCE_OF_ONE_OWNER = 4
SLOW_AT_ONCE = 12
"""Receivers that are known to be slow leave the other places of a process to the rest."""

SLOW_SECONDS = 1.0
_KNOWN_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook for which something is due, and that is sent nothing just now.

    Attributes:
        number: of its row.
        due_at: of what has waited longest.
        failures: how many deliveries in a row were given up.
    """

    number: int
    id: str
    owner_id: int
    due_at: float
    failures: int


class Turns:
    """What one process remembers of the webhooks that it sent to. Thread-safe.

    It is lost with the process, and other processes do not know it: nothing but the order of sending depends on it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._in_hand: dict[str, float] = {}

    def choose(self, due: Sequence[Due], owners_busy: Sequence[int], places: int) -> Sequence[Due]:
        """Return to whom to send now: who has the fewest places first, and of his webhooks that which waited longest.

        Args:
            due: one of each webhook.
            owners_busy: the owner of each webhook that is being sent something, by any process.
            places: at most so many.
        """
        with self._lock:
            left = sorted(due, key=lambda one: (self._began.get(one.id, 0.0), one.due_at, one.number))
            owners, slow_left = Counter(owners_busy), SLOW_AT_ONCE - self._slow_in_hand()
            chosen: list[Due] = []
            while len(chosen) < places:
                left = [one for one in left if self._may(one, owners, slow_left)]
                if not left:
                    break
                one = min(left, key=lambda each: owners[each.owner_id])  # the first of several
                left.remove(one)
                owners[one.owner_id] += 1
                slow_left -= self._is_slow(one)
                chosen.append(one)
            return chosen

    def began(self, webhook_id: str) -> None:
        """Note that a webhook is being sent something."""
        with self._lock:
            self._in_hand[webhook_id] = time.monotonic()
            self._began.pop(webhook_id, None)
            self._began[webhook_id] = time.monotonic()
            while len(self._began) > _KNOWN_MAX:
                self._took.pop(oldest := next(iter(self._began)), None)
                del self._began[oldest]

    def ended(self, webhook_id: str, seconds: float) -> None:
        """Note that this is over, and how long it took."""
        with self._lock:
            self._in_hand.pop(webhook_id, None)
            if webhook_id in self._began:
                self._took[webhook_id] = seconds

    def _may(self, one: Due, owners: Counter[int], slow_left: int) -> bool:
        return owners[one.owner_id] < AT_ONCE_OF_ONE_OWNER and (slow_left > 0 or not self._is_slow(one))

    def _is_slow(self, one: Due) -> bool:
        took = self._took.get(one.id)
        return one.failures > 0 if took is None else took > SLOW_SECONDS

    def _slow_in_hand(self) -> int:
        late = time.monotonic() - SLOW_SECONDS
        return sum(began < late or self._took.get(name, 0.0) > SLOW_SECONDS for name, began in self._in_hand.items())
