"""Backups, restores and rotated keys of a service that runs."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar
from urllib.parse import quote

import pytest
import requests
from botocore.exceptions import ClientError

from app.connections.key_file import new_key
from tests.e2e.test_make_run import Run
from tests.support.disks import full_disk
from tests.support.galaxy import Hold
from tests.support.meddling import meddling
from tests.support.permissions import run_bound_flask
from tests.support.programs import flask, run_flask
from tests.support.servers import ACCESS_KEY
from tests.support.service import ROOT, eventually
from tests.support.trees import bucket_client, bucket_objects, tree_objects

pytestmark = pytest.mark.slow

QUICK = {"HEARTBEAT_SECONDS": 1, "STALE_SECONDS": 3}
MEGABYTES = 80
REFUSED = {"InvalidAccessKeyId", "AccessDenied", "SignatureDoesNotMatch"}


def piped(environ, *arguments):
    """Start a command whose output goes through a pipe to who reads it, or does not."""
    command = [sys.executable, "-m", "flask", "--app", "app", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(environ, *arguments, run=run_flask, **options):
    """Run a command of the shell; return its status, its standard output and what it says of errors."""
    ended = run(*map(str, arguments), environ=environ, **options)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


def restore(tar, data_dir):
    """Unpack a backup as the documentation says."""
    data_dir.mkdir(mode=0o700)
    subprocess.run(["tar", "-xf", str(tar), "-C", str(data_dir)], check=True, timeout=60)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def history(service):
    """All that the service tells of its finished jobs."""
    jobs = [job for job in service.get("/runnings", all=1, limit=1000) if job["finished_at"]]
    return [(job, service.get("/steps", id=job["id"], limit=1000)) for job in jobs]


@pytest.fixture
def busy(start, bucket, rclone, tmp_path):
    """A service with a finished job, and one that was given keys with the request and is held in its middle."""
    with meddling(rclone) as proxy:
        service = start(proxy.as_server, **QUICK)
        for number in range(12):
            (service.uploads / f"näme {number}").write_text(f"content {number}")
        service.mirrored(dest=f"{bucket}-done")
        proxy.before = service.hold = Hold("PUT", f"{bucket}/{quote('näme 2')}")  # 0, 1, 10 and 11 come before
        service.running = service.sync(dest=bucket, wait=0.2, access_key=ACCESS_KEY, secret_key=rclone.secret_key)["id"]
        eventually(lambda: service.get("/get", id=service.running)["done"]["uploads"] >= 2)
        service.data_dir = tmp_path / "var"
        yield service
        service.hold.release()


def lose_and_restore(service, tar):
    """Back the service up while it runs, kill it, and restore a DATA_DIR that is gone."""
    run(service.environ, "backup", tar)
    service.kill()
    shutil.rmtree(service.data_dir)
    restore(tar, service.data_dir)


def test_a_backup_of_a_running_service_is_restored_and_its_job_goes_on(busy, bucket, rclone, tmp_path):
    tar, expected = tmp_path / "sluice.tar", history(busy)
    status, out, err = run(busy.environ, "backup", tar)
    assert (status, err) == (0, "")
    assert out == f"{tar} holds the database and the keys.\n"
    assert tar.stat().st_mode & 0o777 == 0o600
    assert busy.get("/get", id=busy.running)["status"] == "running"

    busy.kill()
    shutil.rmtree(busy.data_dir)
    restore(tar, busy.data_dir)
    busy.hold.release()
    busy.start()

    assert history(busy) == expected
    ended = busy.finished(busy.running)
    assert ended["status"] == "succeeded"
    assert ended["unchanged"] >= 2
    assert bucket_objects(rclone, bucket) == tree_objects(busy.uploads)


def test_a_restored_job_is_cancelled_before_anything_starts(busy, bucket, rclone, tmp_path):
    lose_and_restore(busy, tmp_path / "sluice.tar")
    stored = bucket_objects(rclone, bucket)

    [job] = json.loads(run(busy.environ, "jobs", "--json")[1])
    assert (job["id"], job["status"]) == (busy.running, "running")
    assert run(busy.environ, "cancel", job["id"])[0] == 0
    assert bucket_objects(rclone, bucket) == stored
    busy.start()

    assert busy.finished(job["id"])["status"] == "cancelled"
    assert bucket_objects(rclone, bucket) == stored


def test_a_restored_job_deletes_nothing_when_the_uploads_are_not_there_yet(busy, bucket, rclone, tmp_path):
    lose_and_restore(busy, tmp_path / "sluice.tar")
    stored = bucket_objects(rclone, bucket)
    busy.uploads.rename(tmp_path / "on another machine")
    busy.uploads.mkdir()
    busy.start()
    ended = busy.finished(busy.running)

    assert (ended["status"], ended["reason"]) == ("failed", "source_unreadable")
    assert bucket_objects(rclone, bucket) == stored


def _notes_of_volumes(data_dir):
    return sorted(f"source-volumes/{name}" for name in names(data_dir / "source-volumes"))


def test_standard_output_carries_the_same_and_nothing_else(busy, tmp_path):
    with (tmp_path / "sluice.tar").open("wb") as file:
        status, _, err = run(busy.environ, "backup", "-", out=file)
    file_status, _, _ = run(busy.environ, "backup", tmp_path / "other.tar")
    contents = []
    for tar in ("sluice.tar", "other.tar"):
        with tarfile.open(tmp_path / tar) as opened:
            contents.append(opened.getnames())

    assert (status, err, file_status) == (0, "", 0)
    notes = ["uploads-folder", "source-volumes", *_notes_of_volumes(tmp_path / "var")]
    assert contents == [["secret.key", *notes, "sluice.db-wal", "sluice.db"]] * 2


@pytest.mark.fault(39)
def test_a_key_is_rotated_while_jobs_that_need_it_run_wait_and_come(busy, bucket, rclone):
    keys = {"access_key": ACCESS_KEY, "secret_key": rclone.secret_key}
    waiting = busy.sync(dest=bucket, **keys)["id"]
    old = (busy.data_dir / "secret.key").read_text()

    status, out, err = run(busy.environ, "rotate-key")

    assert (status, err) == (0, "")
    assert out == "A new key is in use; stored credentials sealed again with it: 2.\n"
    assert (busy.data_dir / "secret.key").read_text() != old
    coming = busy.sync(dest=f"{bucket}-coming", wait=0.3, **keys)["id"]  # sealed by the process that runs all the time
    eventually(lambda: busy.get("/get", id=coming)["done"]["uploads"] >= 1)
    busy.kill()
    busy.hold.release()
    busy.start()  # and what resumes is opened with the new key alone

    assert {busy.finished(job_id)["status"] for job_id in (busy.running, waiting, coming)} == {"succeeded"}
    assert bucket_objects(rclone, f"{bucket}-coming") == tree_objects(busy.uploads)


@pytest.fixture
def environ(tmp_path):
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "var"),
        "STORAGE_URL": "http://127.0.0.1:9",
        "MINIO_ACCESS_KEY": ACCESS_KEY,
        "MINIO_SECRET_KEY": "not used here",
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A DATA_DIR that a command has made; each test gets a copy of its own."""
    folder = tmp_path_factory.mktemp("made") / "var"
    run({"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}, "jobs")
    return folder


@pytest.fixture(scope="module")
def made_large(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "var"
    shutil.copytree(made, folder)
    with closing(sqlite3.connect(folder / "sluice.db")) as connection:
        connection.execute("CREATE TABLE ballast (content)")
        connection.executemany("INSERT INTO ballast VALUES (zeroblob(1000000))", [()] * MEGABYTES)
        connection.commit()
    return folder


@pytest.fixture
def small(made, tmp_path):
    """A DATA_DIR in which no service runs."""
    return shutil.copytree(made, tmp_path / "var")


@pytest.fixture
def large(made_large, tmp_path):
    """One whose backup takes a moment."""
    shutil.rmtree(tmp_path / "var", ignore_errors=True)
    return shutil.copytree(made_large, tmp_path / "var")


def status_when_stopped(environ, tar, number, is_there):
    """Signal a backup as soon as something is there, and return its status; one that was faster is begun anew."""
    for _ in range(20):
        process, was_there = flask("backup", str(tar), environ=environ), False
        while process.poll() is None and not was_there:
            time.sleep(0.001)
            was_there = is_there()
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        if not tar.exists():
            assert was_there, err
            return process.returncode
        assert is_whole(tar)
        tar.unlink()
    raise AssertionError("each backup was made before it was stopped")


def is_whole(tar):
    with tarfile.open(tar) as opened:
        return opened.getmember("sluice.db").size > MEGABYTES * 1_000_000


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["Ctrl-C", "SIGTERM", "kill -9"]
)
def test_a_backup_that_is_stopped_leaves_none_and_the_next_one_is_whole(large, environ, tmp_path, number):
    folder, before = tmp_path / "backups", names(large)
    folder.mkdir()

    def is_begun():
        try:
            return any(path.stat().st_size for path in folder.glob(".*.part"))
        except FileNotFoundError:  # it was finished after it was listed
            return False

    status = status_when_stopped(environ, folder / "sluice.tar", number, is_begun)

    assert status == (-signal.SIGKILL if number == signal.SIGKILL else 1)
    if number != signal.SIGKILL:
        assert (names(folder), names(large)) == ([], before)
    assert run(environ, "backup", folder / "sluice.tar")[0] == 0
    assert is_whole(folder / "sluice.tar")
    assert names(large) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_a_backup_that_is_stopped_while_it_copies_the_database_leaves_none(large, environ, tmp_path, number):
    before = names(large)
    status = status_when_stopped(environ, tmp_path / "sluice.tar", number, (large / "sluice.db.snapshot").exists)

    assert status == (-signal.SIGKILL if number == signal.SIGKILL else 1)
    if number != signal.SIGKILL:
        assert names(large) == before
    assert run(environ, "backup", tmp_path / "sluice.tar")[0] == 0
    assert names(large) == before


def test_ctrl_c_ends_a_backup_that_nobody_reads_from(large, environ):
    before = names(large)
    process = piped(environ, "backup", "-")
    process.stdout.read(1)
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 1
    process.communicate()
    assert names(large) == before


@pytest.mark.usefixtures("small")
def test_the_memory_of_a_backup_does_not_grow_with_the_database(environ, tmp_path, request):
    few = peak_kilobytes(environ, tmp_path / "small.tar")
    request.getfixturevalue("large")
    many = peak_kilobytes(environ, tmp_path / "large.tar")

    assert many - few < 25_000


PEAK_OF = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_kilobytes(environ, tar):
    """Return the most memory that a backup had; from a small process: a child's peak begins at that of its parent."""
    backup = [sys.executable, "-m", "flask", "--app", "app", "backup", str(tar)]
    asked = subprocess.run(
        [sys.executable, "-c", PEAK_OF, *backup], cwd=ROOT, env=environ, capture_output=True, check=True
    )
    return int(asked.stdout)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param("there.tar", "exists already and is left alone. Name a new file.", id="it exists"),
        pytest.param(
            "nowhere/sluice.tar", "its folder does not exist. No backup was made.", id="its folder is missing"
        ),
        pytest.param("locked/sluice.tar", "Permission denied. No backup was made.", id="its folder may not be written"),
        pytest.param(
            "there.tar/sluice.tar", "its folder does not exist. No backup was made.", id="a file is its folder"
        ),
    ],
)
def test_a_file_that_cannot_be_written_is_named_and_nothing_is_changed(small, environ, tmp_path, file, sentence):
    (tmp_path / "there.tar").write_text("mine")
    (tmp_path / "locked").mkdir(mode=0o500)
    before = names(small)
    status, out, err = run(environ, "backup", tmp_path / file, run=run_bound_flask)

    assert (status, out) == (1, "")
    assert err.startswith(f"Error: {tmp_path / file} ")
    assert err.endswith(f"{sentence}\n")
    assert (tmp_path / "there.tar").read_text() == "mine"
    assert names(small) == before


