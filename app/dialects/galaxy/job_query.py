"""Which jobs a request for a list of them wants, read from its query string."""

from app.accounts.caller import Caller
from app.copies.contract import CopyQuery, CopyState
from app.dialects.galaxy.bodies import decoded
from app.dialects.galaxy.errors import ADMIN_ONLY, refuse
from app.dialects.galaxy.filters import MICROSECOND, Query, given, number_of, says
from app.dialects.galaxy.translate_jobs import JOB_KINDS, STATE_WORDS, kinds_of_tools, states_named
from app.dialects.galaxy.wire import seconds_of
from app.errors import InvalidInput

ORDERS = {"create_time": "created_at", "update_time": "updated_at"}
VIEWS = ("collection", "admin_job_list")
LIMIT = 500
LARGEST_NUMBER = 2**63 - 1
"""Of what the database can look for; nothing has it."""

_OF_WORKFLOWS = ("workflow_id", "invocation_id", "implicit_collection_jobs_id", "tool_request_id")
"""What a job can belong to in Galaxy, and none does here."""


def job_query(query: Query, caller: Caller) -> CopyQuery | None:
    """Return which copies are wanted, None when no job can be what is asked for.

    Answers 403 to who is no admin and asks for what only admins may see, 400 to an id that is none.

    Raises:
        InvalidInput: another parameter cannot be read.
    """
    _refuse_to_users(query, caller)
    states, tools = _states(query), query.getlist("tool_id")
    kinds = kinds_of_tools(tools) if tools else JOB_KINDS
    limit = number_of(query, "limit")
    wanted = CopyQuery(
        kinds=kinds,
        states=states,
        collection_number=given(query, "history_id", _number),
        owner_id=given(query, "user_id", _number),
        since=given(query, "date_range_min", lambda name, text: _seconds(name, text) - MICROSECOND),
        until=given(query, "date_range_max", lambda name, text: _seconds(name, text) + MICROSECOND),
        order=given(query, "order_by", _order) or ORDERS["update_time"],
        limit=LIMIT if limit is None else limit,
        offset=number_of(query, "offset") or 0,
    )
    impossible = states == [] or not kinds or any(query.get(name) for name in _OF_WORKFLOWS)
    return None if impossible else wanted


def _refuse_to_users(query: Query, caller: Caller) -> None:
    view, user_id = query.get("view") or VIEWS[0], query.get("user_id")
    if view not in VIEWS:
        raise InvalidInput("view", f"use {' or '.join(VIEWS)}")
    if caller.is_admin:
        return
    if view != VIEWS[0]:
        refuse(403, ADMIN_ONLY, f"Only admins can use the {view} view")
    if says(query, "user_details"):
        refuse(403, ADMIN_ONLY, "Only admins can index the jobs with user details enabled")
    if user_id and decoded(user_id, "user") != caller.user_id:
        refuse(403, ADMIN_ONLY, "Only admins can index the jobs of others")


def _states(query: Query) -> list[tuple[CopyState, bool | None]] | None:
    words = query.getlist("state")
    if not set(words) <= set(STATE_WORDS):
        raise InvalidInput("state", f"use any of {', '.join(STATE_WORDS)}")
    return states_named(words) if words else None


def _number(name: str, text: str) -> int:
    return min(decoded(text, name.removesuffix("_id")), LARGEST_NUMBER)


def _seconds(name: str, text: str) -> float:
    try:
        return seconds_of(text)
    except (ValueError, OverflowError):
        raise InvalidInput(name, "use a date or a time such as 2026-11-21 or 2026-11-21T10:00:00") from None


def _order(name: str, text: str) -> str:
    if text not in ORDERS:
        raise InvalidInput(name, f"use {' or '.join(ORDERS)}")
    return ORDERS[text]
