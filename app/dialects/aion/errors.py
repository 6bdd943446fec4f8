"""How the Aionvision dialect spells errors: ``{"error": {"code", "message", "details"}, "request_id"}``.

A 422 has FastAPI's ``detail`` beside that, as the vendor's OpenAPI document wants it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from flask import Response, abort
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app import errors as product
from app.dialects.aion.faults import Fault, faults_of
from app.dialects.aion.request_ids import add_request_id, request_id
from app.errors import SluiceError
from app.web.errors import add_retry_after, class_entry

AUTH, REAUTH, DENIED = "AUTH_ERROR", "REAUTH_REQUIRED", "PERMISSION_DENIED"
NOT_FOUND, CONFLICT, INVALID = "NOT_FOUND", "CONFLICT", "VALIDATION_ERROR"
RATE, FULL = "RATE_LIMITED", "STORAGE_QUOTA_EXCEEDED"
SERVER, UNCONFIGURED, UPSTREAM = "SERVER_ERROR", "NOT_CONFIGURED", "UPSTREAM_ERROR"

ANSWERS: Mapping[type[SluiceError], tuple[int, str]] = {
    **dict.fromkeys(
        (
            product.InvalidInput,
            product.ConsentRefused,
            product.CheckFailed,
            product.AuthorizationUnusable,
            product.ManifestUnusable,
            product.ImageUnusable,
            product.RequestRefused,
            product.KeyRefused,
        ),
        (400, INVALID),
    ),
    **dict.fromkeys((product.CallerUnknown, product.InvalidLogin, product.PickerSessionEnded), (401, AUTH)),
    product.ConsentRequired: (401, REAUTH),
    **dict.fromkeys((product.NotAllowed, product.AddressRefused, product.AccessDenied), (403, DENIED)),
    **dict.fromkeys((product.NotFound, product.ObjectMissing, product.StorageMissing), (404, NOT_FOUND)),
    **dict.fromkeys(
        (
            product.AlreadyExists,
            product.ConnectionUnusable,
            product.JobAlreadyFinished,
            product.NotReady,
            product.UploadRefused,
            product.ObjectExists,
            product.StorageNotEmpty,
        ),
        (409, CONFLICT),
    ),
    **dict.fromkeys((product.TooManyAttempts, product.TooManyJobs, product.TooBusy, product.Throttled), (429, RATE)),
    **dict.fromkeys((product.QuotaExceeded, product.StorageFull), (507, FULL)),
    product.NotConfigured: (503, UNCONFIGURED),
    product.DatabaseUnavailable: (503, SERVER),
    product.StorageError: (502, UPSTREAM),
    SluiceError: (500, SERVER),
}
"""The status and the code of each error."""

SENTENCES = {
    400: "The request cannot be read. Send a JSON object.",
    404: "There is nothing here.",
    405: "This address does not take this method; the header Allow says which it takes.",
    413: "This is larger than anything that is taken here.",
    422: "The request cannot be accepted; see details.",
    500: "Something went wrong in here; the log has the details.",
}

CODES = {400: INVALID, 401: AUTH, 403: DENIED, 404: NOT_FOUND, 409: CONFLICT, 422: INVALID, 429: RATE}
"""The codes of errors of HTTP itself; others are ``SERVER_ERROR`` from 500 on, and ``REQUEST_REFUSED`` below."""

CHALLENGE = 'Bearer realm="Sluice"'


class AionErrorForm:
    """The error form of this dialect."""

    blueprint = "aion"
    prefixes: tuple[str, ...] = ("/api/v2",)

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status, code = class_entry(ANSWERS, error)
        more = {"requires_reauth": True} if code == REAUTH else {}
        details = {"reason": error.reason, **more} | (
            {"field": error.field} if isinstance(error, product.InvalidInput) else {}
        )
        said = error_answer(status, code, SENTENCES[500] if status == 500 else str(error), details, **more)
        if code == AUTH:
            said.headers["WWW-Authenticate"] = CHALLENGE
        add_retry_after(said, error)
        return said

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        messages = getattr(error, "data", {}).get("messages")
        if isinstance(messages, Mapping):
            return invalid_answer(faults_of(messages))
        status = error.code or 500
        sentence = SENTENCES.get(status) if error.description in (None, type(error).description) else error.description
        if isinstance(error, SecurityError):
            sentence = f"{error.description} If people reach this service by that name, add it to TRUSTED_HOSTS."
        code = CODES.get(status, SERVER if status >= 500 else "REQUEST_REFUSED")
        return error_answer(status, code, sentence or HTTP_STATUS_CODES[status], {})


def error_answer(status: int, code: str, sentence: str, details: Mapping[str, Any], **more: Any) -> Response:
    """Return an error as this dialect has it, with further fields ``more`` beside it."""
    body = {"error": {"code": code, "message": sentence, "details": details}, "request_id": request_id(), **more}
    # ASCII: what is quoted may be half a character.
    return add_request_id(Response(json.dumps(body), status, mimetype="application/json"))


def invalid_answer(faults: Sequence[Fault]) -> Response:
    """Return the 422 that says what is wrong with a request."""
    return error_answer(422, INVALID, SENTENCES[422], {"errors": list(faults)}, detail=list(faults))


def refuse_invalid(*faults: Fault) -> NoReturn:
    """End the request with the 422 that says what is wrong with it."""
    abort(invalid_answer(faults))
