"""How errors look on a page: what is wrong and what to do, in a sentence; who must sign in gets the form for it."""

from flask import Response, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app.dashboard.afterwards import this_page
from app.dashboard.rendering import page
from app.errors import CallerUnknown, InvalidInput, InvalidLogin, SluiceError
from app.web.callers import presented_session
from app.web.credentials import Place
from app.web.errors import STATUS, add_retry_after, class_entry
from app.web.json_errors import SENTENCES

PREFIXES = ("/", "/account", "/connections", "/jobs", "/live", "/plans", "/sign-in", "/sign-out", "/start", "/static")
"""The paths of pages."""

_TITLES = {
    401: "Sign in",
    403: "Not allowed",
    404: "There is nothing here",
    405: "Not possible so",
    409: "Not possible now",
    413: "Too large",
    422: "Not possible so",
    429: "Too much at once",
    503: "Not available now",
}
_SENTENCES = SENTENCES | {
    404: "This page does not exist, or is about something that is gone.",
    405: "This address is either a page to open, or takes only what a form sends. Nothing was done.",
    413: "What was sent is too large for a form. Nothing was done.",
}
_TWO_COOKIES = (
    f"Your browser sends two cookies called {Place.COOKIE}, so signing in has no effect: another application of this "
    "host set one as well. Delete the cookies of this host, or open this service by another name."
)


class HtmlErrorForm:
    """An `app.web.errors.ErrorForm`."""

    blueprint = "dashboard"
    prefixes = PREFIXES

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        if isinstance(error, CallerUnknown | InvalidLogin):
            return sign_in_wanted(error)
        status = class_entry(STATUS, error)
        sentence = error.message if isinstance(error, InvalidInput) else str(error)
        answer = error_page(status, _SENTENCES[status] if status == 500 else sentence)
        add_retry_after(answer, error)
        return answer

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = error.code or 500
        generic = error.description in (None, type(error).description)
        sentence = _SENTENCES.get(status) if generic else error.description
        if isinstance(error, SecurityError):
            sentence = f"{error.description} If people reach this service by that name, add it to TRUSTED_HOSTS."
        return error_page(status, sentence or HTTP_STATUS_CODES[status])


def error_page(status: int, sentence: str) -> Response:
    """Return a page that says what is wrong."""
    title = _TITLES.get(status, HTTP_STATUS_CODES.get(status, "Error"))
    return page("error.html", status, title=title, sentence=sentence)


def sign_in_wanted(error: CallerUnknown | InvalidLogin) -> Response:
    """Return the form for signing in; who does comes back to what he asked for."""
    tone, sentence = ("bad", str(error)) if _said_who_he_is() else _why()
    answer = page("sign_in.html", 401, next=this_page(), tone=tone, sentence=sentence, username="")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="Sluice"'  # a browser opens no window of its own for that
    return answer


def _said_who_he_is() -> bool:
    return Place.QUERY in request.args or any(
        place in request.headers for place in (Place.AUTHORIZATION, Place.API_KEY)
    )


def _why() -> tuple[str, str]:
    if len(request.cookies.getlist(Place.COOKIE)) > 1:
        return "bad", _TWO_COOKIES
    done = "" if request.method in ("GET", "HEAD") else "What you sent was not done. "
    if presented_session() is not None:
        return "warn", f"Your session has ended. {done}Sign in again."
    return ("warn", f"{done}Sign in first.") if done else ("", "")
