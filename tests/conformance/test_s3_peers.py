"""A name that was good when it was looked at and leads elsewhere a moment later: no byte arrives there."""

import itertools
import socket
import uuid
from contextlib import closing
from dataclasses import replace

import pytest

from app.connections.address import AddressPolicy
from app.connections.kind import Room
from app.connections.s3_kind import S3Kind
from app.errors import StorageUnreachable
from app.storages.s3 import S3Address, S3Storage
from app.storages.s3.small import SmallLane
from tests.conformance.contents import MIB, bytes_of, content
from tests.support.flipping import flipping
from tests.support.places import place, resolver
from tests.support.servers import ACCESS_KEY

NAME = "storage.invalid"
GOOD, FORBIDDEN = "127.0.0.1", "127.0.0.2"
LARGE = 20 * MIB

OPERATIONS = {
    "a check": lambda storage: storage.check(),
    "a listing": lambda storage: list(storage.list()),
    "a small upload": lambda storage: storage.write("new", content(b"data")),
    "a large upload": lambda storage: storage.write("new", content(bytes_of(LARGE))),
    "a small download": lambda storage: storage.read("small").read(),
    "a large download": lambda storage: storage.read("large").read(),
    "a copy": lambda storage: storage.copy("small", "new"),
    "a deletion": lambda storage: storage.delete(["small", "large"]),
    "making the bucket": lambda storage: storage.create(),
    "dropping the bucket": lambda storage: storage.drop(),
}
EVERY_OPERATION = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


class Names:
    """What the name leads to, one answer for each time that it is asked for; the last one stays."""

    def __init__(self, *answers):
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return next(self._answers)


@pytest.fixture
def port(rclone):
    return int(rclone.endpoint.rpartition(":")[2])


@pytest.fixture
def forbidden(port):
    """A server at the port of the storage, on an address that the policy denies."""
    with place(FORBIDDEN, port) as forbidden:
        yield forbidden


@pytest.fixture
def policy():
    return AddressPolicy(denied=[f"{FORBIDDEN}/32"])


@pytest.fixture
def bucket(rclone):
    """A bucket with two objects, by the address of the server."""
    address = rclone.bucket("b" + uuid.uuid4().hex)
    with closing(S3Storage(address)) as storage:
        storage.create()
        storage.write("small", content(b"data"))
        storage.write("large", content(bytes_of(LARGE)))
    return address


@pytest.fixture
def named(bucket, policy, port):
    """The same bucket, by the name that somebody else can move."""
    url = policy.normal(f"http://{NAME}:{port}")
    return replace(bucket, endpoint=url, forbids=policy.peer_check(url))


def moving(monkeypatch, *answers):
    """Have the name lead to these addresses, one after the other."""
    names = Names(*answers)
    monkeypatch.setattr(socket, "getaddrinfo", resolver(NAME, names))
    return names


@EVERY_OPERATION
def test_a_name_that_stays_where_it_was_serves(monkeypatch, named, operation):
    moving(monkeypatch, [GOOD])
    with closing(S3Storage(named)) as storage:
        if operation is OPERATIONS["dropping the bucket"]:
            storage.delete(["small", "large"])
        operation(storage)


@EVERY_OPERATION
@pytest.mark.fault(33)
def test_a_name_that_moved_after_it_was_looked_at_is_not_followed(monkeypatch, policy, named, forbidden, operation):
    names = moving(monkeypatch, [GOOD], [FORBIDDEN])
    policy.refuse_resolution(named.endpoint)
    with closing(S3Storage(named)) as storage, pytest.raises(StorageUnreachable, match="refused here"):
        operation(storage)
    assert forbidden.arrivals() == []
    assert names.asked >= 2


@pytest.mark.parametrize("moves_after", [1, 2, 3, 5])
@pytest.mark.parametrize(
    "operation", [OPERATIONS["a large upload"], OPERATIONS["a large download"]], ids=["up", "down"]
)
def test_a_name_that_moves_between_two_connections_is_not_followed(
    monkeypatch, named, forbidden, operation, moves_after
):
    moving(monkeypatch, *[[GOOD]] * moves_after, [FORBIDDEN])
    with closing(S3Storage(named)) as storage:
        try:
            operation(storage)
        except StorageUnreachable as error:
            assert "refused here" in str(error)  # noqa: PT017 - with few connections it ends well
    assert forbidden.arrivals() == []


