"""Keeps foreign web pages, link previews, prefetching and read-only keys from changing anything."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, request

from app.errors import NotAllowed, RequestForged
from app.web.callers import current_caller, current_session
from app.web.parameters import FIRST
from app.web.scoped import CHANGES, scoped
from app.web.services import current_services

P = ParamSpec("P")
T = TypeVar("T")


CSRF_FIELD = "csrf_token"
"""The hidden field of our own forms."""

_FORGED = (
    "Refused: nothing shows that your own page sent this. Open the page again and send it from there; a program sends "
    "the cookie csrftoken as the header X-CSRFToken."
)
_OTHER_SITE = "Refused: another web site caused this request. Open the address yourself."
_OTHER_ORIGIN = "Refused: a page of another origin sent this. TRUSTED_ORIGINS can allow it."
_PREFETCHED = "Refused: the browser only prefetched this address."
_READ_ONLY = "This key may only read. Use another one to change something."


def changes_something(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view that starts, stops, makes or deletes: it answers 403 to what its caller did not mean, or may not do.

    Refused are what another web site caused, a session without its CSRF token, and read-only keys.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        _refuse_changes()
        return view(*args, **kwargs)

    setattr(guarded, CHANGES, True)
    setattr(guarded, FIRST, _refuse_changes)
    return guarded


def signs_out(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view that ends no more than the caller's own session: as `changes_something`, and any key may."""

    @scoped()
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        _refuse_foreign_pages()
        _refuse_forged_requests()
        return view(*args, **kwargs)

    setattr(guarded, CHANGES, True)
    return guarded


def own_pages_only(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view that signs in: whoever calls, and whoever was signed in before, makes no difference there."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        _refuse_foreign_pages()
        return view(*args, **kwargs)

    setattr(guarded, FIRST, _refuse_foreign_pages)
    return guarded


def _refuse_changes() -> None:
    _refuse_foreign_pages()
    _refuse_forged_requests()
    _refuse_read_only_keys()


def _refuse_foreign_pages() -> None:
    """Refuse what no person or program of the user's own sent.

    Browsers tell where a request comes from (Fetch Metadata, RFC 6454's Origin); programs send neither and pass.
    """
    if request.method == "HEAD":
        abort(405, description="HEAD would change something here; use GET or POST.")
    origin = request.headers.get("Origin")
    if origin not in current_app.config["TRUSTED_ORIGINS"]:
        # Another port or a sister host is of the same site; its images and links bring no Origin.
        if _fetch_site() in ("cross-site", "same-site"):
            raise RequestForged(_OTHER_SITE)
        if any(_is_foreign(page) for page in (origin, _referrer_of_an_old_browser()) if page is not None):
            raise RequestForged(_OTHER_ORIGIN)
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")).lower():
        raise RequestForged(_PREFETCHED)


def _refuse_forged_requests() -> None:
    """Refuse what a session's cookie alone says: a browser sends that along with whatever a page makes it ask.

    No page can put a header into the address bar. There the browser's own word is enough.
    """
    session = current_session()
    if session is None or (request.method == "GET" and _fetch_site() in ("none", "same-origin")):
        return
    given = request.headers.get("X-CSRFToken") or request.headers.get("X-CSRF-Token") or _field()
    if not current_services().authentication.is_csrf(session, given):
        raise RequestForged(_FORGED)


def _field() -> str:
    """Return what one of our own forms sent: a page without a script has no headers of its own."""
    return request.form.get(CSRF_FIELD, "")


def _refuse_read_only_keys() -> None:
    caller = current_caller()
    if caller is not None and caller.read_only:
        raise NotAllowed(_READ_ONLY)


def _fetch_site() -> str:
    return request.headers.get("Sec-Fetch-Site", "").lower()


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
