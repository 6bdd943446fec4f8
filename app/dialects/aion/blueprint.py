"""The blueprint of the Aionvision dialect: no route for a caller who is nobody, but those marked as public."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from app.dialects.aion.bodies import DocumentParser
from app.dialects.aion.request_ids import add_request_id
from app.dialects.aion.schemas import Invalid, Refusal
from app.web.parameters import ParameterBlueprint
from app.web.public import ask_who_calls

View = TypeVar("View", bound=Callable[..., Any])

_IDS = re.compile(r"<(\w+_id)>")

REFUSALS = {
    400: "What is asked makes no sense here.",
    401: "Nobody known calls; with requires_reauth, the account's owner must consent anew.",
    403: "The caller, his key or the account may not.",
    404: "There is no such thing that the caller may see.",
    409: "It is not in the state for this.",
    416: "The file has no such part.",
    422: "A parameter cannot be accepted.",
    429: "Too much of this; see Retry-After.",
    502: "Google does not answer, or with an error.",
    503: "The operator has not given the settings for this, or the database cannot be used just now.",
    507: "There is no room left, or a quota is used up.",
}
"""What the errors of routes mean, by status."""

EVERYWHERE = (401, 403, 422, 429, 503)
"""The errors that every route may answer with."""


class AionBlueprint(ParameterBlueprint):
    """A blueprint whose routes are one view for each method."""

    ARGUMENTS_PARSER = DocumentParser()
    ERROR_SCHEMA = Refusal
    OTHER_ERRORS = False  # each route names all of its errors, as in the vendor's document

    def refuses(self, *statuses: int) -> Callable[[View], View]:
        """Have the document say with which errors a route may answer, besides those that all may answer with."""

        def describe(view: View) -> View:
            for status in sorted({*EVERYWHERE, *statuses}):
                schema = Invalid if status == 422 else Refusal
                view = self.alt_response(status, schema=schema, description=REFUSALS[status])(view)
            return view

        return describe

    def answers(self, method: str, rule: str) -> Callable[[View], View]:
        """Route this method of ``rule`` to one view; a slash at the end is another address, which is nothing's."""

        def register(view: View) -> View:
            self.route(rule, methods=[method], parameters=[_uuid(name) for name in _IDS.findall(rule)])(view)
            return view

        return register


def _uuid(name: str) -> dict[str, Any]:
    """Return how the document tells of an id in an address."""
    return {"in": "path", "name": name, "required": True, "schema": {"type": "string", "format": "uuid"}}


blueprint = AionBlueprint("aion", __name__, description="Google Drive: import, export, and the picker.")
ask_who_calls(blueprint)
blueprint.after_request(add_request_id)
