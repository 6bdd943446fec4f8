"""The Aionvision dialect before what its vendor has made: the settings of a client."""

import json
import os
import subprocess

import pytest

from tests.support.aion import API, Aion, service_with
from tests.support.clients import ENVIRONMENTS, KEPT, SESSIONS
from tests.support.google_fake import google as fake_google
from tests.support.servers import missing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def aion(tmp_path_factory, rclone):
    """Somebody with a connected account, at a service of his own."""
    folder = tmp_path_factory.mktemp("aion")
    with fake_google() as google, service_with(google, folder, rclone) as service:
        yield Aion(service, google)


def ran(program, arguments, folder, given=""):
    """Run a program of the virtual environment of these clients; return it once it has ended."""
    found = ENVIRONMENTS / "aion" / "bin" / program
    if not found.exists():
        missing("The clients of the aion dialect are not installed; `make test` does that.")
    environ = {name: value for name, value in os.environ.items() if name in KEPT} | {"NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        [str(found), *arguments], cwd=folder, env=environ, input=given, capture_output=True, text=True, timeout=280, check=False
    )  # fmt: skip


def test_the_vendors_client_takes_our_address_and_our_keys(aion, tmp_path):
    pairs = [
        (aion.service.url + API, aion.person.key),
        ("http://storage.example.org" + API, aion.person.key),
        (aion.service.url + API, "no key"),
    ]
    done = ran("python", [str(SESSIONS / "aion_session.py")], tmp_path, json.dumps(pairs))
    ours, other_host, no_key = json.loads(done.stdout)

    assert ours["base_url"] == aion.service.url + API
    assert other_host["raised"] == no_key["raised"] == "ValueError"
