"""How the cval dialect spells errors: one table from error class to status, and ``{"detail": sentence}`` each time."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, jsonify
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from app.errors import InvalidLogin, SluiceError
from app.web.errors import STATUS as USUAL_STATUS
from app.web.errors import add_retry_after, class_entry

STATUS: Mapping[type[SluiceError], int] = {
    **USUAL_STATUS,
    InvalidLogin: 403,  # the client has a class of its own for 403, and none for 401
}

SENTENCES = {
    400: "The request cannot be read. Send a JSON object.",
    404: "There is nothing here.",
    405: "This address does not take this method.",
    413: "This is larger than anything that is taken here.",
    500: "Something went wrong in here; the log has the details.",
}

CHALLENGE = 'Bearer realm="Sluice"'


class CvalErrorForm:
    """The error form of this dialect: the client reads each answer as JSON, whatever its status."""

    blueprint = "cval"
    prefixes: tuple[str, ...] = (
        "/api/cloud",
        "/api/clouds",
        "/api/api/cloud",
        "/api/api/clouds",
        "/dataset",
        "/datasets",
        "/api/dataset",
        "/api/datasets/all",
        "/apidataset",
    )

    def product_error(self, error: SluiceError) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = class_entry(STATUS, error)
        answer = _answer(status, SENTENCES[500] if status == 500 else str(error))
        if status == 401:
            answer.headers["WWW-Authenticate"] = CHALLENGE
        add_retry_after(answer, error)
        return answer

    def http_error(self, error: HTTPException) -> Response:
        """See `app.web.errors.ErrorForm`."""
        status = error.code or 500
        messages = getattr(error, "data", {}).get("messages", {})
        detail = " ".join(_sentences(messages)) or (SENTENCES.get(status) if _is_generic(error) else error.description)
        if isinstance(error, SecurityError):
            detail = f"{error.description} If people reach this service by that name, add it to TRUSTED_HOSTS."
        answer = _answer(status, detail or HTTP_STATUS_CODES[status])
        if status == 405:
            answer.headers["Allow"] = ""  # what takes no method at all says that too
        return answer


def _is_generic(error: HTTPException) -> bool:
    return error.description in (None, type(error).description)


def _sentences(messages: Mapping[str, Any]) -> Iterator[str]:
    """Return the messages of webargs, which lie under the place of the parameters, as sentences."""
    for found in messages.values():
        yield from _named("", found)


def _named(name: str, found: Any) -> Iterator[str]:
    if isinstance(found, Mapping):
        for inner, messages in found.items():
            yield from _named(name if inner == "_schema" else f"{name}.{inner}".lstrip("."), messages)
    else:
        said = " ".join(found)
        yield f"{name}: {said}" if name else said


def _answer(status: int, detail: str) -> Response:
    answer = jsonify({"detail": detail})
    answer.status_code = status
    return answer
