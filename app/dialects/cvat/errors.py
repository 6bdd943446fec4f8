"""How the CVAT dialect spells errors: the statuses and sentences of the original, as ``{"detail": sentence}``."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app.dialects.cvat.media import answer
from app.errors import (
    AccessDenied,
    CallerUnknown,
    CheckFailed,
    ConnectionUnusable,
    ImageUnusable,
    InvalidCredentials,
    InvalidInput,
    InvalidLogin,
    ManifestUnusable,
    NotAllowed,
    NotFound,
    ObjectMissing,
    RequestForged,
    SluiceError,
    StorageError,
    StorageMissing,
    StorageUnreachable,
    TooBusy,
    TooManyAttempts,
    UserDisabled,
)
from app.web.credentials import Place
from app.web.errors import STATUS as USUAL_STATUS
from app.web.errors import add_retry_after, class_entry

STATUS: Mapping[type[SluiceError], int] = {
    **USUAL_STATUS,
    **dict.fromkeys(
        (InvalidInput, CheckFailed, ConnectionUnusable, ManifestUnusable, ImageUnusable, StorageError), 400
    ),
    **dict.fromkeys((AccessDenied, InvalidCredentials), 403),
    **dict.fromkeys((ObjectMissing, StorageMissing, StorageUnreachable), 404),  # the SDK asks again after 502 to 504
}

NOT_FOUND = "Not found."
NOT_ALLOWED = "You do not have permission to perform this action."
NOBODY = "Authentication credentials were not provided."
INTERNAL = "Something went wrong in here; the log has the details."

CHALLENGE = "Token"

_MODELS = {"/api/cloudstorages/": "CloudStorage", "/api/users/": "User"}


class CvatErrorForm:
    """The error form of this dialect. A route that answers otherwise aborts with a response of its own."""

    blueprint = "cvat"
    prefixes: tuple[str, ...] = ("/api/cloudstorages", "/api/server", "/api/auth", "/api/users")

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = class_entry(STATUS, error)
        said = answer({"detail": INTERNAL if status == 500 else _sentence(error)}, status)
        if status == 401:
            said.headers["WWW-Authenticate"] = CHALLENGE
        add_retry_after(said, error)
        return said

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        invalid = getattr(error, "data", {}).get("messages")
        if invalid is not None:
            return answer(_by_field(invalid), 400)
        status = error.code or 500
        return answer({"detail": _http_sentence(error, status)}, status)


def _sentence(error: SluiceError) -> str:
    match error:
        case InvalidLogin() | CallerUnknown():
            return _login_sentence(error)
        case RequestForged():
            return f"CSRF Failed: {error}"
        case NotAllowed():
            return NOT_ALLOWED
        case NotFound():
            return _not_found()
        case TooManyAttempts() | TooBusy():
            return f"Request was throttled. Expected available in {error.retry_after} seconds."
    return str(error)


def _login_sentence(error: SluiceError) -> str:
    """Return what the original says of what was presented, and of nothing; what it does not know gets our words."""
    scheme = request.headers.get(Place.AUTHORIZATION, "").split(" ")[0].lower()
    known = isinstance(error, InvalidLogin)
    if isinstance(error, UserDisabled):
        return "User inactive or deleted."
    if scheme == "basic":
        of_basic = "Invalid basic header. Credentials not correctly base64 encoded."
        return "Invalid username/password." if known else of_basic
    if known:
        return "Invalid token."
    if scheme in ("token", "bearer"):
        return "Invalid token header. No credentials provided."
    return str(error) if Place.API_KEY in request.headers or Place.QUERY in request.args else NOBODY


def _not_found() -> str:
    model = next((model for start, model in _MODELS.items() if request.path.startswith(start)), None)
    return f"No {model} matches the given query." if model else NOT_FOUND


def _http_sentence(error: HTTPException, status: int) -> str:
    if isinstance(error, SecurityError):
        return f"{error.description} If people reach this service by that name, add it to TRUSTED_HOSTS."
    if status == 415:
        return f'Unsupported media type "{request.mimetype}" in request.'
    if error.description not in (None, type(error).description):
        return str(error.description)
    own = {
        400: "JSON parse error - the body is no JSON that can be read.",
        403: NOT_ALLOWED,
        404: NOT_FOUND,
        405: f'Method "{request.method}" not allowed.',
        500: INTERNAL,
    }
    return own.get(status) or HTTP_STATUS_CODES[status]


def _by_field(messages: Mapping[str, Any]) -> dict[str, Any]:
    """Return the messages of webargs, which lie under the place of the parameters, by field alone."""
    found: dict[str, Any] = {}
    for of_place in messages.values():
        found.update(of_place)
    return {"non_field_errors" if name == "_schema" else name: said for name, said in found.items()}
