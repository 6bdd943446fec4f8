"""The blueprint of the Galaxy dialect: none of its routes for a caller who is nobody, but those marked as public."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.dialects.galaxy.schemas import Refusal
from app.web.answers import BYTES
from app.web.parameters import ParameterBlueprint
from app.web.public import ask_who_calls

View = TypeVar("View", bound=Callable[..., Any])

_NO_REDIRECTS = {"strict_slashes": False, "merge_slashes": False}  # the client follows none but those of a GET


class GalaxyBlueprint(ParameterBlueprint):
    """A blueprint whose routes are one view for each method."""

    ERROR_SCHEMA = Refusal

    def answers(self, method: str, rule: str) -> Callable[[View], View]:
        """Route this method of ``rule`` to one view, with a slash at the end and without: Galaxy's pages have both."""

        def register(view: View) -> View:
            self.route(rule, methods=[method], **_NO_REDIRECTS)(view)
            return view

        return register


blueprint = GalaxyBlueprint("galaxy", __name__, description="Histories, and copies between them and cloud storage.")
ask_who_calls(blueprint)


def sends_file(view: View) -> View:
    """Have the document say that a route answers with a file, or a part of it."""
    for content_type in ("text/plain", "application/octet-stream"):
        whole = blueprint.response(200, BYTES, content_type=content_type, description="The file.")
        part = blueprint.alt_response(
            206, schema=BYTES, content_type=content_type, description="The part that the header Range asks for."
        )
        view = part(whole(view))
    described: View = blueprint.alt_response(416, description="The file has no such part.")(view)
    return described
