"""A real Docker engine for tests: whether there is one, a base image for it, and the composed service."""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.servers import free_port, missing
from tests.support.service import ROOT, eventually

OFFICIAL = "docker.io/library/debian:trixie-slim"
BASE = "sluice-tests/base"
STAND_IN = "sluice-tests/minio"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


def run(*command: str, **options: Any) -> str:
    """Run a program; return what it printed, and fail with all that it said when its exit status is not 0."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, **options
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def works(*command: str) -> bool:
    """Return whether a program is there and ends with status 0."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, timeout=300, check=False).returncode == 0


@cache
def compose_command() -> tuple[str, ...]:
    """Return the command of Compose: the plugin of Docker's own packages, or Debian's docker-compose.

    Asked once: Debian's takes a second of work to say that it is there.
    """
    for command in (("docker", "compose"), ("docker-compose",)):
        if works(*command, "version"):
            return command
    return missing("There is no docker-compose.")


def require_engine() -> None:
    """Return when a Docker engine answers; skip or fail otherwise.

    ``.ci/run`` sets WITHOUT_DOCKER, with the reason, where it could not start one.
    """
    if works("docker", "info"):
        return
    if os.environ.get("WITHOUT_DOCKER"):
        pytest.skip(f"no Docker engine: {os.environ['WITHOUT_DOCKER']}")
    missing("No Docker engine answers.")


def base_image(folder: Path) -> str:
    """Return an image of Debian 13: the real one where it can be pulled, else one made by debootstrap in ``folder``."""
    if works("docker", "image", "inspect", BASE):
        return BASE
    if works("docker", "pull", OFFICIAL):
        return OFFICIAL
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        missing("Neither can an image of Debian be pulled nor is there debootstrap (for root) to make one.")
    return _bootstrapped(folder / "root")


def _bootstrapped(root: Path) -> str:
    run("debootstrap", "--variant=minbase", "trixie", str(root), "http://deb.debian.org/debian")
    # What may answer instead of a package index here has an authority that this machine knows and a new Debian does not.
    shutil.copy(AUTHORITIES, root / "etc/pip-authorities.crt")
    (root / "etc/pip.conf").write_text("[global]\ncert = /etc/pip-authorities.crt\n")
    with subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as tar:
        run("docker", "import", "-", BASE, stdin=tar.stdout)
    return BASE


def stand_in_image(base: str, folder: Path, rclone: Path) -> str:
    """Return the image that stands in for MinIO: see tests/deployment/stand_in."""
    context = folder / "stand_in"
    shutil.copytree(ROOT / "tests/deployment/stand_in", context)
    shutil.copy(rclone, context / "rclone")
    run("docker", "build", "--build-arg", f"BASE_IMAGE={base}", "--tag", STAND_IN, str(context))
    return STAND_IN


class Composed:
    """The services of docker-compose.yml as one project of their own.

    Args:
        folder: gets the ``.env`` and the uploads folder.
        values: what ``.env`` holds beside ports and keys.
    """

    def __init__(self, folder: Path, **values: str) -> None:
        self.project = f"sluice-test-{secrets.token_hex(3)}"
        self.uploads = folder / "uploads"
        self.uploads.mkdir()
        self.values = {
            "API_PORT": str(free_port()),
            "MINIO_PORT": str(free_port()),
            "MINIO_ACCESS_KEY": "sluicetests",
            "MINIO_SECRET_KEY": secrets.token_hex(16),
            "UPLOADS_DIR": str(self.uploads),
        } | values
        self._env = folder / "compose.env"
        self.url = f"http://localhost:{self.values['API_PORT']}"

    def compose(self, *arguments: str, **options: Any) -> str:
        """Run Compose on the project; return what it printed."""
        self._env.write_text("".join(f"{name}={value}\n" for name, value in self.values.items()))
        command = [*compose_command(), "--project-name", self.project, "--env-file", str(self._env)]
        return run(*command, *arguments, cwd=ROOT, env=_plain_environment(), **options)

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what Docker knows of the container of a service."""
        found: dict[str, Any] = json.loads(run("docker", "inspect", self._container(service)))[0]
        return found

    def execute(self, service: str, *command: str) -> str:
        """Run a command in the container of a service; return what it printed."""
        return run("docker", "exec", self._container(service), *command)

    def _container(self, service: str) -> str:
        """Return the id of the container of a service, by the labels that every Compose gives it; Docker says it at once."""
        labels = {"project": self.project, "service": service, "oneoff": "False"}
        filters = [
            part for name, value in labels.items() for part in ("--filter", f"label=com.docker.compose.{name}={value}")
        ]
        return run("docker", "ps", "--all", "--quiet", "--no-trunc", *filters).strip()

    def is_healthy(self, service: str = "api") -> bool:
        return bool(self.inspect(service)["State"]["Health"]["Status"] == "healthy")

    def answers(self) -> bool:
        try:
            return requests.get(self.url + "/health", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def finished(self, job_id: str) -> dict[str, Any]:
        """Return the job once it is in a final state."""

        def look() -> dict[str, Any] | None:
            job: dict[str, Any] = requests.get(f"{self.url}/get", params={"id": job_id}, timeout=60).json()
            return job if job["finished_at"] else None

        found: dict[str, Any] = eventually(look, what="the end of the job")
        return found


def _plain_environment() -> dict[str, str]:
    """Return what Compose needs of the environment, without variables that would win over the project's own."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST") if name in os.environ}


@contextmanager
def composed(folder: Path, **values: str) -> Iterator[Composed]:
    """Run the composed service during the block; nothing of it is left behind."""
    project = Composed(folder, **values)
    try:
        yield project
    finally:
        project.compose("down", "--volumes", "--timeout", "60")
