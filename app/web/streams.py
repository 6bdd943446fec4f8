"""Server-sent events over WSGI: bounded in number, so that they never take all threads of a process."""

import threading
from collections.abc import Iterable, Iterator

from flask import Flask, Response, abort, current_app

_KEY = "sluice_streams"


def allow_streams(app: Flask, limit: int) -> None:
    """Let ``app`` serve at most ``limit`` event streams at once; each holds a thread of the server."""
    app.extensions[_KEY] = threading.BoundedSemaphore(limit)


def event_stream(events: Iterable[str]) -> Response:
    """Return a response that sends ``events``, each already in the form of server-sent events.

    Answers 503 when too many streams are open in this process.
    """
    places: threading.BoundedSemaphore = current_app.extensions[_KEY]
    if not places.acquire(blocking=False):
        abort(503, description="Too many event streams are open here; close some, or ask /get from time to time.")
    response = Response(_passed_on(events), mimetype="text/event-stream")
    response.call_on_close(places.release)
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    return response


def _passed_on(events: Iterable[str]) -> Iterator[str]:
    yield ": sluice\n\n"  # sends the headers at once
    yield from events
