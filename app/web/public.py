"""Which views of a dialect nobody needs to say who he is for; all others of it ask that first."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, current_app, request

from app.web.callers import required_caller

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "public"  # what a view carries, through all decorators above, once it is marked


def public(view: View) -> View:
    """Mark a view that nobody needs to say who he is for."""
    setattr(view, _MARK, True)
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Return whether a view is marked so."""
    return hasattr(view, _MARK)


def ask_who_calls(blueprint: Blueprint) -> None:
    """Have every view of a blueprint that is not marked raise `CallerUnknown` before anything else is looked at."""

    @blueprint.before_request
    def identify() -> None:
        if not is_public(current_app.view_functions[request.endpoint or ""]):
            required_caller()
