"""The page on the Galaxy dialect: its commands and its program, run as they are printed."""

import re
import shutil
import subprocess
import sys
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.clients import BioblendClient
from tests.support.servers import ACCESS_KEY, missing
from tests.support.service import ROOT, eventually, running_service
from tests.support.trees import bucket_objects

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "dialects" / "galaxy.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)

VARYING = {
    r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d\.\d{6}": r"2026-11-21\g<1>10:00:00.000000",
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}": "5f0c7d3e-7a1b-4c1d-9e2f-3a4b5c6d7e8f",
}
"""What is another each time, and what the page has for it."""

OBJECTS = {"rep1.bed": b"chr1\t100\t200\n", "notes of 2026.txt": b"Taken in May.\n"}


def blocks(language):
    return [block for name, block in BLOCKS if name == language]


def steps():
    """Return each command with what is printed below it."""
    found = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone):
    """A new service, whose ids are those of the page."""
    with running_service(tmp_path_factory.mktemp("page"), rclone) as service:
        yield service


@pytest.fixture(autouse=True)
def _buckets(rclone):
    """The buckets of the page: one with its two objects, and an empty one."""
    with closing(Bucket(rclone, "genomes")) as genomes, closing(Bucket(rclone, "results")) as results:
        genomes.put(OBJECTS)
        yield
        genomes.drop()
        results.drop()


@pytest.fixture
def here(service, rclone):
    """A function that puts what there is into the place of what the page names."""

    def put(text):
        text = text.replace("http://localhost:5000", service.url).replace("http://localhost:9000", rclone.endpoint)
        return re.sub(r"\bSECRET_KEY\"", f'{rclone.secret_key}"', text.replace("ACCESS_KEY", ACCESS_KEY))

    return put


@pytest.fixture
def shell(service, here):
    def run(command, **environ):
        command = here(command).replace(".venv/bin/flask", f"{sys.executable} -m flask").replace("curl ", "curl -sS ")
        ran = ["sh", "-c", command]
        environ = service.environ | environ
        return subprocess.run(
            ran, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, timeout=60, check=True
        ).stdout

    return run


def test_the_commands_answer_what_is_printed(shell, here, rclone):
    if shutil.which("curl") is None:
        missing("curl is not installed.")
    (make_user, _), (make_key, _), *calls = steps()
    shell(make_user)
    key = shell(make_key.removeprefix("KEY=$(").removesuffix(")")).strip()
    for command, printed in calls:
        said = shell(command, KEY=key)
        for pattern, shown in VARYING.items():
            said = re.sub(pattern, shown, said)
        assert said.splitlines() == here("\n".join(printed)).splitlines(), command
    expected = {name.replace(" ", "_"): data for name, data in OBJECTS.items()}
    assert eventually(lambda: bucket_objects(rclone, "results") == expected)


def test_the_program_stores_what_it_has_brought(service, here, rclone):
    (program,) = blocks("python")
    key = service.person("reader-of-the-page").key
    said = "import os\nos.environ['KEY'] = key\n" + here(program) + "show([dataset['name'], label['object']])\n"

    assert BioblendClient(service.url, key).run(said, key=key) == ["rep1.bed", "rep1.bed"]
    assert bucket_objects(rclone, "results") == {"rep1.bed": OBJECTS["rep1.bed"]}
