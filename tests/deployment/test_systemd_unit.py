"""The units of systemd: accepted and confined, and in agreement with the playbook and with the service itself."""

import configparser
import os
import shutil
import subprocess
import sys

import pytest
import yaml

from app.serving import processes
from app.settings import Settings
from app.storages.embedded import server
from tests.support.playbook import ANSIBLE, defaults
from tests.support.servers import missing
from tests.support.service import ROOT

UNIT = ANSIBLE / "roles/application/files/sluice.service"
UNITS = sorted(UNIT.parent.glob("*.service"), key=lambda path: path.stem)
TOLD = {"sluice": "Serve the API", "sluice-scheduler": "Start the jobs of schedules"}
every_unit = pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)


def read(path):
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(path.read_text())
    return {name: value for section in parsed.sections() for name, value in parsed.items(section)}


@pytest.fixture(scope="module")
def unit():
    return read(UNIT)


def analyze(*arguments):
    if shutil.which("systemd-analyze") is None:
        missing("There is no systemd-analyze.")
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_there_is_a_unit_for_each_kind_of_process():
    assert [path.stem for path in UNITS] == ["sluice", "sluice-scheduler", "sluice-worker"]


@every_unit
def test_systemd_accepts_the_unit_without_a_word(tmp_path, path):
    # The program of the unit must be there to be accepted; all else is as it is.
    copy = tmp_path / path.name
    copy.write_text(path.read_text().replace("/opt/sluice/.venv/bin/python", sys.executable))

    done = analyze("verify", "--man=no", copy)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@every_unit
def test_the_unit_gives_away_next_to_nothing(path):
    # 100 is what an ordinary service gives away; the rest here is that it speaks over the network.
    done = analyze("security", "--offline=true", "--threshold=15", "--no-pager", path)

    assert done.returncode == 0, done.stdout + done.stderr


@every_unit
def test_the_units_differ_in_what_they_run_alone(unit, path):
    own = {"Description", "ExecStart", "Environment"}
    found = read(path)

    assert {name: value for name, value in found.items() if name not in own} == {
        name: value for name, value in unit.items() if name not in own
    }
    assert set(unit["Environment"].split()) <= set(found["Environment"].split())


def test_no_two_units_answer_at_one_port():
    worker, scheduler = (
        dict(word.split("=") for word in read(path)["Environment"].split()) for path in (UNITS[2], UNITS[1])
    )

    assert "METRICS_PORT" not in worker
    assert scheduler["METRICS_PORT"] not in {Settings.names()["METRICS_PORT"], Settings.names()["API_PORT"]}


def test_the_unit_and_the_playbook_mean_the_same_folder_and_user(unit):
    home = defaults("sluice")["sluice_home"]
    tasks = yaml.safe_load((ANSIBLE / "roles/environment/tasks/main.yml").read_text())
    [user] = [task["ansible.builtin.user"] for task in tasks if "ansible.builtin.user" in task]

    assert unit["WorkingDirectory"] == home
    assert unit["ExecStart"].startswith(f"{home}/.venv/bin/python ")
    assert unit["User"] == unit["Group"] == user["name"]
    assert f"DATA_DIR={user['home']}" in unit["Environment"].split()
    assert unit["StateDirectory"] == user["home"].removeprefix("/var/lib/")


@every_unit
def test_the_unit_knows_every_setting_that_it_makes(path):
    made = {assignment.partition("=")[0] for assignment in read(path)["Environment"].split()}

    assert made - {"PYTHONUNBUFFERED", "HOME"} <= set(Settings.names())


@pytest.mark.slow
@pytest.mark.parametrize("name", TOLD)
def test_the_command_of_the_unit_is_there(name, tmp_path):
    _, *arguments = read(UNIT.with_name(f"{name}.service"))["ExecStart"].split()

    done = subprocess.run(
        [sys.executable, *arguments, "--help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert TOLD[name] in done.stdout


@pytest.mark.slow
def test_the_command_of_the_worker_is_there_and_wants_workers(tmp_path):
    _, *arguments = read(UNIT.with_name("sluice-worker.service"))["ExecStart"].split()

    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "JOB_RUNNER=celery" in done.stderr


def test_systemd_waits_longer_than_the_service_takes_to_stop(unit):
    longest = int(Settings.names()["SHUTDOWN_SECONDS"]) + processes._KILL_AFTER_SECONDS + server.STOP_SECONDS

    assert int(unit["TimeoutStopSec"]) > longest
    assert unit["KillMode"] == "mixed"
