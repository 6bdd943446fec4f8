"""Copies by real S3 servers: what goes along, copies in parts, and answers that are no copy."""

import uuid
from contextlib import closing

import pytest

from app.errors import FileChanged, ObjectMissing, StorageError, StorageFailure, StorageUnreachable
from app.storages.s3 import S3Storage
from tests.conformance.contents import MIB, bytes_of, content, digest
from tests.conformance.subjects import client_of, open_uploads
from tests.support.meddling import meddling

WHOLE = 5 * MIB
"""S3's smallest part, so that small objects are copied in parts."""

LARGE = 2 * WHOLE + 7
BESIDE = {
    "ContentType": "text/x-odd",
    "CacheControl": "max-age=7",
    "ContentDisposition": 'attachment; filename="a.txt"',
    "ContentLanguage": "de",
}
METADATA = {"mtime": "1600000000.5", "colour": "blue"}


@pytest.fixture
def proxy(server):
    with meddling(server) as proxy:
        yield proxy


@pytest.fixture
def address(proxy):
    return proxy.as_server.bucket("b" + uuid.uuid4().hex)


@pytest.fixture
def storage(address):
    with closing(S3Storage(address, copied_whole=WHOLE)) as storage:
        storage.create()
        storage.write("old", content(b"old"))
        yield storage


@pytest.fixture
def client(address):
    with closing(client_of(address)) as client:
        yield client


on_moto = pytest.mark.parametrize("server", [pytest.param("moto", marks=pytest.mark.slow)], indirect=True)
on_rclone = pytest.mark.parametrize("server", ["rclone"], indirect=True)


def is_copy(request):
    return request.method == "PUT" and "x-amz-copy-source" in {name.lower() for name in request.headers}


def answered(*told):
    """A hook that answers each copy so."""
    return lambda request: told if is_copy(request) else None


def error_xml(code):
    return f"<Error><Code>{code}</Code><Message>secret words</Message></Error>"


def untouched(storage, address, key="old"):
    with storage.read(key) as opened:
        return opened.read() == b"old" and open_uploads(address) == []


@on_moto
@pytest.mark.parametrize("size", [5, LARGE], ids=["whole", "in parts"])
def test_what_is_kept_beside_an_object_goes_along(client, address, storage, size):
    client.put_object(Bucket=address.bucket, Key="source", Body=bytes_of(size), Metadata=METADATA, **BESIDE)
    entry = storage.copy("source", "folder/copy")
    told = client.head_object(Bucket=address.bucket, Key="folder/copy")
    assert {name: told.get(name) for name in BESIDE} == BESIDE
    assert told["Metadata"] == METADATA
    assert (entry.size, entry.etag) == (size, told["ETag"].strip('"'))
    with storage.read("folder/copy") as opened:
        assert opened.modified_ns == 1_600_000_000_500_000_000


@on_rclone
def test_type_and_time_go_along_on_rclone(client, address, storage):
    client.put_object(Bucket=address.bucket, Key="source", Body=b"x", Metadata=METADATA, ContentType="text/x-odd")
    storage.copy("source", "copy")
    told = client.head_object(Bucket=address.bucket, Key="copy")
    assert told["ContentType"] == "text/x-odd"
    assert {name.lower(): text for name, text in told["Metadata"].items()} == METADATA


@on_moto
def test_a_large_object_is_copied_in_parts_without_its_bytes_coming_here(proxy, client, address, storage):
    client.put_object(Bucket=address.bucket, Key="source", Body=bytes_of(LARGE))
    proxy.forget()
    entry = storage.copy("source", "copy")
    assert entry.etag.endswith("-3")
    assert sorted(proxy.parts) == [1, 2, 3]
    assert not [request for request in proxy.requests if request.method == "GET" and "/copy" in request.path]
    stored = client.get_object(Bucket=address.bucket, Key="copy")["Body"].read()
    assert digest(stored) == digest(bytes_of(LARGE))
    assert open_uploads(address) == []


@on_rclone
def test_a_server_that_copies_no_parts_changes_nothing(client, address, storage):
    client.put_object(Bucket=address.bucket, Key="source", Body=bytes_of(LARGE))
    assert storage.copy("source", "old") is None
    assert untouched(storage, address)
    assert [entry.key for entry in storage.list()] == ["old", "source"]


