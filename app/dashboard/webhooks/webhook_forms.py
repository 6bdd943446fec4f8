"""Between the fields of a form and webhooks: what was filled in, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.dashboard.words import STATES
from app.errors import InvalidInput
from app.web.errors import STATUS
from app.webhooks.contract import FINAL_STATES, Draft, Webhook

STATE_WORDS: Mapping[str, str] = {state.value: STATES[state] for state in FINAL_STATES}
"""How the ends of jobs are called beside their boxes."""

NEW: Mapping[str, Any] = {
    "url": "",
    "description": "",
    "states": [*STATE_WORDS],
    "enabled": True,
    "every_owner": False,
}
"""What the form for a new webhook begins with."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what was filled in was not kept.

    Attributes:
        errors: sentences by field.
    """

    status: int
    sentence: str
    errors: Mapping[str, str]


def ends(webhook: Webhook) -> str:
    """Return in words of which ends a webhook is told."""
    words = [word for state, word in STATE_WORDS.items() if state in webhook.states]
    return ", ".join(words) if len(words) < len(STATE_WORDS) else "Every end"


def draft(sent: MultiDict[str, str], *, is_admin: bool) -> Draft:
    """Return what was filled in; a box that is not ticked is not sent.

    Args:
        sent: the fields of the form.
        is_admin: whether there was a box for everybody's jobs.
    """
    return Draft(
        url=sent.get("url", "").strip(),
        description=sent.get("description", ""),
        states=sent.getlist("states"),
        enabled="enabled" in sent,
        every_owner="every_owner" in sent if is_admin else None,
    )


def typed(sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was filled in, to be shown again."""
    shown: dict[str, Any] = {name: sent.get(name, "") for name in ("url", "description")}
    boxes = {name: name in sent for name in ("enabled", "every_owner")}
    states: Sequence[str] = sent.getlist("states")
    return {**shown, **boxes, "states": states}


def shown(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook as its form has it."""
    return {name: getattr(webhook, name) for name in NEW}


def refusal(error: InvalidInput) -> Refusal:
    """Return what the form says of an error."""
    return Refusal(STATUS[InvalidInput], "It was not kept: see below.", {error.field: error.message})
