"""A tester of other people's asks for whatever the OpenAPI documents allow and forbid: what is answered is as they say."""

import os
from contextlib import closing

import pytest

from app.accounts.caller import Role
from tests.support.aion import Aion, service_with
from tests.support.buckets import Bucket
from tests.support.everything import Everything
from tests.support.fuzzing import fuzzed
from tests.support.google_fake import google as fake_google

DOCUMENTS = ("sync", "account", "webhooks", "cval", "cvat", "galaxy", "aion")

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "")
"""So many requests are made up for each route, and as many more as the tester thinks of; without it, two."""

SECONDS = 3600 if EXAMPLES else 560

ON_POSTGRESQL = os.environ.get("FUZZ_DATABASE") == "postgresql"

FEW = [("examples,fuzzing", "2")]
MANY = [("coverage", EXAMPLES), ("examples,fuzzing", EXAMPLES)]

pytestmark = [pytest.mark.slow, pytest.mark.fault(36), pytest.mark.timeout(SECONDS + 300)]


@pytest.fixture(scope="module")
def world(request, tmp_path_factory, rclone):
    """A service, its only admin, who could not remove himself, and what he has of all that there is."""
    folder = tmp_path_factory.mktemp("fuzz")
    settings = {"STORAGE_HOSTS_ALLOWED": "127.0.0.1", "WEBHOOK_HOSTS_ALLOWED": "127.0.0.1"}
    if ON_POSTGRESQL:
        postgres = request.getfixturevalue("postgres")
        settings["DATABASE_URL"] = postgres.url(postgres.new())
    with (
        closing(Bucket(rclone, "fuzz")) as bucket,
        closing(Bucket(rclone, "fuzz-mirrored")) as mirrored,
        fake_google() as google,
        service_with(google, folder, rclone, **settings) as service,
    ):
        for each in (bucket, mirrored):
            each.put({"a.txt": b"a", "cval/images/train/0.jpg": b"jpeg"})
        aion = Aion(service, google, service.person("fuzz", Role.ADMIN, "correct horse"))
        yield aion, Everything(aion, bucket, mirrored).known()


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize(("phases", "examples"), MANY if EXAMPLES else FEW)
def test_what_is_answered_is_as_the_document_says(world, document, phases, examples, tmp_path):
    aion, known = world
    service, key = aion.service, aion.person.key
    options = ["--phases", phases, "--max-examples", examples]
    done = fuzzed(service.url, document, key, known[document], tmp_path, *options, seconds=SECONDS)

    assert done.code == 0, done.text
    assert "Traceback" not in service.log.read_text()
    assert service.session.get(f"{service.url}/session", headers=aion.person.headers, timeout=90).status_code == 200
