"""The page on the Aionvision dialect: its commands, run as they are printed, and its tables."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from app.dialects.aion.errors import ANSWERS
from tests.support.aion import APP, Aion, service_with
from tests.support.google_fake import google as fake_google
from tests.support.pictures import picture
from tests.support.servers import missing
from tests.support.service import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "dialects" / "aion.md").read_text()
CONNECTION, IMAGE = "550e8400-e29b-41d4-a716-446655440000", "660f9500-f39c-42e5-b827-557766550111"
JOB, THEN = "019ab000-0000-7000-8000-000000000001", "2026-11-21T10:00:00Z"
PHOTO = picture((40, 30), "JPEG").ljust(825, b"\0")


def steps():
    """Return each command with what is printed below it."""
    found = []
    for line in "".join(re.findall(r"^```console\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return [(command, "\n".join(printed)) for command, printed in found]


class Reader:
    """Somebody who follows the page; what it names gets the value that it has here once an answer tells it.

    Attributes:
        real: what stands here in the place of what the page has.
    """

    def __init__(self, service, google):
        self.service, self.google = service, google
        self.real = {"http://localhost:5000": service.url, ".venv/bin/flask": f"{sys.executable} -m flask"}
        self.key = ""

    def told(self, command):
        command = self.put("curl -sS ".join(command.split("curl ")))
        environ = self.service.environ | {"KEY": self.key}
        ran = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, timeout=60, check=True)  # fmt: skip
        return ran.stdout.rstrip("\n")

    def put(self, text):
        for shown, real in self.real.items():
            text = text.replace(shown, real)
        return text

    def shown(self, said, printed):
        """Return an answer as the page has it, having learned what stands in the place of its examples."""
        for pattern, example in (
            (r'"authorization_url": "(.*?)"', "https://accounts.google.com/o/oauth2/v2/auth?..."),
            (r'"state": "(.*?)"', "STATE"),
            (r'^    "id": "(.*?)",\n    "provider"', CONNECTION),
            (r'"image_ids": \[\s*"(.*?)"', IMAGE),
            (r'"job_id": "(.*?)"', JOB),
        ):
            if example in printed and (found := re.search(pattern, said, re.MULTILINE)):
                self.real[example] = found[1]
        for example, real in self.real.items():
            said = said.replace(real, example)
        return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", THEN, said)


def test_the_commands_answer_what_is_printed(tmp_path, rclone):
    if shutil.which("curl") is None:
        missing("curl is not installed.")
    with fake_google() as google, service_with(google, tmp_path, rclone) as service:
        reader, person = Reader(service, google), Aion(service, google)
        (make_user, _), (make_key, _), (begin, begun), *others = steps()
        reader.told(make_user)
        reader.key = reader.told(make_key.removeprefix("KEY=$(").removesuffix(")"))
        reader.real |= {"FILE_ID": person.add("photo1.jpg", PHOTO), "user@gmail.com": person.account.email}
        assert APP in begin
        said = reader.told(begin)
        reader.real["CODE"] = person.consented(json.loads(said))["code"]
        assert reader.shown(said, begun) == begun
        for command, printed in others:
            assert reader.shown(reader.told(command), printed) == printed, command


def test_the_table_of_errors_has_every_status_with_its_code():
    rows = set(re.findall(r"^\| (\d{3}) \| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    given = {(str(status), code) for status, code in ANSWERS.values()} - {("500", "SERVER_ERROR")}

    assert rows == given | {("422", "VALIDATION_ERROR")}
