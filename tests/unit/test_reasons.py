"""docs/reasons.md lists every reason that a job or step can carry, and nothing else."""

import re
from pathlib import Path

import app.errors
from app.errors import JobStopped, SluiceError, StorageError

DOCUMENT = (Path(app.errors.__file__).parents[2] / "docs" / "reasons.md").read_text()

OF_REQUESTS = {
    "invalid_input",
    "database_unavailable",
    "job_not_found",
    "already_exists",
    "caller_unknown",
    "invalid_login",
    "not_allowed",
    "too_many_attempts",
    "job_already_finished",
    "too_many_jobs",
    "too_busy",
    "no_manifest",
    "no_images",
    "user_disabled",
    "request_forged",
    "check_failed",
    "manifest_unusable",
    "image_unusable",
    "not_configured",
    "consent_refused",
    "picker_session_ended",
    "plan_unusable",
    "not_repeatable",
}
"""Reasons of errors that meet a caller and never a job."""

OF_NO_ERROR = {
    "cancelled_by_user",
    "interrupted",
    "upload_failed",
    "download_failed",
    "delete_failed",
    "files_skipped",
    "not_a_file",
    "layout_invalid",
    "copy_failed",
}


def test_every_reason_is_documented():
    classes = [cls for cls in vars(app.errors).values() if isinstance(cls, type) and issubclass(cls, SluiceError)]
    reasons = {cls.reason for cls in classes if cls not in (JobStopped, StorageError)} - OF_REQUESTS
    documented = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE))

    assert documented == reasons | OF_NO_ERROR
