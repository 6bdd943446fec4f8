"""How the fake Google of the tests hears requests and sends answers; what these are about is in the modules beside it."""

import json
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from tests.support.gcs_answers import Answer, Seen, json_answer
from tests.support.google_faults import NO_FAULT, Fault

_STATUS_WORDS = {"authError": "UNAUTHENTICATED", "insufficientPermissions": "PERMISSION_DENIED"}
_LIMITS = {"userRateLimitExceeded", "rateLimitExceeded", "dailyLimitExceeded", "sharingRateLimitExceeded"}


class Refusal(Exception):
    """An error of the Drive API.

    Args:
        status: of the answer.
        reason: Google's word for it.
        message: Google's sentence, or another one.
        location: the parameter or header that is wrong.
    """

    def __init__(self, status: int, reason: str, message: str = "", location: str = "") -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason, self.message, self.location = status, reason, message or reason, location

    def answer(self) -> Answer:
        """Return what Google sends."""
        domain = "usageLimits" if self.reason in _LIMITS else "global"
        told = {"message": self.message, "domain": domain, "reason": self.reason}
        if self.location:
            kind = "header" if self.location == "Authorization" else "parameter"
            told |= {"location": self.location, "locationType": kind}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [told]}
        error |= {"status": _STATUS_WORDS[self.reason]} if self.reason in _STATUS_WORDS else {}
        answer = json_answer({"error": error}, self.status)
        if self.status == 401:
            return answer._replace(headers={**answer.headers, "WWW-Authenticate": 'Bearer realm="google"'})
        return answer


class OAuthRefusal(Exception):
    """An error of the OAuth endpoints, which has a form of its own."""

    def __init__(self, status: int, error: str, description: str = "") -> None:
        super().__init__(f"{status} {error}")
        self.status, self.error, self.description = status, error, description

    def answer(self) -> Answer:
        """Return what Google sends."""
        told = {"error": self.error} | ({"error_description": self.description} if self.description else {})
        return json_answer(told, self.status)


def html_answer(page: str, status: int = 200) -> Answer:
    """Return an answer for people."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return Answer(status, headers, page.encode())


def target_of(seen: Seen) -> str:
    """Return the path and query of a request as they were sent."""
    return str(seen.headers["X-Target"])


def form_of(seen: Seen) -> dict[str, str]:
    """Return the fields of a form; OAuthRefusal for another body, and for a field that is there twice."""
    kind = seen.headers.get("Content-Type", "").partition(";")[0].strip()
    if seen.body and kind != "application/x-www-form-urlencoded":
        raise OAuthRefusal(400, "invalid_request", f"Invalid content type: {kind}")
    return once_each(parse_qs(seen.body.decode("utf-8"), keep_blank_values=True))


def once_each(fields: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the values of fields, none of which may be repeated."""
    for name, values in fields.items():
        if len(values) > 1:
            raise OAuthRefusal(400, "invalid_request", f"OAuth 2 parameters can only have a single value: {name}")
    return {name: values[0] for name, values in fields.items()}


def json_of(body: bytes) -> dict[str, Any]:
    """Return the object that a body has in JSON, and an empty one for none; Refusal for anything else."""
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        raise Refusal(400, "parseError", "Parse Error") from None
    if not isinstance(told, dict):
        raise Refusal(400, "parseError", "Parse Error")
    return told


class Serves(Protocol):
    """What answers requests."""

    def arrived(self, seen: Seen) -> Fault:
        """Note a request, and return what is wrong with how it will be answered."""
        ...

    def answer(self, seen: Seen, fault: Fault) -> Answer:
        """Do what is asked for."""
        ...


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    fake: Serves

    def _serve(self) -> None:
        seen = self._seen()
        fault = self.fake.arrived(seen)
        if fault.held is not None and not fault.after:
            fault.held.wait()
        answer = None
        if fault.after or not (fault.drops or fault.answer):
            answer = self.fake.answer(seen, fault)
        if fault.held is not None and fault.after:
            fault.held.wait()
        if fault.drops:
            self.close_connection = True
            return
        told = fault.answer or answer
        if told is not None:
            self._send(told, fault)

    def _seen(self) -> Seen:
        body = self._body()
        method, target = self.command, self.path
        if (
            method == "POST" and self.headers.get("X-HTTP-Method-Override") == "GET"
        ):  # as Google's client does for long ones
            method, target, body = "GET", f"{target}?{body.decode()}", b""
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        self.headers["X-Target"] = target
        return Seen(method, parts.path, query, self.headers, body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size)
            if len(body) < size:
                raise ConnectionResetError("the client left in the middle of its request")
            return body
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(self, answer: Answer, fault: Fault = NO_FAULT) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if fault.cut is not None:
            self.close_connection = True
        for piece in fault.pieces(answer.body):
            self.wfile.write(piece)
            self.wfile.flush()

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - the names are http.server's

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    request_queue_size = 64
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave early, which some tests have them do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
