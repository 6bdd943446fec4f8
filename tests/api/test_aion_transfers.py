"""Imports from a Drive, exports to one, their jobs, and imported images that are read back, over HTTP."""

import hashlib
import re

import pytest

from tests.support.aion import Aion, refusal, service_with
from tests.support.google_fake import google as fake_google
from tests.support.pictures import picture

pytestmark = pytest.mark.slow

UNKNOWN = "550e8400-e29b-41d4-a716-446655440000"
IMPORT, EXPORT = "/cloud-storage/import", "/cloud-storage/export"
PHOTO = picture((40, 30), "JPEG")


@pytest.fixture(scope="module")
def google():
    with fake_google() as google:
        yield google


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone, google):
    with service_with(google, tmp_path_factory.mktemp("aion"), rclone, IMPORT_AT_ONCE=2) as service:
        yield service


@pytest.fixture
def aion(service, google):
    return Aion(service, google)


@pytest.fixture
def connection_id(aion):
    return aion.connected()


def test_a_small_import_is_done_when_it_answers(aion, connection_id):
    file_ids = {aion.add("photo1.jpg", PHOTO): "photo1.jpg", aion.add("photo2.jpg", b"2"): "second.jpg"}
    answer = aion.imported(connection_id, file_ids, tags=["imported", "drive"], collection_id="col_550e8400")
    files = answer.pop("files")
    image_ids = answer.pop("image_ids")

    assert answer == {
        "job_id": None,
        "status": None,
        "total_files": 2,
        "is_async": False,
        "message": "2 files imported successfully",
    }
    assert [(one["id"], one["name"], one["status"], one["error"]) for one in files] == [
        (file_id, name, "completed", None) for file_id, name in file_ids.items()
    ]
    assert [one["image_id"] for one in files] == image_ids
    assert aion.call("GET", f"/user-files/{image_ids[1]}/download").content == b"2"


