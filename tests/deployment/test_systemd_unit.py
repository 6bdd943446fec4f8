"""The unit of systemd: accepted and confined, and in agreement with the playbook and with the service itself."""

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


@pytest.fixture(scope="module")
def unit():
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(UNIT.read_text())
    return {name: value for section in parsed.sections() for name, value in parsed.items(section)}


def analyze(*arguments):
    if shutil.which("systemd-analyze") is None:
        missing("There is no systemd-analyze.")
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_systemd_accepts_the_unit_without_a_word(tmp_path):
    # The program of the unit must be there to be accepted; all else is as it is.
    copy = tmp_path / "sluice.service"
    copy.write_text(UNIT.read_text().replace("/opt/sluice/.venv/bin/python", sys.executable))

    done = analyze("verify", "--man=no", copy)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_unit_gives_away_next_to_nothing():
    # 100 is what an ordinary service gives away; the rest here is that it speaks over the network.
    done = analyze("security", "--offline=true", "--threshold=15", "--no-pager", UNIT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_unit_and_the_playbook_mean_the_same_folder_and_user(unit):
    home = defaults("sluice")["sluice_home"]
    tasks = yaml.safe_load((ANSIBLE / "roles/environment/tasks/main.yml").read_text())
    [user] = [task["ansible.builtin.user"] for task in tasks if "ansible.builtin.user" in task]

    assert unit["WorkingDirectory"] == home
    assert unit["ExecStart"].startswith(f"{home}/.venv/bin/python ")
    assert unit["User"] == unit["Group"] == user["name"]
    assert f"DATA_DIR={user['home']}" in unit["Environment"].split()
    assert unit["StateDirectory"] == user["home"].removeprefix("/var/lib/")


def test_the_unit_knows_every_setting_that_it_makes(unit):
    made = {assignment.partition("=")[0] for assignment in unit["Environment"].split()}

    assert made - {"PYTHONUNBUFFERED", "HOME"} <= set(Settings.names())


@pytest.mark.slow
def test_the_command_of_the_unit_is_there(unit, tmp_path):
    _, *arguments = unit["ExecStart"].split()

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
    assert "Serve the API" in done.stdout


def test_systemd_waits_longer_than_the_service_takes_to_stop(unit):
    longest = int(Settings.names()["SHUTDOWN_SECONDS"]) + processes._KILL_AFTER_SECONDS + server.STOP_SECONDS

    assert int(unit["TimeoutStopSec"]) > longest
    assert unit["KillMode"] == "mixed"