@pytest.mark.parametrize("others", [[FORBIDDEN, GOOD], [GOOD, FORBIDDEN]], ids=["first", "second"])
def test_one_forbidden_address_among_several_is_enough(monkeypatch, named, forbidden, others):
    moving(monkeypatch, others)
    with closing(S3Storage(named)) as storage, pytest.raises(StorageUnreachable, match="refused here"):
        storage.check()
    assert forbidden.arrivals() == []


def test_over_https_not_even_a_greeting_arrives(monkeypatch, policy, forbidden, port):
    moving(monkeypatch, [FORBIDDEN])
    url = policy.normal(f"https://{NAME}:{port}")
    address = S3Address(url, "mybucket", ACCESS_KEY, "secret", forbids=policy.peer_check(url))
    with closing(S3Storage(address)) as storage:
        for operation in (storage.check, lambda: list(storage.list()), lambda: storage.write("k", content(b"data"))):
            with pytest.raises(StorageUnreachable, match="refused here"):
                operation()
    assert forbidden.arrivals() == []


@pytest.mark.parametrize("operation", [OPERATIONS["a check"], OPERATIONS["a listing"]], ids=["check", "listing"])
def test_without_the_check_it_would_be_followed(monkeypatch, named, forbidden, operation):
    """So the tests above can fail."""
    moving(monkeypatch, [FORBIDDEN])
    with closing(S3Storage(replace(named, forbids=None))) as storage, pytest.raises(StorageUnreachable):
        operation(storage)
    assert b"HTTP/1.1" in b"".join(forbidden.arrivals())


def test_the_storage_of_a_connection_is_opened_with_the_check(monkeypatch, policy, bucket, forbidden, port):
    moving(monkeypatch, [GOOD], [FORBIDDEN])
    kind = S3Kind(policy, "us-east-1")
    address = kind.address({"endpoint": f"http://{NAME}:{port}", "bucket": bucket.bucket}, {})
    kind.require_reachable(address)
    credentials = {"access_key": bucket.access_key, "secret_key": bucket.secret_key}
    with (
        closing(kind.opened(address, credentials, Room(4))) as storage,
        pytest.raises(StorageUnreachable, match="refused here"),
    ):
        storage.check()
    assert forbidden.arrivals() == []


def test_what_is_refused_is_not_tried_again(monkeypatch, named):
    names = moving(monkeypatch, [FORBIDDEN])
    with closing(S3Storage(named)) as storage:
        for asked, operation in enumerate((storage.check, lambda: list(storage.list()), storage.create), start=1):
            with pytest.raises(StorageUnreachable):
                operation()
            assert names.asked == asked


@pytest.mark.fault(10)
def test_the_next_address_of_a_name_serves_where_the_first_does_not_answer(monkeypatch, named):
    moving(monkeypatch, ["127.0.0.3", GOOD])
    with closing(S3Storage(named)) as storage:
        assert [entry.key for entry in storage.list()] == ["large", "small"]


@pytest.mark.parametrize("operation", [OPERATIONS["a check"], OPERATIONS["a listing"]], ids=["check", "listing"])
@pytest.mark.fault(10)
def test_a_name_that_nobody_knows_and_a_place_where_nobody_listens_cannot_be_reached(monkeypatch, named, operation):
    def unknown():
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for answers in (unknown, lambda: ["127.0.0.3"]):
        monkeypatch.setattr(socket, "getaddrinfo", resolver(NAME, answers))
        with closing(S3Storage(named)) as storage, pytest.raises(StorageUnreachable, match="cannot be reached"):
            operation(storage)


def test_where_connections_are_checked_obstore_has_no_part(rclone):
    """It resolves names by itself and connects without asking."""
    with flipping(rclone) as proxy:
        address = replace(proxy.server.bucket("b" + uuid.uuid4().hex), forbids=lambda _: False)
        with closing(S3Storage(address)) as storage:
            storage.create()
            storage.write("key", content(b"data"))
            assert storage.read("key").read() == b"data"
        assert len(proxy.seen) == 4
        assert not any(seen.by_obstore for seen in proxy.seen)
    assert SmallLane(replace(address, forbids=None), 4).takes("key")
    assert not SmallLane(address, 4).takes("key")
