"""Reads a request's parameters from wherever a dialect allows them, without losing their order."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, TypeAlias
from urllib.parse import parse_qsl

import marshmallow as ma
from flask import Request, Response, abort, request
from flask.views import MethodView
from flask_smorest import Blueprint
from webargs import missing
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from app.web.answers import Error
from app.web.credentials import Place
from app.web.faults import first_faults, too_long
from app.web.json_reading import read_json

View: TypeAlias = Callable[[dict[str, Any]], Response]

BODY = "body"
"""The location of a POST's parameters: a JSON object or a form, together with the query string."""

ONLY_BODY = "only_body"
"""The same without the query string: for passwords, which do not belong into an address."""


FIRST = "asked_first"
"""What a view carries whose caller is looked at before its parameters are: a function that refuses him or returns."""


def query_keys() -> list[str]:
    """Return the keys in this request's query string: they say who is calling, and no view sees them."""
    return [value for name, value in _query(request) if name == Place.QUERY]


def ordered_parameters() -> list[tuple[str, Any]]:
    """Return this request's parameters as (name, value) in the order in which they were sent, lists taken apart.

    Werkzeug's own dictionaries group values by name, which loses the order of ``include`` among ``exclude``.
    """
    return _query_pairs(request) + (_body_pairs(request) if request.method == "POST" else [])


class Parser(FlaskParser):
    """webargs' parser with two more locations, and error messages that name the place a user knows."""

    __location_map__ = FlaskParser.__location_map__ | {BODY: "load_body", ONLY_BODY: "load_only_body"}
    # None: the schema says what an unknown name gets; webargs would ignore those in a query string.
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = dict.fromkeys(("query", BODY, ONLY_BODY))

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the document in the body."""
        document = super().load_json(req, schema)
        if long := too_long(document):
            raise ma.ValidationError({**long})
        return document

    def _raw_load_json(self, req: Request) -> Any:
        """Read JSON as all of this application does; webargs calls it."""
        content = req.get_data(cache=True) if req.is_json else b""
        return read_json(content) if content else missing

    def load_body(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Return the query string's and the body's parameters as one; a name may come from one of them only."""
        query, body = _query_pairs(req), _body_pairs(req)
        for name in {name for name, _ in query} & {name for name, _ in body}:
            raise ma.ValidationError({name: ["Given both in the query string and in the body."]})
        return _checked(query + body, schema)

    def load_only_body(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Return the body's parameters."""
        return _checked(_body_pairs(req), schema)

    def load_querystring(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Return the query string's parameters."""
        return _checked(_query_pairs(req), schema)

    def handle_error(self, error: ma.ValidationError, req: Request, schema: ma.Schema, **options: Any) -> NoReturn:
        """Answer 422, with the first of the messages under ``query``, ``json`` or ``form``."""
        messages = first_faults(error.messages)
        if isinstance(messages, Mapping):
            place = parameters_place(req)
            messages = {place if at in (BODY, ONLY_BODY) else at: found for at, found in messages.items()}
        error.messages = messages
        super().handle_error(error, req, schema, **options)


class ParameterBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A flask-smorest blueprint that knows `BODY` and `ONLY_BODY`, and documents them as a JSON body."""

    ARGUMENTS_PARSER = Parser()
    ERROR_SCHEMA: Any = Error
    ERROR_TYPE = "application/json"
    OTHER_ERRORS = True  # the document says that each route may answer other errors than those that it names
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING | dict.fromkeys(
        (BODY, ONLY_BODY), "application/json"
    )

    def alt_response(self, status_code: int, *positional: Any, **options: Any) -> Any:
        """Have the document say what else a route answers; an error has the form of the dialect unless it is said."""
        if status_code >= 400 and not positional:
            options.setdefault("schema", None if options.get("content_type") else self.ERROR_SCHEMA)
            options["content_type"] = options.get("content_type") or self.ERROR_TYPE
        return super().alt_response(status_code, *positional, **options)

    def arguments(self, *positional: Any, **options: Any) -> Any:
        """Parse a view's parameters, after it has been asked whether its caller may do what it does; see `FIRST`."""
        parse = super().arguments(*positional, **options)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            parsed: Callable[..., Any] = parse(view)
            ask = getattr(view, FIRST, None)
            return parsed if ask is None else _after(ask, parsed)

        return decorate

    def get_or_post(self, rule: str, parameters: type[ma.Schema]) -> Callable[[View], View]:
        """Route both GET with a query string and POST with a JSON object or a form to one view.

        The view takes the validated parameters; flask-smorest's decorators for its responses go below this one.
        """

        def register(view: View) -> View:
            methods = {
                "get": self.arguments(parameters, location="query")(_method(view)),
                "post": self.arguments(parameters, location=BODY, required=False)(_method(view)),
            }
            self.route(rule, endpoint=view.__name__)(type(view.__name__, (MethodView,), methods))
            return view

        return register


def _after(ask: Callable[[], None], view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def asked(*positional: Any, **named: Any) -> Any:
        ask()
        return view(*positional, **named)

    return asked


def _method(view: View) -> Callable[[MethodView, dict[str, Any]], Response]:
    @wraps(view)
    def method(_self: MethodView, parameters: dict[str, Any]) -> Response:
        return view(parameters)

    return method


def _checked(pairs: list[tuple[str, Any]], schema: ma.Schema) -> MultiDictProxy:
    """Refuse a name that came twice where one value is meant: to take either would be a guess."""
    values = MultiDict(pairs)
    if long := too_long(values.to_dict(flat=False)):
        raise ma.ValidationError({**long})
    for name, found in values.lists():
        if len(found) > 1 and not isinstance(schema.fields.get(name), ma.fields.List):
            raise ma.ValidationError({name: ["Given more than once."]})
    return MultiDictProxy(values, schema)


def parameters_place(req: Request) -> str:
    """Return where a user sees the parameters of this request: ``query``, ``json`` or ``form``."""
    if req.method not in ("POST", "PATCH") or (not req.get_data(cache=True) and not req.form):
        return "query"
    return "json" if req.is_json else "form"


def _query_pairs(req: Request) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in _query(req) if name != Place.QUERY]


def _query(req: Request) -> list[tuple[str, str]]:
    text = req.query_string.decode("latin-1")
    return [*parse_qsl(text, keep_blank_values=True, errors="werkzeug.url_quote")]


def _body_pairs(req: Request) -> list[tuple[str, Any]]:
    if req.is_json:
        return _json_pairs(req.get_json()) if req.get_data(cache=True) else []
    text = req.get_data(cache=True) if req.mimetype in ("", "application/x-www-form-urlencoded") else b""
    if text:
        return [*parse_qsl(text.decode("latin-1"), keep_blank_values=True, errors="werkzeug.url_quote")]
    if req.form:
        return [*req.form.items(multi=True)]
    if req.mimetype not in ("", "application/x-www-form-urlencoded", "multipart/form-data") and req.get_data():
        abort(415, description="Send parameters as a JSON object, as a form, or in the query string.")
    return []


def _json_pairs(document: object) -> list[tuple[str, Any]]:
    if not isinstance(document, dict):
        raise ma.ValidationError({"_schema": ["Send a JSON object."]})
    return [
        (name, item) for name, value in document.items() for item in (value if isinstance(value, list) else [value])
    ]
