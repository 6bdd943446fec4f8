"""The page on the cval dialect: its commands and its program, run as they are printed."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.support.clients import cval_storage, run_in_cval
from tests.support.servers import missing
from tests.support.service import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "dialects" / "cval.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
EXAMPLE_ID = "0a1a6ab0-2e4f-4b8c-8d5c-6a1d8a0f3c11"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def blocks(language):
    return [block for name, block in BLOCKS if name == language]


def steps():
    """Return each command with the output that is printed below it."""
    found = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.fixture
def here(service, bucket):
    """A function that puts what there is into the place of what the page names."""
    fields = cval_storage(bucket)

    def put(text):
        text = text.replace("http://localhost:5000", service.url).replace("http://localhost:9000", fields["endpoint"])
        text = text.replace("ACCESS_KEY", fields["access_key"]).replace('"pictures"', f'"{bucket.name}"')
        return re.sub(r"\bSECRET_KEY", fields["secret_key"], text)

    return put


@pytest.fixture
def shell(service):
    def run(command, **environ):
        command = command.replace(".venv/bin/flask", f"{sys.executable} -m flask").replace("curl ", "curl -sS ")
        environ = service.environ | environ
        return subprocess.run(
            ["sh", "-c", command], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, timeout=60, check=True
        ).stdout

    return run


def test_the_commands_answer_what_is_printed(shell, here):
    if shutil.which("curl") is None:
        missing("curl is not installed.")
    (make_user, _), (make_key, _), *calls = steps()
    shell(make_user)
    key, made = shell(make_key.removeprefix("KEY=$(").removesuffix(")")).strip(), EXAMPLE_ID
    for command, printed in calls:
        output = shell(here(command).replace(EXAMPLE_ID, made), KEY=key)
        made = UUID.search(output)[0]
        assert output.replace(made, EXAMPLE_ID).splitlines() == here("\n".join(printed)).splitlines()


def test_the_program_prints_what_is_printed(service, here):
    (program,), (printed,) = blocks("python"), blocks("")
    key = service.person("reader-of-the-page").key

    assert run_in_cval(["-c", here(program)], KEY=key) == printed
