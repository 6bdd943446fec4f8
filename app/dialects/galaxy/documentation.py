"""How the OpenAPI document tells of bodies and query strings; pydantic's schemas are newer than OpenAPI 3.0 takes."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """Return how the document says that a route takes a JSON body of this model."""
    schema = model.model_json_schema()
    return {
        "required": required,
        "content": {"application/json": {"schema": _older(schema, schema.get("$defs", {}))}},
    }


def query(name: str, description: str, kind: str = "string") -> dict[str, Any]:
    """Return how the document says that a route takes this in its query string."""
    return {"in": "query", "name": name, "description": description, "schema": {"type": kind}}


def _older(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema in which other ones stand where they are used, and null is ``nullable``."""
    if isinstance(schema, list):
        return [_older(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], **_without(schema, "$ref")}
    found = {name: _older(value, definitions) for name, value in schema.items() if name != "$defs"}
    options = found.get("anyOf", [])
    left = [option for option in options if option.get("type") != "null"]
    if len(left) == len(options):
        return found
    return {"nullable": True, **_without(found, "anyOf"), **(left[0] if len(left) == 1 else {"anyOf": left})}


def _without(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in schema.items() if each != name}
