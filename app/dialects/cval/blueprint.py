"""The blueprint of the cval dialect: each of its routes at two places, none for a caller who is nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask import Blueprint, Request, abort

from app.dialects.cval.schemas import Refusal
from app.web.callers import required_caller
from app.web.parameters import ParameterBlueprint, Parser

View = TypeVar("View", bound=Callable[..., Any])

AGAIN = "/api"
"""Of the original, all of this lies below one more /api: a client of which only the host was changed asks there."""

_NO_REDIRECTS = {"strict_slashes": False, "merge_slashes": False}  # one would turn the client's POST into a GET


class JsonParser(Parser):
    """Takes JSON from a JSON body alone; webargs reads everything else, and no body, as an object without fields."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the document; answers 400 when there is none that can be read, and 415 to anything but JSON."""
        if not req.is_json:
            abort(415, description="Send a JSON object, with Content-Type: application/json.")
        if not req.get_data(cache=True):
            abort(400)
        return super().load_json(req, schema)


class CvalBlueprint(ParameterBlueprint):
    """A blueprint whose routes are documented once and served twice."""

    ARGUMENTS_PARSER = JsonParser()
    ERROR_SCHEMA = Refusal

    def answers(self, method: str, rule: str) -> Callable[[View], View]:
        """Route this method of ``rule``, and of ``rule`` below `AGAIN`, to one view."""

        def register(view: View) -> View:
            self.route(rule, methods=[method], **_NO_REDIRECTS)(view)
            self.answers_unseen([method], AGAIN + rule, view)
            return view

        return register

    def answers_unseen(self, methods: list[str], rule: str, view: Callable[..., Any]) -> None:
        """Route ``rule`` to a view without a word in the documentation."""
        endpoint = f"{view.__name__}{len(self.deferred_functions)}"
        Blueprint.add_url_rule(self, rule, endpoint, view, methods=methods, **_NO_REDIRECTS)


blueprint = CvalBlueprint("cval", __name__, description="Buckets that are kept in step, and the datasets in them.")


@blueprint.before_request
def identify() -> None:
    """Ask who is calling before anything else of a request is looked at."""
    required_caller()
