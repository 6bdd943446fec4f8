"""The blueprint of the Galaxy dialect: none of its routes for a caller who is nobody, but those marked as public."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.dialects.galaxy.schemas import Refusal
from app.web.parameters import ParameterBlueprint
from app.web.public import ask_who_calls

View = TypeVar("View", bound=Callable[..., Any])

_NO_REDIRECTS = {"strict_slashes": False, "merge_slashes": False}  # the client follows none but those of a GET


class GalaxyBlueprint(ParameterBlueprint):
    """A blueprint whose routes are one view for each method."""

    def alt_response(self, status_code: int, **options: Any) -> Any:
        """Have the document say what else a route answers; errors have the form of this dialect."""
        if status_code >= 400:
            options.setdefault("schema", Refusal)
        return super().alt_response(status_code, **options)

    def answers(self, method: str, rule: str) -> Callable[[View], View]:
        """Route this method of ``rule`` to one view, with a slash at the end and without: Galaxy's pages have both."""

        def register(view: View) -> View:
            self.route(rule, methods=[method], **_NO_REDIRECTS)(view)
            return view

        return register


blueprint = GalaxyBlueprint("galaxy", __name__, description="Histories, and copies between them and cloud storage.")
ask_who_calls(blueprint)
