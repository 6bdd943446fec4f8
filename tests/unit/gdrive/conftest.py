"""A Google of this test alone, and the driver's files at it, whose waits take no time."""

from contextlib import closing

import pytest

from tests.support.drive import Waits, drive_files
from tests.support.google_fake import google


@pytest.fixture
def fake():
    """A Google with one account."""
    with google() as fake:
        yield fake


@pytest.fixture
def waits():
    """What was waited between attempts."""
    return Waits()


@pytest.fixture
def files(fake, waits):
    """The files of that account; more than a MiB is uploaded in pieces."""
    with closing(drive_files(fake, waits)) as files:
        yield files
