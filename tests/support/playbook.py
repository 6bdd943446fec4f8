"""The playbook of ``ansible/`` run by tests, with this machine in the place of the servers."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.servers import missing
from tests.support.service import ROOT

ANSIBLE = ROOT / "ansible"
ROLES = sorted(path.name for path in (ANSIBLE / "roles").iterdir())
SECONDS = 280
"""How long a program of Ansible may take: the whole playbook in check mode takes 37 alone, and more than 110 beside other tests."""


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


@dataclass(frozen=True)
class Facts:
    """What Ansible knows of a machine, as it keeps it: in a file that has the name of the host after this prefix."""

    prefix: str
    content: str

    def keep(self, folder: Path, hosts: Iterable[str]) -> None:
        """Have these hosts, too, be known in a folder."""
        folder.mkdir(exist_ok=True)
        for host in hosts:
            (folder / f"{self.prefix}{host}").write_text(self.content)


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
    facts: Facts | None = None,
) -> Played:
    """Run a playbook, with this user's rights.

    Args:
        folder: gets the inventory.
        hosts: each is this machine, with variables of its own.
        arguments: further ones of ``ansible-playbook``.
        workers: the same for the group ``workers``.
        playbook: another one than that of the project.
        facts: what `gathered` returned: each host has them already, and is not asked again.
    """
    if shutil.which("apt-get") is None:
        missing("The playbook is for Debian and Ubuntu, and this system is neither.")
    groups = {"sluice": dict(hosts), "workers": dict(workers or {})}
    inventory = _inventory(folder, groups)
    environ = environment(folder)
    if facts:
        environ |= _looks_first_in(folder / "facts")
        facts.keep(folder / "facts", [host for group in groups.values() for host in group])
    done = subprocess.run(
        [beside_python("ansible-playbook"), "--inventory", inventory, *arguments, playbook],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environ,
        check=False,
    )
    return Played(done.returncode, done.stdout + done.stderr)


def gathered(folder: Path) -> Facts:
    """Return the facts of this machine as the playbook gathers them; for each host anew that is a second of work."""
    kept = folder / "facts"
    inventory = _inventory(folder, {"sluice": {"here": {}}})
    subprocess.run(
        [
            *(beside_python("ansible"), "here", "--inventory", inventory),
            *("-m", "ansible.builtin.gather_facts", "-a", "gather_subset=!all,min"),
        ],
        capture_output=True,
        timeout=SECONDS,
        env=environment(folder) | _looks_first_in(kept),
        check=True,
    )
    [found] = kept.glob("*here")
    return Facts(found.name.removesuffix("here"), found.read_text())


def _inventory(folder: Path, groups: Mapping[str, Mapping[str, Any]]) -> Path:
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "ansible_become": False}
    inventory = folder / "inventory.yml"
    content = {name: {"vars": here, "hosts": dict(group)} for name, group in groups.items()}
    inventory.write_text(yaml.safe_dump(content, sort_keys=False))
    return inventory


def _looks_first_in(kept: Path) -> dict[str, str]:
    """Return what has Ansible look for facts in a folder before it asks a host."""
    return {
        "ANSIBLE_GATHERING": "smart",
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(kept),
    }


def defaults(role: str) -> dict[str, Any]:
    """Return the variables of a role."""
    found: dict[str, Any] = yaml.safe_load((ANSIBLE / "roles" / role / "defaults/main.yml").read_text())
    return found
