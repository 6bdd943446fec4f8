"""What a plan says to people."""

import pytest

from app.dashboard.starting.plan_words import words_of
from app.jobs.contract import Job, JobState
from app.mirrors.planning import Plan

DOWNLOAD = {"direction": "download"}


def a_plan(uploads=0, size=0, deletes=0, arguments=None, creates=False, drops=False, **progress):
    job = Job(
        id="1", kind="mirror", state=JobState.SUCCEEDED, reason=None, message="",
        arguments={"direction": "upload", "source": "photos", "dest": "mybucket", "prefix": "", "dry_run": True} | (arguments or {}),
        progress={"planned": {"uploads": uploads, "bytes": size, "deletes": deletes, "complete": True}, "failed": 0} | progress,
        target="", target_prefix="", cancel_requested=False, attempt=1, version=1, owner_id=None, created_at=0, started_at=0, finished_at=1,
    )  # fmt: skip
    return Plan(job=job, creates=creates, drops=drops)


@pytest.mark.parametrize(
    ("plan", "totals"),
    [
        pytest.param(a_plan(12, 3_565_158), ["12 files would be uploaded (3.4 MiB)."], id="uploads"),
        pytest.param(a_plan(1, 0), ["1 file would be uploaded (0 Bytes)."], id="one empty file"),
        pytest.param(a_plan(2, 10, arguments=DOWNLOAD), ["2 files would be downloaded (10 Bytes)."], id="downloads"),
        pytest.param(a_plan(deletes=2), ["2 objects from the bucket mybucket would be deleted."], id="deletions"),
        pytest.param(a_plan(deletes=1), ["1 object from the bucket mybucket would be deleted."], id="one deletion"),
        pytest.param(
            a_plan(deletes=1234, arguments={"prefix": "a/"}),
            ["1,234 objects from the folder a/ of the bucket mybucket would be deleted."], id="in a folder of the bucket",
        ),
        pytest.param(a_plan(deletes=2, arguments=DOWNLOAD), ["2 files from the folder photos would be deleted."], id="files"),
        pytest.param(
            a_plan(deletes=1, arguments=DOWNLOAD | {"source": ""}), ["1 file from the uploads folder would be deleted."], id="of all uploads"
        ),
        pytest.param(
            a_plan(deletes=3, drops=True), ["3 objects from the bucket mybucket, and the bucket itself would be deleted."], id="and the bucket"
        ),
        pytest.param(a_plan(drops=True), ["The bucket mybucket would be deleted."], id="an empty bucket"),
        pytest.param(
            a_plan(1, 1, creates=True), ["The bucket mybucket does not exist yet and would be made.", "1 file would be uploaded (1 Byte)."],
            id="a new bucket",
        ),
        pytest.param(
            a_plan(1, 1, creates=True, arguments={"prefix": "a/"}),
            ["The bucket mybucket does not exist yet and would be made.", "1 file would be uploaded (1 Byte)."], id="a new bucket and a folder of it",
        ),
        pytest.param(
            a_plan(1, 1, creates=True, arguments=DOWNLOAD),
            ["The folder photos does not exist yet and would be made.", "1 file would be downloaded (1 Byte)."], id="a new folder",
        ),
        pytest.param(
            a_plan(unchanged=2, skipped=1, failed=1),
            ["Nothing would be changed.", "2 files are the same on both sides.", "1 thing is left out.", "1 thing could not be looked at."], id="the rest",
        ),
    ],
)  # fmt: skip
def test_the_totals_of_a_plan_are_said_in_words(plan, totals):
    assert words_of(plan).totals == totals


@pytest.mark.parametrize(
    ("plan", "beginnings"),
    [
        pytest.param(a_plan(1, 1), [], id="uploads"),
        pytest.param(a_plan(unchanged=3), [], id="all equal"),
        pytest.param(
            a_plan(deletes=3, drops=True), ["The folder photos is missing or holds no file"], id="the source is gone"
        ),
        pytest.param(a_plan(arguments={"source": ""}), ["Nothing was found in the uploads folder"], id="nothing there"),
        pytest.param(a_plan(deletes=1), ["Nothing was found in the folder photos"], id="nothing there, and filters"),
        pytest.param(a_plan(deletes=1, arguments=DOWNLOAD), [], id="a download of nothing"),
        pytest.param(a_plan(1, 1, deletes=1, failed=1), ["Not everything could be looked at"], id="a listing failed"),
    ],
)
def test_a_plan_warns_of_what_may_be_a_mistake(plan, beginnings):
    warnings = words_of(plan).warnings

    assert len(warnings) == len(beginnings)
    assert all(warning.startswith(start) for warning, start in zip(warnings, beginnings, strict=True))
