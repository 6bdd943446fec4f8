"""A server of the JSON API of Google Cloud Storage, as strict as Google documents it, for what the emulator cannot prove.

It verifies the signature, audience and times of each token, knows pages, preconditions, pieces and checksums, refuses
parameters that the API does not have, and does what a test says instead of answering.
"""

import base64
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.support.gcs_answers import (
    Answer,
    Seen,
    Uploads,
    buckets_listed,
    json_answer,
    listed,
    of_object,
    require,
    rewritten,
)
from tests.support.gcs_keys import EMAIL, KEY_ID, PUBLIC_KEY
from tests.support.gcs_model import Bucket, Refusal

PERMISSIONS = frozenset(f"storage.objects.{verb}" for verb in ("get", "list", "create", "delete"))
_KNOWN = {"fields", "prettyPrint", "userProject", "alt", "ifGenerationMatch", "generation", "projection"}
_KNOWN |= {"prefix", "delimiter", "startOffset", "maxResults", "pageToken", "includeTrailingDelimiter"}
_KNOWN |= {"uploadType", "upload_id", "name", "project", "permissions", "predefinedAcl"}
_KNOWN |= {"rewriteToken", "ifSourceGenerationMatch"}


Trouble = Callable[[Seen], Answer | str | None]
"""Answers with what is sent instead; ``drop``: the connection ends, ``lose``: it ends once the request has been done."""


