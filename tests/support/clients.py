"""Real clients for tests: other people's programs, unmodified, each in a virtual environment of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

from tests.support.buckets import Bucket
from tests.support.servers import ACCESS_KEY, missing

ENVIRONMENTS = Path(sys.prefix) / "clients"
SESSIONS = Path(__file__).parents[1] / "clients"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL")  # and so none of CVAL_*, by which the client would look for updates


def cval_storage(bucket: Bucket) -> dict[str, str]:
    """Return what a storage of the cval dialect is made of to read ``bucket``."""
    return {
        "access_key": ACCESS_KEY,
        "secret_key": bucket.server.secret_key,
        "endpoint": bucket.server.endpoint,
        "bucket": bucket.name,
    }


def cval_images(part: str, numbers: range) -> dict[str, bytes]:
    """Return objects that are the images of one part of a dataset."""
    return {f"cval/images/{part}/{number:03}.jpg": b"jpeg %d" % number for number in numbers}


class CvalClient:
    """``cval-lib`` with one user's key; each run is a process of its own.

    Args:
        url: where the service is.
        key: the user's API key.
        mount: what the base address ends with: nothing, or ``/api`` as the original's does.
        rewritten: leave the client's base address alone and send its requests to ``url`` instead.
    """

    def __init__(self, url: str, key: str, mount: str = "", *, rewritten: bool = False) -> None:
        self.key = key
        self._told = {
            "key": key,
            "main_url": "" if rewritten else url + mount,
            "rewritten_to": url if rewritten else "",
        }

    def run(self, lines: str, **values: Any) -> Any:
        """Run lines of Python that know ``conn`` and ``values``, and return what they hand to ``show``."""
        told = json.dumps({**self._told, "lines": dedent(lines), "values": values})
        return json.loads(run_in_cval([str(SESSIONS / "cval_session.py")], told).splitlines()[-1])


class CvatClient:
    """``cvat-sdk`` with nothing but the address of a service; each run is a process of its own."""

    def __init__(self, url: str) -> None:
        self._url = url

    def run(self, lines: str, **values: Any) -> Any:
        """Run lines of Python that know what `tests/clients/cvat_session.py` names, and return what they ``show``."""
        told = json.dumps({"url": self._url, "lines": dedent(lines), "values": values})
        return json.loads(_run("cvat", [str(SESSIONS / "cvat_session.py")], told).splitlines()[-1])


def run_in_cval(arguments: list[str], given: str = "", **environ: str) -> str:
    """Run Python with ``cval-lib`` and return its output; what it warns of goes to the test's."""
    return _run("cval", arguments, given, **environ)


def _run(client: str, arguments: list[str], given: str, **environ: str) -> str:
    python = ENVIRONMENTS / client / "bin" / "python"
    if not python.exists():
        missing(f"The client of the {client} dialect is not installed; `make test` does that.")
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    done = subprocess.run(
        [str(python), *arguments],
        input=given,
        env=kept | {"NO_PROXY": "127.0.0.1"} | environ,
        stdout=subprocess.PIPE,
        text=True,
        timeout=90,
        check=True,
    )
    return done.stdout
