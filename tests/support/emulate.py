"""An independent Google for tests: ``emulate``, in a process of its own that only this machine can reach.

It knows OAuth, and of Drive folders, multipart uploads and downloads: no resumable upload, ``fields``, export or ``about``.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.support.servers import READY_SECONDS, end, free_port, missing

PROGRAM = Path(sys.prefix) / "clients" / "emulate" / "node_modules" / ".bin" / "emulate"
LOOPBACK = Path(__file__).with_name("loopback.cjs")
PERSON = {"email": "ann@example.com", "name": "Ann Example"}


@dataclass(frozen=True)
class Emulate:
    """A running ``emulate``.

    Attributes:
        url: of the server, without a slash at the end.
        port: on which it listens.
        pid: of its process.
        client_id, client_secret: of the one OAuth client.
    """

    url: str
    port: int
    pid: int
    client_id: str
    client_secret: str

    @property
    def settings(self) -> dict[str, str]:
        """What a service that shall use this one instead of Google has in its environment."""
        return {
            "GOOGLE_CLIENT_ID": self.client_id,
            "GOOGLE_CLIENT_SECRET": self.client_secret,
            "GOOGLE_AUTHORIZE_URL": f"{self.url}/o/oauth2/v2/auth",
            "GOOGLE_TOKEN_URL": f"{self.url}/oauth2/token",
            "GOOGLE_REVOKE_URL": f"{self.url}/oauth2/revoke",
            "GOOGLE_USERINFO_URL": f"{self.url}/oauth2/v2/userinfo",
            "GOOGLE_DRIVE_URL": f"{self.url}/drive/v3",
            "GOOGLE_UPLOAD_URL": f"{self.url}/upload/drive/v3",
        }

    def consent(self, url: str) -> str:
        """Open an authorization URL as a person does, choose the account, and return where he is sent to.

        Raises:
            AssertionError: the page has no form but tells of an error; so does this.
        """
        parts = urlsplit(url)
        status, page, _ = self._asked("GET", f"{parts.path}?{parts.query}")
        form = _Form(page)
        assert status == 200, page
        assert form.action, page
        _, _, location = self._asked("POST", form.action, urlencode(form.fields))
        return location

    def _asked(self, method: str, target: str, body: str | None = None) -> tuple[int, str, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, target, body, kind)
            response = connection.getresponse()
            return response.status, response.read().decode(), response.headers.get("Location", "")
        finally:
            connection.close()


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = told["action"]
        elif told.get("type") == "hidden":
            self.fields.setdefault(told["name"], told["value"])


@contextmanager
def emulate(folder: Path, *redirect_uris: str) -> Iterator[Emulate]:
    """Run ``emulate``, which keeps everything in memory; its log goes to ``folder``; these redirect URIs are registered."""
    if not PROGRAM.exists() or shutil.which("node") is None:
        missing("emulate is not installed; `make test` does that where there is npm.")
    folder.mkdir(parents=True, exist_ok=True)
    port, secret = free_port(), f"GOCSPX-{secrets.token_urlsafe(21)}"
    client = {"client_id": "sluice.apps.googleusercontent.com", "client_secret": secret, "name": "Sluice"}
    seed = {"google": {"users": [PERSON], "oauth_clients": [{**client, "redirect_uris": list(redirect_uris)}]}}
    (folder / "seed.json").write_text(json.dumps(seed))
    command = ["node", "--require", str(LOOPBACK), str(PROGRAM), "start", "--service", "google"]
    command += ["--port", str(port), "--seed", "seed.json"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=environment, cwd=folder)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_answering(process, url, folder / "server.log")
        yield Emulate(url, port, process.pid, client["client_id"], secret)
    finally:
        end(process)


def _wait_until_answering(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/.well-known/openid-configuration", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)  # between two looks at a condition that has a deadline
        else:
            return
    pytest.fail(f"emulate does not answer: {log.read_text(errors='replace')[-2000:]}")
