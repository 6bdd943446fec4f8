"""Services with a connected Drive, at a fake Google."""

from contextlib import ExitStack

import pytest

from tests.support.driving import driving
from tests.support.google_fake import google


@pytest.fixture
def fake():
    """A fake Google with one account."""
    with google() as fake:
        yield fake


@pytest.fixture
def start(tmp_path, fake):
    """Return a function that puts the services together with these settings; all end with the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(driving(tmp_path / "data", fake, **settings))


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
