"""Reads JSON bodies, and says what is wrong with one in the words of Galaxy 24.1: pydantic's and FastAPI's."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NoReturn, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, ValidationError, WithJsonSchema

from app.dialects.galaxy.errors import INVALID, MALFORMED_ID, MISSING, refuse
from app.dialects.galaxy.ids import MalformedId
from app.dialects.galaxy.wire import ids
from app.web.json_reading import read_json

Model = TypeVar("Model", bound=BaseModel)

ERRORS_MAX = 20
"""So many faults of one body are told."""

_SHOWN_MAX = 200
_HEXADECIMAL = frozenset("0123456789abcdef")


def read_body(model: type[Model]) -> Model:
    """Return this request's JSON body as a ``model``; what the model does not know is ignored.

    Answers 400 to what is none: with code 400007 where something is missing, else 400008, and with all that is wrong in
    ``err_msg``, a line each, and ``validation_errors``. An id in it that cannot be deciphered gets 400009.
    """
    content = request.get_data()
    if not content:
        _refuse([_fault("missing", "Field required", ("body",), None)])
    try:
        return model.model_validate(_document(content), from_attributes=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        _refuse([_fault(each["type"], each["msg"], ("body", *each["loc"]), each["input"]) for each in found])


def read_optional_body(model: type[Model]) -> Model:
    """Return this request's JSON body as `read_body` does; no body is an empty one."""
    return read_body(model) if request.get_data() else model()


def decoded(text: str, name: str) -> int:
    """Return the number of an id in an address; answers 400 to what is none.

    Args:
        text: the id.
        name: of what it is the id, as people call it.
    """
    try:
        return ids().decode(text)
    except MalformedId:
        refuse(400, MALFORMED_ID, f"Malformed {name} id ( {text[:_SHOWN_MAX]} ) specified, unable to decode")


def _of_field(value: Any) -> int:
    """Return the number of an id in a body; the words of what is wrong are those of Galaxy 24.1, to the letter."""
    if not isinstance(value, str):
        raise AssertionError  # noqa: TRY004  # pydantic's "Assertion failed,  in ..."
    if len(value) % 16:
        raise ValueError("Invalid id length, must be multiple of 16")
    if not value or not _HEXADECIMAL.issuperset(value.lower()):
        raise ValueError("Invalid characters in encoded ID")
    try:
        return ids().decode(value)
    except MalformedId:
        refuse(400, MALFORMED_ID, f"Wrong  id ( {value[:_SHOWN_MAX]} ) specified, unable to decode.")


EncodedId = Annotated[
    int,
    BeforeValidator(_of_field),
    WithJsonSchema({"type": "string", "pattern": "^(?:[0-9a-fA-F]{16})+$", "example": "f2db41e1fa331b3e"}),
]
"""A field that holds an id; the model has its number."""


def _document(content: bytes) -> Any:
    """Return the document in a body; as FastAPI has it, a body of another type than JSON is its bytes."""
    if request.mimetype and not request.is_json:
        return content
    try:
        document = read_json(content, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        _refuse([_fault("json_invalid", "JSON decode error", ("body", error.pos), {})])
    except ValueError:  # NaN, or half a character
        _refuse([_fault("json_invalid", "JSON decode error", ("body", 0), {})])
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _fault(kind: str, sentence: str, place: Sequence[int | str], given: Any) -> dict[str, Any]:
    return {"type": kind, "loc": place, "msg": sentence, "input": _short(given)}


def _short(given: Any) -> Any:
    """Return what was given unless it is long: each of many faults may quote all of a large body."""
    text = given.decode(errors="replace") if isinstance(given, bytes) else json.dumps(given)
    if len(text) > _SHOWN_MAX:
        return text[:_SHOWN_MAX] + "..."
    return text if isinstance(given, bytes) else given


def _refuse(faults: Sequence[Mapping[str, Any]]) -> NoReturn:
    shown = faults[:ERRORS_MAX]
    missing = any(fault["type"] == "missing" for fault in faults)
    refuse(
        400,
        MISSING if missing else INVALID,
        "\n".join(f"{fault['msg']} in {tuple(fault['loc'])}" for fault in shown),
        validation_errors=[json.dumps(fault) for fault in shown],
    )
