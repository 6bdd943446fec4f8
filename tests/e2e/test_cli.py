"""The command line, as a shell runs it."""

import json
import signal

import pytest

from app import create_app
from app.bootstrap import build_services
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for
from tests.support.programs import flask
from tests.support.servers import ACCESS_KEY, free_port
from tests.support.service import eventually
from tests.support.trees import bucket_objects, tree_objects

pytestmark = pytest.mark.slow

NOWHERE = {"storage_url": "http://127.0.0.1:9", "minio_access_key": "key", "minio_secret_key": "secret"}


@pytest.fixture
def shell(tmp_path, rclone):
    """A place with uploads and data of its own, and a way to run commands there."""
    return Shell(tmp_path, rclone)


class Shell:
    def __init__(self, folder, server):
        self.uploads = folder / "uploads"
        self.uploads.mkdir()
        for number in range(4):
            (self.uploads / f"f{number}.txt").write_text(f"content {number}")
        self.environ = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "DATA_DIR": str(with_database(folder / "var")),
            "UPLOADS_DIR": str(self.uploads),
            "STORAGE_URL": server.endpoint,
            "MINIO_ACCESS_KEY": ACCESS_KEY,
            "MINIO_SECRET_KEY": server.secret_key,
        }

    def start(self, *arguments, **environ):
        return flask(*arguments, environ=self.environ | environ)

    def run(self, *arguments, **environ):
        process = self.start(*arguments, **environ)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        return process.returncode, out, err

    def jobs(self):
        return json.loads(self.run("jobs", "--all", "--json")[1])


def test_sync_mirrors_shows_its_progress_and_exits_with_0(shell, bucket, rclone):
    status, out, err = shell.run("sync", "", bucket)

    assert (status, out) == (0, "succeeded: 4 uploaded, 0 deleted, 0 unchanged.\n")
    assert "4/4 files" in err
    assert bucket_objects(rclone, bucket) == tree_objects(shell.uploads)


def test_quiet_and_json_leave_out_the_bar(shell, bucket):
    status, out, err = shell.run("sync", "", bucket, "--json")

    assert (status, err) == (0, "")
    assert json.loads(out)["done"]["uploads"] == 4
    assert shell.run("sync", "", bucket, "--quiet") == (0, "succeeded: 0 uploaded, 0 deleted, 4 unchanged.\n", "")


def test_options_are_those_of_the_api_and_rules_keep_their_order(shell, bucket, rclone):
    rules = ["--exclude", "*.txt", "--include", "f[12].txt", "--exclude=f2.txt"]
    assert shell.run("sync", "", bucket, *rules, "--prefix", "sub", "--check", "size", "--max-delete", "10%")[0] == 0
    assert set(bucket_objects(rclone, bucket)) == {"sub/f1.txt"}
    assert shell.run("sync", "missing", bucket, "--dry-run")[1].startswith("succeeded: A dry run")
    assert shell.run("sync", "missing", bucket, "--no-delete")[0] == 0
    assert set(bucket_objects(rclone, bucket)) == {"sub/f1.txt"}


def test_a_failed_mirror_exits_with_1(shell, bucket):
    keys = ("--access-key", "anybody", "--secret-key", "of-no-account")
    status, out, _ = shell.run("sync", "", bucket, "--storage-url", f"http://127.0.0.1:{free_port()}", *keys)

    assert status == 1
    assert out.startswith("failed (storage_unreachable): ")


def test_a_partial_mirror_exits_with_2(shell, bucket):
    (shell.uploads / "link").symlink_to("/etc/hostname")
    status, out, _ = shell.run("sync", "", bucket)

    assert status == 2
    assert out.startswith("partial (files_skipped): ")


def test_ctrl_c_lets_the_operation_finish_and_exits_with_130(shell, bucket, rclone):
    process = shell.start("sync", "", bucket, "--wait", "30")
    eventually(lambda: bucket_objects(rclone, bucket))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert out.startswith("cancelled (cancelled_by_user): ")
    assert "Traceback" not in err
    assert len(bucket_objects(rclone, bucket)) == 1


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """Runs commands in this process."""
    services = build_services(settings_for(with_database(tmp_path_factory.mktemp("runner") / "var"), **NOWHERE))
    yield create_app(services).test_cli_runner()
    services.database.close()


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        pytest.param(["sync", "../etc"], 1, "source: ", id="a source outside"),
        pytest.param(["sync", "", "Bad_Name"], 1, "dest: ", id="a bad bucket"),
        pytest.param(["sync", "--wait", "x"], 2, "'x' is not a valid float", id="not a number"),
        pytest.param(["sync", "--exclude", "!x"], 1, "exclude: ", id="a bad pattern"),
        pytest.param(["cancel", "1"], 2, "not a valid UUID", id="a malformed id"),
        pytest.param(["cancel", "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"], 1, "No job", id="an unknown job"),
    ],
)
def test_bad_input_gets_a_sentence(runner, arguments, status, sentence):
    ended = runner.invoke(args=arguments)

    assert isinstance(ended.exception, SystemExit)
    assert ended.exit_code == status
    assert sentence in ended.stderr


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"API_PORT": "many"}, "API_PORT"),
        ({"MINIO_SECRET_KEY": ""}, "MINIO_SECRET_KEY"),
        ({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR"),
    ],
)
def test_unusable_settings_get_a_sentence(shell, environ, sentence):
    code, _, err = shell.run("jobs", **environ)

    assert code == 1
    assert sentence in err


def test_jobs_and_cancel_work_on_jobs_of_other_processes(shell, bucket):
    process = shell.start("sync", "", bucket, "--wait", "30", "--quiet")
    eventually(lambda: [job for job in shell.jobs() if job["status"] == "running"])
    [job] = shell.jobs()
    listed = shell.run("jobs")[1]
    cancelled = shell.run("cancel", job["id"])
    out, _ = process.communicate(timeout=60)

    assert job["id"] in listed
    assert bucket in listed
    assert cancelled[0] == 0
    assert process.returncode == 130
    assert out.startswith("cancelled")
    assert shell.run("cancel", job["id"])[0] == 1
    assert shell.run("jobs")[1] == ""


def test_a_job_of_the_command_line_is_seen_by_the_service(start, bucket):
    service = start()
    (service.uploads / "a").write_text("a")
    (service.uploads / "b").write_text("b")
    process = flask("sync", "", bucket, "--wait", "30", "--quiet", environ=service.environ)
    [job] = eventually(lambda: [job for job in service.get("/runnings") if job["done"]["uploads"]])
    waiting = service.sync(dest=bucket)
    service.session.get(service.url + "/cancel", params={"id": job["id"]}, timeout=60)
    process.communicate(timeout=60)

    assert process.returncode == 130
    assert service.finished(job["id"])["status"] == "cancelled"
    assert service.finished(waiting["id"])["status"] == "succeeded"