@on_moto
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param((403, error_xml("AccessDenied"), ""), None, id="not allowed"),
        pytest.param((501, error_xml("NotImplemented"), ""), None, id="not implemented"),
        pytest.param((200, "<CopyPartResult></CopyPartResult>", ""), None, id="no etag"),
        pytest.param((412, error_xml("PreconditionFailed"), ""), FileChanged, id="replaced"),
        pytest.param((404, error_xml("NoSuchUpload"), ""), StorageFailure, id="the upload is gone"),
        pytest.param((200, error_xml("InternalError"), ""), StorageFailure, id="200 that is an error"),
        pytest.param((507, error_xml("InsufficientStorage"), ""), StorageError, id="full"),
    ],
)
@pytest.mark.fault(15, 16)
def test_a_part_that_is_not_copied_leaves_no_upload_open(proxy, client, address, storage, answer, outcome):
    client.put_object(Bucket=address.bucket, Key="source", Body=bytes_of(LARGE))
    proxy.answer = lambda request: answer if request.part == 2 else None
    if outcome is None:
        assert storage.copy("source", "old") is None
    else:
        with pytest.raises(outcome):
            storage.copy("source", "old")
    assert any(request.aborts for request in proxy.requests)
    assert untouched(storage, address)


@on_rclone
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((501, error_xml("NotImplemented"), ""), id="not implemented"),
        pytest.param((403, error_xml("AccessDenied"), ""), id="not allowed: reading and writing may be"),
    ],
)
def test_what_the_server_does_not_copy_is_to_be_read_and_written(proxy, storage, address, answer):
    storage.write("source", content(b"data"))
    proxy.answer = answered(*answer)
    assert storage.copy("source", "old") is None
    assert untouched(storage, address)


@on_rclone
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param((200, error_xml("InternalError"), ""), StorageFailure, id="an error after all"),
        pytest.param((200, "", ""), StorageUnreachable, id="nothing"),
        pytest.param((200, "<CopyObjectResult></CopyObjectResult>", ""), StorageUnreachable, id="no etag"),
        pytest.param((200, "<html>Hello</html>", ""), StorageUnreachable, id="a page"),
        pytest.param((200, "<CopyObjectResult><ETag>", ""), StorageError, id="half an answer"),
        pytest.param((412, error_xml("PreconditionFailed"), ""), FileChanged, id="replaced meanwhile"),
        pytest.param((404, error_xml("NoSuchKey"), ""), StorageError, id="no place for the key"),
        pytest.param((200, "<CopyObjectResult><ETag>x</ETag></CopyObjectResult>", ""), StorageFailure, id="a lie"),
    ],
)
@pytest.mark.fault(16)
def test_an_answer_that_is_no_copy_is_no_success(proxy, storage, address, answer, error):
    storage.write("source", content(b"data"))
    proxy.answer = answered(*answer)
    with pytest.raises(error) as raised:
        storage.copy("source", "old")
    assert "secret words" not in str(raised.value)
    assert untouched(storage, address)


@on_rclone
def test_a_source_that_goes_away_meanwhile_is_missing(proxy, client, address, storage):
    storage.write("source", content(b"data"))

    def before(request):
        if is_copy(request):
            client.delete_object(Bucket=address.bucket, Key="source")
        return request.body

    proxy.before = before
    with pytest.raises(ObjectMissing):
        storage.copy("source", "old")
    assert untouched(storage, address)


@pytest.mark.parametrize("bytes_now", [b"atad", b"longer than before"], ids=["as long", "longer"])
def test_a_source_that_is_replaced_meanwhile_is_told(proxy, client, address, storage, bytes_now):
    """Neither server knows conditions for copies, so the newer object is copied; but nobody takes it for the older."""
    storage.write("source", content(b"data"))

    def before(request):
        if is_copy(request):
            client.put_object(Bucket=address.bucket, Key="source", Body=bytes_now)
        return request.body

    proxy.before = before
    with pytest.raises((FileChanged, StorageFailure)):
        storage.copy("source", "copy")


def test_another_object_in_the_place_of_the_copy_is_told(proxy, client, address, storage):
    storage.write("source", content(b"data"))

    def after(request):
        if is_copy(request):
            client.put_object(Bucket=address.bucket, Key="copy", Body=b"another")

    proxy.after = after
    with pytest.raises(StorageFailure, match="another object"):
        storage.copy("source", "copy")
