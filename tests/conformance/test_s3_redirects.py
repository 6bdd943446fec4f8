"""A server that sends its clients elsewhere: no lane of the driver goes there."""

import sys
import uuid
from contextlib import closing
from typing import Any

import pytest

from app.errors import StorageError
from app.storages.s3 import S3Address, S3Storage
from app.storages.s3.metadata import headers_of
from app.storages.s3.small import SmallLane
from tests.conformance.contents import MIB, bytes_of, content
from tests.conformance.subjects import client_of
from tests.support.flipping import flipping
from tests.support.places import place, redirecting
from tests.support.servers import ACCESS_KEY, scripted

METADATA = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
LARGE = 17 * MIB

BY_BOTO3 = {
    "check": lambda storage: storage.check(),
    "create": lambda storage: storage.create(),
    "drop": lambda storage: storage.drop(),
    "delete": lambda storage: [] if storage.delete(["key"]) else None,
    "listing": lambda storage: list(storage.list()),
    "large upload": lambda storage: storage.write("key", content(bytes_of(LARGE))),
}
BY_BOTH = {
    "read": lambda storage: storage.read("key").read(),
    "write": lambda storage: storage.write("key", content(b"data")),
}
ALL = BY_BOTO3 | BY_BOTH

# urllib3 2.8 stumbles over botocore's headers at a 303 (ValueError), and leaves the connection to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <[a-zA-Z.]*[sS]ocket:pytest.PytestUnraisableExceptionWarning"
)
EVERY_STATUS = pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
connected: list[Any] = []


@pytest.fixture(scope="module", autouse=True)
def _connections_of_python():
    """Note where Python's own sockets are connected to; obstore's are not Python's."""
    sys.addaudithook(lambda event, arguments: connected.append(arguments[1]) if event == "socket.connect" else None)


def done(endpoint):
    """Try every operation on a storage there."""
    with closing(S3Storage(S3Address(endpoint, "mybucket", ACCESS_KEY, "secret"))) as storage:
        for operation in ALL.values():
            try:
                operation(storage)
            except StorageError:
                continue


@EVERY_STATUS
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.2", "localhost"], ids=["another port", "another address", "a name"]
)
@pytest.mark.fault(20, "redirects")
def test_nothing_arrives_where_a_server_redirects_to(status, host):
    with place("127.0.0.1" if host == "localhost" else host) as elsewhere:
        with redirecting(status, f"http://{host}:{elsewhere.port}/mybucket/key") as (endpoint, seen):
            done(endpoint)
        assert elsewhere.arrivals() == []
    assert len(seen) > len(ALL)


@EVERY_STATUS
def test_the_metadata_of_a_cloud_is_not_asked_for_on_the_word_of_a_server(status):
    connected.clear()
    with redirecting(status, METADATA) as (endpoint, seen):
        done(endpoint)
    assert {place[0] for place in connected} == {"127.0.0.1"}
    # What obstore sends for that address goes to the storage itself, so it goes nowhere else.
    assert METADATA in seen


@pytest.mark.parametrize("operation", ALL.values(), ids=ALL)
@pytest.mark.fault(20)
def test_an_operation_that_is_redirected_fails(operation):
    with redirecting(307, METADATA) as (endpoint, _):
        address = S3Address(endpoint, "mybucket", ACCESS_KEY, "secret")
        with closing(S3Storage(address)) as storage:
            try:
                failed = operation(storage) == []
            except StorageError:
                failed = True
    assert failed


@EVERY_STATUS
def test_obstore_by_itself_brings_nothing_from_another_port(status):
    """boto3, which would do the same again, is not asked here."""
    asked = []
    with (
        scripted(lambda *request: asked.append(request) or (200, "from elsewhere")) as elsewhere,
        redirecting(status, elsewhere + "/x") as (endpoint, seen),
        closing(SmallLane(S3Address(endpoint, "mybucket", ACCESS_KEY, "secret"), 4)) as lane,
    ):
        assert lane.get("key") is None
        lane.put("key", b"data", headers_of("key", content(b"data")))
    assert asked == []
    assert f"{endpoint}/mybucket/key" in seen


@pytest.mark.parametrize("name", ["AWS_PROXY_EXCLUDES", "NO_PROXY", "no_proxy"])
@pytest.mark.parametrize("value", ["*", "127.0.0.1"])
def test_a_variable_does_not_open_the_way_out(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with place() as elsewhere:
        with redirecting(302, f"http://127.0.0.1:{elsewhere.port}/x") as (endpoint, _):
            done(endpoint)
        assert elsewhere.arrivals() == []


def test_a_request_that_names_the_whole_address_is_understood_as_any_other(rclone):
    """So obstore asks over http, where the storage is its own proxy; boto3 finds what it stored."""
    with flipping(rclone) as proxy:
        address = proxy.server.bucket("b" + uuid.uuid4().hex)
        with closing(S3Storage(address)) as storage:
            storage.create()
            storage.write("folder/a b", content(b"data"))
            assert storage.read("folder/a b").read() == b"data"
        assert [seen.by_obstore for seen in proxy.seen] == [False, False, True, True]  # a bucket is made, and looked at
        with closing(client_of(address)) as client:
            assert client.get_object(Bucket=address.bucket, Key="folder/a b")["Body"].read() == b"data"
