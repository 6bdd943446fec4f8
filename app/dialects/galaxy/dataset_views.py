"""What the routes of datasets share, whether they are found by their history or by themselves."""

from collections.abc import Sequence

from flask import Response, jsonify, request

from app.copies.contract import CopyKind, CopyQuery
from app.dialects.galaxy.filters import fields_of
from app.dialects.galaxy.refusals import changing
from app.dialects.galaxy.translate_datasets import SUMMARY, DatasetChanges, dataset_document
from app.dialects.galaxy.wire import selected
from app.library.contract import Item
from app.web.callers import current_caller, required_caller
from app.web.services import current_services

MODEL = "HistoryDatasetAssociation"


def datasets_listed(found: Sequence[Item]) -> Response:
    """Answer with a list of datasets, with the fields that the request asks for."""
    names = fields_of(request.args, SUMMARY, detailed=request.args.get("details") == "all")
    return jsonify([selected(dataset_document(item), names) for item in found])


def dataset_shown(item: Item) -> Response:
    """Answer with one dataset, with the fields that the request asks for."""
    names = fields_of(request.args, SUMMARY, detailed=True)
    return jsonify(selected(dataset_document(item, _creating_job(item)), names))


def changed_dataset(number: int, given: DatasetChanges) -> Response:
    """Change a dataset, perhaps so that its file is gone, and answer with it."""
    with changing(MODEL):
        changed = current_services().library.change_item(required_caller(), number, given.changes())
    return deleted_dataset(number, purge=True) if given.purged else dataset_shown(changed)


def deleted_dataset(number: int, *, purge: bool) -> Response:
    """Delete a dataset and answer with it."""
    with changing(MODEL):
        return dataset_shown(current_services().library.delete_item(required_caller(), number, purge=purge))


def _creating_job(item: Item) -> int | None:
    """Return the number of the copy that brings or brought an item's file, where its caller may see that one."""
    caller = current_caller()
    if caller is None:
        return None
    wanted = CopyQuery(kinds=(CopyKind.GET, CopyKind.IMPORT), item_number=item.number, limit=1)
    found = current_services().copies.find(caller, wanted)
    return found[0].number if found else None