def test_an_image_that_was_imported_is_read_back_with_what_is_known_of_it(aion, connection_id):
    file_id = aion.add("photo1.jpg", PHOTO)
    imported = aion.imported(connection_id, {file_id: "photo1.jpg"}, tags=["imported"], collection_id="col_550e8400")
    image_id = imported["image_ids"][0]
    told = aion.told("GET", f"/user-files/img_{image_id}")

    assert told["id"] == image_id
    assert (told["title"], told["filename"], told["status"], told["error"]) == ("photo1.jpg",) * 2 + ("completed", None)
    assert told["tags"] == ["imported"]
    assert told["size_bytes"] == len(PHOTO)
    assert told["dimensions"] == {"width": 40, "height": 30}
    assert (told["format"], told["media_type"], told["mime_type"]) == ("jpeg", "image", "image/jpeg")
    assert told["upload_description"].startswith("JPEG image, 40 x 30 pixels")
    assert told["description_status"] == "completed"
    assert told["collection_id"] == "col_550e8400"
    assert told["md5"] == hashlib.md5(PHOTO).hexdigest()
    assert told["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert told["full_url"] == told["original_url"]
    assert told["full_url"].endswith(f"/api/v2/user-files/{image_id}/download")


def test_an_import_without_a_description_has_none(aion, connection_id):
    imported = aion.imported(connection_id, {aion.add("photo1.jpg", PHOTO): "photo1.jpg"}, auto_describe=False)
    told = aion.told("GET", f"/user-files/{imported['image_ids'][0]}")

    assert (told["upload_description"], told["description_status"], told["dimensions"]) == (None, "not_requested", None)


def test_a_file_is_downloaded_whole_and_in_part_and_never_shown(aion, connection_id):
    name = 'evil"\r\nX-Evil: 1;/../ü.html'
    imported = aion.imported(connection_id, {aion.add("page", b"<script>", "text/html"): name})
    path = f"/user-files/{imported['image_ids'][0]}/download"
    whole, part = aion.call("GET", path), aion.call("GET", path, headers={"Range": "bytes=1-3"})

    assert (whole.status_code, whole.content) == (200, b"<script>")
    assert whole.headers["Content-Type"] == "application/octet-stream"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert whole.headers["ETag"] == f'"{hashlib.sha256(b"<script>").hexdigest()}"'
    assert re.fullmatch(r"attachment; filename=\"[\w.() -]+\"; filename\*=UTF-8''[\w.%~-]+", whole.headers["Content-Disposition"], re.ASCII)  # fmt: skip
    assert "X-Evil" not in whole.headers
    assert (part.status_code, part.content) == (206, b"scr")
    assert aion.call("GET", path, headers={"Range": "bytes=99-"}).status_code == 416


def test_a_small_import_of_which_a_part_failed_says_so(aion, connection_id):
    answer = aion.imported(connection_id, {aion.add("photo1.jpg"): "photo1.jpg", "gone": "photo2.jpg"})

    assert (answer["status"], answer["is_async"], answer["job_id"]) == ("partial", False, None)
    assert len(answer["image_ids"]) == 1
    assert answer["message"].startswith("1 of 2 files imported. photo2.jpg: ")
    assert [one["status"] for one in answer["files"]] == ["completed", "failed"]
    failed = answer["files"][1]
    assert failed["error"]
    told = aion.told("GET", f"/user-files/{failed['image_id']}")
    assert (told["status"], told["error"], told["full_url"]) == ("failed", failed["error"], None)
    assert refusal(aion.call("GET", f"/user-files/{failed['image_id']}/download")) == (409, "CONFLICT")


def test_a_small_import_of_which_all_failed_says_so(aion, connection_id):
    answer = aion.imported(connection_id, {"gone": "photo2.jpg"})

    assert (answer["status"], answer["image_ids"]) == ("failed", [])
    assert answer["message"].startswith("0 of 1 file imported. photo2.jpg: ")


def test_a_large_import_is_a_job_that_is_followed_to_its_end(aion, connection_id):
    file_ids = {aion.add(f"photo{number}.jpg"): f"photo{number}.jpg" for number in range(3)} | {"gone": "photo3.jpg"}
    answer = aion.imported(connection_id, file_ids)
    job_id = answer.pop("job_id")

    assert answer == {
        "image_ids": None,
        "status": "pending",
        "total_files": 4,
        "is_async": True,
        "message": "Import job created",
    }
    job = aion.ended(f"job_{job_id}")
    files = job.pop("files")
    assert job.pop("error")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", job.pop(f"{what}_at")) for what in ("created", "updated", "completed"))  # fmt: skip
    assert job == {
        "job_id": job_id,
        "type": "import",
        "status": "partial",
        "connection_id": connection_id,
        "provider": "google_drive",
        "total_files": 4,
        "completed_files": 3,
        "failed_files": 1,
    }
    assert [(one["id"], one["name"]) for one in files] == list(file_ids.items())
    assert [one["status"] for one in files] == ["completed"] * 3 + ["failed"]
    assert aion.told("GET", f"/user-files/{files[0]['image_id']}")["status"] == "completed"


def test_a_job_counts_while_it_runs(aion, connection_id, google):
    file_ids = {aion.add(f"photo{number}.jpg"): f"photo{number}.jpg" for number in range(3)}
    held = google.hold(rf"^GET /drive/v3/files/{list(file_ids)[2]}\?.*alt=media")
    with held:
        job_id = aion.imported(connection_id, file_ids)["job_id"]
        google.wait_for(rf"^GET /drive/v3/files/{list(file_ids)[2]}\?.*alt=media")
        running = aion.job(job_id)
        assert (running["status"], running["completed_at"], running["error"]) == ("in_progress", None, None)
        assert running["files"][2]["status"] == "in_progress"
    assert (aion.ended(job_id)["status"], aion.job(job_id)["completed_files"]) == ("completed", 3)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"files": []}, (400, "VALIDATION_ERROR"), id="no files"),
        pytest.param({"files": [{"id": "a", "name": "a"}] * 2}, (400, "VALIDATION_ERROR"), id="a file twice"),
        pytest.param({"files": [{"id": "a"}]}, (422, "VALIDATION_ERROR"), id="a file without a name"),
        pytest.param({"files": [{"id": str(n), "name": "a"} for n in range(1001)]}, (400, "VALIDATION_ERROR"), id="too many"),
        pytest.param({"connection_id": UNKNOWN}, (404, "NOT_FOUND"), id="an unknown connection"),
        pytest.param({"connection_id": "x"}, (404, "NOT_FOUND"), id="no connection's id"),
        pytest.param({"tags": "x"}, (422, "VALIDATION_ERROR"), id="a tag for tags"),
    ],
)  # fmt: skip
def test_an_import_that_makes_no_sense_is_refused(aion, connection_id, changes, expected):
    body = {"connection_id": connection_id, "files": [{"id": "a", "name": "a"}]} | changes

    assert refusal(aion.call("POST", IMPORT, json=body)) == expected


def test_an_import_by_an_account_that_must_consent_anew_is_refused_at_once(aion, connection_id):
    aion.revoked(connection_id)
    body = {"connection_id": connection_id, "files": [{"id": "a", "name": "a"}]}
    answer = aion.call("POST", IMPORT, json=body)

    assert refusal(answer) == (401, "REAUTH_REQUIRED")
    assert answer.json()["requires_reauth"] is True


