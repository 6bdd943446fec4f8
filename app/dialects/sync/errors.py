"""How the sync dialect spells errors: one table from error class to status, one JSON shape."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app.errors import (
    DatabaseUnavailable,
    InvalidInput,
    JobAlreadyFinished,
    JobNotFound,
    SluiceError,
    TooManyJobs,
)
from app.web.errors import class_entry
from app.web.parameters import parameters_place

STATUS: Mapping[type[SluiceError], int] = {
    InvalidInput: 422,
    JobNotFound: 404,
    JobAlreadyFinished: 409,
    TooManyJobs: 429,
    DatabaseUnavailable: 503,
    SluiceError: 500,
}

SENTENCES = {
    400: "The request cannot be read. Send a JSON object, a form, or a query string.",
    404: "There is nothing here. The routes are /sync, /runnings, /get, /cancel, /events and /steps; see /docs/.",
    405: "This address does not take this method; use GET or POST.",
    422: "A parameter cannot be accepted; see errors.",
    500: "Something went wrong in here; the log has the details. Nothing was deleted because of it.",
}


class SyncErrorForm:
    """The error form of this dialect, and of every path that is no dialect's."""

    blueprint = "sync"
    prefixes: tuple[str, ...] = ("/sync", "/runnings", "/get", "/cancel", "/events", "/steps")

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = class_entry(STATUS, error)
        errors = (
            {parameters_place(request): {error.field: [error.message]}} if isinstance(error, InvalidInput) else None
        )
        answer = _answer(status, SENTENCES[status] if status == 500 else str(error), errors)
        if isinstance(error, TooManyJobs):
            answer.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, DatabaseUnavailable):
            answer.headers["Retry-After"] = "5"
        return answer

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = error.code or 500
        errors = getattr(error, "data", {}).get("messages")
        message = SENTENCES.get(status) if _is_generic(error) else error.description
        if isinstance(error, SecurityError):
            message = f"{error.description} If people reach this service by that name, add it to TRUSTED_HOSTS."
        return _answer(status, message or HTTP_STATUS_CODES[status], errors)


def _is_generic(error: HTTPException) -> bool:
    return error.description in (None, type(error).description)


def _answer(status: int, message: str, errors: Mapping[str, Any] | None) -> Response:
    # Werkzeug's names and not Python's, which calls 422 otherwise from 3.13 on.
    body: dict[str, Any] = {"code": status, "status": HTTP_STATUS_CODES[status], "message": message}
    if errors:
        body["errors"] = errors
    answer = jsonify(body)
    answer.status_code = status
    return answer
