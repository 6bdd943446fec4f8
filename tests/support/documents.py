"""Every parameter that the OpenAPI documents of an application tell of, so that a test cannot forget a new one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

_DEEP = 5
_SCHEMAS = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    Attributes:
        dialect: the name of its document.
        path: as the document writes it.
        place: ``path``, ``query``, ``header`` or ``body``.
        name: of a body's with the way to it: ``files[].id``.
        kind: the type that the document says; empty: it says none.
    """

    dialect: str
    method: str
    path: str
    place: str
    name: str
    kind: str

    @property
    def last(self) -> str:
        """The end of its name."""
        return self.name.rpartition(".")[2]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.place}:{self.name}"


def document_parameters(app: Flask) -> list[Parameter]:
    """Return all of them."""
    client = app.test_client(use_cookies=False)
    rules = sorted(rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/openapi/"))
    found: list[Parameter] = []
    for path in rules:
        document: Any = client.get(path, base_url="http://localhost").json
        found += _parameters(path.removeprefix("/openapi/").removesuffix(".json"), document)
    return found


def _parameters(dialect: str, document: Mapping[str, Any]) -> Iterator[Parameter]:
    for path, operations in document["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method != "parameters":
                for place, name, kind in _of_operation(document, shared, operation):
                    yield Parameter(dialect, method.upper(), path, place, name, kind)


def _of_operation(document: Any, shared: list[Any], operation: Any) -> Iterator[tuple[str, str, str]]:
    for each in shared + operation.get("parameters", []):
        found = _resolved(document, each)
        yield found["in"], found["name"], _resolved(document, found.get("schema", {})).get("type", "")
    body = _resolved(document, operation.get("requestBody", {}))
    for content in body.get("content", {}).values():
        for name, kind in _fields(document, content.get("schema", {}), "", 0):
            yield "body", name, kind


def _fields(document: Any, schema: Any, above: str, depth: int) -> Iterator[tuple[str, str]]:
    schema = _resolved(document, schema)
    if depth > _DEEP:
        return
    for word in _SCHEMAS:
        for part in schema.get(word, []):
            yield from _fields(document, part, above, depth + 1)
    if "items" in schema:
        yield from _fields(document, schema["items"], f"{above}[]" if above else "", depth + 1)
    for name, field in schema.get("properties", {}).items():
        own = f"{above}.{name}" if above else name
        yield own, _resolved(document, field).get("type", "")
        yield from _fields(document, field, own, depth + 1)


def _resolved(document: Any, schema: Any) -> Any:
    while "$ref" in schema:
        found = document
        for part in schema["$ref"].split("/")[1:]:
            found = found[part]
        schema = found
    return schema
