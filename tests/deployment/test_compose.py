"""The image and the composed service in a real Docker engine, with a stand-in for MinIO (see stand_in/Dockerfile)."""

import subprocess

import boto3
import pytest
import requests

from tests.support.engine import composed
from tests.support.service import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # the first one waits for the images


def execute(service, *command):
    return service.execute("api", *command)


def sync(service, **parameters):
    return requests.post(f"{service.url}/sync", json=parameters, timeout=60).json()["id"]


def put(service, folder, *names):
    (service.uploads / folder).mkdir()
    for name in names:
        (service.uploads / folder / name).write_text(name)


def bucket(service, name):
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{service.values['MINIO_PORT']}",
        aws_access_key_id=service.values["MINIO_ACCESS_KEY"],
        aws_secret_access_key=service.values["MINIO_SECRET_KEY"],
        region_name="us-east-1",
    )
    return {entry["Key"] for entry in client.list_objects_v2(Bucket=name).get("Contents", [])}


def test_a_sync_reaches_the_storage_beside_it(service):
    put(service, "first", "a.txt", "b.txt")

    job = service.finished(sync(service, source="first", dest="first"))

    assert (job["status"], job["done"]["uploads"]) == ("succeeded", 2)
    assert bucket(service, "first") == {"a.txt", "b.txt"}


def test_it_runs_as_nobody_in_particular_without_privileges(service):
    status = execute(service, "cat", "/proc/1/status", "/proc/self/status")

    assert execute(service, "id", "-u").strip() == "10001"
    assert {line.split()[1] for line in status.splitlines() if line.startswith("CapEff")} == {"0" * 16}
    assert {line.split()[1] for line in status.splitlines() if line.startswith("NoNewPrivs")} == {"1"}


@pytest.mark.parametrize("place", ["/", "/srv/sluice", "/opt/sluice", "/uploads"])
def test_it_can_write_to_its_data_alone(service, place):
    script = f"import pathlib; pathlib.Path({place!r}, 'probe').touch()"

    with pytest.raises(AssertionError, match="Read-only file system"):
        execute(service, "python", "-c", script)
    execute(service, "python", "-c", "import pathlib; p = pathlib.Path('/data/probe'); p.touch(); p.unlink()")


def test_the_image_holds_no_installer_and_not_the_embedded_server(service):
    found = execute(service, "sh", "-c", "ls /opt/sluice/bin /srv/sluice; ls -a /srv/sluice/app")

    assert "gunicorn" in found
    assert not {"pip", "rclone", ".env", "uploads"} & set(found.split())


def test_the_image_says_what_it_is(service, version):
    labels = service.inspect("api")["Config"]["Labels"]

    assert labels["org.opencontainers.image.version"] == version
    assert labels["org.opencontainers.image.title"] == "Sluice"


def test_its_health_is_known_although_it_answers_to_its_own_names_only(service):
    foreign = requests.get(service.url + "/runnings", headers={"Host": "rebound.example"}, timeout=60)
    ours = requests.get(service.url + "/runnings", headers={"Host": "sluice.example"}, timeout=60)

    assert service.is_healthy()
    assert (foreign.status_code, ours.status_code) == (400, 200)


def test_the_command_line_works_inside(service):
    put(service, "inside", "a.txt")

    assert "succeeded: 1 uploaded" in execute(service, "flask", "--app", "app", "sync", "inside", "inside", "--quiet")


def test_a_stop_lets_the_operation_in_hand_finish_and_the_job_resumes_at_the_next_start(service):
    put(service, "long", *(f"{number:03}" for number in range(30)))
    job_id = sync(service, source="long", dest="long", wait=0.3)
    eventually(lambda: requests.get(f"{service.url}/get", params={"id": job_id}, timeout=60).json()["done"]["uploads"])

    service.compose("stop", "api")
    stopped = service.inspect("api")["State"]
    service.compose("up", "--detach")
    eventually(service.answers, 60, "the service")

    assert (stopped["ExitCode"], stopped["OOMKilled"]) == (0, False)
    job = service.finished(job_id)
    assert job["status"] == "succeeded"
    assert len(bucket(service, "long")) == 30


def test_data_outlives_the_container(service):
    before = requests.get(service.url + "/runnings", params={"all": 1}, timeout=60).json()

    service.compose("rm", "--stop", "--force", "api")
    service.compose("up", "--detach")
    eventually(service.answers, 60, "the service")

    after = requests.get(service.url + "/runnings", params={"all": 1}, timeout=60).json()
    assert {job["id"] for job in before} == {job["id"] for job in after} != set()


def test_a_backup_made_while_it_runs_is_restored_by_tar(service):
    put(service, "backed-up", "a.txt")
    job = service.finished(sync(service, source="backed-up", dest="backed-up"))
    execute(service, "flask", "--app", "app", "backup", "/data/backup.tar")
    forgotten = service.finished(sync(service, source="backed-up", dest="backed-up"))

    service.compose("stop", "api")
    unpack = "cd /data && rm sluice.db* secret.key && tar -xf backup.tar && rm backup.tar"
    service.compose("run", "--rm", "-T", "--no-deps", "api", "sh", "-c", unpack)
    service.compose("up", "--detach")
    eventually(service.answers, 60, "the service")

    known = {found["id"]: found for found in requests.get(service.url + "/runnings?all=1", timeout=60).json()}
    assert known[job["id"]]["status"] == "succeeded"
    assert forgotten["id"] not in known


@pytest.mark.usefixtures("service")
def test_a_missing_uploads_folder_is_never_made_up(tmp_path, images, version):
    """An empty folder in the place of an unmounted disk would make the next sync delete the bucket."""
    with composed(tmp_path, SLUICE_VERSION=version, **images) as other:
        other.uploads.rmdir()

        with pytest.raises(AssertionError, match=r"source path does not exist|no such file"):
            other.compose("up", "--detach", "--no-build")
        assert not other.uploads.exists()


@pytest.mark.fault(25)
def test_a_container_without_an_uploads_folder_deletes_nothing(service):
    """Somebody forgot the mount: a missing folder must not look like an emptied one."""
    put(service, "kept", "a.txt")
    service.finished(sync(service, source="kept", dest="kept"))
    environment = service.inspect("api")["Config"]["Env"]
    options = [part for line in environment for part in ("--env", line)]
    command = ["docker", "run", "--rm", "--network", f"{service.project}_default", *options]

    done = subprocess.run(
        [
            *command,
            service.inspect("api")["Config"]["Image"],
            "flask",
            "--app",
            "app",
            "sync",
            "kept",
            "kept",
            "--quiet",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "source_unreadable" in done.stdout
    assert bucket(service, "kept") == {"a.txt"}
