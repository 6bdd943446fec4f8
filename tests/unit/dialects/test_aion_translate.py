"""What imports, exports, jobs, connections and images look like in the Aionvision dialect."""

from dataclasses import replace

import pytest

from app.copies.contract import Copy, CopyKind, CopyState
from app.copies.drive.contract import DriveImport, DriveJob, Imported
from app.dialects.aion.sending import disposition
from app.dialects.aion.translate import (
    connections_document,
    exported_document,
    imported_document,
    iso_time,
    job_document,
    wanted_file,
)
from app.dialects.aion.translate_files import content_type, image_document
from app.grants.contract import Grant, Provider
from app.jobs.contract import Job, JobState
from app.library.contract import Item, ItemState

THEN = 1736937000.25  # 2025-01-15T10:30:00.25Z
JOB_ID = "019ab000-0000-7000-8000-000000000001"
CONNECTION_ID = "550e8400-e29b-41d4-a716-446655440000"
URL = "http://localhost:5000/api/v2/user-files/x/download"


def job(state=JobState.QUEUED, finished_at=None, message=""):
    return Job(
        id=JOB_ID, kind="copy", state=state, reason=None, message=message, arguments={}, progress={}, target="", target_prefix="",
        cancel_requested=False, attempt=1, version=1, owner_id=1, created_at=THEN, started_at=None, finished_at=finished_at,
    )  # fmt: skip


def copy(number, state=CopyState.WAITING, kind=CopyKind.DRIVE_IMPORT, message="", updated_at=THEN, stored_key=None):
    return Copy(
        number=number, job_id=JOB_ID, owner_id=1, kind=kind, source=f"drive-{number}", key=f"photo{number}.jpg", stored_key=stored_key,
        item_number=number, collection_number=1, options={"image_id": f"image-{number}"}, state=state, cancelling=False, reason=None, message=message, size=0,
        sha256=None, created_at=THEN, updated_at=updated_at, finished_at=None,
    )  # fmt: skip


def item(number=1, state=ItemState.READY, **values):
    found = Item(
        number=number, id=f"image-{number}", collection_number=1, owner_id=1, position=number, name=f"photo{number}.jpg", state=state,
        size=10, md5="m", sha256="s", file_type="jpg", attributes={}, tags=("a",), description=None, message="", visible=True,
        deleted=False, purged=False, created_at=THEN, updated_at=THEN,
    )  # fmt: skip
    return replace(found, **values)


def imported(*states, at_once=True, message="It is gone."):
    copies = [copy(n, state, message=message if state is CopyState.FAILED else "") for n, state in enumerate(states, 1)]
    return Imported(job(), [item(n) for n in range(1, len(states) + 1)], copies, at_once)


DONE, FAILED, CANCELLED = CopyState.DONE, CopyState.FAILED, CopyState.CANCELLED


def test_a_small_import_answers_as_the_seed_has_it():
    answer = imported_document(imported(DONE, DONE), always_async=False)
    files = answer.pop("files")

    assert answer == {
        "image_ids": ["image-1", "image-2"],
        "job_id": None,
        "status": None,
        "total_files": 2,
        "is_async": False,
        "message": "2 files imported successfully",
    }
    assert files[0] == {
        "id": "drive-1", "name": "photo1.jpg", "status": "completed", "image_id": "image-1", "error": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("states", "status", "image_ids", "message"),
    [
        pytest.param([DONE], None, ["image-1"], "1 file imported successfully", id="one"),
        pytest.param([FAILED, DONE, FAILED], "partial", ["image-2"], "1 of 3 files imported. photo1.jpg: It is gone.", id="some"),
        pytest.param([FAILED], "failed", [], "0 of 1 file imported. photo1.jpg: It is gone.", id="none"),
        pytest.param([DONE, CANCELLED], "partial", ["image-1"], "1 of 2 files imported. photo2.jpg: cancelled", id="a cancelled one"),
        pytest.param([CANCELLED], "cancelled", [], "0 of 1 file imported. photo1.jpg: cancelled", id="all cancelled"),
        pytest.param([CANCELLED, FAILED], "failed", [], "0 of 2 files imported. photo1.jpg: cancelled", id="one cancelled, one failed"),
    ],
)  # fmt: skip
def test_a_small_import_says_which_files_arrived_and_why_the_first_did_not(states, status, image_ids, message):
    answer = imported_document(imported(*states), always_async=False)

    assert (answer["status"], answer["image_ids"], answer["message"]) == (status, image_ids, message)


def test_a_large_import_answers_as_the_seed_has_it():
    assert imported_document(imported(*[CopyState.WAITING] * 50, at_once=False), always_async=False) == {
        "image_ids": None,
        "job_id": JOB_ID,
        "status": "pending",
        "total_files": 50,
        "is_async": True,
        "message": "Import job created",
    }