def test_a_full_standard_output_is_told(small, environ):
    with Path("/dev/full").open("wb") as full:
        status, _, err = run(environ, "backup", "-", out=full)

    assert (status, err) == (
        1,
        "Error: Standard output cannot be written: No space left on device. No backup was made.\n",
    )
    assert "sluice.db.snapshot" not in names(small)


def test_a_full_disk_is_told_and_nothing_is_left_on_it(large, environ, tmp_path):
    with full_disk(tmp_path / "backups", 20) as folder:
        status, _, err = run(environ, "backup", folder / "sluice.tar")
        left = names(folder)

    assert (status, left) == (1, [])
    assert "sluice.tar cannot be written: No space left on device. No backup was made." in err
    assert "sluice.db.snapshot" not in names(large)


@pytest.mark.fault(6)
def test_a_full_data_dir_is_told_and_leaves_the_service_its_database(large, environ, tmp_path):
    with full_disk(tmp_path / "disk", MEGABYTES + 20) as folder:
        shutil.copytree(large, folder / "var")
        before = names(folder / "var")
        there = environ | {"DATA_DIR": str(folder / "var")}
        status, _, err = run(there, "backup", tmp_path / "sluice.tar")
        left = names(folder / "var")
        jobs = run(there, "jobs")

    assert (status, left, jobs[0]) == (1, before, 0)
    assert "cannot be copied to" in err
    assert "the disk is full; free space on the disk of DATA_DIR." in err
    assert not (tmp_path / "sluice.tar").exists()


