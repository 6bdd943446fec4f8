"""When a delivery that was not taken is sent again. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PAUSES = (5.0, 30.0, 120.0, 600.0, 3600.0, 3 * 3600.0, 12 * 3600.0)
"""Seconds after the first, second ... attempt; after the last of them it is given up."""

_JITTER = 0.2
_RETRY_AFTER_MAX = 86_400.0


def pause_after(attempts: int, retry_after: float | None, chance: float) -> float | None:
    """Return how many seconds to wait after so many attempts; None: it is given up.

    Args:
        attempts: how often it was sent, at least 1.
        retry_after: seconds that the receiver asked for, if it did; more than a day are not granted.
        chance: from 0 to 1; a pause grows by up to a fifth, so that not all come back at the same moment.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + _JITTER * chance)
    return max(pause, min(retry_after or 0.0, _RETRY_AFTER_MAX))


def retry_after_of(header: str | None, now: float) -> float | None:
    """Return the seconds of a header ``Retry-After``, a number or a date; None: there is none that can be read."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:20]), _RETRY_AFTER_MAX)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.fromtimestamp(now, UTC)).total_seconds())
