"""The playbook as a whole: what it refuses, what check mode shows, and that Ansible's own checks are content."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.playbook import ANSIBLE, ROLES, SECONDS, beside_python, defaults, environment, play
from tests.support.service import ROOT

SYSTEM = [Path("/opt/sluice"), Path("/etc/profile.d/sluice.sh"), Path("/etc/systemd/system/sluice.service")]
WRONG = {
    "another-runtime": ({"sluice_runtime": "podman"}, "must be one of: docker, systemd, got: podman"),
    "a-slip": ({"sluice_verison": "v1"}, "There is no variable sluice_verison."),
    "a-relative-folder": ({"sluice_home": "opt"}, "sluice_home must be an absolute path"),
    "a-folder-that-the-unit-does-not-know": (
        {"sluice_runtime": "systemd", "sluice_home": "/srv/sluice"},
        "Without Docker, Sluice lives in /opt/sluice",
    ),
    "no-dictionary": ({"sluice_environment": "MAX_DELETE"}, "unable to convert to dict"),
    "values-that-no-env-file-can-hold": (
        {"sluice_environment": {"max_delete": 1, "A": "it's", "B": "a\nb", "C": "${X}", "D": ["x"], "FINE": "a b"}},
        "sluice_environment cannot set max_delete, A, B, C, D:",
    ),
    "no-number": ({"application_start_seconds": "soon"}, "unable to convert to int"),
    "no-checkout": ({"application_checkout": "/"}, "/ is no git checkout of Sluice"),
    "no-database": (
        {"sluice_home": "/opt/sluice", "sluice_runtime": "systemd", "sluice_scale": True},
        "takes a PostgreSQL and a broker of yours",
    ),
    "a-profile-too-few": (
        {"sluice_scale": True, "sluice_environment": {"COMPOSE_PROFILES": "tls"}},
        "COMPOSE_PROFILES in sluice_environment has to name scale",
    ),
    "an-unknown-commit": ({"sluice_version": "v99"}, "with the commit v99"),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory, facts):
    """What is refused, by tasks that always run or that come before the source."""
    root = tmp_path_factory.mktemp("refusals")
    hosts = {host: {"sluice_home": str(root / host)} | variables for host, (variables, _) in WRONG.items()}
    return play(root, hosts, "--check", "--tags", "application", facts=facts)


@pytest.mark.slow
@pytest.mark.parametrize("host", WRONG)
def test_wrong_variables_are_refused_with_a_sentence(refusals, host):
    assert refusals.count(host, "failed") == 1
    assert WRONG[host][1] in refusals.said_to(host)


def snapshot(paths):
    return {path: path.stat().st_mtime_ns if path.exists() else None for path in paths}


@pytest.mark.slow
def test_check_mode_of_the_whole_playbook_passes_and_changes_nothing(tmp_path):
    home = tmp_path / "home"
    hosts = {
        "with-docker": {"sluice_home": str(home), "sluice_scale": True, "sluice_shared_address": "10.0.0.1"},
        "without-docker": {"sluice_runtime": "systemd"},
    }
    workers = {"worker": {"sluice_home": str(home)}}
    before = snapshot(SYSTEM)

    played = play(tmp_path, hosts, "--check", workers=workers)

    assert played.status == 0, played.output
    assert all(played.count(host, "changed") > 0 for host in hosts)
    assert not home.exists()
    assert snapshot(SYSTEM) == before


@pytest.mark.slow
def test_ansible_lint_has_nothing_to_say(tmp_path):
    done = subprocess.run(
        [beside_python("ansible-lint"), "--nocolor"],
        cwd=ANSIBLE,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(tmp_path),
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Profile 'production' was required, and it passed." in done.stderr


@pytest.mark.slow
def test_the_syntax_is_right(tmp_path):
    played = play(tmp_path, {"server": {}}, "--syntax-check")

    assert played.status == 0, played.output


@pytest.mark.parametrize("role", ROLES)
def test_a_role_checks_each_of_its_variables_and_tells_its_default_once(role):
    specs = yaml.safe_load((ANSIBLE / "roles" / role / "meta/argument_specs.yml").read_text())
    checked = {name: option["default"] for name, option in specs["argument_specs"]["main"]["options"].items()}

    assert checked == defaults(role)


@pytest.mark.parametrize("role", ROLES)
def test_operators_read_of_every_variable(role):
    page = (ROOT / "docs/operations/server.md").read_text()

    assert [name for name in defaults(role) if f"| `{name}` |" not in page] == []


def test_the_playbook_uses_nothing_but_what_ansible_core_brings():
    names = re.findall(r"^\s*(?:- )?([a-z_]+\.[a-z_]+\.[a-z_]+):", _all_tasks(), re.MULTILINE)

    assert names
    assert {name.rpartition(".")[0] for name in names} == {"ansible.builtin"}


def _all_tasks():
    return "\n".join(path.read_text() for path in ANSIBLE.glob("roles/*/tasks/*.yml"))
