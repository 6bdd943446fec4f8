"""Times as our own dialects write them."""

from datetime import UTC, datetime


def timestamp(seconds: float | None) -> str | None:
    """Return POSIX seconds as ISO 8601 in UTC with microseconds; None stays None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
