"""Keeps foreign web pages, link previews and prefetching from changing anything through a person's browser."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, request

P = ParamSpec("P")
T = TypeVar("T")


def changes_something(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view that starts, stops or deletes: it answers 403 to what no person or program of the user's own sent.

    Browsers tell where a request comes from (Fetch Metadata, RFC 6454's Origin); programs send neither and pass.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        if request.method == "HEAD":
            abort(405, description="HEAD would change something here; use GET or POST.")
        origin = request.headers.get("Origin")
        if origin not in current_app.config["TRUSTED_ORIGINS"]:
            if request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site":
                abort(403, description="Refused: another web site caused this request. Open the address yourself.")
            if any(_is_foreign(page) for page in (origin, _referrer_of_an_old_browser()) if page is not None):
                abort(403, description="Refused: a page of another origin sent this. TRUSTED_ORIGINS can allow it.")
        if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")).lower():
            abort(403, description="Refused: the browser only prefetched this address.")
        return view(*args, **kwargs)

    return guarded


def _referrer_of_an_old_browser() -> str | None:
    """Return the page that caused a request without Fetch Metadata, which browsers send to trustworthy hosts only.

    A service on another machine without TLS is none: there the Referer is all that a GET tells.
    """
    return None if "Sec-Fetch-Site" in request.headers else request.headers.get("Referer")


def _is_foreign(page: str) -> bool:
    """Compare hosts and ports only: behind a TLS proxy this process does not see the scheme."""
    try:
        return urlsplit(page).netloc.lower() != request.host.lower()
    except ValueError:
        return True
