"""The page on the CVAT dialect: its commands, run as they are printed."""

import io
import re
import shutil
import subprocess
import sys
from contextlib import closing

import pytest
from PIL import Image

from tests.support.buckets import Bucket
from tests.support.servers import ACCESS_KEY, missing
from tests.support.service import ROOT, running_service

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "dialects" / "cvat.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def steps():
    """Return each command with what is printed below it."""
    found = []
    for line in "".join(block for language, block in BLOCKS if language == "console").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.fixture
def photos(rclone):
    """The bucket of the page, as the page tells it."""
    image = io.BytesIO()
    Image.new("RGB", (300, 300), "red").save(image, "PNG")
    ((_, manifest),) = [block for block in BLOCKS if not block[0]]
    with closing(Bucket(rclone, "photos")) as bucket:
        bucket.put({"a.png": image.getvalue(), "sub/b.png": image.getvalue(), "manifest.jsonl": manifest.encode()})
        yield bucket
        bucket.drop()


@pytest.mark.usefixtures("photos")
def test_the_commands_answer_what_is_printed(tmp_path, rclone):
    if shutil.which("curl") is None:
        missing("curl is not installed.")
    with running_service(tmp_path, rclone) as service:

        def here(text):
            text = text.replace("http://localhost:5000", service.url).replace("http://localhost:9000", rclone.endpoint)
            return re.sub(r"\bSECRET_KEY\"", f'{rclone.secret_key}"', text.replace("ACCESS_KEY", ACCESS_KEY))

        def shell(command, **environ):
            command = (
                here(command).replace(".venv/bin/flask", f"{sys.executable} -m flask").replace("curl ", "curl -sS ")
            )
            ran = subprocess.run(["sh", "-c", command], cwd=ROOT, env=service.environ | environ, stdout=subprocess.PIPE, text=True, timeout=60, check=True)  # fmt: skip
            return ran.stdout

        (make_user, _), (make_key, _), *calls = steps()
        shell(make_user)
        key = shell(make_key.removeprefix("KEY=$(").removesuffix(")")).strip()
        for command, printed in calls:
            said = TIME.sub("2026-11-21T10:00:00.000000Z", shell(command, KEY=key))
            assert said.splitlines() == here("\n".join(printed)).splitlines(), command
