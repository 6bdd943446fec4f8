"""Turns grants, sessions of the picker, imports, exports and jobs into the vendor's documents, and back. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.copies.contract import Copy, CopyKind, CopyState
from app.copies.drive.contract import DriveImport, DriveJob, Imported
from app.grants.contract import Begun, Completed, Grant, PickerSession, Provider
from app.jobs.contract import Job, JobState

STATUSES: Mapping[JobState, str] = {
    JobState.QUEUED: "pending",
    JobState.RUNNING: "in_progress",
    JobState.SUCCEEDED: "completed",
    JobState.PARTIAL: "partial",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
"""The vendor's word for each state of a job."""

FILE_STATUSES: Mapping[CopyState, str] = {
    CopyState.WAITING: "pending",
    CopyState.RUNNING: "in_progress",
    CopyState.DONE: "completed",
    CopyState.SKIPPED: "completed",
    CopyState.FAILED: "failed",
    CopyState.CANCELLED: "cancelled",
}
"""The same for one file. What was cancelled is neither completed nor failed."""

_TYPES = {CopyKind.DRIVE_IMPORT: "import", CopyKind.DRIVE_EXPORT: "export"}


def iso_time(seconds: float | None) -> str | None:
    """Return POSIX seconds as the vendor writes them: ISO 8601 in UTC, whole seconds, with a Z; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begun_document(begun: Begun, provider: Provider) -> dict[str, Any]:
    """Return where somebody must go to consent."""
    return {"authorization_url": begun.url, "state": begun.state, "provider": provider.value}


def connection_document(grant: Grant) -> dict[str, Any]:
    """Return a connected account."""
    return {
        "id": grant.connection_id,
        "provider": grant.provider.value,
        "provider_email": grant.email,
        "provider_display_name": grant.display_name,
        "is_active": grant.is_active,
        "created_at": iso_time(grant.created_at),
        "last_used_at": iso_time(grant.last_used_at),
    }


def completed_document(completed: Completed) -> dict[str, Any]:
    """Return the account that has just been connected."""
    return {"connection": connection_document(completed.grant), "is_new": completed.is_new}


def connections_document(grants: Sequence[Grant]) -> dict[str, Any]:
    """Return connected accounts, in this order."""
    return {"connections": [connection_document(grant) for grant in grants], "total_count": len(grants)}


def picker_document(session: PickerSession) -> dict[str, Any]:
    """Return what a page needs to show the picker."""
    return {
        "session": {
            "session_id": session.id,
            "access_token": session.access_token,
            "app_id": session.app_id,
            "developer_key": session.developer_key,
            "expires_at": iso_time(session.expires_at),
        }
    }


def wanted_file(file: Mapping[str, Any]) -> DriveImport:
    """Return a file that is to be imported."""
    return DriveImport(file["id"], file["name"], file["mime_type"], file["size_bytes"])


def imported_document(imported: Imported, *, always_async: bool) -> dict[str, Any]:
    """Return what became of an import.

    Args:
        imported: it.
        always_async: no import is done at once here; then the ids of images whose files come later are told.
    """
    if imported.at_once:
        return _done_import(imported)
    return {
        "image_ids": [item.id for item in imported.items] if always_async else None,
        "job_id": imported.job.id,
        "status": STATUSES[imported.job.state],
        "total_files": len(imported.copies),
        "is_async": True,
        "message": "Import job created",
    }


def _done_import(imported: Imported) -> dict[str, Any]:
    arrived = [item.id for item, copy in zip(imported.items, imported.copies, strict=True) if _is_done(copy)]
    return {
        "image_ids": arrived,
        "job_id": None,
        "status": _done_status(imported.copies, len(arrived)),
        "total_files": len(imported.copies),
        "is_async": False,
        "message": _import_sentence(imported.copies, len(arrived)),
        "files": [file_document(copy, CopyKind.DRIVE_IMPORT) for copy in imported.copies],
    }


def _done_status(copies: Sequence[Copy], arrived: int) -> str | None:
    if arrived:
        return None if arrived == len(copies) else "partial"
    return "failed" if any(copy.state is CopyState.FAILED for copy in copies) else "cancelled"


def _import_sentence(copies: Sequence[Copy], arrived: int) -> str:
    total, wrong = len(copies), next((copy for copy in copies if not _is_done(copy)), None)
    if wrong is None:
        return f"{_files(total)} imported successfully"
    return f"{arrived} of {_files(total)} imported. {_name(wrong)}: {wrong.message or FILE_STATUSES[wrong.state]}"


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def exported_document(job: Job) -> dict[str, Any]:
    """Return an export that was begun; the ids of its files at Google are told by its job."""
    return {
        "cloud_file_ids": None,
        "job_id": job.id,
        "job_status": STATUSES[job.state],
        "is_async": True,
        "message": "Export job created",
    }


def job_document(found: DriveJob) -> dict[str, Any]:
    """Return an import or an export as it stands."""
    job, copies = found.job, found.copies
    return {
        "job": {
            "job_id": job.id,
            "type": _TYPES[found.kind],
            "status": _job_status(job, copies),
            "connection_id": found.connection_id,
            "provider": Provider.GOOGLE_DRIVE.value,
            "total_files": len(copies),
            "completed_files": sum(_is_done(copy) for copy in copies),
            "failed_files": sum(copy.state is CopyState.FAILED for copy in copies),
            "error": found.error,
            "created_at": iso_time(job.created_at),
            "updated_at": iso_time(_updated_at(job, copies)),
            "completed_at": iso_time(job.finished_at),
            "files": [file_document(copy, found.kind) for copy in copies],
        }
    }


def file_document(copy: Copy, kind: CopyKind) -> dict[str, Any]:
    """Return how one file of an import or export stands; an export's has an id at Google once it is there."""
    exported = copy.stored_key if _is_done(copy) else None
    return {
        "id": copy.source if kind is CopyKind.DRIVE_IMPORT else exported,
        "name": _name(copy),
        "status": FILE_STATUSES[copy.state],
        "image_id": None if copy.item_number is None else copy.options.get("image_id"),
        "error": copy.message or None,
    }


def _job_status(job: Job, copies: Sequence[Copy]) -> str:
    """Return the vendor's word for a job; one that could not go on may have brought some files before."""
    is_partial = job.state is JobState.FAILED and any(_is_done(copy) for copy in copies)
    return STATUSES[JobState.PARTIAL if is_partial else job.state]


def _is_done(copy: Copy) -> bool:
    return copy.state in (CopyState.DONE, CopyState.SKIPPED)


def _name(copy: Copy) -> str:
    return str(copy.options.get("name") or copy.key)


def _updated_at(job: Job, copies: Sequence[Copy]) -> float:
    return max([job.finished_at or job.started_at or job.created_at, *(copy.updated_at for copy in copies)])
