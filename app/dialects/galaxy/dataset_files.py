"""Sends the file of a dataset, whole or in part, so that no browser takes what somebody stored for a page of ours."""

import string
from contextlib import ExitStack

from flask import Response, request

from app.dialects.galaxy.refusals import looking_at
from app.library.contract import Item, OpenedItem
from app.web.callers import current_caller
from app.web.downloads import answer_with_file, download_place
from app.web.services import current_services

MODEL = "HistoryDatasetAssociation"

SHOWN_TYPES = frozenset(
    ("bed", "csv", "fasta", "fastq", "fastqsanger", "gff", "gff3", "gtf", "html", "interval", "json", "sam", "tabular",
     "tsv", "txt", "vcf", "wig", "xml", "yaml")
)  # fmt: skip
"""Files of these types are text, and shown as that: HTML is its source."""

_NAME_CHARACTERS = frozenset(".,^_-()[]" + string.digits + string.ascii_letters)
_NAME_MAX = 150


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
    name = file_name(item, saved or item.file_type)
    content_type = "text/plain; charset=utf-8" if shown else "application/octet-stream"
    return answer_with_file(opened, content_type, f'{"inline" if shown else "attachment"}; filename="{name}"')
