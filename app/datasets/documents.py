"""One file of annotations: from its bytes to a document of one of the three forms. Pure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Never

from app.datasets.coco import coco
from app.datasets.contract import Form
from app.datasets.fields import Unfit
from app.datasets.lists import labels, segmented_images

MAX_BYTES = 32 * 1024 * 1024
"""The largest file that is read: parsed, it takes about ten times as much memory at worst."""

MAX_CONTAINERS = 1_000_000
"""How many lists and objects one file may hold: empty ones would take thirty times as much memory as the file."""

_NONE_OF_THE_FORMS = (
    "It is none of the three forms. Use a COCO document (an object with images, annotations and categories), a list of "
    "labels ({img_external_id, img_label}), or a list of masks ({image_id, masks})."
)
_IMAGE_FIELD = {
    Form.DETECTION: "file_name",
    Form.CLASSIFICATION: "img_external_id",
    Form.SEGMENTATION: "image_id",
}


@dataclass(frozen=True, slots=True)
class Document:
    """What one file says.

    Attributes:
        form: None: it is an empty list, which says nothing in either form.
        content: a COCO document, or a list; as ``docs/datasets.md`` shows, and nothing that is not told there.
    """

    form: Form | None
    content: Any

    @property
    def records(self) -> Sequence[dict[str, Any]]:
        """One record for each image that it tells of; of an image with several labels, several."""
        found: Sequence[dict[str, Any]] = self.content["images"] if self.form is Form.DETECTION else self.content
        return found

    def images(self) -> set[str]:
        """Return the names, or ids, of the images that it tells of."""
        if self.form is None:
            return set()
        return {record[_IMAGE_FIELD[self.form]] for record in self.records}


def document_of(data: bytes) -> Document:
    """Return the document that a file holds.

    Raises:
        Unfit: it is too much, not UTF-8, no JSON, nested too deeply, or of none of the three forms.
    """
    if data.count(b"[") + data.count(b"{") > MAX_CONTAINERS:
        raise Unfit(f"It holds more than {MAX_CONTAINERS} lists and objects. Split it up.")
    found = _parsed(_decoded(data))
    if isinstance(found, dict) and "images" in found and "annotations" in found:
        return Document(Form.DETECTION, coco(found))
    if not isinstance(found, list):
        raise Unfit(_NONE_OF_THE_FORMS)
    if not found:
        return Document(None, found)
    form, read = _list_form(found[0])
    return Document(form, read(found))


def _list_form(first: Any) -> tuple[Form, Callable[[Sequence[Any]], list[dict[str, Any]]]]:
    if isinstance(first, dict) and "img_external_id" in first:
        return Form.CLASSIFICATION, labels
    if isinstance(first, dict) and "image_id" in first:
        return Form.SEGMENTATION, segmented_images
    raise Unfit(_NONE_OF_THE_FORMS)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")  # editors on Windows write the mark, and it harms nobody
    except UnicodeDecodeError as error:
        raise Unfit(f"It is not UTF-8 at byte {error.start + 1}. Save it as UTF-8.") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise Unfit(f"It is no JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise Unfit("It is nested too deeply. None of the three forms needs more than a few levels.") from None
    except Unfit:
        raise
    except ValueError:
        raise Unfit("It holds a number with too many digits.") from None


def _refuse(constant: str) -> Never:
    raise Unfit(f"It is no JSON: {constant} is no number of JSON.")