def test_where_every_import_is_a_job_the_ids_of_its_images_are_told_at_once():
    answer = imported_document(imported(CopyState.WAITING, at_once=False), always_async=True)

    assert (answer["image_ids"], answer["is_async"], answer["status"]) == (["image-1"], True, "pending")


def test_an_export_answers_as_the_seed_and_the_later_page_have_it():
    assert exported_document(job()) == {
        "cloud_file_ids": None,
        "job_id": JOB_ID,
        "job_status": "pending",
        "is_async": True,
        "message": "Export job created",
    }


@pytest.mark.parametrize(
    ("state", "status", "error"),
    [
        pytest.param(JobState.QUEUED, "pending", None, id="waits"),
        pytest.param(JobState.RUNNING, "in_progress", None, id="runs"),
        pytest.param(JobState.SUCCEEDED, "completed", None, id="done"),
        pytest.param(JobState.PARTIAL, "partial", "Some failed.", id="done in part"),
        pytest.param(JobState.FAILED, "failed", "Some failed.", id="failed"),
        pytest.param(JobState.CANCELLED, "cancelled", None, id="cancelled"),
    ],
)
def test_a_job_has_the_vendors_word_for_its_state(state, status, error):
    found = DriveJob(job(state, message="Some failed."), CONNECTION_ID, CopyKind.DRIVE_IMPORT, [])
    told = job_document(found)["job"]

    assert (told["status"], told["error"]) == (status, error)


def test_a_job_tells_of_each_file_and_counts_them_while_it_runs():
    states = [DONE, FAILED, CopyState.RUNNING, CopyState.WAITING, CANCELLED]
    copies = [copy(n, state, updated_at=THEN + n) for n, state in enumerate(states, 1)]
    copies[1] = replace(copies[1], item_number=None)  # it was removed
    found = DriveJob(job(JobState.RUNNING), CONNECTION_ID, CopyKind.DRIVE_IMPORT, copies)
    told = job_document(found)["job"]
    files = told.pop("files")

    assert told == {
        "job_id": JOB_ID,
        "type": "import",
        "status": "in_progress",
        "connection_id": CONNECTION_ID,
        "provider": "google_drive",
        "total_files": 5,
        "completed_files": 1,
        "failed_files": 1,
        "error": None,
        "created_at": "2025-01-15T10:30:00Z",
        "updated_at": "2025-01-15T10:30:05Z",
        "completed_at": None,
    }
    assert [one["status"] for one in files] == ["completed", "failed", "in_progress", "pending", "cancelled"]
    assert [one["image_id"] for one in files] == ["image-1", None, "image-3", "image-4", "image-5"]


@pytest.mark.parametrize(
    ("state", "told"),
    [pytest.param(DONE, "reserved", id="there"), pytest.param(CopyState.RUNNING, None, id="on its way")],
)
def test_a_file_of_an_export_has_an_id_at_google_once_it_is_there(state, told):
    sent = copy(1, state, CopyKind.DRIVE_EXPORT, stored_key="reserved")
    found = job_document(DriveJob(job(), CONNECTION_ID, CopyKind.DRIVE_EXPORT, [sent]))["job"]

    assert (found["type"], found["files"][0]["id"], found["files"][0]["image_id"]) == ("export", told, "image-1")


@pytest.mark.parametrize(
    ("states", "status"),
    [
        pytest.param([DONE, FAILED], "partial", id="some had arrived"),
        pytest.param([FAILED, FAILED], "failed", id="none had"),
    ],
)
def test_a_job_that_could_not_go_on_is_partial_where_some_files_had_arrived(states, status):
    copies = [copy(n, state) for n, state in enumerate(states, 1)]
    found = DriveJob(job(JobState.FAILED, message="The Drive is full."), CONNECTION_ID, CopyKind.DRIVE_EXPORT, copies)
    told = job_document(found)["job"]

    assert (told["status"], told["error"]) == (status, "The Drive is full.")


def test_a_job_that_has_ended_says_when():
    found = job_document(DriveJob(job(JobState.SUCCEEDED, THEN + 60), CONNECTION_ID, CopyKind.DRIVE_IMPORT, []))

    assert found["job"]["completed_at"] == found["job"]["updated_at"] == "2025-01-15T10:31:00Z"


def grant(**values):
    known = {
        "connection_id": CONNECTION_ID, "owner_id": 1, "provider": Provider.GOOGLE_DRIVE, "account": "1", "email": "user@gmail.com",
        "display_name": "John Doe", "scopes": (), "is_active": True, "created_at": THEN, "last_used_at": None,
    }  # fmt: skip
    return Grant(**known | values)


def test_connections_are_listed_with_all_that_the_seed_has():
    answer = connections_document([grant(connection_id="older", email=None), grant(created_at=THEN + 1)])

    assert answer["total_count"] == 2
    assert [one["id"] for one in answer["connections"]] == ["older", CONNECTION_ID]
    assert answer["connections"][0] == {
        "id": "older",
        "provider": "google_drive",
        "provider_email": None,
        "provider_display_name": "John Doe",
        "is_active": True,
        "created_at": "2025-01-15T10:30:00Z",
        "last_used_at": None,
    }


