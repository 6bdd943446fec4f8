"""Running services for the API tests, on a real S3 server, and a bucket, folder and users of its own for each test."""

import itertools

import pytest

from tests.support.service import running_service

_numbers = itertools.count()


@pytest.fixture(scope="session")
def service(tmp_path_factory, rclone):
    with running_service(tmp_path_factory.mktemp("service"), rclone) as service:
        yield service


@pytest.fixture(scope="session")
def closed(tmp_path_factory, rclone):
    """A service that asks everybody who he is, and believes what one proxy says of the caller's address."""
    folder = tmp_path_factory.mktemp("closed")
    with running_service(folder, rclone, SYNC_AUTH="required", TRUSTED_PROXIES=1) as service:
        yield service


@pytest.fixture
def address():
    """An address from which no other test calls; wrong passwords are counted for each."""
    number = next(_numbers)
    return {"X-Forwarded-For": f"192.0.2.{number % 250}", "User-Agent": f"test {number}"}


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
