"""The detection form: COCO documents, with just the fields that the real client's model has, all of them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.datasets.fields import Record, Unfit, are_numbers, shown

BOX_NUMBERS = 4


def coco(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with the documented fields only; texts and numbers that a reader can miss are "" and 0.

    Ids are unique in each list of the result, and each annotation names an image and a category that are there.

    Raises:
        Unfit: it is no COCO document of detections.
    """
    document = Record(found, "The document")
    images = [_image(Record(item, where)) for item, where in _numbered(document, "images")]
    categories = [_category(Record(item, where)) for item, where in _numbered(document, "categories")]
    annotations = [_annotation(item, where) for item, where in _numbered(document, "annotations")]
    licenses = [_license(Record(item, where)) for item, where in _numbered(document, "licenses", optional=True)]
    _require_unique("licenses", licenses, "id")
    _require_own(images, "images", "file_name", annotations, "image_id")
    _require_own(categories, "categories", "name", annotations, "category_id")
    _require_unique("annotations", annotations, "id")
    return {
        "annotations": annotations,
        "images": images,
        "categories": categories,
        "info": info(found.get("info") or {}),
        "licenses": licenses,
    }


def info(found: Any) -> dict[str, Any]:
    """Return what a document says of itself."""
    record = Record(found, "info")
    return {
        "description": record.text("description", ""),
        "url": record.text("url", ""),
        "version": record.text("version", ""),
        "year": record.whole("year", 0),
        "contributor": record.text("contributor", ""),
        "date_created": record.text("date_created", ""),
    }


def _numbered(document: Record, name: str, optional: bool = False) -> list[tuple[Any, str]]:
    return [(item, f"{name}, item {number}") for number, item in enumerate(document.items(name, optional), start=1)]


def _image(record: Record) -> dict[str, Any]:
    return {
        "license": record.whole("license", 0),
        "file_name": record.text("file_name"),
        "coco_url": record.text("coco_url", ""),
        "height": record.whole("height", 0),
        "width": record.whole("width", 0),
        "date_captured": record.text("date_captured", ""),
        "flickr_url": record.text("flickr_url", ""),
        "id": record.whole("id"),
    }


def _category(record: Record) -> dict[str, Any]:
    return {"supercategory": record.text("supercategory", ""), "id": record.whole("id"), "name": record.text("name")}


def _license(record: Record) -> dict[str, Any]:
    return {"url": record.text("url", ""), "id": record.whole("id"), "name": record.text("name", "")}


def _annotation(found: Any, where: str) -> dict[str, Any]:
    record = Record(found, where)
    box = record.numbers("bbox")
    if len(box) != BOX_NUMBERS:
        raise Unfit(f"{where}: bbox must be the four numbers x, y, width and height.")
    area = record.number("area", box[2] * box[3])
    if not are_numbers((area,)):
        raise Unfit(f"{where}: bbox is too large to have an area.")
    return {
        "segmentation": _polygons(found.get("segmentation"), where),
        "area": area,
        "iscrowd": record.whole("iscrowd", 0),
        "image_id": record.whole("image_id"),
        "bbox": box,
        "category_id": record.whole("category_id"),
        "id": record.whole("id"),
    }


def _polygons(found: Any, where: str) -> list[list[float]]:
    if found is None or isinstance(found, dict):
        return []  # a run-length mask of a crowd; the client's model takes lists only, and the box is still told
    if isinstance(found, list) and all(isinstance(polygon, list) and are_numbers(polygon) for polygon in found):
        return found
    raise Unfit(f"{where}: segmentation must be a list of polygons, each a list of numbers.")


def _require_own(
    records: Sequence[Mapping[str, Any]], what: str, name: str, annotations: Sequence[Mapping[str, Any]], pointer: str
) -> None:
    """Raise unless the records have ids and names of their own, and every annotation points to one of them."""
    _require_unique(what, records, "id")
    _require_unique(what, records, name)
    known = {record["id"] for record in records}
    for annotation in annotations:
        if annotation[pointer] not in known:
            raise Unfit(
                f"Annotation {annotation['id']} has the {pointer} {annotation[pointer]}, "
                f"which is the id of none of the {what}."
            )


def _require_unique(what: str, records: Sequence[Mapping[str, Any]], field: str) -> None:
    seen = set()
    for record in records:
        if record[field] in seen:
            raise Unfit(f"Two {what} have the {field} {shown(str(record[field]))}; each needs its own.")
        seen.add(record[field])
