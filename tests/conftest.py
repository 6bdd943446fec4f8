"""What all tests share: the servers, started once and only when a test asks for them, and registries of jobs."""

import pytest

from tests.support.jobs import Registry
from tests.support.servers import moto_server, rclone_server


@pytest.fixture(scope="session")
def rclone(tmp_path_factory):
    with rclone_server(tmp_path_factory.mktemp("rclone") / "server") as server:
        yield server


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    with moto_server(tmp_path_factory.mktemp("moto") / "server") as server:
        yield server


@pytest.fixture
def new_registry(tmp_path):
    """Make registries on one data folder, as several processes would; all are closed at the end."""
    made = []

    def make(**values):
        registry = Registry(tmp_path / "data", **values)
        made.append(registry)
        return registry

    yield make
    for registry in made:
        registry.close()


@pytest.fixture
def registry(new_registry):
    return new_registry()
