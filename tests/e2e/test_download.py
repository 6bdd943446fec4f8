"""Whole restores: what was uploaded and lost comes back as it was, and nothing else is touched."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.permissions import run_forked_bound_flask
from tests.support.programs import run_flask
from tests.support.service import eventually
from tests.support.trees import (
    bucket_client,
    bucket_objects,
    finished_files,
    finished_objects,
    make_tree,
    tree_objects,
)

pytestmark = pytest.mark.slow


def tree(root):
    """Return the files below ``root`` by their names as bytes, which is what a restore must bring back."""
    return {os.fsencode(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def modified(root):
    """Return when each file was modified, in nanoseconds."""
    return {os.fsencode(path.relative_to(root)): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def put(server, bucket, objects):
    """Put objects into a bucket as any other client would."""
    client = bucket_client(server)
    client.create_bucket(Bucket=bucket)
    for key, data in objects.items():
        client.put_object(Bucket=bucket, Key=key, Body=data)
    client.close()


def empty(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def replace(folder):
    """Put an empty folder in the place of this one, which stays, as a new disk would."""
    folder.rename(folder.with_name("the-old-disk"))
    folder.mkdir()


@pytest.mark.parametrize("server", ["rclone"])  # of moto: test_spelling.py
@pytest.mark.fault(28)
def test_500_files_with_odd_names_come_back_as_they_were(start, bucket, server, request):
    service = start(request.getfixturevalue(server))
    make_tree(service.uploads, 500)
    before, times = tree(service.uploads), modified(service.uploads)
    service.mirrored(dest=bucket)
    empty(service.uploads)
    job = service.mirrored(dest=bucket, direction="download")
    assert (job["status"], job["failed"], job["skipped"]) == ("succeeded", 0, 0), service.get(
        "/steps", id=job["id"], status="failed"
    )
    assert tree(service.uploads) == before
    assert modified(service.uploads) == times

    assert service.mirrored(dest=bucket, direction="download")["done"] == {"uploads": 0, "deletes": 0, "bytes": 0}
    assert service.mirrored(dest=bucket)["done"] == {"uploads": 0, "deletes": 0, "bytes": 0}

    for number, path in enumerate(sorted(path for path in service.uploads.rglob("*") if path.is_file())):
        if number % 5 == 0:
            path.unlink()
        elif number % 5 == 1:
            path.write_bytes(b"changed " + path.read_bytes())
        elif number % 5 == 2:
            path.write_bytes(path.read_bytes().swapcase())  # only the content tells
    (service.uploads / "only here").write_bytes(b"extra")
    assert service.mirrored(dest=bucket, direction="download")["status"] == "succeeded"
    assert tree(service.uploads) == before | {b"only here": b"extra"}
    assert service.mirrored(dest=bucket, direction="download", delete=1)["done"]["deletes"] == 1
    assert tree(service.uploads) == before


def test_a_large_object_comes_back_whole_and_is_recognised_again(start, bucket):
    service = start()
    (service.uploads / "large").write_bytes(os.urandom(1 << 20) * 40)
    before = tree(service.uploads)
    service.mirrored(dest=bucket)
    empty(service.uploads)

    assert service.mirrored(dest=bucket, direction="download")["done"]["bytes"] == 40 << 20
    assert tree(service.uploads) == before
    assert service.mirrored(dest=bucket, direction="download")["unchanged"] == 1


HOSTILE = [
    "..", "../escaped", "a/../../escaped", "a/../b", "./a", "a/./b", "/lead", "a//b", "x" * 300, "⧵zz", "‛zz", "caf‛E9",
    "link/escaped", "link/deep/er/escaped", "link-in/up/escaped",
]  # fmt: skip


def test_keys_that_no_file_can_have_fail_and_nothing_outside_is_touched(start, bucket, moto, tmp_path):
    service = start(moto)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("never touched")
    (service.uploads / "in").mkdir()
    (service.uploads / "in" / "up").symlink_to(outside)
    (service.uploads / "link-in").symlink_to("in")
    (service.uploads / "link").symlink_to(outside)
    put(moto, bucket, dict.fromkeys(HOSTILE, b"hostile") | {"good/1": b"1", "link-in/2": b"2", "folder/": b""})
    assert set(bucket_objects(moto, bucket)) == {*HOSTILE, "good/1", "link-in/2", "folder/"}
    job = service.mirrored(dest=bucket, direction="download", delete=1)

    assert (job["status"], job["reason"], job["done"]["uploads"]) == ("partial", "download_failed", 2)
    failed = service.get("/steps", id=job["id"], status="failed")
    assert {step["key"]: step["reason"] for step in failed} == dict.fromkeys(HOSTILE, "key_refused")
    [skipped] = service.get("/steps", id=job["id"], status="skipped")
    assert (skipped["action"], skipped["key"], skipped["reason"]) == ("skip", "folder/", "not_a_file")
    assert tree(service.uploads) == {b"good/1": b"1", b"in/2": b"2"}
    assert {path.name for path in outside.rglob("*")} == {"secret"}
    assert {path.name for path in tmp_path.iterdir()} == {"outside", "uploads", "var", "service.log"}
    assert [path for path in service.uploads.rglob("*") if "sluice" in path.name] == []


@pytest.mark.fault(29)
def test_markers_of_folders_are_no_failures(start, bucket, moto):
    service = start(moto)
    put(moto, bucket, {"photos/": b"", "photos/1": b"1", "empty/": b""})
    job = service.mirrored(dest=bucket, direction="download")

    assert (job["status"], job["reason"], job["skipped"]) == ("succeeded", None, 2)
    assert tree(service.uploads) == {b"photos/1": b"1"}


@pytest.mark.fault(29)
def test_of_a_key_and_keys_below_it_one_side_arrives_and_the_other_fails(start, bucket, moto):
    service = start(moto)
    put(moto, bucket, {"a": b"file", "a/b": b"below", "a/c": b"below", "z": b"z"})
    jobs = [service.mirrored(dest=bucket, direction="download", delete=1) for _ in range(3)]

    assert [(job["status"], job["reason"]) for job in jobs] == [("partial", "download_failed")] * 3
    assert jobs[2]["done"]["uploads"] == 0
    assert tree(service.uploads) in ({b"a": b"file", b"z": b"z"}, {b"a/b": b"below", b"a/c": b"below", b"z": b"z"})


@pytest.mark.parametrize(
    ("local", "bucket_has"),
    [
        pytest.param({"a": "file"}, {"a/b": b"below"}, id="a file where a folder must be"),
        pytest.param({"a/b": "below", "a/c/d": "below"}, {"a": b"file"}, id="a folder where a file must be"),
    ],
)
def test_a_file_and_a_folder_change_places_only_when_deleting_is_allowed(start, bucket, moto, local, bucket_has):
    service = start(moto)
    put(moto, bucket, bucket_has)
    for name, text in local.items():
        path = service.uploads / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    before = tree(service.uploads)
    kept = service.mirrored(dest=bucket, direction="download")
    assert (kept["status"], kept["failed"]) == ("partial", 1)
    assert tree(service.uploads) == before

    assert service.mirrored(dest=bucket, direction="download", delete=1)["status"] == "succeeded"
    assert tree(service.uploads) == {key.encode(): data for key, data in bucket_has.items()}


class TestANewDisk:
    @pytest.fixture
    def service(self, start, bucket):
        service = start()
        make_tree(service.uploads, 20)
        service.mirrored(dest=bucket)
        replace(service.uploads)
        assert service.mirrored(dest=bucket)["reason"] == "source_unreadable"
        return service

    def test_takes_a_restore_and_is_then_as_good_as_the_old_one(self, service, bucket, rclone):
        job = service.mirrored(dest=bucket, direction="download")
        assert (job["status"], job["done"]["uploads"]) == ("succeeded", 20)
        assert tree(service.uploads) == tree(service.uploads.with_name("the-old-disk"))

        assert service.mirrored(dest=bucket)["unchanged"] == 20
        empty_of_files = [path.unlink() for path in service.uploads.rglob("*") if path.is_file()]
        assert len(empty_of_files) == 20
        assert service.mirrored(dest=bucket)["status"] == "succeeded"
        assert bucket_objects(rclone, bucket) is None

    def test_stays_protected_while_it_is_restored_in_part_only(self, service, bucket, rclone):
        job = service.sync(dest=bucket, direction="download", wait=60)
        eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] == 1)
        service.get("/cancel", id=job["id"])
        service.finished(job["id"])

        for _ in range(2):
            assert service.mirrored(dest=bucket)["reason"] == "source_unreadable"
        assert len(bucket_objects(rclone, bucket)) == 20

    def test_stays_protected_by_a_download_that_brought_nothing(self, service, bucket, rclone):
        client = bucket_client(rclone)
        client.create_bucket(Bucket=bucket + "-empty")
        client.close()
        assert service.mirrored(dest=bucket + "-empty", direction="download")["status"] == "succeeded"
        assert service.mirrored(dest=bucket, direction="download", dry_run=1)["planned"]["uploads"] == 20

        assert service.mirrored(dest=bucket)["reason"] == "source_unreadable"
        assert len(bucket_objects(rclone, bucket)) == 20


def test_where_a_volume_is_not_mounted_nothing_is_restored(start, bucket):
    service = start()
    (service.uploads / "a").write_text("a")
    service.mirrored(dest=bucket)
    (Path(service.environ["DATA_DIR"]) / "uploads-volume").write_bytes(os.fsencode(service.uploads))
    empty(service.uploads)
    job = service.mirrored(dest=bucket, direction="download")

    assert (job["status"], job["reason"]) == ("failed", "source_unreadable")
    assert tree(service.uploads) == {}


def test_a_missing_uploads_folder_is_not_made(start, bucket):
    service = start()
    (service.uploads / "a").write_text("a")
    service.mirrored(dest=bucket)
    shutil.rmtree(service.uploads)
    for source in ("", "photos"):
        job = service.mirrored(source=source, dest=bucket, direction="download")

        assert (source, job["status"], job["reason"]) == (source, "failed", "source_unreadable")
        assert not service.uploads.exists()


def test_what_is_no_folder_inside_is_refused(start, bucket, tmp_path):
    service = start()
    (service.uploads / "file").write_text("a file")
    (service.uploads / "link").symlink_to(tmp_path)
    service.mirrored(dest=bucket)
    before = sorted(tmp_path.iterdir())
    for source in ("file", "file/sub", "link"):
        job = service.mirrored(source=source, dest=bucket, direction="download")

        assert (source, job["status"], job["reason"]) == (source, "failed", "source_unreadable")
        assert (service.uploads / "file").read_text() == "a file"
        assert sorted(tmp_path.iterdir()) == before


def test_a_download_goes_on_after_kill_9_under_its_own_id(start, bucket, rclone):
    service = start(STALE_SECONDS=3, HEARTBEAT_SECONDS=1)
    make_tree(service.uploads, 8)
    before = tree_objects(service.uploads)
    service.mirrored(dest=bucket)
    empty(service.uploads)
    job = service.sync(dest=bucket, direction="download", wait=1)
    eventually(lambda: len(finished_files(service.uploads)) >= 2)
    waiting = service.sync(dest=bucket)
    service.kill()
    assert len(finished_files(service.uploads)) < 8
    service.start()

    assert service.finished(job["id"])["status"] == "succeeded"
    assert service.finished(waiting["id"])["done"]["deletes"] == 0
    assert bucket_objects(rclone, bucket) == finished_objects(service.uploads) == before


class TestCommandLine:
    @pytest.fixture
    def service(self, start, bucket):
        """A service that has uploaded and lost four files, and is stopped: the command needs none."""
        service = start()
        for number in range(4):
            (service.uploads / f"f{number}").write_text(f"content {number}")
        service.mirrored(dest=bucket)
        empty(service.uploads)
        service.stop()
        return service

    def run(self, service, *arguments, run=run_flask):
        done = run("sync", "--direction", "download", *arguments, environ=service.environ)
        assert "Traceback" not in done.stderr
        return done

    def test_downloads_with_a_progress_bar_and_says_so(self, service, bucket):
        done = self.run(service, "photos", bucket, "--wait", "0.8")

        assert (done.returncode, done.stdout) == (0, "succeeded: 4 downloaded, 0 deleted, 0 unchanged.\n")
        assert "downloading f" in done.stderr
        assert "/4 files" in done.stderr
        assert len(tree(service.uploads / "photos")) == 4

    def test_deletes_only_when_it_is_told_to(self, service, bucket):
        (service.uploads / "extra").write_text("only here")

        assert self.run(service, "", bucket).stdout == "succeeded: 4 downloaded, 0 deleted, 0 unchanged.\n"
        assert self.run(service, "", bucket, "--no-delete").stdout.endswith("0 deleted, 4 unchanged.\n")
        assert self.run(service, "", bucket, "--delete").stdout.endswith("1 deleted, 4 unchanged.\n")
        assert len(tree(service.uploads)) == 4

    def test_ends_with_the_status_that_tells(self, service):
        for arguments, status, out in (
            (["", "never-made"], 1, "failed (storage_missing): "),
            (["../x"], 1, ""),
            (["--direction", "sideways"], 2, ""),
        ):
            done = self.run(service, *arguments)

            assert (arguments, done.returncode) == (arguments, status)
            assert done.stdout.startswith(out)
            assert out or done.stderr

    def test_fails_each_file_that_it_may_not_write(self, service, bucket):
        (service.uploads / "photos").mkdir(mode=0o500)
        done = self.run(service, "photos", bucket, run=run_forked_bound_flask)

        assert done.returncode == 2
        assert done.stdout.startswith("partial (access_denied): 0 downloaded, 0 deleted, 0 unchanged, 4 failed.")
        assert tree(service.uploads) == {}


def test_names_are_spelt_back_as_they_were(start, bucket, moto):
    service = start(moto)
    put(moto, bucket, {"caf⧵E9.txt": b"Latin-1", "tab⧵09": b"tab", "⧵E2⧵A7⧵B5": b"the mark itself"})
    assert service.mirrored(dest=bucket, direction="download")["status"] == "succeeded"

    assert tree(service.uploads) == {b"caf\xe9.txt": b"Latin-1", b"tab\t": b"tab", "⧵".encode(): b"the mark itself"}
