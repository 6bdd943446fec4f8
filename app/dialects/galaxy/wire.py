"""What all documents of the Galaxy dialect are made of: ids, times, and the selection of fields. No route here."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from app.dialects.galaxy.ids import Ids, ids_of
from app.web.services import current_services


def ids() -> Ids:
    """Return what turns numbers into the ids of this service; only while a request is handled."""
    return ids_of(current_services().settings.galaxy_id_secret)


def encoded(number: int) -> str:
    """Return the id of a number; only while a request is handled."""
    return ids().encode(number)


def iso_time(seconds: float) -> str:
    """Return POSIX seconds as Galaxy writes them: ISO 8601 with microseconds, in UTC without saying so."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def spaced_time(seconds: float) -> str:
    """Return POSIX seconds as `iso_time` does, with a space in the middle."""
    return iso_time(seconds).replace("T", " ")


def seconds_of(text: str) -> float:
    """Return the POSIX seconds of an ISO 8601 date or time; without a zone it is UTC.

    Raises:
        ValueError: it is none.
    """
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def selected(document: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return the fields of a document that are called ``names``, all of them where none is."""
    return {name: value for name, value in document.items() if not names or name in names}
