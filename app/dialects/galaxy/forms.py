"""Reads the bodies that bring files: JSON, or a form whose files go to the disk as they come."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NoReturn

from flask import abort, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from app.accounts.caller import Caller
from app.dialects.galaxy.errors import BAD_JSON, INVALID, UNKNOWN, error_answer, refuse
from app.errors import NotFound, TooBusy
from app.library.contract import Upload
from app.library.uploads import UploadService
from app.web.bodies import BodyBroken, LargeBody, large_body
from app.web.json_reading import read_json

TEXT_MAX = 16 * 1024 * 1024
"""Bytes of a JSON body, or of all that is no file in a form."""

PARTS_MAX = 1000

NOT_JSON = "Your request did not appear to be valid JSON, please consult the API documentation."


@dataclass
class Received:
    """A body that has been read.

    Attributes:
        fields: the JSON object, or the fields of the form that are no files.
        files: the files, by the name of their field, each with its own name.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


class Spool:
    """Keeps what comes with one request as uploads of the caller, until it is known whether all of it is wanted.

    Args:
        uploads: where they are kept.
        caller: whose they are.
    """

    def __init__(self, uploads: UploadService, caller: Caller) -> None:
        self._uploads, self._caller = uploads, caller
        self._kept: list[Upload] = []
        self._coming: _Part | None = None

    def text(self, text: str, name: str) -> Upload:
        """Keep a text that came as such."""
        with self._uploads.incoming(self._caller, name) as incoming:
            incoming.write(text.encode("utf-8", "replace"))
        self._kept.append(incoming.upload)
        return incoming.upload

    def part(self, filename: str | None) -> "_Part":
        """Return what a form's parser writes one file to."""
        self._coming = _Part(self._uploads, self._caller, PurePosixPath(filename or "").name, self._kept)
        return self._coming

    def discard(self) -> None:
        """Remove all that was kept, and what is still coming."""
        if self._coming is not None:
            self._coming.abandon()
        for upload in self._kept:
            with suppress(NotFound):
                self._uploads.remove(self._caller, upload.id)


class _Part:
    """One file of a form while it comes, in as much of the form of a file as the parser wants.

    Attributes:
        upload: what has become of it, once it is whole.
    """

    upload: Upload

    def __init__(self, uploads: UploadService, caller: Caller, name: str, kept: list[Upload]) -> None:
        self._coming = uploads.incoming(caller, name)
        self._incoming = self._coming.__enter__()
        self._kept = kept

    def write(self, data: bytes) -> int:
        return self._incoming.write(data)

    def seek(self, _offset: int) -> None:
        """Keep the file: the parser does this at its end, so that somebody could read.

        Kept at once, it counts against the quota before the next one comes, and a form has one file open and not
        a thousand.
        """
        self._coming.__exit__(None, None, None)
        self.upload = self._incoming.upload
        self._kept.append(self.upload)

    def abandon(self) -> None:
        """Remove what has come, unless it was kept."""
        given_up = BodyBroken()
        with suppress(BodyBroken):
            self._coming.__exit__(BodyBroken, given_up, None)


@contextmanager
def received(uploads: UploadService, caller: Caller) -> Iterator[tuple[Received, Spool]]:
    """Read the body of this request. When the block raises, none of its files stays.

    Answers 400 to what cannot be read, 413 to too much text, and 503 while too many large bodies are being read.
    """
    spool = Spool(uploads, caller)
    try:
        yield _read(spool), spool
    except BaseException:
        spool.discard()
        raise


def _read(spool: Spool) -> Received:
    try:
        with large_body() as body:
            if request.mimetype == "multipart/form-data":
                return _form(body, spool)
            return Received(document(_text(body)))
    except BodyBroken:
        refuse(400, UNKNOWN, "The body broke off.")
    except TooBusy as error:
        _refuse_for_now(error)


def document(text: bytes | str, what: str = "") -> dict[str, Any]:
    """Return a JSON object; answers 400 to what is none.

    Args:
        text: the object.
        what: the name of the field that it is the value of.
    """
    try:
        found = read_json(text, parse_constant=_refuse_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except ValueError:  # also NaN, and half a character
        refuse(400, BAD_JSON, f"{what} is no JSON." if what else NOT_JSON)
    if not isinstance(found, dict):
        kind = type(found)
        refuse(400, INVALID, f"{what or 'The body'} must be an object, but is of type {kind.__name__}.")
    return found


def _text(body: LargeBody) -> bytes:
    if body.size is not None and body.size > TEXT_MAX:
        raise RequestEntityTooLarge
    found = bytearray()
    while piece := body.read(TEXT_MAX):
        found += piece
        if len(found) > TEXT_MAX:
            raise RequestEntityTooLarge
    return bytes(found)


def _form(body: LargeBody, spool: Spool) -> Received:
    parser = FormDataParser(
        lambda total_content_length, content_type, filename, content_length=None: spool.part(filename),  # type: ignore[arg-type]  # noqa: ARG005
        max_form_memory_size=TEXT_MAX,
        silent=False,
        max_form_parts=PARTS_MAX,
    )
    try:
        _, fields, files = parser.parse(body, request.mimetype, body.size, request.mimetype_params)  # type: ignore[arg-type]
    except ValueError:
        refuse(400, INVALID, "The form cannot be read: it is no multipart/form-data with the boundary that it names.")
    if body.is_broken:
        raise BodyBroken
    found: dict[str, Upload] = {}
    for name, file in files.items(multi=True):
        if name in found:
            refuse(400, INVALID, f"There is more than one file {name}.")
        found[name] = file.stream.upload  # type: ignore[attr-defined]  # what the lambda above made
    return Received(dict(fields.items()), found)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_for_now(error: TooBusy) -> NoReturn:
    said = error_answer(503, UNKNOWN, str(error))
    said.headers["Retry-After"] = str(error.retry_after)
    abort(said)
