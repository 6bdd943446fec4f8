"""Between the jobs of Galaxy and the copies of copy jobs. Pure, but that ids are written with the settings' secret.

A copy into the library is a run of Galaxy's tool for uploads, one out of it a run of its tool for sending. Copies from
bucket to bucket are no jobs of Galaxy's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.copies.contract import Conflict, Copy, CopyKind, CopyState
from app.dialects.galaxy.wire import encoded, iso_time
from app.library.contract import Item

UPLOAD_TOOL, SEND_TOOL = "upload1", "send_to_cloud"

TOOLS: Mapping[CopyKind, tuple[str, str]] = {
    CopyKind.GET: (UPLOAD_TOOL, "1.1.7"),
    CopyKind.IMPORT: (UPLOAD_TOOL, "1.1.7"),
    CopyKind.SEND: (SEND_TOOL, "0.1.0"),
}
"""The tool, and its version, that does in Galaxy 24.1 what a copy of each kind does."""

JOB_KINDS = tuple(TOOLS)

STATES: Mapping[CopyState, str] = {
    CopyState.WAITING: "queued",
    CopyState.RUNNING: "running",
    CopyState.DONE: "ok",
    CopyState.SKIPPED: "ok",
    CopyState.FAILED: "error",
    CopyState.CANCELLED: "deleted",
}
_DELETING = "deleting"

STATE_WORDS = (
    "new", "resubmitted", "upload", "waiting", "queued", "running", "ok", "error", "failed", "paused", "deleting",
    "deleted", "stop", "stopped", "skipped",
)  # fmt: skip
"""All words that Galaxy has for the state of a job; most are those of no job here."""

_EXIT_CODES: Mapping[CopyState, int] = {CopyState.DONE: 0, CopyState.SKIPPED: 0, CopyState.FAILED: 1}


def state_word(copy: Copy) -> str:
    """Return the state of a copy in Galaxy's words; clients wait until it is ok, error, deleted or deleting."""
    return _DELETING if copy.cancelling and not copy.state.is_final else STATES[copy.state]


def states_named(words: Iterable[str]) -> list[tuple[CopyState, bool | None]]:
    """Return the states, as in `CopyQuery`, that any of these words stands for."""
    wanted = frozenset(words)
    found: list[tuple[CopyState, bool | None]] = [
        (state, None if state.is_final else False) for state, word in STATES.items() if word in wanted
    ]
    deleting = [(state, True) for state in CopyState if not state.is_final] if _DELETING in wanted else []
    return found + deleting


def kinds_of_tools(tools: Iterable[str]) -> list[CopyKind]:
    """Return the kinds of copies that any of these tools makes."""
    wanted = frozenset(tools)
    return [kind for kind, (tool, _) in TOOLS.items() if tool in wanted]


def job_document(copy: Copy) -> dict[str, Any]:
    """Return a copy as lists of jobs show it."""
    tool, version = TOOLS[copy.kind]
    return {
        "model_class": "Job",
        "id": encoded(copy.number),
        "history_id": None if copy.collection_number is None else encoded(copy.collection_number),
        "tool_id": tool,
        "tool_version": version,
        "state": state_word(copy),
        "exit_code": _EXIT_CODES.get(copy.state),
        "create_time": iso_time(copy.created_at),
        "update_time": iso_time(copy.updated_at),
    }


def detailed_job_document(copy: Copy, item: Item | None) -> dict[str, Any]:
    """Return a copy as it is shown by itself.

    Args:
        item: the one that it fills or reads; None when that is gone.
    """
    sends = copy.kind is CopyKind.SEND
    linked = {} if item is None else {"src": "hda", "id": encoded(item.number), "uuid": item.id}
    return {
        **job_document(copy),
        "params": _parameters(copy),
        "inputs": {"filename": linked} if sends and linked else {},
        "outputs": {"output0": linked} if not sends and linked else {},
        "output_collections": {},
        "copied_from_job_id": None,
    }


def full_job_document(copy: Copy, item: Item | None) -> dict[str, Any]:
    """Return a copy with what it has said: what was stored under which name, or why nothing was."""
    said, failed = _said(copy), _failed(copy)
    return {
        **detailed_job_document(copy, item),
        **dict.fromkeys(("stdout", "tool_stdout"), said),
        **dict.fromkeys(("stderr", "tool_stderr"), failed),
        **dict.fromkeys(("job_stdout", "job_stderr", "command_line"), ""),
        "job_messages": [],
        "job_metrics": [],
        "dependencies": [],
        "traceback": None,
    }


def _parameters(copy: Copy) -> dict[str, Any]:
    if copy.kind is not CopyKind.SEND:
        return {"source": copy.source} if copy.kind is CopyKind.GET else {}
    return {
        "bucket": copy.options.get("bucket"),
        "object_label": copy.key,
        "overwrite_existing": copy.options.get("conflict") == Conflict.OVERWRITE,
        "stored_as": copy.stored_key if copy.state is CopyState.DONE else None,
    }


def _said(copy: Copy) -> str:
    if copy.state is not CopyState.DONE:
        return copy.message if copy.state is CopyState.SKIPPED else ""
    checksum = f", SHA-256 {copy.sha256}" if copy.sha256 else ""
    if copy.kind is CopyKind.SEND:
        return f"Stored as {copy.stored_key}: {copy.size} bytes{checksum}."
    return f"Brought {copy.source}: {copy.size} bytes{checksum}."


def _failed(copy: Copy) -> str:
    return copy.message if copy.state in (CopyState.FAILED, CopyState.CANCELLED) else ""


def associations(named: Mapping[str, Mapping[str, str]]) -> Sequence[dict[str, Any]]:
    """Return what the addresses for the inputs or the outputs of a job list."""
    return [{"name": name, "dataset": {"src": one["src"], "id": one["id"]}} for name, one in named.items()]
