"""One service that synchronises every second, a user of its own for each test, and buckets with datasets in them."""

import itertools
from contextlib import ExitStack, closing

import pytest

from tests.support.buckets import Bucket
from tests.support.clients import CvalClient, cval_images
from tests.support.service import running_service

_numbers = itertools.count()


@pytest.fixture(scope="session")
def service(tmp_path_factory, rclone):
    with running_service(tmp_path_factory.mktemp("cval"), rclone, SYNCHRONISE_SECONDS=1) as service:
        yield service


@pytest.fixture
def new_bucket(rclone):
    """A function that makes a bucket; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(Bucket(rclone, f"cval-{next(_numbers)}")))


@pytest.fixture
def bucket(new_bucket):
    """A bucket with five images to train with and two to test with."""
    bucket = new_bucket()
    bucket.put(cval_images("train", range(5)) | cval_images("test", range(2)))
    return bucket


@pytest.fixture
def person(service):
    """A user that no other test has."""
    return service.person(f"user-{next(_numbers)}")


@pytest.fixture
def cval(service, person):
    """The client of that user."""
    return CvalClient(service.url, person.key)
