"""Server-sent events over WSGI: bounded in number, so that they never take all threads of a process."""

from collections.abc import Iterable, Iterator
from functools import partial

from flask import Flask, Response, current_app
from werkzeug.exceptions import ServiceUnavailable

from app.connections.shares import Shares
from app.web.callers import known_user
from app.web.places import has_place

RETRY_SECONDS = 5

_KEY = "sluice_streams"
_NOBODY = 0  # no user has this id: all strangers together are one
_FULL = "Too many event streams are open here; close some, or ask /get from time to time."


def allow_streams(app: Flask, limit: int) -> None:
    """Let ``app`` serve at most ``limit`` event streams at once, half of them to one user, or to all strangers.

    Each holds a thread of the server.
    """
    app.extensions[_KEY] = Shares(limit, max(1, limit // 2))


def event_stream(events: Iterable[str]) -> Response:
    """Return a response that sends ``events``, each already in the form of server-sent events.

    Answers 503 when too many streams are open in this process, or too many of this caller's.
    """
    places: Shares = current_app.extensions[_KEY]
    who = known_user() or _NOBODY
    if not places.take(who, 0):
        raise ServiceUnavailable(_FULL, retry_after=RETRY_SECONDS)
    has_place()
    response = Response(_passed_on(events), mimetype="text/event-stream")
    response.call_on_close(partial(places.give_back, who))
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    return response


def _passed_on(events: Iterable[str]) -> Iterator[str]:
    yield ": sluice\n\n"  # sends the headers at once
    yield from events
