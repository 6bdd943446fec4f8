"""The annotations of one part of a dataset: what all its files say, as one answer."""

from collections.abc import Iterator
from pathlib import Path

from app.datasets.contract import Annotations, Form, Part
from app.datasets.documents import MAX_BYTES, Document, document_of
from app.datasets.fields import Unfit
from app.datasets.merging import merged
from app.datasets.placing import ANNOTATIONS, is_litter, message_at, place_of
from app.errors import FileError, InvalidInput
from app.storages.base import Entry, Storage
from app.storages.registry import open_storage

MAX_ANSWER_BYTES = 2 * MAX_BYTES
"""How many bytes of files may go into one answer."""


def annotations_of(folder: Path, dataset: str, part: Part, form: Form, limit: int | None) -> Annotations:
    """Return the annotations of one form, of all files of the part, in the order of the files' names.

    Files that cannot be used are left out; `problems_of` tells of them.

    Args:
        folder: the mirror, which must be there.
        dataset: the dataset's folder in it; empty: the mirror itself.
        part: which part.
        form: which form; files of another are passed over.
        limit: how many labels or images are given; None: all.

    Raises:
        InvalidInput: there is more than one answer may hold.
        SourceUnreadable: a folder of the mirror cannot be read.
    """
    together = merged(form, limit)
    size = 0
    storage = open_storage("local", root=folder, confine=folder)
    for entry in _files(storage, dataset, part):
        document = _usable(storage, entry)
        if document is None or document.form is not form:
            continue
        counts, kept = limit is None or together.quantity < limit, together.kept
        together.add(document.content)
        if counts or together.kept > kept:
            size += entry.size
            _require_answerable(size)
    return Annotations(form, together.quantity, together.content)


def read_document(storage: Storage, entry: Entry) -> Document:
    """Return what one file says.

    Raises:
        Unfit: it is too large, or as `document_of`.
        FileMissing: it went away since it was listed.
        FileError: it cannot be read, or changed meanwhile.
    """
    with storage.read(entry.key) as content:
        if content.size > MAX_BYTES:
            raise Unfit(f"The file is too large: {content.size} bytes, and {MAX_BYTES} can be read. Split it up.")
        data = content.read()
        content.verify()
    return document_of(data)


def _files(storage: Storage, dataset: str, part: Part) -> Iterator[Entry]:
    prefix = f"{dataset}/{ANNOTATIONS}/{part}/" if dataset else f"{ANNOTATIONS}/{part}/"
    for listed in storage.list(prefix):
        if isinstance(listed, Entry) and _is_read(listed):
            yield listed


def _is_read(entry: Entry) -> bool:
    return not is_litter(entry.key) and not message_at(place_of(entry.key), entry.size)


def _usable(storage: Storage, entry: Entry) -> Document | None:
    try:
        return read_document(storage, entry)
    except (Unfit, FileError):
        return None


def _require_answerable(size: int) -> None:
    if size > MAX_ANSWER_BYTES:
        raise InvalidInput(
            "limit",
            f"The files of these annotations are more than the {MAX_ANSWER_BYTES} bytes that fit one answer. "
            "Ask for fewer with limit.",
        )