def test_a_backup_says_that_keys_of_the_settings_are_not_in_it(environ, tmp_path):
    tar = tmp_path / "sluice.tar"
    status, out, err = run(environ | {"SEALING_KEYS": new_key()}, "backup", tar)

    assert (status, out) == (0, f"{tar} holds the database.\n")
    assert err == "The sealing key is not in it: keep SEALING_KEYS elsewhere, or the credentials are lost.\n"


@pytest.mark.usefixtures("large")
def test_of_two_backups_at_once_the_second_is_refused(environ, tmp_path):
    first = piped(environ, "backup", "-")
    first.stdout.read(1)
    status, _, err = run(environ, "backup", tmp_path / "second.tar")
    first.communicate(timeout=60)

    assert (first.returncode, status) == (0, 1)
    assert "Another backup or rotation of the key is under way" in err


class Embedded(Run):
    """What `make run` runs, with more settings."""

    given: ClassVar[dict[str, str]] = {}

    @property
    def environ(self):
        return super().environ | self.given

    def get(self, job_id):
        return requests.get(f"{self.url}/get", params={"id": job_id}, timeout=60).json()

    def stopped_in_the_middle(self, bucket):
        """Start a job, stop in its middle, and return its id."""
        job = requests.get(self.url + "/sync", params={"dest": bucket, "wait": 1}, timeout=60).json()
        eventually(lambda: self.get(job["id"])["done"]["uploads"] >= 2)
        self.stop()
        return job["id"]

    def ended(self, job_id):
        return eventually(lambda: (now := self.get(job_id))["finished_at"] and now)

    def listed(self, bucket, keys):
        """Return what a bucket holds for who has these keys, or the word with which they are refused."""
        server = SimpleNamespace(endpoint=f"http://127.0.0.1:{self.s3_port}", secret_key=keys["secret_key"])
        with closing(bucket_client(server, keys["access_key"])) as client:
            try:
                return [item["Key"] for item in client.list_objects_v2(Bucket=bucket)["Contents"]]
            except ClientError as error:
                return error.response["Error"]["Code"]


