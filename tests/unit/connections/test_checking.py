"""What a check says of storages that are there, refuse, are absent, are no storages, or never answer."""

import socket
import threading
from contextlib import closing
from uuid import uuid4

import pytest

from app.connections.checking import Checker
from app.connections.contract import OPERATOR, Status
from app.errors import AccessDenied, InvalidCredentials, StorageFailure, StorageMissing, StorageUnreachable, TooBusy
from tests.support.people import new_connection
from tests.support.servers import ACCESS_KEY, free_port, scripted
from tests.support.trees import bucket_client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StorageMissing("no bucket"), Status.NOT_FOUND),
        (StorageUnreachable("no answer"), Status.NOT_FOUND),
        (StorageFailure("500"), Status.NOT_FOUND),
        (AccessDenied("denied"), Status.FORBIDDEN),
        (InvalidCredentials("unknown"), Status.FORBIDDEN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.value,
)
def test_what_the_storage_says_becomes_one_of_three_words(error, status):
    def look():
        raise error

    found = Checker().checked(look)

    assert (found.status, found.reason, found.message) == (status, error.reason, str(error))


def test_a_storage_that_is_there_is_available():
    found = Checker().checked(lambda: None)

    assert (found.status, found.reason) == (Status.AVAILABLE, None)


def test_what_is_no_answer_of_a_storage_is_raised():
    def look():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Checker().checked(look)


def test_who_never_answers_is_waited_for_no_longer_than_said():
    release = threading.Event()
    try:
        found = Checker(seconds=0.05).checked(release.wait)
    finally:
        release.set()

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_unreachable")
    assert "no complete answer" in found.message


def test_checks_that_hang_do_not_pile_up():
    release, checker = threading.Event(), Checker(seconds=0.05, at_once=2)
    try:
        for _ in range(2):
            checker.checked(release.wait)
        with pytest.raises(TooBusy):
            checker.checked(lambda: None)
    finally:
        release.set()

    assert checker.answer(lambda: 1, seconds=30) == 1  # their places are free again


def test_whose_checks_hang_takes_no_places_from_others():
    release, checker = threading.Event(), Checker(seconds=0.05, at_once=3, each=2)
    try:
        for _ in range(2):
            checker.checked(release.wait, who=7)
        with pytest.raises(TooBusy):
            checker.checked(lambda: None, who=7)
        assert checker.answer(lambda: 1, who=8, seconds=30) == 1
    finally:
        release.set()

    assert checker.answer(lambda: 1, who=7, seconds=30) == 1


def test_an_answer_is_returned_and_what_it_raises_is_raised():
    def broken():
        raise StorageMissing("no bucket")

    assert Checker().answer(lambda: 7) == 7
    with pytest.raises(StorageMissing, match="no bucket"):
        Checker().answer(broken)


def test_a_question_can_have_its_own_patience():
    release = threading.Event()
    try:
        with pytest.raises(StorageUnreachable, match="no complete answer"):
            Checker(seconds=60).answer(release.wait, seconds=0.05)
    finally:
        release.set()


def made(service, endpoint, access_key=ACCESS_KEY, secret_key="secret", bucket="photos"):
    keys = {"access_key": access_key, "secret_key": secret_key}
    return service.create(OPERATOR, new_connection(endpoint=endpoint, bucket=bucket, credentials=keys)).id


@pytest.fixture
def bucket(rclone):
    name = f"check-{uuid4().hex}"
    with closing(bucket_client(rclone)) as client:
        client.create_bucket(Bucket=name)
    return name


def test_a_bucket_of_a_real_server_is_available(service, rclone, bucket):
    found = service.check(OPERATOR, made(service, rclone.endpoint, secret_key=rclone.secret_key, bucket=bucket))

    assert (found.status, found.reason) == (Status.AVAILABLE, None)


def test_a_bucket_that_is_not_there_is_not_found(service, rclone):
    found = service.check(OPERATOR, made(service, rclone.endpoint, secret_key=rclone.secret_key, bucket="not-there"))

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_missing")


def test_a_wrong_secret_is_forbidden_and_not_repeated(service, rclone, bucket):
    found = service.check(OPERATOR, made(service, rclone.endpoint, secret_key="canary-wrong", bucket=bucket))

    assert (found.status, found.reason) == (Status.FORBIDDEN, "access_denied")
    assert "canary-wrong" not in found.message


def test_nobody_there_is_not_found(service):
    found = service.check(OPERATOR, made(service, f"http://127.0.0.1:{free_port()}"))

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_unreachable")


def test_a_web_server_that_is_no_storage_is_not_found(service):
    with scripted(lambda *_: (200, "<html>hello</html>"), "text/html") as url:
        found = service.check(OPERATOR, made(service, url))

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_unreachable")


def test_a_name_that_nobody_knows_is_not_found(service):
    found = service.check(OPERATOR, made(service, "http://no-such-host.invalid"))

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_unreachable")


def test_an_endpoint_that_the_policy_has_come_to_refuse_is_not_asked(service, database):
    connection_id = made(service, "http://127.0.0.1:9")
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE connections SET address = json_set(address, '$.endpoint', 'http://169.254.169.254')"
        )
    found = service.check(OPERATOR, connection_id)

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_unreachable")
    assert "169.254.169.254" in found.message


@pytest.mark.slow
@pytest.mark.fault(12)
def test_a_server_that_sends_a_byte_now_and_then_holds_nobody_for_long(service):
    """No time-out of a socket ends that: each byte begins it anew."""
    enough = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        dripping = threading.Thread(target=_drip, args=(listener, enough))
        dripping.start()
        found = service.check(OPERATOR, made(service, f"http://127.0.0.1:{listener.getsockname()[1]}"))
        enough.set()
        dripping.join()

    assert (found.status, found.reason) == (Status.NOT_FOUND, "storage_unreachable")
    assert any(
        words in found.message for words in ("next to nothing", "no complete answer")
    )  # the driver, or the check


def _drip(listener, enough):
    peer, _ = listener.accept()
    with closing(peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 100000\r\n\r\n")
        while not enough.wait(1):
            peer.sendall(b" ")
