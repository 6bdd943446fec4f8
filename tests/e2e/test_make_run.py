"""What `make run` runs: the service with its embedded S3 server, from nothing, and how it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
import requests

from tests.support.programs import flask, run_flask
from tests.support.servers import free_port
from tests.support.service import ROOT, eventually, running_service
from tests.support.trees import bucket_client

pytestmark = pytest.mark.slow


class Run:
    def __init__(self, folder):
        self.folder = folder
        self.uploads = folder / "uploads"
        self.uploads.mkdir(exist_ok=True)
        self.data = folder / "var"
        self.port, self.s3_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.settings = {}

    @property
    def environ(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "API_PORT": str(self.port),
            "MINIO_PORT": str(self.s3_port),
            "DATA_DIR": str(self.data),
            "UPLOADS_DIR": str(self.uploads),
            **self.settings,
        }

    def start(self):
        self.log = (self.folder / "run.log").open("ab")
        self.process = flask("serve", environ=self.environ, out=self.log, err=self.log)
        eventually(self.is_up, what=f"the service: {self.output}")

    def start_from_nothing(self):
        """As a shell does, where `start` lends the process what another has imported."""
        self.log = (self.folder / "run.log").open("ab")
        command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log)
        eventually(self.is_up, 90, what=f"the service: {self.output}")

    def is_up(self):
        assert self.process.poll() is None, self.output
        if not is_listening(self.port):  # asked dozens of times a second, and much cheaper than a request
            return False
        try:
            return requests.get(self.url + "/health", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    @property
    def output(self):
        return (self.folder / "run.log").read_text()

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.process.wait(60)
        self.log.close()
        return self.process.returncode

    def mirrored(self, **parameters):
        job = requests.get(self.url + "/sync", params=parameters, timeout=60).json()
        final = ("succeeded", "partial", "failed", "cancelled")

        def ended():
            found = requests.get(self.url + "/get", params={"id": job["id"]}, timeout=60).json()
            return found if found["status"] in final else None

        return eventually(ended)

    def keys(self):
        return bucket_keys(self.data, self.s3_port)


def bucket_keys(data, port):
    keys = json.loads((data / "embedded-s3" / "keys.json").read_text())
    server = SimpleNamespace(endpoint=f"http://127.0.0.1:{port}", secret_key=keys["secret_key"])
    client = bucket_client(server, keys["access_key"])
    return [item["Key"] for item in client.list_objects_v2(Bucket="mybucket")["Contents"]]


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path)
    yield run
    if run.process is not None and run.process.poll() is None:
        run.stop(signal.SIGTERM)


def test_from_nothing_to_a_first_mirror_and_everything_stops_on_ctrl_c(run):
    (run.uploads / "hello.txt").write_text("hello")
    run.start_from_nothing()
    job = run.mirrored()

    assert (job["status"], job["dest"]) == ("succeeded", "mybucket")
    assert run.keys() == ["hello.txt"]
    assert run.stop() == 0
    for port in (run.port, run.s3_port):
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
    secret = json.loads((run.data / "embedded-s3" / "keys.json").read_text())["secret_key"]
    assert secret not in run.output
    assert "Traceback" not in run.output


def test_keys_objects_and_jobs_are_there_after_a_restart(run):
    (run.uploads / "hello.txt").write_text("hello")
    run.start()
    first = run.mirrored()
    keys = (run.data / "embedded-s3" / "keys.json").read_bytes()
    run.stop()
    run.start()

    assert (run.data / "embedded-s3" / "keys.json").read_bytes() == keys
    assert requests.get(run.url + "/get", params={"id": first["id"]}, timeout=60).json() == first
    assert run.mirrored()["unchanged"] == 1


def test_secrets_are_readable_by_their_owner_only(run):
    run.start()

    for path in (run.data / "embedded-s3" / "keys.json", run.data / "secret.key", run.data / "sluice.db"):
        assert path.stat().st_mode & 0o077 == 0, path


WARNING = "lets every machine that reaches this one start jobs"


@pytest.mark.parametrize(
    ("settings", "times"),
    [({"API_HOST": "0.0.0.0", "WEB_WORKERS": "2"}, 1), ({"API_HOST": "0.0.0.0", "SYNC_AUTH": "required"}, 0)],
    ids=["open to everybody", "everybody is asked"],
)
def test_a_service_that_strangers_can_use_says_so_once(run, settings, times):
    run.settings = settings
    run.start()

    assert run.output.count(WARNING) == times
    assert run.stop() == 0


def test_gunicorn_alone_says_so_too(tmp_path, rclone):
    with running_service(tmp_path, rclone, API_HOST="0.0.0.0", WEB_WORKERS=2) as service:
        assert service.log.read_text().count(WARNING) == 1


def test_a_second_one_on_the_same_ports_or_data_is_told_so(run):
    run.start()
    same = run_flask("serve", environ=run.environ)
    other_ports = run.environ | {"API_PORT": str(free_port()), "MINIO_PORT": str(free_port())}
    data = run_flask("serve", environ=other_ports)

    assert same.returncode == data.returncode == 1
    assert "API_PORT" in same.stderr
    assert str(run.data) in data.stderr
    assert "Traceback" not in same.stderr + data.stderr
    assert run.mirrored()["status"] == "succeeded"


def test_with_a_storage_of_ones_own_nothing_is_embedded(run, rclone):
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    environ = run.environ | {
        "STORAGE_URL": rclone.endpoint,
        "MINIO_ACCESS_KEY": "sluicetests",
        "MINIO_SECRET_KEY": rclone.secret_key,
    }
    run.log = (run.folder / "run.log").open("ab")
    run.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=run.log, stderr=run.log)
    eventually(run.is_up)
    (run.uploads / "hello.txt").write_text("hello")

    assert run.mirrored(dest="own-storage")["status"] == "succeeded"
    assert not (run.data / "embedded-s3").exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{run.s3_port}/", timeout=5)
    assert run.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL], ids=["the terminal is closed", "kill -9"])
def test_however_it_is_stopped_nothing_is_left_running_and_the_job_goes_on_at_the_next_start(run, number):
    for file in range(10):
        (run.uploads / f"f{file}").write_text("x")
    run.start()
    job = requests.get(run.url + "/sync", params={"wait": 0.3}, timeout=60).json()
    eventually(
        lambda: requests.get(run.url + "/get", params={"id": job["id"]}, timeout=60).json()["done"]["uploads"] > 0
    )
    run.stop(number)
    eventually(lambda: not is_listening(run.port) and not is_listening(run.s3_port), what="the end of both servers")
    run.start()

    def ended():
        found = requests.get(run.url + "/get", params={"id": job["id"]}, timeout=60).json()
        return found if found["finished_at"] else None

    assert eventually(ended)["status"] == "succeeded"
    assert run.keys() == [f"f{file}" for file in range(10)]


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