class FakeGcs:
    """The server's state. Thread-safe for what tests do with it.

    Attributes:
        allowed: permissions of the service account.
        trouble: asked before each request.
        seen: the requests so far.
        knows_permissions: whether testIamPermissions is there.
        knows_rewriting: whether objects are copied by the server.
        buckets_at_once: how many an answer names at most.
    """

    def __init__(self) -> None:
        self.endpoint = ""
        self.buckets: dict[str, Bucket] = {}
        self.allowed = PERMISSIONS | {f"storage.buckets.{verb}" for verb in ("create", "delete", "list")}
        self.trouble: Trouble = lambda _: None
        self.seen: list[Seen] = []
        self.knows_permissions = True
        self.knows_rewriting = True
        self.buckets_at_once = 1000

    def open_sessions(self) -> list[str]:
        """Return the names of the objects of uploads that nobody completed or cancelled."""
        sessions = [session for bucket in self.buckets.values() for session in bucket.sessions.values()]
        return [str(session.properties["name"]) for session in sessions if session.made is None]

    def answer(self, seen: Seen) -> Answer:
        """Answer one request."""
        try:
            return self._routed(seen)
        except Refusal as refusal:
            told = {"reason": refusal.reason, "message": refusal.message, "domain": "global"}
            error = {"code": refusal.status, "message": refusal.message, "errors": [told]}
            return json_answer({"error": error}, status=refusal.status)

    def _routed(self, seen: Seen) -> Answer:
        unknown = set(seen.query) - _KNOWN
        if unknown:
            raise Refusal(400, "invalidParameter", f"Unknown: {unknown}")
        held = self._held(seen)
        if seen.path == "/storage/v1/b" and seen.method == "POST":
            return self._create(seen, held)
        if seen.path == "/storage/v1/b" and seen.method == "GET":
            require(held or frozenset(), "storage.buckets.list", seen)
            return buckets_listed(list(self.buckets), self.buckets_at_once, seen)
        match = re.fullmatch(r"(/upload|/download)?/storage/v1/b/([^/]+)(/.*)?", seen.path)
        if match is None:
            raise Refusal(404, "notFound", "Not Found")
        kind, name, rest = match[1] or "", unquote(match[2]), match[3] or ""
        bucket = self.buckets.get(name)
        if bucket is None:
            raise Refusal(404, "notFound", "The specified bucket does not exist.")
        if bucket.pays and "userProject" not in seen.query:
            raise Refusal(400, "userProjectMissing")
        held = held if held is not None else bucket.public
        if kind == "/upload":
            return Uploads(self.endpoint, bucket, held).answer(seen)
        return self._of_bucket(seen, bucket, rest, held)

    def _of_bucket(self, seen: Seen, bucket: Bucket, rest: str, held: frozenset[str]) -> Answer:
        if rest == "" and seen.method == "DELETE":
            return self._drop(bucket, held, seen)
        if rest == "/o" and seen.method == "GET":
            require(held, "storage.objects.list", seen)
            return listed(bucket, seen)
        if rest == "/iam/testPermissions" and seen.method == "GET" and self.knows_permissions:
            asked = parse_qs(urlsplit(seen.headers["X-Target"]).query)["permissions"]
            told = sorted(held & set(asked))
            return json_answer({"kind": "storage#testIamPermissionsResponse"} | ({"permissions": told} if told else {}))
        match = re.fullmatch(r"/o/([^/]+)/rewriteTo/b/([^/]+)/o/([^/]+)", rest)
        if match is not None and seen.method == "POST" and self.knows_rewriting:
            return rewritten(
                bucket, self.buckets.get(unquote(match[2])), unquote(match[1]), unquote(match[3]), held, seen
            )
        match = re.fullmatch(r"/o/([^/]+)", rest)
        if match is None or seen.method not in ("GET", "DELETE"):
            raise Refusal(404 if match is None else 405, "notFound" if match is None else "methodNotAllowed")
        return of_object(bucket, unquote(match[1], errors="strict"), held, seen)

    def _create(self, seen: Seen, held: frozenset[str] | None) -> Answer:
        require(held or frozenset(), "storage.buckets.create", seen)
        if "project" not in seen.query:
            raise Refusal(400, "required", "Required parameter: project")
        told = json.loads(seen.body)
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", told["name"]):
            raise Refusal(400, "invalid", "Invalid bucket name")
        if told["name"] in self.buckets:
            raise Refusal(409, "conflict", "Your previous request to create the named bucket succeeded.")
        self.buckets[told["name"]] = Bucket(told["name"])
        return json_answer({"kind": "storage#bucket", **told})

    def _drop(self, bucket: Bucket, held: frozenset[str], seen: Seen) -> Answer:
        require(held, "storage.buckets.delete", seen)
        if bucket.objects:
            raise Refusal(409, "conflict", "The bucket you tried to delete is not empty.")
        del self.buckets[bucket.name]
        return Answer(204, {}, b"")

    def _held(self, seen: Seen) -> frozenset[str] | None:
        """Return the permissions of who asks; None: the anonymous."""
        told = seen.headers.get("Authorization")
        if told is None:
            return None
        if not told.startswith("Bearer ") or not self._is_valid(told.removeprefix("Bearer ")):
            raise Refusal(401, "authError", "Invalid Credentials")
        return frozenset(self.allowed)

    def _is_valid(self, token: str) -> bool:
        try:
            signed, _, signature = token.rpartition(".")
            header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
            PUBLIC_KEY.verify(_decoded(signature), signed.encode(), PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            return False
        is_ours = (header["alg"], header["kid"], claims["iss"], claims["sub"]) == ("RS256", KEY_ID, EMAIL, EMAIL)
        is_timely = claims["iat"] - 60 <= time.time() < claims["exp"] <= claims["iat"] + 3600
        return is_ours and is_timely and bool(claims["aud"] == self.endpoint + "/")


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    fake: FakeGcs

    def _serve(self) -> None:
        body = self._body()
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        self.headers["X-Target"] = self.path
        seen = Seen(self.command, parts.path, query, self.headers, body)
        self.fake.seen.append(seen)
        told = self.fake.trouble(seen)
        answer = told if isinstance(told, Answer) else None
        if told != "drop" and answer is None:
            answer = self.fake.answer(seen)
        if isinstance(told, str) or answer is None:
            self.close_connection = True
            return
        self._send(answer)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Content-Length" in answer.headers:
            self.close_connection = True  # a test promises more than there is
        elif answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names are http.server's

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave early, which some tests have them do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def gcs_fake() -> Iterator[FakeGcs]:
    """Run the server on a free port."""
    fake = FakeGcs()
    handler = type("Handler", (_Handler,), {"fake": fake})
    with _Server(("127.0.0.1", 0), handler) as server:
        fake.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield fake
        finally:
            server.shutdown()
            serving.join()
