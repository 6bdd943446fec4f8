"""Turns every error of a request into an answer in the form of the dialect that the request belongs to."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, RequestTimeout

from app.errors import (
    AddressRefused,
    AlreadyExists,
    AuthorizationUnusable,
    CallerUnknown,
    CheckFailed,
    ConnectionUnusable,
    ConsentRefused,
    DatabaseUnavailable,
    ImageUnusable,
    InvalidInput,
    InvalidLogin,
    JobAlreadyFinished,
    ManifestUnusable,
    NotAllowed,
    NotConfigured,
    NotFound,
    NotReady,
    NotRepeatable,
    ObjectExists,
    PickerSessionEnded,
    PlanUnusable,
    QuotaExceeded,
    SluiceError,
    Throttled,
    TooBusy,
    TooManyAttempts,
    TooManyJobs,
    UploadRefused,
)

log = logging.getLogger(__name__)

STATUS: Mapping[type[SluiceError], int] = {
    InvalidInput: 422,
    CallerUnknown: 401,
    InvalidLogin: 401,
    NotAllowed: 403,
    NotFound: 404,
    AlreadyExists: 409,
    ConnectionUnusable: 409,
    JobAlreadyFinished: 409,
    PlanUnusable: 409,
    NotRepeatable: 409,
    TooManyAttempts: 429,
    TooManyJobs: 429,
    TooBusy: 429,
    CheckFailed: 422,
    ManifestUnusable: 422,
    ImageUnusable: 422,
    NotReady: 409,
    UploadRefused: 409,
    AddressRefused: 403,
    AuthorizationUnusable: 422,
    QuotaExceeded: 413,
    ObjectExists: 409,
    ConsentRefused: 400,
    PickerSessionEnded: 401,
    Throttled: 429,
    NotConfigured: 503,
    DatabaseUnavailable: 503,
    SluiceError: 500,
}
"""The status of each error. A dialect whose model answers otherwise puts its own entries over these."""


class ErrorForm(Protocol):
    """How one dialect spells errors."""

    @property
    def blueprint(self) -> str:
        """The name of the dialect's blueprint."""
        ...

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The paths that are the dialect's, also where no route matches."""
        ...

    def product_error(self, error: SluiceError) -> Response:
        """Return the answer to an error of the product."""
        ...

    def http_error(self, error: HTTPException) -> Response:
        """Return the answer to an error of HTTP: no such route, wrong method, invalid parameters."""
        ...


def install_error_forms(app: Flask, forms: Iterable[ErrorForm], default: ErrorForm) -> None:
    """Register the two app-level handlers; call it after all flask-smorest ``Api`` objects, whose own would win else.

    Only app-level handlers see 404 and 405 of unknown routes (measured with Flask 3.1 and several ``Api`` objects).
    """
    known = {form.blueprint: form for form in forms}

    def form() -> ErrorForm:
        return known.get(request.blueprint or "") or _by_path(known.values(), request.path) or default

    def on_product_error(error: SluiceError) -> Response:
        return form().product_error(error)

    def on_http_error(error: HTTPException) -> Response:
        if isinstance(error, InternalServerError) and error.original_exception is not None:
            log.error("unexpected error in %s %s", request.method, request.path, exc_info=error.original_exception)
        answer = form().http_error(_timeout_of(error) or error)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
        return answer

    app.register_error_handler(SluiceError, on_product_error)
    app.register_error_handler(HTTPException, on_http_error)


def _timeout_of(error: HTTPException) -> RequestTimeout | None:
    """Return what is to be answered where a body did not come in time: werkzeug takes its sender for gone."""
    return RequestTimeout() if isinstance(error.__context__, TimeoutError) else None


def class_entry(table: Mapping[type[SluiceError], Any], error: SluiceError) -> Any:
    """Return the entry of the closest class in ``table`` that ``error`` is an instance of."""
    return next(table[cls] for cls in type(error).__mro__ if cls in table)


def add_retry_after(answer: Response, error: SluiceError) -> None:
    """Say in ``answer`` after how many seconds asking again makes sense, where that is known."""
    if isinstance(error, TooManyJobs | TooManyAttempts | TooBusy | Throttled):
        answer.headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, DatabaseUnavailable):
        answer.headers["Retry-After"] = "5"


def _by_path(forms: Iterable[ErrorForm], path: str) -> ErrorForm | None:
    """Return the form with the longest prefix of ``path`` on a segment boundary; ``/`` is the prefix of itself only."""
    matches = [
        (len(prefix), index, form)
        for index, form in enumerate(forms)
        for prefix in form.prefixes
        if path == prefix or (prefix != "/" and path.startswith(prefix.rstrip("/") + "/"))
    ]
    return max(matches)[2] if matches else None
