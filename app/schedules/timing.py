"""When a schedule is due next. Pure: every moment is given, in POSIX seconds."""

LEASE_SECONDS = 10.0
"""How long a start may take before somebody else may try it: whoever claimed it may have died."""

JITTER = 0.1
"""By what part of its interval a start may move either way, so that what began together does not stay together."""


def next_due(now: float, interval: float, chance: float) -> float:
    """Return when a schedule that was started ``now`` is due again.

    What was missed is not made up for: the next start comes one interval after this one, however late that was.

    Args:
        now: the moment of the start.
        interval: seconds.
        chance: from 0 to 1; where in the range of the jitter the moment lies.
    """
    return now + interval * (1 - JITTER + 2 * JITTER * chance)


def latest_due(now: float, interval: float) -> float:
    """Return the latest moment for which a schedule can have been put by a clock that agrees with ``now``.

    One that is due later waits for a moment of another clock: it was set back since, or the interval was longer.
    """
    return now + max(interval * (1 + JITTER), LEASE_SECONDS)
