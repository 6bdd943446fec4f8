"""The form in which our own dialects spell errors: one JSON object with a status and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app.errors import InvalidInput, SluiceError
from app.web.errors import STATUS, add_retry_after, class_entry
from app.web.parameters import parameters_place

SENTENCES = {
    400: "The request cannot be read. Send a JSON object, a form, or a query string.",
    405: "This address does not take this method; the header Allow says which it takes.",
    422: "A parameter cannot be accepted; see errors.",
    500: "Something went wrong in here; the log has the details. Nothing was deleted because of it.",
}


@dataclass(frozen=True)
class JsonErrorForm:
    """An `app.web.errors.ErrorForm`.

    Attributes:
        sentences: the dialect's own ones by status, where HTTP's would say too little.
        challenge: the header ``WWW-Authenticate`` of a 401.
    """

    blueprint: str
    prefixes: tuple[str, ...]
    sentences: Mapping[int, str]
    challenge: str

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = class_entry(STATUS, error)
        errors = (
            {parameters_place(request): {error.field: [error.message]}} if isinstance(error, InvalidInput) else None
        )
        answer = _answer(status, SENTENCES[status] if status == 500 else str(error), errors)
        if status == 401:
            answer.headers["WWW-Authenticate"] = self.challenge
        add_retry_after(answer, error)
        return answer

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = error.code or 500
        errors = getattr(error, "data", {}).get("messages")
        message = (SENTENCES | {**self.sentences}).get(status) if _is_generic(error) else error.description
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
