"""Checks what a person says of a webhook before any of it is kept."""

from collections.abc import Sequence
from typing import Any

from app.accounts.caller import Caller
from app.connections.fetch_policy import FetchPolicy
from app.errors import AddressRefused, InvalidInput, NotAllowed
from app.webhooks.contract import FINAL_STATES, Draft

URL_MAX = 2000
DESCRIPTION_MAX = 500


def checked(caller: Caller, draft: Draft, policy: FetchPolicy) -> dict[str, Any]:
    """Return what is said, as the columns of a webhook have it.

    The name of an address is looked up, which can take seconds: not to be called inside of a transaction.

    Raises:
        InvalidInput: some of it cannot be.
        NotAllowed: it is for everybody's jobs, and the caller is no admin.
    """
    found: dict[str, Any] = {}
    if draft.states is not None:
        found["states"] = _states(draft.states)
    if draft.description is not None:
        found["description"] = _description(draft.description)
    if draft.enabled is not None:
        found["enabled"] = draft.enabled
    if draft.every_owner is not None:
        _require_admin(caller, draft.every_owner)
        found["every_owner"] = draft.every_owner
    if draft.url is not None:
        found["url"] = _url(draft.url, policy)
    return found


def _url(text: str, policy: FetchPolicy) -> str:
    if len(text) > URL_MAX:
        raise InvalidInput("url", f"Use {URL_MAX} characters at most.")
    try:
        address = policy.read(text)
        policy.refuse_resolution(address)
    except AddressRefused as refused:
        raise InvalidInput("url", str(refused)) from None
    return address.url


def _states(words: Sequence[str]) -> list[str]:
    known = [state.value for state in FINAL_STATES]
    if not words or not set(words) <= set(known):
        raise InvalidInput("states", f"Use one or more of {', '.join(known)}.")
    return [word for word in known if word in words]


def _description(text: str) -> str:
    if len(text) > DESCRIPTION_MAX or not text.replace("\n", " ").replace("\r", " ").isprintable():
        raise InvalidInput("description", f"Use {DESCRIPTION_MAX} characters at most, and none that cannot be printed.")
    return text


def _require_admin(caller: Caller, every_owner: bool) -> None:
    if every_owner and not caller.is_admin:
        raise NotAllowed("Only an admin's webhook may be told of everybody's jobs.")
