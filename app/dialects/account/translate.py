"""From the domain to the wire of the account dialect. Pure functions."""

from typing import Any

from app.accounts.caller import Caller
from app.accounts.records import Session
from app.web.timestamps import timestamp


def signed_in(caller: Caller, session: Session) -> dict[str, Any]:
    """Return a session that has just begun as the wire has it; its token is for the cookie only."""
    return {
        "user": caller.name,
        "role": caller.role.value,
        "csrf_token": session.csrf,
        "expires_at": timestamp(session.expires_at),
    }


def who_i_am(caller: Caller, csrf_token: str | None) -> dict[str, Any]:
    """Return the caller as the wire has him."""
    return {
        "user": caller.name,
        "role": caller.role.value,
        "read_only": caller.read_only,
        "csrf_token": csrf_token,
    }
