"""One running service for the API tests, on a real S3 server, and a bucket and folder of its own for each test."""

import itertools

import pytest

from tests.support.service import running_service

_numbers = itertools.count()


@pytest.fixture(scope="session")
def service(tmp_path_factory, rclone):
    with running_service(tmp_path_factory.mktemp("service"), rclone) as service:
        yield service


@pytest.fixture
def name():
    """A name for a bucket, and for a folder in the uploads folder, that no other test uses."""
    return f"test-{next(_numbers)}"


@pytest.fixture
def folder(service, name):
    folder = service.uploads / name
    folder.mkdir()
    for number in range(3):
        (folder / f"f{number}.txt").write_text(f"content {number}")
    return folder
