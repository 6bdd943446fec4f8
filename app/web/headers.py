"""Response headers that every answer gets."""

from flask import Flask, Response, g

HEADERS = {
    "Cache-Control": "no-store",  # answers are live, and a query string may hold keys
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}

REFERRER = "Referrer-Policy"
"""The one of `HEADERS` that an answer may have of its own: the forms of a page need one.

With ``no-referrer`` a browser says ``Origin: null`` of a form of ours, as of a page that hides its own.
"""

_KEPT = "sluice_kept"


def install_headers(app: Flask) -> None:
    """Add `HEADERS` to every answer."""

    @app.after_request
    def add(response: Response) -> Response:
        own = response.headers.get(REFERRER)
        response.headers.update(HEADERS if own is None else HEADERS | {REFERRER: own})
        kept = g.get(_KEPT)
        if kept is not None and response.status_code in (200, 304):
            response.headers["Cache-Control"] = kept
        return response


def keep_answer(seconds: int, *, shared: bool = False) -> None:
    """Let browsers keep the answer to this request, if it is a good one, instead of storing nothing.

    Args:
        seconds: for how long; the address must be another one when what it answers changes.
        shared: it is the same for everybody, so that proxies may keep it too.
    """
    setattr(g, _KEPT, f"{'public' if shared else 'private'}, max-age={seconds}, immutable")
