"""A bucket behind a proxy that a test may have make trouble, on rclone's server and on moto's."""

import uuid
from contextlib import closing

import pytest

from app.storages.s3 import S3Storage
from tests.support.faulty_proxy import FaultyProxy
from tests.support.wires import loop_of_proxies


@pytest.fixture(scope="session")
def loop():
    with loop_of_proxies() as loop:
        yield loop


@pytest.fixture
def server(rclone):
    """Override it for tests on another server."""
    return rclone


@pytest.fixture
def proxy(server, loop):
    return FaultyProxy(server, loop)


@pytest.fixture
def address(proxy):
    return proxy.server.bucket("b" + uuid.uuid4().hex)


@pytest.fixture
def bucket(address):
    """The bucket, which has been made."""
    with closing(S3Storage(address)) as storage:
        storage.create()
        yield storage
