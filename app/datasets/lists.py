"""The two forms of annotations that are lists: labels of images, and masks of images. Pure."""

from collections.abc import Sequence
from typing import Any

from app.datasets.fields import Record, Unfit


def labels(found: Sequence[Any]) -> list[dict[str, Any]]:
    """Return labels with the documented fields only: ``{img_external_id, img_label}``.

    Raises:
        Unfit: an item is no label.
    """
    return [_label(Record(item, f"Item {number}")) for number, item in enumerate(found, start=1)]


def segmented_images(found: Sequence[Any]) -> list[dict[str, Any]]:
    """Return images and their masks with the documented fields only: ``{image_id, masks: [{label, mask}]}``.

    Raises:
        Unfit: an item is no such image, or a mask no list of x, y pairs.
    """
    return [_segmented(item, f"Item {number}") for number, item in enumerate(found, start=1)]


def _label(item: Record) -> dict[str, Any]:
    return {"img_external_id": item.text("img_external_id"), "img_label": item.whole("img_label")}


def _segmented(found: Any, where: str) -> dict[str, Any]:
    item = Record(found, where)
    image = item.text("image_id")
    if found.get("masks") is None:
        return {"image_id": image, "masks": None}
    return {
        "image_id": image,
        "masks": [_mask(mask, f"{where}, mask {n}") for n, mask in enumerate(item.items("masks"), 1)],
    }


def _mask(found: Any, where: str) -> dict[str, Any]:
    record = Record(found, where)
    mask = record.numbers("mask")
    if len(mask) % 2:
        raise Unfit(f"{where}: mask must hold pairs of x and y, and holds {len(mask)} numbers.")
    return {"label": record.whole("label"), "mask": mask}
