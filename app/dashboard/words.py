"""How things are called on pages: states, numbers, sizes and times. Pure functions, for templates and views."""

import math
from datetime import UTC, datetime, timedelta

import humanize

from app.jobs.contract import JobState

STATES = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Running",
    JobState.SUCCEEDED: "Succeeded",
    JobState.PARTIAL: "Finished in part",
    JobState.FAILED: "Failed",
    JobState.CANCELLED: "Cancelled",
}

TONES = {
    JobState.QUEUED: "idle",
    JobState.RUNNING: "busy",
    JobState.SUCCEEDED: "good",
    JobState.PARTIAL: "warn",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "idle",
}
"""The colours of states, by the name of a class of ``sluice.css``; what they say stands beside them in words."""


def count(number: int) -> str:
    """Return a number with commas: ``1,234``."""
    return humanize.intcomma(number)


def counted(number: int, one: str, many: str) -> str:
    """Return a number with what it counts: ``1 file``, ``1,234 files``."""
    return f"{count(number)} {one if number == 1 else many}"


def files(number: int) -> str:
    """Return so many files in words."""
    return counted(number, "file", "files")


def size(number: float) -> str:
    """Return a number of bytes in units of 1024: ``1.5 MiB``."""
    return humanize.naturalsize(number, binary=True)


def rate(number: float) -> str:
    """Return bytes per second."""
    return f"{size(number)}/s"


def duration(seconds: float | None) -> str:
    """Return a time span as people say it: ``under 0.1 s``, ``0.3 s``, ``42 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 0.1:
        return "under 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, word, below, below_word in ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= unit:
            return f"{whole // unit} {word} {whole % unit // below} {below_word}"
    return f"{whole} s"


def ago(seconds_since: float) -> str:
    """Return how long ago something was: ``3 minutes ago``."""
    return humanize.naturaltime(timedelta(seconds=max(0.0, seconds_since)))


def moment(posix: float) -> str:
    """Return a time for people, in UTC; a script of the page shows it in the reader's own zone."""
    return f"{datetime.fromtimestamp(posix, UTC):%Y-%m-%d %H:%M:%S} UTC"


def machine_moment(posix: float) -> str:
    """Return a time as the attribute ``datetime`` of HTML wants it."""
    return f"{datetime.fromtimestamp(posix, UTC):%Y-%m-%dT%H:%M:%SZ}"