@pytest.fixture
def embedded(tmp_path):
    run = Embedded(tmp_path)
    for number in range(8):
        (run.uploads / f"f{number}").write_text("x")
    run.start()
    yield run
    if run.process.poll() is None:
        run.stop(signal.SIGTERM)


def test_the_embedded_server_gets_new_keys_and_keeps_its_objects_and_jobs(embedded):
    kept = embedded.data / "embedded-s3" / "keys.json"
    before = json.loads(kept.read_text())
    chosen = {"access_key": "chosen", "secret_key": "chosen too"}
    expected = [f"f{number}" for number in range(8)]

    first = embedded.stopped_in_the_middle("first")
    kept.unlink()
    embedded.start()
    made = json.loads(kept.read_text())
    jobs = [embedded.ended(first)]
    assert embedded.listed("first", made) == expected
    assert embedded.listed("first", before) in REFUSED

    second = embedded.stopped_in_the_middle("second")
    embedded.given = {"MINIO_ACCESS_KEY": chosen["access_key"], "MINIO_SECRET_KEY": chosen["secret_key"]}
    embedded.start()
    jobs.append(embedded.ended(second))
    assert embedded.listed("first", chosen) == embedded.listed("second", chosen) == expected
    assert {embedded.listed("second", before), embedded.listed("second", made)} <= REFUSED
    assert [(job["status"], job["unchanged"] >= 2) for job in jobs] == [("succeeded", True)] * 2
