"""The README's commands, run as they are printed."""

import json
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.e2e.test_make_run import Run
from tests.support.servers import missing
from tests.support.service import ROOT, eventually

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text()
EXAMPLE_ID = "01a1fc61-67ff-7d74-885f-b94bf4e51a73"
BLOCKS = [block.strip().splitlines() for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One service for all blocks, in the order in which the README prints them: the first sync is the first."""
    if shutil.which("curl") is None:
        missing("curl is not installed.")
    run = Run(tmp_path_factory.mktemp("readme"))
    run.start()
    yield run
    run.stop()


def block_with(command):
    return next(block for block in BLOCKS if any(command in line for line in block))


def shell(run, command, job_id=EXAMPLE_ID):
    """Run one printed command where the README means it to be run."""
    command = command.replace("localhost:5000", f"127.0.0.1:{run.port}").replace(EXAMPLE_ID, job_id)
    command = command.replace("app/uploads", str(run.uploads)).replace("var/admin.key", str(run.data / "admin.key"))
    command = command.replace("localhost:9000", f"127.0.0.1:{run.s3_port}").replace(
        ".venv/bin/flask", f"{sys.executable} -m flask"
    )
    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, env=run.environ, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_until_succeeded(run, job_id):
    eventually(lambda: '"succeeded"' in shell(run, f"curl -s 'http://localhost:5000/get?id={job_id}'"))


def steps(block):
    """Return the block's commands, each with the output that is printed below it."""
    found = []
    for line in block:
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def test_the_first_sync_answers_what_is_printed(run):
    job_id = EXAMPLE_ID
    for command, printed in steps(block_with("mkdir -p app/uploads")):
        if "/get?" in command:
            wait_until_succeeded(run, job_id)
        output = shell(run, command, job_id)
        if "/sync" in command:
            job_id = json.loads(output)["id"]
        expected = [line.replace(EXAMPLE_ID, job_id) for line in printed if line.strip() != "..."]
        lines = iter(output.splitlines())
        assert [line for line in expected if line not in lines] == []


def test_the_commands_of_the_shell_answer_what_is_printed(run):
    for command, _ in steps(block_with("mkdir -p app/uploads"))[:3]:
        shell(run, command)
    for command, printed in steps(block_with("flask --app app sync")):
        output = shell(run, command)
        assert [line for line in printed if line not in output] == []
    for command, printed in steps(block_with("--direction download")):
        output = shell(run, command)
        assert [line for line in printed if line not in output] == []
    assert (run.uploads / "photos" / "1.jpg").read_text() == "picture\n"


def test_every_printed_call_of_a_route_is_answered(run):
    job = run.mirrored(dest="finished")
    calls = [command for command, _ in steps(block_with("/runnings"))]
    table = re.findall(r"`(curl [^`]*localhost[^`]*)`", README)
    assert len(calls) == 7
    assert len(table) == 6
    for command in calls + table:
        answer = shell(run, command.replace("curl", "curl -s -w '\\n%{http_code}' --max-time 20", 1), job["id"])
        expected = 409 if "/cancel" in command else 202 if "/sync" in command else 200
        assert int(answer.splitlines()[-1]) == expected, (command, answer)
        assert shlex.split(command)


def test_a_user_a_key_and_a_connection_are_made_as_printed(run):
    (run.uploads / "photos").mkdir(exist_ok=True)
    (run.uploads / "photos" / "1.jpg").write_text("picture")
    keys = json.loads((run.data / "embedded-s3" / "keys.json").read_text())
    blocks = block_with("users create"), block_with("connections add")
    commands = [command for block in blocks for command, _ in steps(block)]
    script = "set -e; " + "; ".join(command.replace("curl", "curl -fsS") for command in commands)
    output = shell(run, script.replace("SECRET_KEY", keys["secret_key"]).replace("ACCESS_KEY", keys["access_key"]))

    assert '"user": "anna"' in output
    assert "anna  s3  keys  pictures  " in output
    wait_until_succeeded(run, re.search(r'"id": "([0-9a-f-]{36})"', output)[1])
