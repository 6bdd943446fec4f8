"""How the Galaxy dialect spells errors: a status, and ``{"err_msg": sentence, "err_code": number}`` each time."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Response, abort, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app import errors as product
from app.errors import CallerUnknown, InvalidLogin, SluiceError
from app.web.credentials import Place
from app.web.errors import add_retry_after, class_entry

UNKNOWN, BAD_JSON, MISSING, INVALID, MALFORMED_ID = 0, 400003, 400007, 400008, 400009
LOGIN_FAILED, NO_KEY, NOT_ACCESSIBLE, NOT_OWNED, CONFIGURED_OFF = 401001, 403001, 403002, 403003, 403004
ADMIN_ONLY, USER_ONLY, NOT_FOUND, CONFLICT, INTERNAL, NOT_IMPLEMENTED = 403006, 403008, 404001, 409001, 500001, 501001
"""Galaxy's own error codes. What it has no code for is `UNKNOWN`."""

ANSWERS: Mapping[type[SluiceError], tuple[int, int]] = {
    product.InvalidInput: (400, INVALID),
    product.CallerUnknown: (403, USER_ONLY),
    product.InvalidLogin: (401, LOGIN_FAILED),
    product.NotAllowed: (403, NOT_ACCESSIBLE),
    product.NotFound: (404, NOT_FOUND),
    product.AlreadyExists: (409, CONFLICT),
    product.ConnectionUnusable: (409, CONFLICT),
    product.JobAlreadyFinished: (409, CONFLICT),
    product.NotReady: (409, CONFLICT),
    product.UploadRefused: (409, CONFLICT),
    product.TooManyAttempts: (429, UNKNOWN),
    product.TooManyJobs: (429, UNKNOWN),
    product.TooBusy: (429, UNKNOWN),
    product.Throttled: (429, UNKNOWN),
    product.AddressRefused: (403, CONFIGURED_OFF),
    product.AuthorizationUnusable: (400, INVALID),
    product.KeysMissing: (400, MISSING),
    product.CheckFailed: (400, INVALID),
    product.ManifestUnusable: (400, INVALID),
    product.ImageUnusable: (400, INVALID),
    product.InvalidCredentials: (401, LOGIN_FAILED),
    product.QuotaExceeded: (413, UNKNOWN),
    product.ObjectExists: (409, CONFLICT),
    product.ObjectMissing: (404, NOT_FOUND),
    product.StorageFull: (507, UNKNOWN),
    product.StorageError: (400, UNKNOWN),
    product.DatabaseUnavailable: (503, UNKNOWN),
    SluiceError: (500, INTERNAL),
}
"""The status and the code of each error."""

SENTENCES = {
    400: "The request cannot be read. Send a JSON object.",
    404: "There is nothing here.",
    405: "This address does not take this method; the header Allow says which it takes.",
    413: "This is larger than anything that is taken here.",
    500: "Something went wrong in here; the log has the details.",
}

CODES = {400: INVALID, 403: NOT_ACCESSIBLE, 404: NOT_FOUND, 500: INTERNAL, 501: NOT_IMPLEMENTED}
"""The codes of errors of HTTP itself; all others are `UNKNOWN`."""

WRONG_KEY = "Provided API key is not valid."
NOBODY = "Action requires user authentication."
NOBODY_IN_OLD_ROUTES = "API authentication required for this request"

OLD_ROUTES = "/api/cloud/authz"
"""Answered by Galaxy's oldest code, in every version up to 24.1: who is nobody gets another status there."""

CHALLENGE = 'Bearer realm="Sluice"'


class GalaxyErrorForm:
    """The error form of this dialect. A route that answers otherwise calls `refuse`."""

    blueprint = "galaxy"
    prefixes: tuple[str, ...] = (
        "/api/authenticate",
        "/api/authnz",
        "/api/cloud/authz",
        "/api/cloud/storage",
        "/api/configuration",
        "/api/datasets",
        "/api/histories",
        "/api/job_lock",
        "/api/jobs",
        "/api/tools",
        "/api/upload",
        "/api/users/current",
        "/api/version",
        "/api/whoami",
        "/authnz",
    )

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        if isinstance(error, InvalidLogin | CallerUnknown):
            return _login_error(error)
        status, code = class_entry(ANSWERS, error)
        said = error_answer(status, code, SENTENCES[500] if status == 500 else str(error))
        add_retry_after(said, error)
        return said

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = error.code or 500
        generic = error.description in (None, type(error).description)
        sentence = SENTENCES.get(status) if generic else error.description
        if isinstance(error, SecurityError):
            sentence = f"{error.description} If people reach this service by that name, add it to TRUSTED_HOSTS."
        return error_answer(status, CODES.get(status, UNKNOWN), sentence or HTTP_STATUS_CODES[status])


def error_answer(status: int, code: int, sentence: str, **more: Any) -> Response:
    """Return an error as this dialect has it, with further fields ``more``."""
    body = json.dumps({"err_msg": sentence, "err_code": code, **more})  # ASCII: what is quoted may be half a character
    return Response(body, status, mimetype="application/json")


def refuse(status: int, code: int, sentence: str, **more: Any) -> NoReturn:
    """End the request with an error of this dialect."""
    abort(error_answer(status, code, sentence, **more))


def _login_error(error: SluiceError) -> Response:
    """Return what is said to somebody unknown: Galaxy's words, and ours of what Galaxy does not know."""
    old, known = _is_old(), isinstance(error, InvalidLogin)
    status, code = (403, NO_KEY) if old else class_entry(ANSWERS, error)
    sentence = WRONG_KEY if known else str(error)
    if not known and not _says_something():
        sentence = NOBODY_IN_OLD_ROUTES if old else NOBODY
    said = error_answer(status, code, sentence)
    if status == 401:
        said.headers["WWW-Authenticate"] = CHALLENGE
    return said


def _is_old() -> bool:
    return request.path == OLD_ROUTES or request.path.startswith(OLD_ROUTES + "/")


def _says_something() -> bool:
    return Place.AUTHORIZATION in request.headers or Place.API_KEY in request.headers or Place.QUERY in request.args
