"""One parameter runs the whole suite: the storage under test."""

import os

import pytest

from tests.conformance import subjects
from tests.conformance.contents import KEYS, fill
from tests.support.gcs_fake import gcs_fake
from tests.support.google_fake import google

DRIVERS = {
    "azure on azurite": lambda request: subjects.azure(request.getfixturevalue("azurite")),
    "gcs on the emulator": lambda request: subjects.emulated_gcs(request.getfixturevalue("emulated_gcs")),
    "gcs on the fake": lambda request: subjects.fake_gcs(request.getfixturevalue("fake_gcs")),
    "gdrive on the fake": lambda request: subjects.gdrive(request.getfixturevalue("fake_google")),
    "local": lambda request: subjects.local(request.getfixturevalue("tmp_path")),
    "memory": lambda _: subjects.memory(),
    "memory below a prefix": lambda _: subjects.prefixed(subjects.memory()),
    "s3 on rclone": lambda request: subjects.s3(request.getfixturevalue("rclone"), subjects.RCLONE),
    "s3 on moto": lambda request: subjects.s3(request.getfixturevalue("moto"), subjects.MOTO),
}


SLOW = {"azure on azurite", "s3 on moto"}
EVERY_DRIVER = [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in DRIVERS]


@pytest.fixture
def fake_google():
    with google() as fake:
        yield fake


@pytest.fixture(params=EVERY_DRIVER)
def subject(request):
    subject = DRIVERS[request.param](request)
    _skip_own_limits(request, subject)
    return subject


@pytest.fixture(scope="module", params=EVERY_DRIVER)
def lasting_subject(request, tmp_path_factory):
    """As `subject`, for storages that the tests of a module share since they only look at them."""
    if request.param == "local":
        yield subjects.local(tmp_path_factory.mktemp("local"))
    elif request.param == "gcs on the fake":
        with gcs_fake() as fake:
            yield subjects.fake_gcs(fake)
    elif request.param == "gdrive on the fake":
        with google() as fake:
            yield subjects.gdrive(fake)
    else:
        yield DRIVERS[request.param](request)


@pytest.fixture
def looked_at(request, lasting_subject):
    _skip_own_limits(request, lasting_subject)
    return lasting_subject


def _skip_own_limits(request, subject):
    if request.node.callspec.params.get("key") in subject.quirks.own_limits:
        pytest.skip("Its limits for keys are its own.")


@pytest.fixture(scope="module")
def lasting(lasting_subject):
    """A storage with `KEYS`, for tests that only look at it: filling it anew for each took most of their time."""
    storage = lasting_subject.fresh()
    storage.create()
    fill(storage, KEYS)
    yield storage
    storage.close()


@pytest.fixture
def filled(looked_at, lasting):  # noqa: ARG001 - skips what this storage has limits of its own for
    return lasting


@pytest.fixture
def copies(subject):
    """Who asks for it needs a storage that copies by itself."""
    if not subject.quirks.copies:
        pytest.skip("It copies nothing by itself.")


@pytest.fixture
def storage(subject):
    storage = subject.fresh()
    storage.create()
    yield storage
    storage.close()


@pytest.fixture
def absent(subject):
    storage = subject.fresh()
    yield storage
    storage.close()


@pytest.fixture(params=["rclone", pytest.param("moto", marks=pytest.mark.slow)])
def server(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def _surroundings_that_must_not_matter(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("AWS_", "AZURE_", "GOOGLE_", "STORAGE_EMULATOR_"))]:
        monkeypatch.delenv(name)
