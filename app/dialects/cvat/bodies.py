"""Reads a request's body: a JSON document, or the fields and files of a multipart form."""

import re
from typing import Any, NoReturn

from flask import Request

from app.dialects.cvat.fields import Upload, shown
from app.web.json_reading import read_json

_ITEM = re.compile(r"manifests\[([0-9]{1,6})\]", re.ASCII)


class Unreadable(ValueError):
    """A body that is none; the text is what Django REST framework says."""


class Unsupported(Unreadable):
    """A body of a media type that nobody reads here."""


def read_body(request: Request) -> Any:
    """Return what a body holds; one without a byte holds no fields.

    Raises:
        Unreadable: it is not what its media type says.
    """
    if request.mimetype == "multipart/form-data":
        return _form(request)
    content = request.get_data()
    if not content:
        return {}
    if request.mimetype != "application/json":
        raise Unsupported(f'Unsupported media type "{shown(request.headers.get("Content-Type", ""))}" in request.')
    return _document(content)


def _document(content: bytes) -> Any:
    try:
        return read_json(content.decode(), parse_constant=_refuse_constant)
    except ValueError as error:
        raise Unreadable(f"JSON parse error - {error}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")


def _form(request: Request) -> dict[str, Any]:
    """Return the fields of a form; a list comes as one field for each item.

    They are called ``manifests[0]`` and so on, as the SDK has it, or all of them ``manifests``, as OpenAPI has it.
    """
    if not request.mimetype_params.get("boundary"):
        raise Unreadable("Multipart form parse error - Invalid boundary in multipart: None")
    fields: dict[str, Any] = {name: values[-1] for name, values in request.form.lists()}
    if fields.get("key_file") == "":  # how a browser's form says that no file was chosen
        del fields["key_file"]
    fields |= {name: Upload(files[-1].read()) for name, files in request.files.lists()}
    items = {int(found[1]): value for name, value in fields.items() if (found := _ITEM.fullmatch(name))}
    listed = [items[place] for place in sorted(items)] or [text for text in request.form.getlist("manifests") if text]
    fields.pop("manifests", None)
    return fields | ({"manifests": listed} if listed else {})
