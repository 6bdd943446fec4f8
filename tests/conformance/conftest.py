"""One parameter runs the whole suite: the storage under test."""

import os

import pytest

from tests.conformance import subjects

DRIVERS = {
    "local": lambda request: subjects.local(request.getfixturevalue("tmp_path")),
    "memory": lambda _: subjects.memory(),
    "memory below a prefix": lambda _: subjects.prefixed(subjects.memory()),
    "s3 on rclone": lambda request: subjects.s3(request.getfixturevalue("rclone"), subjects.RCLONE),
    "s3 on moto": lambda request: subjects.s3(request.getfixturevalue("moto"), subjects.MOTO),
}


SLOW = {"s3 on moto"}


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in DRIVERS])
def subject(request):
    return DRIVERS[request.param](request)


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
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
