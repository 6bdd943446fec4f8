"""Services with copies, and buckets on a real S3 server."""

import itertools
from contextlib import ExitStack

import pytest

from tests.support.copying import bucket_of_its_own, copying

_numbers = itertools.count()


@pytest.fixture
def start(tmp_path):
    """Return a function that puts the services together with these settings; all end with the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(copying(tmp_path / "data", **settings))


@pytest.fixture
def here(start):
    """The services, whose jobs run."""
    here = start()
    here.run()
    return here


@pytest.fixture
def waiting(start):
    """The services; no job runs until `run` is called."""
    return start()


@pytest.fixture
def new_bucket(rclone):
    """Return a function that makes a bucket with these objects."""
    with ExitStack() as stack:

        def make(objects=()):
            bucket = stack.enter_context(bucket_of_its_own(rclone, f"copies-{next(_numbers)}"))
            bucket.put(dict(objects))
            return bucket

        yield make
