"""Ports are asked for before anything starts, and a refusal says what to do."""

import re
import socket
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.serving.ports import address, reachable_host, require_free_ports
from app.settings import Settings

NO_FILE = Path("/nonexistent/.env")
OWN_STORAGE = {"STORAGE_URL": "http://s3.example", "MINIO_ACCESS_KEY": "key", "MINIO_SECRET_KEY": "secret"}


def settings(**environ):
    return Settings.load({name: str(value) for name, value in environ.items()}, NO_FILE)


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        name = probe.getsockname()
    return name[1]


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_free_ports_are_fine_and_stay_free(free_port):
    wanted = settings(API_PORT=free_port, **OWN_STORAGE)

    require_free_ports(wanted)
    require_free_ports(wanted)


@pytest.mark.parametrize("prefix", ["API", "MINIO"])
def test_a_port_in_use_is_refused_with_the_setting_to_change(prefix, free_port, taken_port):
    ports = {"API_PORT": free_port, "MINIO_PORT": free_port, f"{prefix}_PORT": taken_port}

    with pytest.raises(
        SettingsError, match=rf"^Port {taken_port} is in use: set {prefix}_PORT to another one, or stop"
    ):
        require_free_ports(settings(**ports))


def test_the_port_of_the_embedded_server_does_not_matter_with_a_storage_of_your_own(free_port, taken_port):
    require_free_ports(settings(API_PORT=free_port, MINIO_PORT=taken_port, **OWN_STORAGE))


def test_one_port_for_two_servers_is_refused(free_port):
    with pytest.raises(SettingsError, match="API_PORT and MINIO_PORT are both"):
        require_free_ports(settings(API_PORT=free_port, MINIO_PORT=free_port))


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("203.0.113.7", id="another machine's address"),
        pytest.param("nowhere.invalid", id="an unknown name"),
        pytest.param("a..b", id="a name that no host can have"),
        pytest.param("2001:db8::7", id="another machine's address, version 6"),
    ],
)
def test_a_host_that_is_not_this_machine_is_refused_by_its_setting(host, free_port):
    with pytest.raises(SettingsError, match=rf"^API_HOST={re.escape(host)} is not an address of this machine\.$"):
        require_free_ports(settings(API_HOST=host, API_PORT=free_port, **OWN_STORAGE))


@pytest.mark.parametrize(
    ("host", "written"),
    [("127.0.0.1", "127.0.0.1:80"), ("localhost", "localhost:80"), ("::1", "[::1]:80")],
)
def test_an_address_is_written_as_urls_have_it(host, written):
    assert address(host, 80) == written


@pytest.mark.parametrize(
    ("listens_on", "reached_by"),
    [("0.0.0.0", "localhost"), ("::", "localhost"), ("127.0.0.1", "127.0.0.1"), ("sluice.example", "sluice.example")],
)
def test_a_server_on_all_addresses_is_reached_by_this_machines_name(listens_on, reached_by):
    assert reachable_host(listens_on) == reached_by
