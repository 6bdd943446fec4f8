"""Turns images of the library into the documents of the vendor's Files API, as far as they are known here. Pure."""

from collections.abc import Mapping
from typing import Any

from app.dialects.aion.translate import iso_time
from app.library.contract import Item, ItemState

STATUSES: Mapping[ItemState, str] = {
    ItemState.WAITING: "pending",
    ItemState.ARRIVING: "in_progress",
    ItemState.READY: "completed",
    ItemState.FAILED: "failed",
    ItemState.DISCARDED: "cancelled",
}
"""How far the file of an image is."""

_SAFE_TYPES = frozenset(f"image/{kind}" for kind in ("bmp", "gif", "jpeg", "png", "tiff", "webp"))


def image_document(item: Item, download_url: str) -> dict[str, Any]:
    """Return what is known of an image.

    Args:
        item: it.
        download_url: where its file is had.
    """
    about, ready = item.attributes, item.state is ItemState.READY
    return {
        "id": item.id,
        "title": item.name,
        "filename": item.name,
        "status": STATUSES[item.state],
        "error": item.message or None if item.state is ItemState.FAILED else None,
        "tags": list(item.tags),
        "size_bytes": item.size,
        "dimensions": _dimensions(about),
        "format": _format(item),
        "media_type": "image" if _is_image(item) else "document",
        "mime_type": _text(about, "mime_type"),
        "upload_description": item.description,
        "description_status": _description_status(item),
        "created_at": iso_time(item.created_at),
        "updated_at": iso_time(item.updated_at),
        "content_created_at": _text(about, "taken_at"),
        "full_url": download_url if ready else None,
        "original_url": download_url if ready else None,
        "collection_id": _text(about, "collection_id"),
        "md5": item.md5,
        "sha256": item.sha256,
    }


def content_type(item: Item) -> str:
    """Return as what the file of an image is sent: no type that a browser would run anything of."""
    told = _text(item.attributes, "mime_type")
    return told if told in _SAFE_TYPES else "application/octet-stream"


def _text(attributes: Mapping[str, Any], name: str) -> str | None:
    found = attributes.get(name)
    return found if isinstance(found, str) else None


def _dimensions(attributes: Mapping[str, Any]) -> dict[str, int] | None:
    found = {name: attributes.get(name) for name in ("width", "height")}
    sizes = {name: size for name, size in found.items() if type(size) is int and size > 0}  # True is an int too
    return sizes if len(sizes) == len(found) else None


def _format(item: Item) -> str | None:
    told = _text(item.attributes, "format")
    return told.lower() if told else item.file_type if item.state is ItemState.READY else None


def _is_image(item: Item) -> bool:
    told = _text(item.attributes, "mime_type") or ""
    return told.startswith("image/") or _dimensions(item.attributes) is not None


def _description_status(item: Item) -> str:
    if item.description:
        return "completed"
    if item.attributes.get("describe_error"):
        return "failed"
    return "not_requested" if item.state.is_final else "pending"
