"""`/sync?direction=download` over real HTTP: its parameters, its words, and what it refuses."""

import shutil
from pathlib import Path

import pytest
import requests

from app.bootstrap import build_services
from app.jobs.contract import JobRequest
from app.settings import Settings
from tests.support.service import eventually
from tests.support.trees import bucket_client, bucket_objects, tree_objects


@pytest.fixture
def uploaded(service, folder, name):
    """A bucket that holds the three files of the folder, which is gone since."""
    service.mirrored(source=name, dest=name)
    objects = tree_objects(folder)
    shutil.rmtree(folder)
    return objects


def steps(service, job, **wanted):
    return [(step["action"], step["key"], step["status"]) for step in service.get("/steps", id=job["id"], **wanted)]


def test_a_download_brings_the_bucket_into_a_new_folder(service, folder, name, uploaded):
    job = service.mirrored(source=name, dest=name, direction="download")

    assert (job["status"], job["reason"], job["direction"]) == ("succeeded", None, "download")
    assert job["message"] == "3 downloaded, 0 deleted, 0 unchanged."
    assert job["done"] == {"uploads": 3, "deletes": 0, "bytes": 27}
    assert tree_objects(folder) == uploaded
    assert steps(service, job)[0] == ("create", name, "done")
    assert sorted(steps(service, job)[1:]) == [("download", key, "done") for key in sorted(uploaded)]


@pytest.mark.usefixtures("folder")
def test_a_job_says_its_direction_and_an_upload_is_the_default(service, name):
    assert service.mirrored(source=name, dest=name)["direction"] == "upload"
    assert service.mirrored(source=name, dest=name, direction="upload")["direction"] == "upload"
    assert service.get("/runnings", all=1, limit=1)[0]["direction"] == "upload"


@pytest.mark.parametrize("value", ["", "sideways", "Download", "down", "upload,download", "1"])
def test_another_direction_is_refused(service, value):
    response = requests.get(service.url + "/sync", params={"direction": value, "dest": "never-made"}, timeout=60)

    assert response.status_code == 422
    assert [*response.json()["errors"]["query"]] == ["direction"]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"source": "../x"}, "source"),
        ({"source": "/etc"}, "source"),
        ({"dest": "Bad_Name"}, "dest"),
        ({"prefix": "a//b"}, "prefix"),
        ({"delete": "perhaps"}, "delete"),
        ({"max_delete": "lots"}, "max_delete"),
        ({"storage_url": "http://169.254.169.254"}, "storage_url"),
        ({"direction": ["download", "upload"]}, "direction"),
    ],
)
def test_the_other_parameters_are_checked_as_for_an_upload(service, parameters, named):
    response = requests.get(service.url + "/sync", params={"direction": "download"} | parameters, timeout=60)

    assert response.status_code == 422
    assert [*response.json()["errors"]["query"]] == [named]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        pytest.param({}, {"f0.txt", "f1.txt", "f2.txt", "extra", "sub/extra"}, id="not told to delete"),
        pytest.param({"delete": 0}, {"f0.txt", "f1.txt", "f2.txt", "extra", "sub/extra"}, id="told not to"),
        pytest.param({"delete": 1}, {"f0.txt", "f1.txt", "f2.txt"}, id="told to"),
        pytest.param({"delete": 1, "exclude": "sub"}, {"f0.txt", "f1.txt", "f2.txt", "sub/extra"}, id="but not those"),
    ],
)
def test_local_files_that_the_bucket_has_not_stay_unless_delete_is_1(service, folder, name, given, left):
    service.mirrored(source=name, dest=name)
    (folder / "sub").mkdir()
    (folder / "extra").write_text("only here")
    (folder / "sub" / "extra").write_text("only here")
    (folder / "f0.txt").unlink()
    job = service.mirrored(source=name, dest=name, direction="download", **given)

    assert job["status"] == "succeeded"
    assert set(tree_objects(folder)) == left
    assert job["done"]["deletes"] == 5 - len(left)


