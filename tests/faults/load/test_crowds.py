"""Crowds of connections that stay: others are served meanwhile, and who finds no place is told when to come again."""

import resource

import pytest
import requests

from tests.support.service import eventually
from tests.support.slow_clients import THREADS, Client, clients, impatient_service

pytestmark = [pytest.mark.slow, pytest.mark.fault(36)]

CROWD = 1_000


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service that waits for ever as far as these tests go."""
    patience = {"head_seconds": 600, "body_seconds": 600, "answer_seconds": 600}
    with impatient_service(tmp_path_factory.mktemp("crowds"), patience) as service:
        yield service


@pytest.fixture(autouse=True)
def many_files():
    """Let this process open as many files as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < CROWD + 200:
        pytest.skip(f"this process may open only {hard} files")
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def answers(service):
    return requests.get(f"{service.url}/healthz", timeout=90).status_code == 200


def test_connections_that_say_nothing_are_in_nobodys_way(service):
    with clients(service, CROWD + 10 * THREADS) as held:
        assert answers(service)
        assert held[-1].ask("/healthz").hear(b"ok").startswith(b"HTTP/1.1 200")


def test_streams_are_refused_politely_and_one_caller_leaves_some_to_others(service):
    ann = service.person("ann")
    with clients(service, CROWD, b"GET /live/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n") as held:
        heads = [client.hear(b"\r\n\r\n") for client in held]
        refused = [head for head in heads if head.startswith(b"HTTP/1.1 503")]

        assert len(refused) == CROWD - 1
        assert all(b"\r\nRetry-After: 5\r\n" in head for head in refused)
        assert answers(service)
        with Client(service) as hers:
            hers.ask("/live/jobs", f"Authorization: {ann.headers['Authorization']}")
            assert hers.hear(b": sluice").startswith(b"HTTP/1.1 200")

    def is_open():
        with requests.get(f"{service.url}/live/jobs", stream=True, timeout=90) as answer:
            return answer.status_code == 200

    eventually(is_open, what="a place for a stream")
