"""The blueprint of the CVAT dialect: none of its routes for a caller who is nobody, but those marked as public."""

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask import Request
from webargs.multidictproxy import MultiDictProxy

from app.dialects.cvat.media import MEDIA_TYPE
from app.dialects.cvat.schemas import REFUSAL
from app.web.parameters import ParameterBlueprint, Parser
from app.web.public import ask_who_calls

View = TypeVar("View", bound=Callable[..., Any])


class BodyParser(Parser):
    """Says in the original's words that a JSON body is no object."""

    def load_only_body(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Return the body's parameters."""
        document = req.get_json() if req.is_json and req.get_data(cache=True) else {}
        if not isinstance(document, dict):
            found = type(document).__name__
            raise ma.ValidationError({"_schema": [f"Invalid data. Expected a dictionary, but got {found}."]})
        return super().load_only_body(req, schema)


class CvatBlueprint(ParameterBlueprint):
    """A blueprint whose routes are one view for each method."""

    ARGUMENTS_PARSER = BodyParser()
    ERROR_SCHEMA = REFUSAL
    ERROR_TYPE = MEDIA_TYPE

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Any:
        """Have the document say what a route answers, in the dialect's own media type."""
        options.setdefault("content_type", MEDIA_TYPE)
        return super().response(status_code, schema, **options)

    def answers(self, method: str, rule: str) -> Callable[[View], View]:
        """Route this method of ``rule`` to one view; a slash at the end is another address, which is nothing's."""

        def register(view: View) -> View:
            self.route(rule, methods=[method])(view)
            return view

        return register


blueprint = CvatBlueprint("cvat", __name__, description="Cloud storages, and who may use them.")
ask_who_calls(blueprint)
