"""Which scopes a key needs for a view: what the view says, else ``read``, or ``write`` where it changes something."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import current_app, request

from app.accounts.caller import Caller
from app.accounts.scopes import Scope, suffices
from app.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

CHANGES = "changes_something"
"""What a view carries, through all decorators above, once it is marked as changing something."""

_SCOPES = "scopes"  # what a view carries, through all decorators above, once it is marked


def scoped(*scopes: Scope) -> Callable[[View], View]:
    """Mark a view for which one of these scopes suffices, or what implies it; without any of them every key will do."""

    def mark(view: View) -> View:
        setattr(view, _SCOPES, frozenset(scopes))
        return view

    return mark


def wanted_scopes(view: Callable[..., Any]) -> Collection[Scope] | None:
    """Return the scopes of which a key needs one for this view; None: it is marked as a view for every key."""
    marked: Collection[Scope] | None = getattr(view, _SCOPES, None)
    if marked is not None:
        return marked or None
    return {Scope.WRITE} if hasattr(view, CHANGES) else {Scope.READ}


def require_scope(caller: Caller) -> None:
    """Refuse a caller whose key is not for the view of this request.

    Raises:
        NotAllowed: saying which scopes would do.
    """
    view = _current_view()
    wanted = wanted_scopes(view) if view is not None else None
    if wanted is not None and not suffices(caller.scopes, wanted):
        raise NotAllowed(f"The scopes of this key do not include {' or '.join(sorted(wanted))}. Use another key.")


def _current_view() -> Callable[..., Any] | None:
    """Return what answers this request, None when nothing does; a class of methods carries no marks, they do."""
    view = current_app.view_functions.get(request.endpoint or "")
    methods = getattr(view, "view_class", None)
    method = "get" if request.method == "HEAD" else request.method.lower()
    return getattr(methods, method, view)
