"""Real clients for tests: other people's programs, unmodified, each in a virtual environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

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


class BioblendClient:
    """``bioblend`` with one user's key; each run is a process of its own."""

    def __init__(self, url: str, key: str) -> None:
        self._told = {"url": url, "key": key}

    def run(self, lines: str, **values: Any) -> Any:
        """Run lines of Python that know ``gi`` and what `tests/clients/bioblend_session.py` names; return what they ``show``."""
        told = json.dumps({**self._told, "lines": dedent(lines), "values": values})
        return json.loads(_run("bioblend", [str(SESSIONS / "bioblend_session.py")], told).splitlines()[-1])


class GoogleClient:
    """Google's own clients for OAuth and Drive, of which only the addresses differ; each run is a process of its own.

    Args:
        settings: of a Google for tests, as a service gets them.
        tokens: ``access_token`` and ``refresh_token`` for Drive; without any there is no client of Drive.
    """

    def __init__(self, settings: Mapping[str, str], **tokens: str) -> None:
        self._told = {"settings": dict(settings), "tokens": tokens}

    def run(self, lines: str, **values: Any) -> Any:
        """Run lines of Python that know what `tests/clients/google_session.py` names, and return what they ``show``."""
        told = json.dumps({**self._told, "lines": dedent(lines), "values": values})
        return json.loads(_run("google", [str(SESSIONS / "google_session.py")], told).splitlines()[-1])


@dataclass(frozen=True)
class Verdict:
    """How one of a client's own tests ended.

    Attributes:
        outcome: ``passed``, ``failed`` or ``skipped``.
        text: why it was skipped, or what it failed of.
    """

    outcome: str
    text: str = ""


def bioblends_own_tests(url: str, admin_key: str, modules: Sequence[str], report: Path) -> Mapping[str, Verdict]:
    """Run test modules that bioblend ships against a service; return the verdicts by ``Module::test``.

    Args:
        url: where the service is.
        admin_key: a key of an admin's; what else he does meanwhile disturbs them.
        modules: their names without their package.
        report: a file to be made.
    """
    packaged = [f"bioblend._tests.{module}" for module in modules]
    not_ours = ["--config-file", os.devnull, "--noconftest", f"--rootdir={report.parent}"]
    options = ["-q", "-p", "no:cacheprovider", *not_ours, f"--junit-xml={report}"]
    environ = {"BIOBLEND_GALAXY_URL": url, "BIOBLEND_GALAXY_API_KEY": admin_key}
    _run("bioblend", ["-m", "pytest", *options, "--pyargs", *packaged], "", environ, (0, 1))
    cases = ET.parse(report).iter("testcase")
    return {f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}": _verdict(case) for case in cases}


def _verdict(case: ET.Element) -> Verdict:
    for tag, outcome in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if (found := case.find(tag)) is not None:
            return Verdict(outcome, f"{found.get('message')}\n{found.text}")
    return Verdict("passed")


def run_in_cval(arguments: list[str], given: str = "", **environ: str) -> str:
    """Run Python with ``cval-lib`` and return its output; what it warns of goes to the test's."""
    return _run("cval", arguments, given, environ)


def _run(
    client: str,
    arguments: list[str],
    given: str = "",
    environ: Mapping[str, str] = MappingProxyType({}),
    ended: Sequence[int] = (0,),
) -> str:
    python = ENVIRONMENTS / client / "bin" / "python"
    if not python.exists():
        missing(f"The client that is called {client} is not installed; `make test` does that.")
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    done = subprocess.run(
        [str(python), *arguments],
        input=given,
        env={**kept, "NO_PROXY": "127.0.0.1", **environ},
        stdout=subprocess.PIPE,
        text=True,
        timeout=280,
        check=False,
    )
    if done.returncode not in ended:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout)
    return done.stdout
