"""Reads the JSON bodies of the Aionvision dialect, strictly enough that nothing behind it meets what is no text."""

import json
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request

from app.dialects.aion.errors import refuse_invalid
from app.dialects.aion.faults import fault
from app.web.json_reading import read_json
from app.web.parameters import Parser

_NO_OBJECT = "Input should be a valid dictionary"


class DocumentParser(Parser):
    """Reads a JSON object; an optional field that is null counts as left out, and no body as an empty object."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the document in the body; answers 422 to what is no JSON object."""
        content = req.get_data(cache=True)
        document = _document(req, content) if content else {}
        if not isinstance(document, dict):
            refuse_invalid(fault(("body",), _NO_OBJECT, "model_attributes_type"))
        return {name: value for name, value in document.items() if value is not None or _is_required(schema, name)}


def _is_required(schema: ma.Schema, name: str) -> bool:
    return name in schema.fields and schema.fields[name].required


def _document(req: Request, content: bytes) -> Any:
    if not req.is_json:
        refuse_invalid(fault(("body",), "Send JSON, with the header Content-Type: application/json.", "json_type"))
    try:
        document = read_json(content, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()
    except ValueError:  # also NaN, and half a character
        refuse_invalid(fault(("body",), "JSON decode error", "json_invalid"))
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
