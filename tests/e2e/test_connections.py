"""Connections of a running service and of the shell: used, checked, deleted in the middle of a job, and never told."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.support.programs import run_flask
from tests.support.servers import ACCESS_KEY
from tests.support.service import eventually, running_service
from tests.support.trees import bucket_objects, tree_objects

pytestmark = pytest.mark.slow


class Shell:
    """Commands beside a service."""

    def __init__(self, environ):
        self._environ = environ

    def run(self, *arguments, given="", **environ):
        ended = run_flask(*arguments, environ=self._environ | environ, given=given)
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stdout, ended.stderr

    def add(self, server, bucket, *options, secret_key=None):
        """Add a connection and return its id."""
        status, out, err = self.run(
            "connections", "add", "--endpoint", server.endpoint, "--bucket", bucket, "--access-key", ACCESS_KEY,
            "--secret-key-stdin", *options, given=f"{secret_key or server.secret_key}\n",
        )  # fmt: skip
        assert (status, err) == (0, "")
        return out.strip()


def filled(service):
    for number in range(8):
        (service.uploads / f"f{number}").write_text(f"content {number}")
    return service


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone):
    """A service that tests leave as they found it, but for connections and jobs."""
    with running_service(tmp_path_factory.mktemp("connections"), rclone) as service:
        yield filled(service)


@pytest.fixture
def shell(service):
    return Shell(service.environ)


@pytest.fixture(scope="module")
def anna(service):
    return service.person("anna").headers


@pytest.fixture
def owned(service, shell, bucket, rclone, anna):  # noqa: ARG001  # anna must be there
    return shell.add(rclone, bucket, "--owner", "anna", "--name", "mine")


def sync(service, headers, **parameters):
    return requests.post(service.url + "/sync", json=parameters, headers=headers, timeout=30)


def seen(service, headers, job_id):
    return requests.get(service.url + "/get", params={"id": job_id}, headers=headers, timeout=30).json()


def finished(service, headers, job_id):
    return eventually(lambda: (job := seen(service, headers, job_id))["finished_at"] and job)


def test_who_owns_a_connection_mirrors_with_it_both_ways(service, owned, anna, bucket, rclone):
    answer = sync(service, anna, connection=owned)
    job = finished(service, anna, answer.json()["id"])

    assert (answer.status_code, job["status"], job["connection"]) == (202, "succeeded", owned)
    assert (job["dest"], job["storage_url"]) == (bucket, rclone.endpoint)
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)

    (service.uploads / "f0").unlink()
    back = finished(service, anna, sync(service, anna, connection=owned, direction="download").json()["id"])
    assert back["status"] == "succeeded"
    assert (service.uploads / "f0").read_text() == "content 0"


def test_nobody_else_uses_it_or_learns_of_it(service, owned):
    before = service.get("/runnings", all=1)
    bert = service.person("bert").headers
    unknown = "00000000-0000-4000-8000-000000000000"

    assert sync(service, {}, connection=owned).status_code == 401
    answers = [sync(service, bert, connection=one) for one in (owned, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(owned, unknown) == answers[1].text
    assert service.get("/runnings", all=1) == before


def test_what_it_brings_is_refused_beside_it(service, owned, anna):
    for name in ("dest", "storage_url", "access_key", "secret_key"):
        answer = sync(service, anna, connection=owned, **{name: "given"})

        assert answer.status_code == 422
        assert list(answer.json()["errors"]["json"]) == [name]


@pytest.mark.fault(34)
def test_deleted_while_its_jobs_run_and_wait_it_takes_them_with_it(service, shell, owned, anna, bucket, rclone):
    running = sync(service, anna, connection=owned, wait=10).json()["id"]
    waiting = sync(service, anna, connection=owned).json()["id"]  # for the same bucket
    eventually(lambda: seen(service, anna, running)["done"]["uploads"] >= 1)

    status, out, err = shell.run("connections", "delete", owned)

    assert (status, out, err) == (0, f"{owned}  mine  deleted\n", "")
    assert finished(service, anna, running)["status"] == "cancelled"
    assert finished(service, anna, waiting)["status"] == "cancelled"
    assert len(bucket_objects(rclone, bucket)) < 8
    assert sync(service, anna, connection=owned).status_code == 404


@pytest.mark.fault(38, "I8")
def test_secrets_are_told_nowhere(service, shell, owned, anna, rclone, bucket):
    wrong = "canary-4f1d9e"
    failing = shell.add(rclone, bucket, "--owner", "anna", secret_key=wrong)
    said = [str(shell.run("connections", "check", one)) for one in (owned, failing)]
    for connection_id in (owned, failing):
        job = finished(service, anna, sync(service, anna, connection=connection_id).json()["id"])
        steps = requests.get(service.url + "/steps", params={"id": job["id"]}, headers=anna, timeout=30).text
        said += [json.dumps(job), steps]
    said += [str(shell.run("connections", *words)) for words in (("list",), ("list", "--json"), ("show", owned))]
    said += [str(shell.run("jobs", "--all", "--json")), service.log.read_text()]
    with closing(sqlite3.connect(f"{service.environ['DATA_DIR']}/sluice.db")) as database:
        said += ["\n".join(database.iterdump())]

    assert owned in "".join(said)
    for secret in (wrong, rclone.secret_key):
        assert secret not in "".join(said)


def test_the_shell_mirrors_with_any_connection(shell, service, owned, bucket, rclone):
    status, out, err = shell.run("sync", "--connection", owned)

    assert (status, out) == (0, "succeeded: 8 uploaded, 0 deleted, 0 unchanged.\n"), err
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)
    status, _, err = shell.run("sync", "", bucket, "--connection", owned)
    assert (status, err) == (1, "Error: dest: The connection brings its own; leave this out, or the connection.\n")


def test_the_connections_of_a_restored_backup_open(shell, owned, tmp_path):
    tar = tmp_path / "sluice.tar"
    assert shell.run("backup", str(tar))[0] == 0
    restored = tmp_path / "restored"
    restored.mkdir(mode=0o700)
    subprocess.run(["tar", "-xf", str(tar), "-C", str(restored)], check=True, timeout=60)

    assert shell.run("sync", "--connection", owned, DATA_DIR=str(restored))[0] == 0


class TestOfItsOwn:
    @pytest.fixture
    def service(self, start):
        """A service that a test may break."""
        return filled(start())

    @pytest.fixture
    def anna(self, service):
        return service.person("anna").headers

    def test_a_job_that_was_killed_with_its_service_does_not_resume_without_its_connection(self, service, owned, anna):
        job_id = sync(service, anna, connection=owned, wait=10).json()["id"]
        eventually(lambda: seen(service, anna, job_id)["done"]["uploads"] >= 1)
        service.kill()
        with closing(sqlite3.connect(f"{service.environ['DATA_DIR']}/sluice.db")) as database:  # nobody cancels the job
            database.execute("DELETE FROM connections")
            database.commit()
        service.environ |= {"HEARTBEAT_SECONDS": "1", "STALE_SECONDS": "3"}
        service.start()
        job = finished(service, anna, job_id)

        assert (job["status"], job["reason"]) == ("failed", "connection_unusable")

    def test_a_key_moves_from_the_file_to_the_settings(self, service, shell, owned):
        new = shell.run("new-sealing-key")[1].strip()
        old = Path(service.environ["DATA_DIR"], "secret.key").read_text().strip()
        refused = shell.run("connections", "list", SEALING_KEYS=new)
        done = shell.run("rotate-key", SEALING_KEYS=f"{new},{old}")

        assert refused[0] == 1
        assert "None of the keys in SEALING_KEYS" in refused[2]
        assert (done[0], done[2]) == (0, "")
        assert done[1].startswith("Stored credentials sealed again with the first key of SEALING_KEYS: 1.\n")
        assert "take them out and restart" in done[1]
        assert shell.run("sync", "--connection", owned, SEALING_KEYS=new)[0] == 0
        assert old not in "".join(map(str, (refused, done)))
        assert new not in "".join(map(str, (refused, done)))
