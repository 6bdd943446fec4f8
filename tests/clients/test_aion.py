"""The Aionvision dialect before what others have made: the vendor's own settings, and a tester of OpenAPI documents."""

import json
import os
import subprocess

import pytest

from tests.support.aion import API, Aion, service_with
from tests.support.clients import ENVIRONMENTS, KEPT, SESSIONS
from tests.support.google_fake import google as fake_google
from tests.support.servers import missing

pytestmark = pytest.mark.slow

KNOWN = """
[parameters]
provider = "google_drive"
file_id = "{image_id}"
job_id = "{job_id}"

[[operations]]
include-path = "/api/v2/cloud-storage/connections/{{connection_id}}/picker-token"
parameters = {{ connection_id = "{connection_id}" }}
"""
"""What the tester is told, so that not all that it asks for is missing."""

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


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


def test_no_request_that_the_document_allows_or_forbids_breaks_what_it_says(aion, tmp_path):
    connection_id = aion.connected()
    image_id = aion.imported(connection_id, {aion.add("photo1.jpg"): "photo1.jpg"})["image_ids"][0]
    job_id = aion.told("POST", "/cloud-storage/export", json={"connection_id": connection_id, "image_ids": [image_id]})[
        "job_id"
    ]
    known = KNOWN.format(image_id=image_id, job_id=job_id, connection_id=connection_id)
    (tmp_path / "schemathesis.toml").write_text(known)
    done = ran(
        "schemathesis",
        [
            "run", f"{aion.service.url}/openapi/aion.json", "--url", aion.service.url,
            "--header", f"Authorization: Bearer {aion.person.key}", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
            "--max-examples", "10", "--seed", "1", "--continue-on-failure", "--no-color",
        ],
        tmp_path,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: 12" in done.stdout, done.stdout
    assert "Traceback" not in aion.service.log.read_text()
