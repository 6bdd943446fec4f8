"""What an application answers, one by one, as its URL map has it: so that a test cannot forget a new one."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from app.web.scoped import CHANGES

_PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")

NEVER_ENDING = ("/events", "/live/jobs", "/live/jobs/<uuid:job_id>")
"""The rules of streams: whoever may listen is answered for as long as he likes."""


@dataclass(frozen=True)
class Route:
    """One method of one rule.

    Attributes:
        dialect: the blueprint that it is of; empty: of none.
        view: what answers it, with the marks that it carries.
    """

    method: str
    rule: Rule
    view: Callable[..., Any]

    @property
    def path(self) -> str:
        """The rule as it is written."""
        return str(self.rule.rule)

    @property
    def dialect(self) -> str:
        return str(self.rule.endpoint.rpartition(".")[0])

    @property
    def names(self) -> frozenset[str]:
        """The parameters in its path."""
        return frozenset(self.rule.arguments)

    @property
    def changes(self) -> bool:
        """Whether it is marked as changing something."""
        return hasattr(self.view, CHANGES)

    @property
    def ends(self) -> bool:
        """Whether its answer is none that lasts."""
        return self.path not in NEVER_ENDING

    def at(self, values: Mapping[str, str]) -> str:
        """Return its address with these values in the places of its parameters; no converter looks at them."""
        return _PARAMETER.sub(lambda found: values[found[1]], self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes(app: Flask) -> Iterator[Route]:
    """Yield all that the application answers by a view of its own; not what Flask does of itself."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view = app.view_functions[rule.endpoint]
        methods = getattr(view, "view_class", None)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield Route(method, rule, getattr(methods, method.lower()) if methods else view)
