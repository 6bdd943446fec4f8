"""The Dockerfile without an engine: what a linter says of it, and its very commands run in this environment."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import free_port
from tests.support.service import ROOT, eventually

pytestmark = pytest.mark.slow

DOCKERFILE = (ROOT / "Dockerfile").read_text()
FIXED = dict(re.findall(r"^ +(API_HOST|PYTHONUNBUFFERED)=(\S+)", DOCKERFILE, re.MULTILINE))


def command_after(instruction):
    """Return the last array that stands behind ``instruction``, with this Python for the image's."""
    array = re.findall(rf"^{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1]
    program, *arguments = json.loads(array)
    assert program == "python"
    return [sys.executable, *arguments]


def health_command():
    array = re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert array
    return [sys.executable, *json.loads(array[1])[1:]]


def test_hadolint_finds_nothing():
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_its_command_serves_until_it_is_told_to_stop_and_its_health_check_tells_whether_it_does(tmp_path):
    environ = FIXED | {"API_PORT": str(free_port()), "DATA_DIR": str(tmp_path / "data"), "UPLOADS_DIR": str(tmp_path)}
    environ |= {"STORAGE_URL": "http://127.0.0.1:1", "MINIO_ACCESS_KEY": "abc", "MINIO_SECRET_KEY": "12345678"}

    def is_healthy():
        check = subprocess.run(health_command(), env=environ, capture_output=True, timeout=30, check=False)
        return check.returncode == 0

    assert set(FIXED) == {"API_HOST", "PYTHONUNBUFFERED"}
    assert not is_healthy()
    with subprocess.Popen(command_after("CMD"), cwd=ROOT, env=environ) as server:
        eventually(is_healthy, what="the health check")
        server.terminate()
        assert server.wait(30) == 0
    assert not is_healthy()
