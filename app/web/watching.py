"""What every request leaves behind: an id in its answer and in all that is logged meanwhile, a count, and a span.

What comes in as an id is believed only where a proxy stands before this service, and only if it looks like one.
"""

import re
import time
from contextlib import suppress
from uuid import uuid4

from flask import Flask, Response, g, request

from app.monitoring.context import SEEN, bind, unbind_all
from app.monitoring.metrics import request_answered
from app.settings import Settings
from app.web.callers import known_user

REQUEST_ID = "X-Request-ID"
_BEGAN = "sluice_began"
_ID = "sluice_watched_id"
_ID_OF_A_PROXY = re.compile(r"[A-Za-z0-9._:/+=@-]{8,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def install_watching(app: Flask, settings: Settings) -> None:
    """Watch all requests of ``app``."""

    @app.before_request
    def begin() -> None:
        setattr(g, _BEGAN, time.perf_counter())
        setattr(g, _ID, _request_id(settings))
        unbind_all()  # the thread may have answered another request before
        bind(request_id=g.get(_ID), dialect=request.blueprint, peer=request.remote_addr)

    @app.after_request
    def end(response: Response) -> Response:
        if _BEGAN in g:  # else the request was refused before it began
            # A dialect may have answered with the sender's own, as its original does; the access log then has that.
            setattr(g, _ID, response.headers.setdefault(REQUEST_ID, g.get(_ID)))
            _note_for_the_access_log()
            _count(response)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        unbind_all()


def _request_id(settings: Settings) -> str:
    given = request.headers.get(REQUEST_ID, "") if settings.trusted_proxies else ""
    return given if _ID_OF_A_PROXY.fullmatch(given) else uuid4().hex


def _note_for_the_access_log() -> None:
    request.environ[SEEN] = {
        "request_id": g.get(_ID),
        "dialect": request.blueprint,
        "user_id": known_user(),
        "peer": request.remote_addr,
    }


def _count(response: Response) -> None:
    route = request.url_rule.rule if request.url_rule is not None else "(none)"
    method = request.method if request.method in _METHODS else "(other)"
    seconds = time.perf_counter() - g.get(_BEGAN)
    with suppress(OSError):  # the folder of the counters is gone, or its disk full; requests are answered all the same
        request_answered(request.blueprint or "(none)", route, method, response.status_code, seconds)
