"""One service that synchronises every second, users of its own for each test, their clients, and buckets with datasets."""

import itertools
from contextlib import ExitStack, closing
from textwrap import dedent

import pytest

from tests.support.buckets import Bucket
from tests.support.clients import BioblendClient, CvalClient, CvatClient, cval_images
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


@pytest.fixture
def cvat(service):
    """The client of nobody yet."""
    return CvatClient(service.url)


@pytest.fixture
def bioblend(service, person):
    """The Galaxy dialect's client of that user."""
    return BioblendClient(service.url, person.key)


@pytest.fixture
def ann(service):
    """A user with a password whom no other test has."""
    return service.person(f"ann-{next(_numbers)}", password="right password")


SIGNED_IN = """
client = make_client(url, credentials=(name, password))
api = client.api_client.cloudstorages_api
"""
"""What a program begins with that its user has signed in to."""


@pytest.fixture
def walk(cvat, ann):
    """A function that runs lines of a program that Ann has signed in to."""
    known = {"name": ann.name, "password": ann.password, "key": ann.key}
    return lambda lines, **values: cvat.run(SIGNED_IN + dedent(lines), **known | values)