@pytest.mark.parametrize(("limit", "stopped"), [("1", True), ("30%", True), ("2", False), ("50%", False)])
def test_max_delete_protects_local_files(service, folder, name, limit, stopped):
    service.mirrored(source=name, dest=name)
    for number in range(2):
        (folder / f"extra-{number}").write_text("only here")
    (folder / "f0.txt").unlink()
    job = service.mirrored(source=name, dest=name, direction="download", delete=1, max_delete=limit)

    assert job["reason"] == ("too_many_deletions" if stopped else None)
    assert job["done"] == {"uploads": 1, "deletes": 0 if stopped else 2, "bytes": 9}
    assert len(tree_objects(folder)) == (5 if stopped else 3)
    assert service.mirrored(source=name, dest=name)["status"] == "succeeded"  # all had been brought


def test_changed_objects_are_brought_and_equal_ones_are_not(service, folder, name, rclone):
    service.mirrored(source=name, dest=name)
    client = bucket_client(rclone)
    client.put_object(Bucket=name, Key="f0.txt", Body=b"CONTENT 0")  # of the same size
    client.put_object(Bucket=name, Key="f1.txt", Body=b"longer than before")
    client.close()
    job = service.mirrored(source=name, dest=name, direction="download")

    assert (job["done"]["uploads"], job["unchanged"]) == (2, 1)
    assert tree_objects(folder) == bucket_objects(rclone, name)
    again = service.mirrored(source=name, dest=name, direction="download")
    assert (again["done"]["uploads"], again["unchanged"]) == (0, 3)


def test_check_size_looks_at_nothing_else(service, folder, name):
    service.mirrored(source=name, dest=name)
    (folder / "f0.txt").write_text("CONTENT 0")
    (folder / "f1.txt").write_text("shorter")
    service.mirrored(source=name, dest=name, direction="download", check="size")

    assert (folder / "f0.txt").read_text() == "CONTENT 0"
    assert (folder / "f1.txt").read_text() == "content 1"


def test_a_dry_run_makes_not_even_the_folder(service, folder, name, uploaded):
    job = service.mirrored(source=name, dest=name, direction="download", dry_run=1)

    assert (job["status"], job["message"]) == ("succeeded", "A dry run: nothing was changed.")
    assert sorted(steps(service, job, status="planned")) == [
        ("create", name, "planned"),
        *(("download", key, "planned") for key in sorted(uploaded)),
    ]
    assert not folder.exists()


def test_a_prefix_names_the_part_of_the_bucket(service, folder, name, uploaded):
    service.mirrored(source=name, dest=name, direction="download")
    service.mirrored(source=name, dest=name, prefix="backup")
    other = service.uploads / f"{name}-other" / "deep"
    job = service.mirrored(source=f"{name}-other/deep", dest=name, prefix="backup", direction="download")

    assert tree_objects(other) == uploaded
    assert sorted(steps(service, job)[1:]) == [("download", "backup/" + key, "done") for key in sorted(uploaded)]
    (other / "extra").write_text("only here")
    job = service.mirrored(source=f"{name}-other/deep", dest=name, prefix="backup", direction="download", delete=1)
    assert steps(service, job) == [("delete", "backup/extra", "done")]
    assert tree_objects(folder) == uploaded


def test_filters_hold_for_downloads(service, folder, name, uploaded):
    assert set(uploaded) == {"f0.txt", "f1.txt", "f2.txt"}
    service.mirrored(source=name, dest=name, direction="download", include="f[12]*", exclude="f2*")

    assert set(tree_objects(folder)) == {"f1.txt"}


