"""Endpoints that are no Azure, are not there or mean harm: short sentences without secrets, in the right class."""

import hashlib
import itertools
import logging
import socket
import threading
import traceback
import uuid
from contextlib import closing, contextmanager, suppress
from dataclasses import replace

import pytest

from app.errors import (
    AccessDenied,
    InvalidCredentials,
    InvalidInput,
    KeyRefused,
    ListingBroken,
    ObjectMissing,
    SluiceError,
    StorageError,
    StorageFailure,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients
from app.storages.azure.containers import create_container
from app.storages.azure.storage import AzureStorage
from app.storages.azure.transport import ANSWER_BYTES
from app.storages.tokens import token_of
from tests.conformance.contents import MIB, bytes_of, content
from tests.support.servers import free_port, scripted

SECRET = "c2VjcmV0c2VjcmV0"
TOKEN = f"sv=2024-11-04&sp=rwdlc&sig={SECRET}"
OFFERED = 4 * ANSWER_BYTES
SPILLED = 32 * MIB
"""What the two systems hold of a connection that nobody reads from."""

QUESTIONS = {
    "a check": lambda storage: storage.check(),
    "a level": lambda storage: storage.browse(),
    "one object": lambda storage: storage.stat("key"),
    "rights": lambda storage: storage.rights(),
}
OPERATIONS = QUESTIONS | {
    "a listing": lambda storage: list(storage.list()),
    "a download": lambda storage: storage.read("key"),
    "a small upload": lambda storage: storage.write("key", content(b"data")),
    "a large upload": lambda storage: storage.write("key", content(bytes_of(17 * MIB))),
    "a deletion": lambda storage: raise_first(storage.delete(["key"])),
    "making the container": lambda storage: storage.create(),
    "dropping the container": lambda storage: storage.drop(),
}


def raise_first(kept):
    for error in kept.values():
        raise error


def opened(url, **other):
    return closing(AzureStorage(AzureAddress(url, "account", "container", **{"sas_token": TOKEN, **other})))


def error_xml(code):
    return f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>sig={SECRET}</Message></Error>'


def every(operations):
    return pytest.mark.parametrize("operation", operations.values(), ids=operations)


def drip(connection):
    """Promise an answer, and send a byte of it now and then."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 404 Here\r\nContent-Type: application/xml\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            threading.Event().wait(0.1)


@every({name: QUESTIONS[name] for name in ("a check", "a level")})
@pytest.mark.slow
@pytest.mark.fault(12)
def test_an_answer_that_drips_is_not_waited_for(operation):
    with answering(drip) as (url, _), opened(url) as storage, pytest.raises(StorageUnreachable, match="in time"):
        operation(storage)


@every(QUESTIONS)
def test_a_closed_port_is_told(operation):
    with opened(f"http://127.0.0.1:{free_port()}") as storage, pytest.raises(StorageUnreachable, match="be reached"):
        operation(storage)


@every(OPERATIONS)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, "<html><body>Hello</body></html>", id="a web page"),
        pytest.param(200, "", id="nothing"),
        pytest.param(200, "{}", id="JSON"),
        pytest.param(200, "<EnumerationResults/>", id="an empty listing"),
        pytest.param(200, "<EnumerationResults><Blobs><Blob/></Blobs></EnumerationResults>", id="a blob without all"),
        pytest.param(404, "not here", id="404"),
        pytest.param(200, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="entities"),
    ],
)
def test_what_is_no_azure_never_ends_in_an_error_of_others(operation, status, body):
    with scripted(lambda *_: (status, body)) as url, opened(url) as storage, suppress(SluiceError):
        operation(storage)


@every(QUESTIONS | {"a listing": OPERATIONS["a listing"]})
@pytest.mark.fault(20)
def test_a_redirect_is_not_followed(operation):
    asked = []

    def answer(*request):
        asked.append(request)
        return 200, ""

    refused = pytest.raises(StorageUnreachable, match="redirects")
    with scripted(answer) as elsewhere, redirecting(elsewhere) as url, opened(url) as storage, refused:
        operation(storage)
    assert asked == []


@contextmanager
def redirecting(elsewhere):
    head = f"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere}/container/key\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda connection: connection.sendall(head.encode())) as (url, _):
        yield url


@contextmanager
def answering(answer):
    """Run a server that answers each connection once, by a function that may return what it sent."""
    sent = []

    def serve():
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    sent.append(answer(connection))
                    connection.shutdown(socket.SHUT_WR)

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def flood(status, chunk):
    def answer(connection):
        done = 0
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 %d Here\r\nContent-Type: application/xml\r\n\r\n<Answer>" % status)
            while done < OFFERED:
                connection.sendall(chunk)
                done += len(chunk)
        return done

    return answer


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("chunk", [b"x" * MIB, b"<a/>" * 65536], ids=["one word", "elements"])
@every(
    {name: OPERATIONS[name] for name in ("a check", "a listing", "one object", "making the container", "a deletion")}
)
@pytest.mark.fault(19)
def test_no_answer_is_read_for_ever(operation, chunk, status):
    with answering(flood(status, chunk)) as (url, sent), opened(url) as storage, suppress(StorageError):
        operation(storage)
    assert max(count or 0 for count in sent) <= ANSWER_BYTES + SPILLED


@every(OPERATIONS)
def test_refusals_of_another_service_are_no_crash(operation):
    body = '{"error": {"code": 404, "errors": [{"reason": "notFound"}]}}'
    with scripted(lambda *_: (404, body), "application/json") as url, opened(url) as storage, suppress(StorageError):
        operation(storage)


def test_a_blob_that_was_made_without_a_time_is_told():
    made = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    refused = pytest.raises(StorageUnreachable, match="not as Azure")
    with answering(lambda connection: connection.sendall(made)) as (url, _), opened(url) as storage, refused:
        storage.write("key", content(b"data"))


CODES = [
    (403, "AuthenticationFailed", InvalidCredentials, InvalidCredentials),
    (403, "AuthorizationFailure", AccessDenied, AccessDenied),
    (403, "AuthorizationPermissionMismatch", AccessDenied, AccessDenied),
    (401, "NoAuthenticationInformation", AccessDenied, AccessDenied),
    (409, "PublicAccessNotPermitted", AccessDenied, AccessDenied),
    (404, "ContainerNotFound", StorageMissing, StorageMissing),
    (409, "ContainerBeingDeleted", StorageMissing, StorageMissing),
    (400, "InvalidResourceName", StorageMissing, KeyRefused),
    (404, "BlobNotFound", ObjectMissing, ObjectMissing),
    (409, "SnapshotsPresent", StorageFailure, StorageFailure),
    (409, "SomethingNew", StorageFailure, StorageFailure),
]


@pytest.mark.parametrize(("status", "code", "of_container", "of_object"), CODES)
def test_a_code_has_its_class_and_a_sentence_without_secrets(caplog, status, code, of_container, of_object):
    caplog.set_level(logging.DEBUG)
    with scripted(lambda *_: (status, error_xml(code))) as url, opened(url) as storage:
        with pytest.raises(of_container) as about_container:
            list(storage.list())
        with pytest.raises(of_object) as about_object:
            storage.write("key", content(b"data"))
        said = f"{about_container.value!r} {about_object.value!r} {storage!r} {storage._address!r} {caplog.text}"
    assert SECRET not in said
    assert "sig=" not in said
    for raised in (about_container, about_object):
        assert SECRET not in "".join(traceback.format_exception(raised.value))


@pytest.mark.fault(17)
def test_a_deleted_containers_name_is_waited_for_and_given_up():
    answers = iter([error_xml("ContainerBeingDeleted")] * 3)
    address = AzureAddress("", "account", "container", sas_token=TOKEN)

    def answer(*_):
        body = next(answers, None)
        return (409, body) if body else (201, "")

    with scripted(answer) as url, closing(AzureClients(replace(address, url=url), 2)) as clients:
        with pytest.raises(StorageFailure, match="a minute"):
            create_container(replace(address, url=url), clients, waiting_seconds=0)
        create_container(replace(address, url=url), clients, waiting_seconds=20)


def listing(names, marker="", size=1):
    blobs = "".join(
        f"<Blob><Name>{name}</Name><Properties><Last-Modified>Sat, 21 Nov 2026 10:00:00 GMT</Last-Modified>"
        f"<Etag>0x1</Etag><Content-Length>{size}</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>"
        for name in names
    )
    return 200, f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"


@pytest.mark.parametrize("name", ["{:09}/", "{:09}"], ids=["markers of folders", "names before the token's"])
def test_pages_of_names_that_are_not_shown_end(name):
    numbers = itertools.count()

    def answer(*_):
        number = next(numbers)
        return listing([name.format(number)], str(number))

    token = token_of(hashlib.sha256(b"").hexdigest()[:16], "", "z")
    with scripted(answer) as url, opened(url) as storage, pytest.raises(ListingBroken, match="goes on"):
        storage.browse("", 10, token)


def deleting(pages):
    """Answer listings by these pages, one after the other, and deletions well; return that and what was asked."""
    left, asked = iter(pages), []

    def answer(method, path):
        asked.append((method, path))
        return next(left) if method == "GET" else (202, "")

    return answer, asked


@pytest.mark.parametrize(
    ("pages", "is_there"),
    [
        pytest.param([listing([], "1"), listing([], "2"), listing(["a."])], True, id="a name behind empty pages"),
        pytest.param([listing([], "1"), listing(["a.b"], "2")], False, id="another name behind an empty page"),
        pytest.param([listing([], "1"), listing([])], False, id="nothing behind an empty page"),
    ],
)
def test_a_doubtful_name_is_looked_for_behind_empty_pages(pages, is_there):
    answer, asked = deleting(pages)
    with scripted(answer) as url, opened(url) as storage:
        assert storage.delete(["a."]) == {}
    assert [method for method, _ in asked] == ["GET"] * len(pages) + ["DELETE"] * is_there


def test_empty_pages_without_end_are_no_proof_that_a_name_is_absent():
    answer, asked = deleting(listing([], str(number)) for number in itertools.count())
    with scripted(answer) as url, opened(url) as storage:
        assert isinstance(storage.delete(["a."])["a."], ListingBroken)
    assert len(asked) < 50


def test_names_out_of_order_and_pages_that_lead_nowhere_raise():
    for answer in (listing("ba"), listing("aa"), listing("a", "same"), listing("", "same")):
        broken = pytest.raises(ListingBroken)
        with scripted(lambda *_, answer=answer: answer) as url, opened(url) as storage, broken:
            list(storage.list())
    with scripted(lambda *_: listing("ab")) as url, opened(url) as storage:
        assert [entry.key for entry in storage.list()] == ["a", "b"]
        with pytest.raises(ListingBroken):
            list(storage.list("b"))


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_nothing_of_the_environment_matters(azurite, monkeypatch, name):
    monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", "nonsense")
    monkeypatch.setenv("AZURE_HTTP_USER_AGENT", "from the environment")
    with closing(AzureStorage(azurite.container("c" + uuid.uuid4().hex))) as storage:
        storage.create()
        storage.write("key", content(b"data"))
        assert storage.read("key").read() == b"data"


@every(OPERATIONS)
def test_a_forbidden_address_is_never_connected_to(operation):
    asked = []
    refused = pytest.raises(StorageUnreachable, match="refused here")
    with answering(asked.append) as (url, _), opened(url, forbids=lambda ip: ip == "127.0.0.1") as storage, refused:
        operation(storage)
    assert asked == []


def test_an_allowed_address_is_used_as_ever(azurite):
    looked_at = []
    address = replace(azurite.container("c" + uuid.uuid4().hex), forbids=lambda ip: bool(looked_at.append(ip)))
    with closing(AzureStorage(address)) as storage:
        storage.create()
        storage.write("key", content(b"data"))
    assert set(looked_at) == {"127.0.0.1"}


def test_a_token_of_another_service_is_refused(azurite):
    with closing(AzureStorage(azurite.container("c" + uuid.uuid4().hex))) as storage:
        storage.create()
        with pytest.raises(InvalidInput):
            storage.browse("", 10, "c29tZXRoaW5n")


@pytest.mark.parametrize("size", [-1, 2**63])
def test_a_size_that_no_blob_has_is_told(size):
    with scripted(lambda *_: listing("a", size=size)) as url, opened(url) as storage, pytest.raises(StorageUnreachable):
        list(storage.list())
