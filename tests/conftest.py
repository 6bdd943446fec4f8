"""What all tests share: the servers, started once and only when a test asks for them."""

import pytest

from tests.support.servers import moto_server, rclone_server


@pytest.fixture(scope="session")
def rclone(tmp_path_factory):
    with rclone_server(tmp_path_factory.mktemp("rclone") / "server") as server:
        yield server


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    with moto_server(tmp_path_factory.mktemp("moto") / "server") as server:
        yield server
