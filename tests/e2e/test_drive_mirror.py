"""A folder is mirrored into Google Drive and back by a running service, with what its user has consented to."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.google_fake import google
from tests.support.google_files import NATIVE
from tests.support.service import eventually
from tests.support.trees import tree_objects

pytestmark = pytest.mark.slow

FILES = 30
AUTH = "/api/v2/cloud-storage/auth/google_drive"


@pytest.fixture
def fake():
    with google() as fake:
        yield fake


@pytest.fixture
def service(start, fake):
    service = start(**fake.settings)
    for number in range(FILES):
        path = service.uploads / f"folder {number % 3}" / f"it's é {number}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"content " * number)
    return service


@pytest.fixture
def anna(service):
    return service.person("anna").headers


@pytest.fixture
def connection(service, anna, fake):
    """The id of the connection that comes of a consent, given as a browser gives it."""
    callback = f"http://localhost:{service.environ['API_PORT']}{AUTH}/callback"
    fake.redirect_uris.add(callback)
    begun = requests.post(service.url + AUTH, json={"provider": "google_drive"}, headers=anna, timeout=30)
    assert begun.ok, begun.text
    sent_to = fake.consent(begun.json()["authorization_url"])
    told = {name: values[0] for name, values in parse_qs(urlsplit(sent_to).query).items()}
    assert sent_to.startswith(callback)
    finish = {"code": told["code"], "state": told["state"]}
    done = requests.post(f"{service.url}{AUTH}/callback", json=finish, headers=anna, timeout=30)
    assert done.ok, done.text
    return done.json()["connection"]["id"]


@pytest.fixture
def mirrored(service, anna, connection):
    def mirrored(**parameters):
        parameters |= {"connection": connection}
        answer = requests.post(service.url + "/sync", json=parameters, headers=anna, timeout=30)
        assert answer.status_code == 202, answer.text

        def job():
            found = requests.get(service.url + "/get", params={"id": answer.json()["id"]}, headers=anna, timeout=30)
            return found.json() if found.json()["finished_at"] else None

        return eventually(job, 60)

    return mirrored


@pytest.fixture
def in_drive(fake):
    """What is in Drive below the folder of the connection, by its paths."""

    def in_drive():
        return {path.removeprefix("Sluice/"): data for path, data in fake.drive.tree().items()}

    return in_drive


def steps_of(service, anna, job):
    """Return the messages of the steps that failed, by their keys."""
    answer = requests.get(
        f"{service.url}/steps", params={"id": job["id"], "status": "failed"}, headers=anna, timeout=30
    )
    assert answer.ok, answer.text
    return {step["key"]: step["message"] for step in answer.json()}


def test_a_folder_goes_there_and_comes_back_and_twice_is_once(service, mirrored, in_drive, fake):
    job = mirrored()
    assert (job["status"], job["done"]["uploads"]) == ("succeeded", FILES), job
    assert in_drive() == (wanted := tree_objects(service.uploads))

    uploads = len(fake.asked("(POST|PATCH|PUT) /upload/"))
    again = mirrored()
    assert (again["status"], again["done"]["uploads"], again["unchanged"]) == ("succeeded", 0, FILES), again
    assert len(fake.asked("(POST|PATCH|PUT) /upload/")) == uploads
    assert fake.asked("alt=media") == []

    (service.uploads / "folder 0" / "it's é 3").unlink()
    back = mirrored(direction="download")
    assert (back["status"], back["done"]["uploads"]) == ("succeeded", 1), back
    assert tree_objects(service.uploads) == wanted


def test_what_somebody_else_edits_is_replaced_and_what_is_gone_goes_into_the_bin(service, mirrored, in_drive, fake):
    mirrored()
    (edited,) = fake.drive.named("it's é 5")
    fake.drive.write(edited.id, b"x" * len(edited.data))
    (service.uploads / "folder 1" / "it's é 4").unlink()
    (service.uploads / "folder 2" / "it's é 8").write_bytes(b"changed")

    job = mirrored()
    assert (job["status"], job["done"]["uploads"], job["done"]["deletes"]) == ("succeeded", 2, 1), job
    assert in_drive() == tree_objects(service.uploads)
    assert [file.name for file in fake.drive.bin] == ["it's é 4"]
    assert [file.id for file in fake.drive.named("it's é 5")] == [edited.id]


def test_two_files_of_one_name_make_it_partial_and_nothing_is_lost(service, anna, mirrored, fake):
    mirrored()
    (file,) = fake.drive.named("it's é 7")
    other = fake.drive.add(file.name, b"another", parent=file.parent, picked=True)
    (service.uploads / "folder 0" / "it's é 9").unlink()

    job = mirrored()
    assert (job["status"], job["failed"]) == ("partial", 1), job
    told = steps_of(service, anna, job)
    assert list(told) == ["folder 1/it's é 7"]
    assert "Rename or remove" in told["folder 1/it's é 7"]
    assert {one.id for one in fake.drive.named(file.name)} == {file.id, other}
    assert fake.drive.bin == []  # deletions wait until everything arrives

    fake.drive.trash(other)
    assert mirrored()["status"] == "succeeded"
    assert sorted(one.name for one in fake.drive.bin) == ["it's é 7", "it's é 9"]
    assert not fake.drive.is_trashed(file)


def test_an_empty_source_leaves_the_folder_and_what_the_grant_does_not_show_in_it(service, mirrored, in_drive, fake):
    mirrored()
    (folder,) = fake.drive.named("Sluice")
    unseen = fake.drive.add("unseen", b"put there by hand", parent=folder.id)
    for path in service.uploads.rglob("it's*"):
        path.unlink()

    job = mirrored()
    assert (job["status"], job["done"]["deletes"]) == ("succeeded", FILES), job
    assert in_drive() == {"unseen": b"put there by hand"}
    assert not fake.drive.is_trashed(fake.drive.files[unseen])
    assert not fake.drive.is_trashed(folder)


def test_a_document_of_googles_comes_down_as_what_it_is_exported_as(service, mirrored, fake):
    mirrored()
    (folder,) = fake.drive.named("Sluice")
    exports = {"application/pdf": b"%PDF"}
    fake.drive.add("report", mime_type=f"{NATIVE}document", parent=folder.id, exports=exports, picked=True)
    fake.drive.add("unseen", b"neither made here nor picked, and drive.file is all that was granted", parent=folder.id)

    job = mirrored(direction="download")
    assert (job["status"], job["done"]["uploads"]) == ("succeeded", 1), job
    assert (service.uploads / "report.pdf").read_bytes() == b"%PDF"
    assert not (service.uploads / "unseen").exists()


def test_a_grant_that_its_owner_took_back_fails_the_job_with_the_reason(mirrored, fake):
    mirrored()
    fake.revoke()
    job = mirrored()
    assert (job["status"], job["reason"]) == ("failed", "consent_required"), job
