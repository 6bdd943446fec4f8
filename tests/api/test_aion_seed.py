"""Every body that the seed prints, sent as it is printed, and every answer that it prints, field by field."""

import json
from textwrap import dedent

import pytest

from tests.support.aion import Aion, refusal, service_with
from tests.support.google_fake import google as fake_google
from tests.support.pictures import picture

pytestmark = pytest.mark.slow

ID = "550e8400-e29b-41d4-a716-446655440000"
"""The id of the seed's connection, which no connection here has."""

BEGIN = """
{
  "provider": "google_drive",
  "redirect_uri": "https://your-app.com/callback"
}
"""
FINISH = """
{
  "code": "authorization_code_from_google",
  "state": "csrf_state_token_abc123",
  "redirect_uri": "https://your-app.com/callback"
}
"""
PROXY = """
{
  "session_id": "picker_sess_abc123",
  "endpoint": "files/abc123",
  "params": {
    "fields": "id,name,mimeType,size"
  }
}
"""
IMPORT = """
{
  "connection_id": "550e8400-e29b-41d4-a716-446655440000",
  "files": [
    {
      "id": "gdrive_file_id_1",
      "name": "photo1.jpg",
      "mime_type": "image/jpeg",
      "size_bytes": 2048576
    }
  ],
  "auto_describe": true,
  "tags": ["imported", "drive"],
  "collection_id": "col_550e8400"
}
"""
EXPORT = """
{
  "connection_id": "550e8400-e29b-41d4-a716-446655440000",
  "image_ids": ["img_001", "img_002"],
  "folder_id": "gdrive_folder_id",
  "folder_name": "Aionvision Export"
}
"""
PHOTO = picture((40, 30), "JPEG")


@pytest.fixture(scope="module")
def google():
    with fake_google() as google:
        yield google


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone, google):
    with service_with(google, tmp_path_factory.mktemp("seed"), rclone) as service:
        yield service


@pytest.fixture(scope="module")
def aion(service, google):
    return Aion(service, google)


@pytest.fixture(scope="module")
def connection(aion):
    """What finishing the seed's consent answers."""
    begun = aion.told("POST", "/cloud-storage/auth/google_drive", **printed(BEGIN))
    brought = aion.consented(begun)
    body = FINISH.replace("authorization_code_from_google", brought["code"]).replace(
        "csrf_state_token_abc123", begun["state"]
    )
    return aion.told("POST", "/cloud-storage/auth/google_drive/callback", **printed(body))


@pytest.fixture(scope="module")
def image(aion, connection):
    """What the seed's import answers, once its connection is a real one."""
    aion.add("other name.jpg", PHOTO, id="gdrive_file_id_1")
    return aion.told("POST", "/cloud-storage/import", **printed(IMPORT.replace(ID, connection["connection"]["id"])))


def printed(body):
    """Return how a body is sent as it is printed."""
    return {"data": dedent(body).strip(), "headers": {"Content-Type": "application/json"}}


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        pytest.param("/cloud-storage/auth/google_drive/callback", FINISH, (400, "VALIDATION_ERROR"), id="a state of nobody's"),
        pytest.param("/cloud-storage/picker-proxy", PROXY, (401, "AUTH_ERROR"), id="a session of nobody's"),
        pytest.param("/cloud-storage/import", IMPORT, (404, "NOT_FOUND"), id="an import by nobody's connection"),
        pytest.param("/cloud-storage/export", EXPORT, (404, "NOT_FOUND"), id="an export to nobody's connection"),
    ],
)  # fmt: skip
def test_each_body_as_it_is_printed_is_understood(aion, path, body, expected):
    assert refusal(aion.call("POST", path, **printed(body))) == expected


def test_begin(aion):
    answer = aion.told("POST", "/cloud-storage/auth/google_drive", **printed(BEGIN))

    assert list(answer) == ["authorization_url", "state", "provider"]
    assert answer["provider"] == "google_drive"


def test_finish_and_list(aion, connection):
    listed = aion.told("GET", "/cloud-storage/connections?provider=google_drive&active_only=true")

    assert list(connection) == ["connection", "is_new"]
    assert list(connection["connection"]) == [
        "id", "provider", "provider_email", "provider_display_name", "is_active", "created_at", "last_used_at",
    ]  # fmt: skip
    assert connection["connection"]["provider_display_name"] == "John Doe"
    assert list(listed) == ["connections", "total_count"]
    assert [one["id"] for one in listed["connections"]] == [connection["connection"]["id"]]


def test_picker(aion, connection):
    session = aion.told("GET", f"/cloud-storage/connections/{connection['connection']['id']}/picker-token")["session"]
    aion.add("photo.jpg", b"12345", id="abc123")
    body = PROXY.replace("picker_sess_abc123", session["session_id"])

    assert list(session) == ["session_id", "access_token", "app_id", "developer_key", "expires_at"]
    assert session["session_id"].startswith("picker_sess_")
    assert aion.told("POST", "/cloud-storage/picker-proxy", **printed(body))["data"] == {
        "id": "abc123", "name": "photo.jpg", "mimeType": "image/jpeg", "size": "5",
    }  # fmt: skip


def test_import(aion, image):
    read = aion.told("GET", f"/user-files/{image['image_ids'][0]}")

    assert list(image) == ["image_ids", "job_id", "status", "total_files", "is_async", "message", "files"]
    assert image["message"] == "1 file imported successfully"
    assert (read["filename"], read["tags"]) == ("photo1.jpg", ["imported", "drive"])
    assert (read["collection_id"], read["size_bytes"]) == ("col_550e8400", len(PHOTO))


def test_export_and_its_job(aion, google, connection, image):
    google.drive.add_folder("Folder", account=aion.account, picked=True, id="gdrive_folder_id")
    second = aion.imported(connection["connection"]["id"], {aion.add("photo2.jpg"): "photo2.jpg"})["image_ids"][0]
    body = EXPORT.replace(ID, connection["connection"]["id"]).replace("img_001", image["image_ids"][0])
    answer = aion.told("POST", "/cloud-storage/export", **printed(body.replace("img_002", second)))
    job = aion.ended(answer["job_id"])

    assert list(answer) == ["cloud_file_ids", "job_id", "job_status", "is_async", "message"]
    assert {name: answer[name] for name in ("job_status", "is_async", "message")} == (
        json.loads('{"job_status": "pending", "is_async": true, "message": "Export job created"}')
    )
    assert list(job) == [
        "job_id", "type", "status", "connection_id", "provider", "total_files", "completed_files", "failed_files", "error",
        "created_at", "updated_at", "completed_at", "files",
    ]  # fmt: skip
    assert (job["type"], job["status"], job["completed_files"]) == ("export", "completed", 2)
    assert job["connection_id"] == connection["connection"]["id"]


def test_disconnect(service, google):
    aion = Aion(service, google)
    answer = aion.call("DELETE", f"/cloud-storage/connections/{aion.connected()}")

    assert answer.json() == {"success": True, "message": "Connection disconnected successfully"}
