"""Which connections a caller is shown, and the part of them that he asks for."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_

from app.accounts.caller import Caller
from app.connections.contract import Found, Scope, Selection
from app.connections.model import ConnectionRow
from app.connections.permissions import may_list_all, may_see
from app.connections.store import ConnectionStore
from app.errors import NotAllowed


def found(store: ConnectionStore, caller: Caller, scope: Scope, selection: Selection, part: slice) -> Found:
    """Return a part of what is wanted; what was deleted meanwhile is counted and not returned.

    What is wanted and in which order is decided here and not by the database, so that it is the same with any.

    Raises:
        NotAllowed: the scope names an organisation that the caller is no member of.
    """
    outlines = store.outlines(*_conditions(caller, scope))
    seen = [outline.summary for outline in outlines if may_see(caller, outline)]
    ordered = selection.ordered([summary for summary in seen if selection.wanted(summary)])
    connections = store.those([summary.number for summary in ordered[part]])
    return Found(len(ordered), [connection for connection in connections if may_see(caller, connection)])


def _conditions(caller: Caller, scope: Scope) -> Sequence[ColumnElement[bool]]:
    """Return what a row must be like to be looked at; that the caller may see it is asked besides."""
    own = ConnectionRow.owner_id == caller.user_id
    if not scope.named:
        also = ConnectionRow.organisation_id.in_(caller.memberships if scope.shared else ())
        return () if caller.is_admin else (or_(own, also),)
    organisation_id = scope.organisation_id
    if organisation_id is not None and not caller.is_admin and organisation_id not in caller.memberships:
        raise NotAllowed("You are no member of this organisation.")
    there = ConnectionRow.organisation_id.is_not_distinct_from(organisation_id)
    return (there,) if may_list_all(caller, organisation_id) else (there, own)
