"""A storage in memory, a connection to it, and the service that looks around in it."""

import pytest

from app.accounts.caller import Caller, Role
from app.browsing.service import BrowsingService
from app.storages.memory import MemoryStorage
from tests.support.browsing import OneConnection
from tests.support.jobs import settings_for


@pytest.fixture
def anna():
    return Caller(1, "anna", Role.USER)


@pytest.fixture
def storage():
    return MemoryStorage(exists=True)


@pytest.fixture
def connections(storage):
    return OneConnection(storage)


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def browsing(connections, data_dir):
    return BrowsingService(settings_for(data_dir), connections)