def test_times_are_whole_seconds_in_utc():
    assert (iso_time(THEN), iso_time(None)) == ("2025-01-15T10:30:00Z", None)


def test_a_file_that_is_wanted_keeps_what_its_client_says_of_it():
    sent = {"id": "1", "name": "photo1.jpg", "mime_type": "image/jpeg", "size_bytes": 2048576}

    assert wanted_file(sent) == DriveImport("1", "photo1.jpg", "image/jpeg", 2048576)


KNOWN = {"mime_type": "image/jpeg", "format": "JPEG", "width": 4, "height": 3, "taken_at": "2025-01-14T08:00:00", "collection_id": "col_550e8400"}  # fmt: skip


def test_an_image_tells_what_is_known_of_it():
    told = image_document(item(attributes=KNOWN, description="JPEG image"), URL)

    assert told == {
        "id": "image-1", "title": "photo1.jpg", "filename": "photo1.jpg", "status": "completed", "error": None, "tags": ["a"],
        "size_bytes": 10, "dimensions": {"width": 4, "height": 3}, "format": "jpeg", "media_type": "image",
        "mime_type": "image/jpeg", "upload_description": "JPEG image", "description_status": "completed",
        "created_at": "2025-01-15T10:30:00Z", "updated_at": "2025-01-15T10:30:00Z", "content_created_at": "2025-01-14T08:00:00",
        "full_url": URL, "original_url": URL, "collection_id": "col_550e8400", "md5": "m", "sha256": "s",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("width", "height"),
    [
        pytest.param("40", "30", id="texts"),
        pytest.param(40.5, 30.5, id="fractions"),
        pytest.param(True, 30, id="yes or no"),
        pytest.param(40, None, id="half of them"),
        pytest.param(40, -30, id="below nothing"),
    ],
)
def test_an_image_has_no_dimensions_that_are_none(width, height):
    """A describer may say anything."""
    assert image_document(item(attributes={"width": width, "height": height}), URL)["dimensions"] is None


@pytest.mark.parametrize(
    ("found", "status", "described"),
    [
        pytest.param(item(state=ItemState.WAITING), "pending", "pending", id="waits"),
        pytest.param(item(state=ItemState.ARRIVING), "in_progress", "pending", id="arrives"),
        pytest.param(item(state=ItemState.FAILED, message="Gone."), "failed", "not_requested", id="failed"),
        pytest.param(item(state=ItemState.DISCARDED), "cancelled", "not_requested", id="cancelled"),
        pytest.param(item(), "completed", "not_requested", id="there"),
        pytest.param(item(attributes={"describe_error": "The describer failed."}), "completed", "failed", id="not described"),
    ],
)  # fmt: skip
def test_an_image_says_how_far_its_file_and_its_description_are(found, status, described):
    told = image_document(found, URL)

    assert (told["status"], told["description_status"]) == (status, described)
    assert (told["full_url"] is None) is (status != "completed")
    assert told["error"] == (found.message or None)


@pytest.mark.parametrize(
    ("attributes", "sent_as"),
    [
        pytest.param({"mime_type": "image/png"}, "image/png", id="a picture"),
        pytest.param({"mime_type": "image/svg+xml"}, "application/octet-stream", id="a picture with scripts"),
        pytest.param({"mime_type": "text/html"}, "application/octet-stream", id="a page"),
        pytest.param({"mime_type": "image/png\r\nX: y"}, "application/octet-stream", id="a second header"),
        pytest.param({"mime_type": 7}, "application/octet-stream", id="no text"),
        pytest.param({}, "application/octet-stream", id="unknown"),
    ],
)
def test_a_file_is_sent_as_nothing_that_a_browser_would_run(attributes, sent_as):
    assert content_type(item(attributes=attributes)) == sent_as


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        pytest.param("photo 1.jpg", "photo 1.jpg", "photo%201.jpg", id="a usual one"),
        pytest.param("Grüße.jpg", "Gr__e.jpg", "Gr%C3%BC%C3%9Fe.jpg", id="letters beyond ASCII"),
        pytest.param('a"b\\c.jpg', "a_b_c.jpg", "a%22b_c.jpg", id="what ends a quoted text"),
        pytest.param("a\r\nX: y", "a__X_ y", "a__X%3A%20y", id="a second header"),
        pytest.param("../../etc/passwd", ".._.._etc_passwd", ".._.._etc_passwd", id="another folder"),
        pytest.param(" ", "file", "file", id="none"),
        pytest.param("\u202egpj.exe", "_gpj.exe", "_gpj.exe", id="letters from right to left"),
        pytest.param("\ud800.jpg", "_.jpg", "_.jpg", id="half a character"),
    ],
)
def test_a_file_is_saved_under_its_name_whatever_is_in_it(name, plain, exact):
    assert disposition(name) == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
