"""A step as pages show it: what was done, or not, and why, in words. Pure."""

from dataclasses import dataclass

from app.dashboard.jobs.reasons import WHY, meaning
from app.jobs.contract import Step, StepStatus

ACTIONS = {
    "upload": "Upload",
    "download": "Download",
    "copy": "Copy",
    "delete": "Delete",
    "create": "Create bucket",
    "drop": "Delete bucket",
    "skip": "Leave out",
    "check": "Check",
}
"""What steps do, by their action."""

STATUSES = {
    StepStatus.FAILED: "Failed",
    StepStatus.DONE: "Done",
    StepStatus.SKIPPED: "Left out",
    StepStatus.PLANNED: "Planned",
}

_TONES = {
    StepStatus.FAILED: "bad",
    StepStatus.DONE: "good",
    StepStatus.SKIPPED: "warn",
    StepStatus.PLANNED: "busy",
}

_OUTCOMES = {
    StepStatus.DONE: {
        "upload": "Uploaded",
        "download": "Downloaded",
        "copy": "Copied",
        "delete": "Deleted",
        "create": "Bucket created",
        "drop": "Bucket deleted",
    },
    StepStatus.FAILED: {
        "upload": "Not uploaded",
        "download": "Not downloaded",
        "copy": "Not copied",
        "delete": "Not deleted",
        "create": "Bucket not created",
        "drop": "Bucket not deleted",
        "skip": "Could not be listed",
    },
    StepStatus.SKIPPED: {"check": "Does not fit"},
    StepStatus.PLANNED: {
        "upload": "Would be uploaded",
        "download": "Would be downloaded",
        "copy": "Would be copied",
        "delete": "Would be deleted",
        "create": "Bucket would be created",
        "drop": "Bucket would be deleted",
    },
}

_MOVES_BYTES = ("upload", "download", "copy")
_ASKED_FOR = "It was asked for."  # a copy carries what it is told to, and compares nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step.

    Attributes:
        action: what it does, in a word or two.
        outcome: how it ended, in some words.
        tone: the class of its colour.
        why: why it was done; of a failure what the storage or the disk said.
        meaning: of what failed or was left out, what its reason means; else empty.
        size: bytes moved, or that would be; None where it moves none.
        finished_at: POSIX seconds, UTC.
    """

    number: int
    action: str
    key: str
    outcome: str
    tone: str
    why: str
    meaning: str
    size: int | None
    finished_at: float


def step_view(step: Step) -> StepView:
    """Return a step as pages show it."""
    record = step.record
    went_well = record.status in (StepStatus.DONE, StepStatus.PLANNED)
    return StepView(
        number=step.number,
        action=ACTIONS.get(record.action, record.action),
        key=record.key,
        outcome=_OUTCOMES[record.status].get(record.action, STATUSES[record.status]),
        tone=_TONES[record.status],
        why=_why(record.action, record.reason) if went_well else record.message,
        meaning="" if went_well else meaning(record.reason),
        size=record.size if went_well and record.action in _MOVES_BYTES else None,
        finished_at=record.finished_at,
    )


def _why(action: str, reason: str) -> str:
    if (action, reason) == ("copy", "new"):
        return _ASKED_FOR
    return WHY.get(reason, reason)
