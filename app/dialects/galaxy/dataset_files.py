"""Sends the file of a dataset, whole or in part, so that no browser takes what somebody stored for a page of ours."""

import string
from contextlib import ExitStack

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from app.dialects.galaxy.refusals import looking_at
from app.library.contract import Item, OpenedItem
from app.web.callers import current_caller
from app.web.downloads import download_place
from app.web.services import current_services

MODEL = "HistoryDatasetAssociation"

SHOWN_TYPES = frozenset(
    ("bed", "csv", "fasta", "fastq", "fastqsanger", "gff", "gff3", "gtf", "html", "interval", "json", "sam", "tabular",
     "tsv", "txt", "vcf", "wig", "xml", "yaml")
)  # fmt: skip
"""Files of these types are text, and shown as that: HTML is its source."""

_NAME_CHARACTERS = frozenset(".,^_-()[]" + string.digits + string.ascii_letters)
_NAME_MAX = 150
_PIECE = 256 * 1024
_NO_PAGE = "sandbox; default-src 'none'"


def file_answer(number: int) -> Response:
    """Answer with the file of the dataset of this number, and with a part of it where the request asks for one.

    Its etag is the SHA-256 of the file, so that an interrupted download goes on where it was, or begins anew.

    Raises:
        NotReady: it has no file.
        TooBusy: as many files as can be are being sent.
    """
    caller = current_caller()
    with ExitStack() as taken:
        taken.callback(download_place(caller))
        with looking_at(MODEL):
            opened: OpenedItem = current_services().library.opened(caller, number)
        taken.callback(opened.file.close)
        answer = _sent(opened)
        answer.call_on_close(taken.pop_all().close)
        return answer


def file_name(item: Item, extension: str) -> str:
    """Return under which name a dataset's file is saved, as Galaxy has it."""
    name = "".join(each if each in _NAME_CHARACTERS else "_" for each in item.name)[:_NAME_MAX]
    end = "".join(each for each in extension if each in _NAME_CHARACTERS)[:_NAME_MAX] or "data"
    return f"Galaxy{item.position}-[{name}].{end}"


def _sent(opened: OpenedItem) -> Response:
    item, saved = opened.item, request.args.get("to_ext") or ""
    shown = not saved and item.file_type in SHOWN_TYPES
    answer = Response(
        FileWrapper(opened.file, _PIECE),
        content_type="text/plain; charset=utf-8" if shown else "application/octet-stream",
    )
    answer.content_length = item.size
    answer.set_etag(item.sha256 or item.id)
    answer.headers["Content-Security-Policy"] = _NO_PAGE
    answer.headers["Content-Disposition"] = (
        f'{"inline" if shown else "attachment"}; filename="{file_name(item, saved or item.file_type)}"'
    )
    # Several parts, or what cannot be read as one, get the whole file, as RFC 9110 allows; werkzeug would refuse them.
    in_part = request.range is not None and request.range.units == "bytes" and len(request.range.ranges) == 1
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=item.size if in_part else None)
    return answer
