"""Copies by Azure: what goes along, by what right the source is read, and answers that are no copy."""

import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.storage.blob import ContentSettings

from app.errors import FileChanged, KeyRefused, ObjectMissing, StorageError, StorageFailure, StorageUnreachable
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients
from app.storages.azure.copying import Copier
from app.storages.azure.listing import Lister
from app.storages.azure.ranges import PiecePool
from app.storages.azure.storage import AzureStorage
from app.storages.azure.writing import Writer
from tests.conformance.contents import MIB, bytes_of, content, digest
from tests.conformance.subjects import uncommitted
from tests.support.answers import answering
from tests.support.azurite import client_of
from tests.support.servers import scripted

pytestmark = pytest.mark.slow

KEY = "c2VjcmV0c2VjcmV0"


@pytest.fixture
def address(azurite):
    return azurite.container("c" + uuid.uuid4().hex)


@pytest.fixture
def storage(address):
    with closing(AzureStorage(address, connections=4)) as storage:
        storage.create()
        yield storage


@pytest.fixture
def client(address, storage):  # noqa: ARG001 - the container is there
    with client_of(address) as client:
        yield client


def read(storage, key):
    with storage.read(key) as opened:
        return opened.read()


def test_what_is_kept_beside_a_blob_goes_along(storage, client):
    beside = {"mtime": "2020-09-13T12:26:40.500000000Z", "colour": "blue"}
    settings = ContentSettings(content_type="text/x-odd", cache_control="max-age=7", content_language="de")
    client.get_blob_client("source").upload_blob(b"data", metadata=beside, content_settings=settings)
    entry = storage.copy("source", "folder/copy")
    found = client.get_blob_client("folder/copy").get_blob_properties()
    told = found.content_settings
    assert found.metadata == beside
    assert (told.content_type, told.cache_control, told.content_language) == ("text/x-odd", "max-age=7", "de")
    assert entry.mark == found.etag.strip('"')


def test_the_source_is_read_by_a_right_to_this_blob_for_a_short_time(storage, client):
    storage.write("source", content(b"data"))
    storage.copy("source", "copy")
    kept = client.get_blob_client("copy").get_blob_properties().copy
    right = {name: value for name, (value,) in parse_qs(urlsplit(kept.source).query).items()}
    assert (right["sp"], right["sr"]) == ("r", "b")
    assert datetime.fromisoformat(right["se"]) < datetime.now(UTC) + timedelta(hours=1)


def test_a_blob_of_blocks_is_copied(storage):
    data = bytes_of(17 * MIB)
    storage.write("source", content(data))
    storage.copy("source", "copy")
    assert digest(read(storage, "copy")) == digest(data)


def test_a_larger_blob_than_azure_copies_at_once_is_to_be_read_and_written(address, storage):
    storage.write("source", content(b"five!"))
    storage.write("old", content(b"old"))
    clients, pool = AzureClients(address, 2), PiecePool(2)
    lister = Lister(address, clients)
    with closing(clients), closing(pool):
        writer = Writer(address, clients, lister, pool)
        assert Copier(address, clients, lister, writer, whole=4).copy("source", "old") is None
        assert Copier(address, clients, lister, writer, whole=5).copy("source", "copy").size == 5
    assert read(storage, "old") == b"old"


def test_a_users_token_is_put_into_no_address(azurite, address, storage):
    storage.write("source", content(b"data"))
    shared = azurite.shared(address.container, "rwdlc")
    with closing(AzureStorage(shared)) as limited:
        assert limited.copy("source", "copy") is None
        with pytest.raises(ObjectMissing):
            limited.copy("none", "copy")
    assert [entry.key for entry in storage.list()] == ["source"]


@pytest.mark.parametrize("key", ["ends with a dot.", "a//b", "slash at the end/"])
def test_a_doubtful_name_gets_its_copy_again_and_again(storage, key):
    for data in (b"first", b"second"):
        storage.write("source", content(data))
        assert storage.copy("source", key).key == key
        assert read(storage, key) == data
    assert sorted(entry.key for entry in storage.list()) == sorted(["source", key])


def test_no_blob_is_left_uncommitted(address, storage):
    storage.write("source", content(b"data"))
    storage.copy("source", "copy")
    with pytest.raises(KeyRefused):
        storage.copy("source", "a\\b")
    assert uncommitted(address) == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param((403, "CannotVerifyCopySource"), None, id="a firewall"),
        pytest.param((404, "CannotVerifyCopySource"), None, id="not reachable for the service"),
        pytest.param((501, "APINotImplemented"), None, id="not implemented"),
        pytest.param((409, "InvalidBlobType"), None, id="no block blob"),
        pytest.param((412, "SourceConditionNotMet"), FileChanged, id="replaced meanwhile"),
        pytest.param((412, "ConditionNotMet"), FileChanged, id="the same in azurite's words"),
        pytest.param((404, "BlobNotFound"), ObjectMissing, id="gone meanwhile"),
        pytest.param((403, "AuthorizationFailure"), StorageError, id="not allowed"),
        pytest.param((202, ""), StorageFailure, id="not done yet"),
        pytest.param((200, ""), StorageUnreachable, id="another web server"),
        pytest.param((404, ""), StorageUnreachable, id="a web server without such a page"),
    ],
)
def test_an_answer_that_is_no_copy_is_no_success(answer, outcome):
    status, code = answer
    told = f"<Error><Code>{code}</Code><Message>secret words</Message></Error>" if code else ""
    with (
        scripted(lambda method, _: (200, "data") if method == "HEAD" else (status, told)) as url,
        closing(AzureStorage(AzureAddress(url, "account", "container", account_key=KEY))) as storage,
    ):
        if outcome is None:
            assert storage.copy("source", "copy") is None
            return
        with pytest.raises(outcome) as raised:
            storage.copy("source", "copy")
    assert "secret words" not in str(raised.value)
    assert "sig=" not in str(raised.value)


def test_a_copy_that_goes_on_after_the_answer_is_no_success():
    """No service does that which knows the request; one that does not may take it for the older one of that form."""

    def answer(connection, request):
        status = "200 OK" if request.startswith(b"HEAD") else "202 Accepted\r\nx-ms-copy-status: pending"
        told = "ETag: 0x1\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\nx-ms-blob-type: BlockBlob"
        connection.sendall(f"HTTP/1.1 {status}\r\n{told}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())

    with (
        answering(answer) as url,
        closing(AzureStorage(AzureAddress(url, "account", "container", account_key=KEY))) as storage,
        pytest.raises(StorageFailure, match="is not the copy"),
    ):
        storage.copy("source", "copy")