class TestNothingToBring:
    @pytest.mark.parametrize("delete", [0, 1])
    def test_a_missing_bucket_is_an_error_and_deletes_nothing(self, service, folder, name, delete):
        before = tree_objects(folder)
        job = service.mirrored(source=name, dest=name + "-never", direction="download", delete=delete)

        assert (job["status"], job["reason"]) == ("failed", "storage_missing")
        assert tree_objects(folder) == before
        assert service.mirrored(source=name, dest=name + "-never")["status"] == "succeeded"

    @pytest.mark.parametrize("marker", [None, "photos/"])
    def test_an_empty_bucket_never_empties_the_folder(self, service, folder, name, moto, marker):
        client = bucket_client(moto)
        client.create_bucket(Bucket=name)
        if marker:
            client.put_object(Bucket=name, Key=marker, Body=b"")
        client.close()
        before = tree_objects(folder)
        there = {"storage_url": moto.endpoint, "access_key": "any", "secret_key": "any"}
        job = service.mirrored(source=name, dest=name, direction="download", delete=1, **there)
        kept = service.mirrored(source=name, dest=name, direction="download", **there)

        assert (job["status"], job["reason"]) == ("failed", "source_empty")
        assert (kept["status"], kept["done"]["deletes"]) == ("succeeded", 0)
        assert ("nothing to download" in kept["message"]) is (marker is None)
        assert tree_objects(folder) == before

    def test_an_empty_part_of_a_bucket_is_not_different(self, service, folder, name):
        service.mirrored(source=name, dest=name)
        job = service.mirrored(source=name, dest=name, prefix="no/such", direction="download", delete=1)

        assert (job["status"], job["reason"]) == ("failed", "source_empty")
        assert len(tree_objects(folder)) == 3


def test_an_upload_to_the_bucket_waits_for_the_download_and_deletes_nothing(service, folder, name, uploaded, rclone):
    download = service.sync(source=name, dest=name, direction="download", wait=0.3)
    upload = service.sync(source=name, dest=name)
    second = service.sync(source=name, dest=name, direction="download")
    download, upload, second = (service.finished(job["id"]) for job in (download, upload, second))

    assert download["finished_at"] <= upload["started_at"]
    assert upload["finished_at"] <= second["started_at"]
    assert (upload["unchanged"], upload["done"]["deletes"], second["unchanged"]) == (3, 0, 3)
    assert bucket_objects(rclone, name) == tree_objects(folder) == uploaded


def test_a_dry_run_waits_for_nobody(service, name, uploaded):
    assert len(uploaded) == 3
    running = service.sync(source=name, dest=name, direction="download", wait=60)
    eventually(lambda: service.get("/get", id=running["id"])["done"]["uploads"])
    looked = service.mirrored(source=name, dest=name, direction="download", dry_run=1)
    cancelled = requests.get(f"{service.url}/cancel", params={"id": running["id"]}, timeout=60).json()

    assert looked["status"] == "succeeded"
    assert service.finished(cancelled["id"])["status"] == "cancelled"


def test_a_cancelled_download_keeps_uploads_from_deleting_until_all_is_there(service, folder, name, uploaded, rclone):
    job = service.sync(source=name, dest=name, direction="download", wait=60)
    eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] == 1)
    assert service.get("/get", id=job["id"])["message"].startswith("downloading f")
    requests.get(f"{service.url}/cancel", params={"id": job["id"]}, timeout=60)
    cancelled = service.finished(job["id"])
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "cancelled_by_user")
    assert cancelled["message"] == "Stopped after 1 downloaded, 0 deleted, 0 unchanged."
    assert len(tree_objects(folder)) == 1

    for source in (name, ""):
        refused = service.mirrored(source=source, dest=name)
        assert (refused["status"], refused["reason"]) == ("failed", "source_unreadable")
        assert "has not brought everything" in refused["message"]
    assert service.mirrored(source=name, dest=name, delete=0)["status"] == "succeeded"
    assert bucket_objects(rclone, name) == uploaded

    assert service.mirrored(source=name, dest=name, direction="download")["done"]["uploads"] == 2
    assert service.mirrored(source=name, dest=name)["status"] == "succeeded"
    assert bucket_objects(rclone, name) == tree_objects(folder) == uploaded


@pytest.mark.fault(46)
def test_a_job_that_a_version_without_downloads_had_queued_is_run_as_an_upload(service, folder, name, rclone):
    arguments = {
        "source": name, "dest": name, "prefix": "", "storage_url": rclone.endpoint, "wait": 0, "delete": True,
        "dry_run": False, "rules": [], "max_delete": None, "check": "exact",
    }  # fmt: skip
    services = build_services(Settings.load(service.environ, Path("no.env")))
    queued = services.jobs.submit(JobRequest("mirror", arguments, target=f"s3://earlier/{name}"))
    services.database.close()
    job = service.finished(queued.id)

    assert (job["status"], job["direction"]) == ("succeeded", "upload")
    assert bucket_objects(rclone, name) == tree_objects(folder)
