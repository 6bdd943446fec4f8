"""Downloads of whole files: bounded in number, so that slow readers never take all threads of a process."""

import threading
from collections.abc import Callable

from flask import Flask, current_app

from app.errors import TooBusy

RETRY_SECONDS = 5

_PLACES = "sluice_downloads"


def allow_downloads(app: Flask, limit: int) -> None:
    """Let ``app`` send at most ``limit`` files at once; each holds a thread of the server until its reader has it."""
    app.extensions[_PLACES] = threading.BoundedSemaphore(limit)


def download_place() -> Callable[[], None]:
    """Take one of the places for downloads; return what gives it back, which is to be called once.

    Raises:
        TooBusy: all are taken in this process.
    """
    places: threading.BoundedSemaphore = current_app.extensions[_PLACES]
    if not places.acquire(blocking=False):
        raise TooBusy(RETRY_SECONDS)
    return places.release
