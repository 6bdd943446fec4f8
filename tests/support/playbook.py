"""The playbook of ``ansible/`` run by tests, with this machine in the place of the servers."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.servers import missing
from tests.support.service import ROOT

ANSIBLE = ROOT / "ansible"
ROLES = sorted(path.name for path in (ANSIBLE / "roles").iterdir())
SECONDS = 110


@dataclass(frozen=True)
class Played:
    """What ``ansible-playbook`` said."""

    status: int
    output: str

    def count(self, host: str, what: str) -> int:
        """Return a number of the recap: changed, failed, ..."""
        recap = self.output.rpartition("PLAY RECAP")[2]
        found = re.search(rf"^{host} .*\b{what}=(\d+)", recap, re.MULTILINE)
        assert found, self.output
        return int(found.group(1))

    def said_to(self, host: str) -> str:
        """Return how a host failed; nothing when it did not."""
        found = re.search(rf"^fatal: \[{host}[^\]]*\]: FAILED! => (.*)$", self.output, re.MULTILINE)
        return found.group(1) if found else ""


def beside_python(name: str) -> Path:
    """Return a program that is installed with this Python."""
    program = Path(sys.executable).with_name(name)
    return program if program.exists() else missing(f"There is no {name}; `make setup` installs it.")


def environment(home: Path) -> dict[str, str]:
    """Return the environment of Ansible's programs; they keep what they keep in ``home``."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
    }


def play(
    folder: Path,
    hosts: Mapping[str, Mapping[str, Any]],
    *arguments: str,
    workers: Mapping[str, Mapping[str, Any]] | None = None,
    playbook: Path = ANSIBLE / "site.yml",
) -> Played:
    """Run a playbook, with this user's rights.

    Args:
        folder: gets the inventory.
        hosts: each is this machine, with variables of its own.
        arguments: further ones of ``ansible-playbook``.
        workers: the same for the group ``workers``.
        playbook: another one than that of the project.
    """
    if shutil.which("apt-get") is None:
        missing("The playbook is for Debian and Ubuntu, and this system is neither.")
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "ansible_become": False}
    inventory = folder / "inventory.yml"
    groups = {"sluice": dict(hosts), "workers": dict(workers or {})}
    inventory.write_text(yaml.safe_dump({name: {"vars": here, "hosts": group} for name, group in groups.items()}))
    done = subprocess.run(
        [beside_python("ansible-playbook"), "--inventory", inventory, *arguments, playbook],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(folder),
        check=False,
    )
    return Played(done.returncode, done.stdout + done.stderr)


def defaults(role: str) -> dict[str, Any]:
    """Return the variables of a role."""
    found: dict[str, Any] = yaml.safe_load((ANSIBLE / "roles" / role / "defaults/main.yml").read_text())
    return found
