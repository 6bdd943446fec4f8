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


def ask_who_calls(blueprint: Blueprint) -> None:
    """Have every view of a blueprint that is not marked raise `CallerUnknown` before anything else is looked at."""

    @blueprint.before_request
    def identify() -> None:
        if not hasattr(current_app.view_functions[request.endpoint or ""], _MARK):
            required_caller()