def test_images_are_exported_into_a_new_folder(aion, connection_id, google):
    files = {aion.add("photo1.jpg", PHOTO): "photo1.jpg", aion.add("photo2.jpg", b"2"): "photo2.jpg"}
    image_ids = aion.imported(connection_id, files)["image_ids"]
    parent = google.drive.add_folder("Parent", account=aion.account, picked=True)
    body = {
        "connection_id": connection_id,
        "image_ids": [f"img_{image_ids[0]}", image_ids[1]],
        "folder_id": parent,
        "folder_name": "/Aionvision Export",
    }
    answer = aion.told("POST", EXPORT, json=body)
    job_id = answer.pop("job_id")

    assert answer == {
        "cloud_file_ids": None,
        "job_status": "pending",
        "is_async": True,
        "message": "Export job created",
    }
    job = aion.ended(job_id)
    assert (job["type"], job["status"], job["completed_files"], job["error"]) == ("export", "completed", 2, None)
    stored = [google.drive.files[one["id"]] for one in job["files"]]
    assert [(one.name, one.data) for one in stored] == [("photo1.jpg", PHOTO), ("photo2.jpg", b"2")]
    assert [one["image_id"] for one in job["files"]] == image_ids
    (folder,) = {one.parent for one in stored}
    assert (google.drive.files[folder].name, google.drive.files[folder].parent) == ("Aionvision Export", parent)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"image_ids": []}, (400, "VALIDATION_ERROR"), id="no images"),
        pytest.param({"image_ids": [UNKNOWN]}, (404, "NOT_FOUND"), id="an unknown image"),
        pytest.param({"image_ids": ["img_001"]}, (404, "NOT_FOUND"), id="no image's id"),
        pytest.param({"image_ids": "x"}, (422, "VALIDATION_ERROR"), id="an image for images"),
        pytest.param({"connection_id": UNKNOWN}, (404, "NOT_FOUND"), id="an unknown connection"),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(aion, connection_id, changes, expected):
    body = {"connection_id": connection_id, "image_ids": [UNKNOWN]} | changes

    assert refusal(aion.call("POST", EXPORT, json=body)) == expected


def test_what_is_somebody_elses_is_not_found(aion, connection_id, service, google):
    image_id = aion.imported(connection_id, {aion.add("photo1.jpg"): "photo1.jpg"})["image_ids"][0]
    job_id = aion.told("POST", EXPORT, json={"connection_id": connection_id, "image_ids": [image_id]})["job_id"]
    other = Aion(service, google)
    others = other.connected()

    for path in (f"/user-files/{image_id}", f"/user-files/{image_id}/download", f"/cloud-storage/jobs/{job_id}"):
        assert refusal(other.call("GET", path)) == (404, "NOT_FOUND")
    stolen = other.call("POST", EXPORT, json={"connection_id": others, "image_ids": [image_id]})
    assert refusal(stolen) == (404, "NOT_FOUND")
    lent = other.call("POST", IMPORT, json={"connection_id": connection_id, "files": [{"id": "a", "name": "a"}]})
    assert refusal(lent) == (404, "NOT_FOUND")
    assert aion.ended(job_id)["status"] == "completed"


def test_jobs_of_other_dialects_are_no_imports(aion, service):
    (service.uploads / "some").mkdir(exist_ok=True)
    job = service.session.post(
        f"{service.url}/sync", json={"source": "some", "dest": "some"}, headers=aion.person.headers, timeout=30
    ).json()

    assert refusal(aion.call("GET", f"/cloud-storage/jobs/{job['id']}")) == (404, "NOT_FOUND")


def test_a_user_without_room_is_told_so(tmp_path, rclone, google):
    with service_with(google, tmp_path, rclone, LIBRARY_QUOTA="1") as service:
        aion = Aion(service, google)
        connection_id = aion.connected()
        first = aion.imported(connection_id, {aion.add("photo1.jpg", b"1"): "photo1.jpg"})
        body = {"connection_id": connection_id, "files": [{"id": "a", "name": "a"}]}

        assert first["message"] == "1 file imported successfully"
        assert refusal(aion.call("POST", IMPORT, json=body)) == (507, "STORAGE_QUOTA_EXCEEDED")


def test_where_every_import_is_a_job_images_have_ids_before_they_arrive(tmp_path, rclone, google):
    with service_with(google, tmp_path, rclone, IMPORT_AT_ONCE=0) as service:
        aion = Aion(service, google)
        connection_id = aion.connected()
        answer = aion.imported(connection_id, {aion.add("photo1.jpg", PHOTO): "photo1.jpg"})

        assert (answer["is_async"], answer["status"], len(answer["image_ids"])) == (True, "pending", 1)
        assert aion.call("GET", f"/user-files/{answer['image_ids'][0]}").status_code == 200
        assert aion.ended(answer["job_id"])["files"][0]["image_id"] == answer["image_ids"][0]
        assert aion.call("GET", f"/user-files/{answer['image_ids'][0]}/download").content == PHOTO
