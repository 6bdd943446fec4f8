"""Times as storages tell them, in POSIX nanoseconds and back: RFC 3339, and moments of Python."""

import re
from datetime import UTC, datetime, timedelta

_SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC_3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def spelled(time_ns: int) -> str | None:
    """Return POSIX nanoseconds as RFC 3339 with nine digits, None outside of the years 1 to 9999."""
    seconds, fraction = divmod(time_ns, _SECOND)
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return f"{moment.replace(tzinfo=None).isoformat()}.{fraction:09}Z"


def parsed(text: str) -> int | None:
    """Return the POSIX nanoseconds of an RFC 3339 time, None when it is none; digits after the ninth are left out."""
    match = _RFC_3339.fullmatch(text)
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{zone.upper()}")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1) * _SECOND + int((fraction or "").ljust(9, "0"))


def nanoseconds_of(moment: datetime) -> int:
    """Return the POSIX nanoseconds of a moment with a zone, exact to its microsecond."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000
