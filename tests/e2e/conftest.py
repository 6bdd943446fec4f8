"""Services for end-to-end tests: each test starts its own, with its own data, and may kill it."""

import hashlib
from contextlib import ExitStack

import pytest

from tests.support.service import running_service


@pytest.fixture
def start(tmp_path, rclone):
    """Return a function that starts a service with these settings; all are stopped at the end."""
    with ExitStack() as stack:
        yield lambda server=rclone, **settings: stack.enter_context(running_service(tmp_path, server, **settings))


@pytest.fixture
def bucket(request):
    """A bucket name of this test's own."""
    return "e2e-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
