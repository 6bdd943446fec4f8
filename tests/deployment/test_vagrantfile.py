"""The Vagrantfile, evaluated by Vagrant itself; no machine is made."""

import json
import os
import shutil
import subprocess

import pytest
import yaml

from app.settings import Settings
from tests.support.servers import missing
from tests.support.service import ROOT

EVALUATE = """
require "json"
require "vagrant"
puts JSON.dump(ARGV.map { |folder|
  config = Vagrant::Environment.new(cwd: folder, ui_class: Vagrant::UI::Silent).vagrantfile.config
  ansible, always = config.vm.provisioners
  { networks: config.vm.networks.map { |_, network| network }, box: config.vm.box,
    ansible: ansible.config.extra_vars, groups: ansible.config.groups, always: always.run }
})
"""
pytestmark = pytest.mark.slow

PORTS = {
    "no file": (None, (5000, 9000)),
    "no line": ("MAX_DELETE=5\n", (5000, 9000)),
    "plain": ("API_PORT=5001\nMINIO_PORT=9001\n", (5001, 9001)),
    "empty": ("API_PORT=\nMINIO_PORT=''\n", (5000, 9000)),
    "quotes": ("API_PORT=\"5001\"\nMINIO_PORT='9001'\n", (5001, 9001)),
    "spaces": ("  API_PORT = 5001  \n\tMINIO_PORT =9001\n", (5001, 9001)),
    "export": ("export API_PORT=5001\nexport  MINIO_PORT=9001\n", (5001, 9001)),
    "comments": ('#API_PORT=1\nAPI_PORT=5001 # web\nMINIO_PORT="9001"  # objects\n', (5001, 9001)),
    "nothing but a comment": ("API_PORT= # none\nMINIO_PORT=9001\n", (5000, 9001)),
    "the last line counts": ("API_PORT=1\nAPI_PORT=5001\nMINIO_PORT=9001\nMINIO_PORT=\n", (5001, 9000)),
    "other names": ("MY_API_PORT=1\nAPI_PORTS=2\nAPI_PORT=5001\n", (5001, 9000)),
    "line ends of Windows": ("API_PORT=5001\r\nMINIO_PORT=9001\r\n", (5001, 9001)),
    "bytes that are no UTF-8": ("# caf\udce9\nAPI_PORT=5001\n", (5001, 9000)),
}


def environment(folder):
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "VAGRANT_HOME": str(folder / "vagrant home"),
        "VAGRANT_CHECKPOINT_DISABLE": "1",
    }


def project(folder, dotenv=None):
    """Make a folder with the Vagrantfile and a .env."""
    folder.mkdir()
    shutil.copy(ROOT / "Vagrantfile", folder)
    shutil.copytree(ROOT / "ansible", folder / "ansible")
    if dotenv is not None:
        (folder / ".env").write_text(dotenv, errors="surrogateescape", newline="")
    return folder


def evaluate(home, *folders):
    """Return what Vagrant makes of the Vagrantfiles in several folders."""
    if shutil.which("vagrant") is None or shutil.which("ruby") is None:
        missing("There is no Vagrant that the system's Ruby can load.")
    command = ["ruby", "-e", EVALUATE, *map(str, folders)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment(home), check=False)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    """What Vagrant makes of each .env of the table."""
    root = tmp_path_factory.mktemp("vagrant")
    folders = [project(root / name, dotenv) for name, (dotenv, _) in PORTS.items()]
    done = evaluate(root, *folders)
    assert done.returncode == 0, done.stderr
    return dict(zip(PORTS, json.loads(done.stdout), strict=True)) | {"folder": root}


def forwarded(machine):
    return {network["id"]: network for network in machine["networks"] if network["id"] != "ssh"}


@pytest.mark.parametrize("name", PORTS)
def test_ports_are_forwarded_as_the_env_file_says(machines, name):
    found = forwarded(machines[name])

    assert (found["api"]["guest"], found["minio"]["guest"]) == PORTS[name][1]
    assert (found["api"]["host"], found["minio"]["host"]) == PORTS[name][1]


@pytest.mark.parametrize("name", [name for name in PORTS if name != "bytes that are no UTF-8"])
def test_the_service_reads_the_same_ports(machines, name):
    settings = Settings.load(environ={}, dotenv=machines["folder"] / name / ".env")

    assert (settings.api_port, settings.minio_port) == PORTS[name][1]


def test_only_this_computer_reaches_the_machine(machines):
    for network in forwarded(machines["no file"]).values():
        assert network["host_ip"] == "127.0.0.1"
        assert not network.get("auto_correct")


def test_the_playbook_knows_every_variable_that_it_is_given(machines):
    machine = machines["no file"]
    known = {
        name
        for path in (ROOT / "ansible/roles").glob("*/defaults/main.yml")
        for name in yaml.safe_load(path.read_text())
    }

    assert set(machine["ansible"]) <= known
    assert machine["groups"] == {"sluice": ["default"]}
    assert machine["ansible"]["environment_folder"] == str(machines["folder"] / "no file")


def test_the_containers_are_started_at_every_boot(machines):
    assert machines["no file"]["always"] == "always"


@pytest.mark.parametrize("value", ["http", "5000x", "#5000", "65536"])
def test_a_port_that_is_none_is_refused_with_a_sentence(tmp_path, value):
    folder = project(tmp_path / "project", f"API_PORT={value}\n")

    done = evaluate(tmp_path, folder)

    assert done.returncode != 0
    assert f"{folder}/.env: API_PORT={value} is no port." in done.stderr


def test_vagrant_accepts_the_file(tmp_path):
    if shutil.which("vagrant") is None:
        missing("There is no Vagrant.")

    done = subprocess.run(
        ["vagrant", "validate", "--ignore-provider"],
        cwd=project(tmp_path / "project"),
        capture_output=True,
        text=True,
        timeout=100,
        env=environment(tmp_path),
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
