"""Uploads to the fake Google Drive: one body, two parts, or a session of pieces, strict as Google documents them."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import Any

from tests.support.gcs_answers import Answer, Seen, json_answer
from tests.support.gcs_model import QUANTUM
from tests.support.google_access import Asking
from tests.support.google_files import Drive, Stored
from tests.support.google_wire import Refusal, json_of
from tests.support.google_writing import Content, changeable, create, require_creatable, told_of, update

_RANGE = re.compile(r"bytes (?:\*|([0-9]+)-([0-9]+))/([0-9]+|\*)")


@dataclass
class Session:
    """A resumable upload.

    Attributes:
        asking: who began it, and with what request.
        file_id: of the file that gets the bytes; None: a new one.
        declared: how many bytes were announced; None: unknown.
        made: the file, once all is there.
    """

    asking: Asking
    metadata: dict[str, Any]
    file_id: str | None
    mime_type: str
    declared: int | None
    data: bytearray = field(default_factory=bytearray)
    made: Stored | None = None


class Uploads:
    """Requests that bring bytes. Thread-safe.

    Attributes:
        url: of the server; a session's address begins with it.
        sessions: by id; also those that are complete.
    """

    def __init__(self, drive: Drive) -> None:
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self._drive = drive

    def open(self) -> list[Session]:
        """Return the sessions that nobody completed or cancelled."""
        return [session for session in list(self.sessions.values()) if session.made is None]

    def lose(self) -> None:
        """Forget all sessions, as Google does after a week."""
        self.sessions.clear()

    def answer(self, asking: Asking, file_id: str | None) -> Answer:
        """Answer what makes a file, or with ``file_id`` changes one."""
        kind = asking.seen.query.get("uploadType")
        if kind == "media":
            content = Content.of(asking.seen.body, asking.seen.headers.get("Content-Type"))
            return self._done(asking, file_id, {}, content)
        if kind == "multipart":
            metadata, content = _parts(asking.seen)
            return self._done(asking, file_id, metadata, content)
        if kind == "resumable":
            return self._begun(asking, file_id)
        raise Refusal(400, "badRequest", "Bad Request: uploadType", "uploadType")

    def proceeded(self, seen: Seen, keep: int | None) -> Answer:
        """Answer a piece of a session, or the question how far it is; its address is all that is needed.

        Args:
            seen: the request.
            keep: how many bytes of the piece are stored; None: all.
        """
        session = self.sessions.get(seen.query["upload_id"])
        if session is None:
            raise Refusal(404, "notFound", "Upload session not found.")
        if seen.method == "DELETE":
            del self.sessions[seen.query["upload_id"]]
            return Answer(499, {}, b"")
        if seen.method not in ("PUT", "POST"):
            raise Refusal(405, "httpMethodNotAllowed", "Method Not Allowed")
        with self._drive.lock:
            return self._taken(session, seen, keep)

    def _done(self, asking: Asking, file_id: str | None, metadata: dict[str, Any], content: Content) -> Answer:
        with self._drive.lock:
            made = self._written(asking, file_id, metadata, content)
            return json_answer(told_of(self._drive, made, asking))

    def _written(self, asking: Asking, file_id: str | None, metadata: dict[str, Any], content: Content) -> Stored:
        if file_id is None:
            return create(self._drive, metadata, content, asking)
        return update(self._drive, file_id, metadata, content, asking)

    def _begun(self, asking: Asking, file_id: str | None) -> Answer:
        seen = asking.seen
        kind, size = (seen.headers.get(f"X-Upload-Content-{name}") for name in ("Type", "Length"))
        if not kind or not (size or "0").isdecimal():
            raise Refusal(400, "badRequest", "X-Upload-Content-Type is missing, or X-Upload-Content-Length is wrong.")
        if seen.body and not seen.headers.get("Content-Type", "").startswith("application/json"):
            raise Refusal(400, "badContent", "Unsupported content with type")
        metadata = json_of(seen.body)
        with self._drive.lock:
            if file_id is None:
                require_creatable(self._drive, metadata, asking)
            else:
                changeable(self._drive, file_id, metadata, asking)
        upload = secrets.token_urlsafe(48)
        self.sessions[upload] = Session(asking, metadata, file_id, kind, int(size) if size else None)
        place = f"{self.url}{seen.path}?uploadType=resumable&upload_id={upload}"
        return Answer(200, {"Location": place, "X-GUploader-UploadID": upload}, b"")

    def _taken(self, session: Session, seen: Seen, keep: int | None) -> Answer:
        if session.made is not None:
            return json_answer(told_of(self._drive, session.made, session.asking))
        begin, total = _span(session, seen)
        if begin is not None:
            if begin != len(session.data):
                raise Refusal(400, "invalid", f"{len(session.data)} bytes are stored; these begin at {begin}.")
            is_last = total is not None and begin + len(seen.body) == total
            if len(seen.body) % QUANTUM and not is_last:
                raise Refusal(400, "badRequest", f"A piece must be a multiple of {QUANTUM} bytes.")
            session.data += seen.body if keep is None else seen.body[:keep]
        if total is None or len(session.data) != total:
            stored = len(session.data)
            return Answer(308, {"Range": f"bytes=0-{stored - 1}"} if stored else {}, b"")
        content = Content.of(bytes(session.data), session.mime_type)
        session.made = self._written(session.asking, session.file_id, session.metadata, content)
        return json_answer(told_of(self._drive, session.made, session.asking))


def _span(session: Session, seen: Seen) -> tuple[int | None, int | None]:
    """Return where a piece begins and how long all is; no beginning: it is a question."""
    text = seen.headers.get("Content-Range")
    if text is None and session.data:
        raise Refusal(400, "badRequest", "Content-Range is missing.")
    begin, total = (0, len(seen.body)) if text is None else _read(text, seen)
    if total is not None and session.declared not in (None, total):
        raise Refusal(400, "badRequest", f"{session.declared} bytes were announced, not {total}.")
    return begin, total


def _read(text: str, seen: Seen) -> tuple[int | None, int | None]:
    match = _RANGE.fullmatch(text)
    total = None if match is None or match[3] == "*" else int(match[3])
    if match is not None and match[1] is None and not seen.body:
        return None, total
    if match is None or match[1] is None or int(match[2]) - int(match[1]) + 1 != len(seen.body):
        raise Refusal(400, "badRequest", f"Failed to parse Content-Range header: {text}")
    if total is not None and int(match[2]) >= total:
        raise Refusal(400, "badRequest", f"Failed to parse Content-Range header: {text}")
    return int(match[1]), total


def _parts(seen: Seen) -> tuple[dict[str, Any], Content]:
    """Return the two parts of a body; lines may end with LF alone, as those of Google's own client do."""
    boundary = re.fullmatch(r'multipart/related;\s*boundary="?([^"]+?)"?', seen.headers.get("Content-Type", ""))
    line = b"--" + boundary[1].encode() if boundary else b""
    if not line or not seen.body.startswith(line):
        raise _bad("Missing multipart boundary")
    end = b"\r\n" if seen.body.startswith(line + b"\r\n") else b"\n"
    pieces = (end + seen.body).split(end + line)
    if len(pieces) != 4 or pieces[0] or pieces[3].strip() != b"--":
        raise _bad("Malformed multipart body.")
    (first, metadata), (second, data) = (_part(piece.removeprefix(end), end) for piece in pieces[1:3])
    if not str(first.get("Content-Type", "")).startswith("application/json"):
        raise _bad("The first part must be application/json.")
    return json_of(metadata), Content.of(data, second.get("Content-Type"))


def _part(piece: bytes, end: bytes) -> tuple[Any, bytes]:
    head, parted, body = piece.partition(end + end)
    if not parted:
        raise _bad("Malformed multipart body.")
    headers = BytesHeaderParser().parsebytes(head)
    try:
        is_coded = headers.get("Content-Transfer-Encoding") == "base64"
        return headers, base64.b64decode(body, validate=True) if is_coded else body
    except binascii.Error:
        raise _bad("Malformed multipart body.") from None


def _bad(message: str) -> Refusal:
    return Refusal(400, "badContent", message)
