"""Nobody writes lines of his own into the log or into a terminal: by requests as bytes, by names, by what a storage answers."""

import json
import re
from urllib.parse import quote

import pytest

from tests.support.programs import run_flask
from tests.support.raw import raw_answer
from tests.support.servers import scripted
from tests.support.service import eventually, running_service

pytestmark = [pytest.mark.fault("I8", 38), pytest.mark.slow]

FORGED = "[22/Nov/2026:00:00:00 +0000] ERROR app.jobs: forged"
BREAKING = f"x\r\n{FORGED}\x1b[2J\x1b]0;title\x07\x9b31m\u0085{FORGED}\u2028{FORGED}\u202e"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")

AS_BYTES = {
    "a path": b"GET /%0d%0a" + quote(BREAKING).encode() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a path as it is": b"GET /\x1b[2J\x9b31m HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a query": b"GET /runnings?" + quote(BREAKING).encode() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method": b"GE\x1b[2JT /runnings HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a version": b"GET /runnings HTTP/\x1b[2J\r\nHost: localhost\r\n\r\n",
    "a header's name": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nX-\x1b[2J: 1\r\n\r\n",
    "a header": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \x1b[2J\x85\r\n\r\n",
    "a header in two lines": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nUser-Agent: x\r\n [22/Nov/2026\r\n\r\n",
    "who calls": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic \x1b[2J\r\n\r\n",
    "an id": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: a\x1b[2Jb\r\n\r\n",
    "a host": b"GET /runnings HTTP/1.1\r\nHost: \x1b[2J\r\n\r\n",
    "100,000 bytes": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "half of UTF-8": b"GET /%ff%fe%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.fixture(scope="module", params=["text", "json"])
def service(request, tmp_path_factory, rclone):
    with running_service(
        tmp_path_factory.mktemp("log"), rclone, LOG_FORMAT=request.param, LOG_LEVEL="debug"
    ) as service:
        yield service


def require_lines_of_its_own(service):
    """Assert that each line of the log is one that the service or gunicorn means to write."""
    for line in service.log.read_bytes().decode("utf-8", "strict").split("\n"):
        assert CONTROL.search(line) is None, line
        assert not line.startswith(FORGED[:28]), line
        if service.environ["LOG_FORMAT"] == "json":
            assert line == "" or isinstance(json.loads(line), dict)
        else:
            assert re.match(r"\[\d\d/|    |$", line), line


def test_no_request_writes_a_line_of_its_own(service):
    port = int(service.environ["API_PORT"])
    for request in AS_BYTES.values():
        assert raw_answer(port, request)[0] < 500
    service.session.get(service.url + "/the-last-one", timeout=30)
    eventually(lambda: "/the-last-one" in service.log.read_text())

    require_lines_of_its_own(service)


def test_what_a_storage_answers_writes_none_either_nor_commands_a_terminal(service):
    said = (
        f"<Error><Code>Evil{BREAKING.replace(chr(27), '&#27;')}</Code><Message>{FORGED}&#10;{FORGED}</Message></Error>"
    )
    spelt = "".join(
        each if each.isprintable() else f"&#{ord(each)};" for each in BREAKING if ord(each) > 31 or each in "\r\n"
    )
    answers = [said, f"<Error><Code>{spelt}</Code><Message>{spelt}</Message></Error>", f"no XML {BREAKING}"]
    for body in answers:
        with scripted(lambda *_, body=body: (400, body)) as url:
            (service.uploads / "a.txt").write_text("a")
            given = {"storage_url": url, "access_key": "a", "secret_key": "b", "dest": "bucket"}
            job = service.finished(service.sync(**given)["id"])
            assert job["status"] == "failed"
            eventually(lambda: job["id"] in service.log.read_text())  # noqa: B023  # asked at once
    shown = run_flask("jobs", "--all", environ=service.environ)

    assert shown.returncode == 0, shown.stderr
    assert CONTROL.search(shown.stdout + shown.stderr) is None
    require_lines_of_its_own(service)


def test_a_file_writes_none(service):
    for name in ("a\x1b[2Jb", f"new\n{FORGED}".replace("/", "-"), "caf\udce9"):
        (service.uploads / name).write_text("a")
    job = service.finished(service.sync(dest="odd-names", wait=0)["id"])

    assert job["status"] in ("succeeded", "partial")
    require_lines_of_its_own(service)
