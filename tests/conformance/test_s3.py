"""What the S3 driver promises beyond the protocol: about keys, endpoints, pages and what others left in a bucket."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest

from app.errors import (
    InvalidCredentials,
    ListingBroken,
    SluiceError,
    StorageError,
    StorageFailure,
    StorageMissing,
    StorageNotEmpty,
    StorageUnreachable,
)
from app.storages.memory import MemoryContent
from app.storages.s3 import S3Address, S3Storage
from tests.conformance.contents import MIB, bytes_of, content
from tests.conformance.subjects import client_of, open_uploads
from tests.support.servers import free_port, scripted

SECRET = "secret-that-nobody-may-see"

METHODS = {
    "check": lambda storage: storage.check(),
    "list": lambda storage: list(storage.list()),
    "read": lambda storage: storage.read("key"),
    "write small": lambda storage: storage.write("key", content(b"data")),
    "write large": lambda storage: storage.write("key", content(bytes(17 * MIB))),
    "delete": lambda storage: storage.delete(["key"]),
    "delete singly": lambda storage: storage.delete(["contr\x01l"]),
    "create": lambda storage: storage.create(),
    "drop": lambda storage: storage.drop(),
}


@pytest.fixture
def bucket(server):
    address = server.bucket("b" + uuid.uuid4().hex)
    with closing(S3Storage(address)) as storage:
        storage.create()
    return address


@pytest.fixture
def storage(bucket):
    with closing(S3Storage(bucket)) as storage:
        yield storage


@pytest.fixture
def client(bucket):
    with closing(client_of(bucket)) as client:
        yield client


def at(endpoint, **details):
    return closing(S3Storage(S3Address(endpoint, "mybucket", "access-key", SECRET), **details))


# moto takes any credentials, so only rclone can show this.
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize(
    ("access_key", "secret_key"),
    [pytest.param("AKwrong", SECRET, id="unknown key"), pytest.param("sluicetests", SECRET, id="wrong secret")],
)
def test_refused_credentials_say_so_and_tell_no_secret(rclone, method, access_key, secret_key):
    with closing(S3Storage(rclone.bucket("some-bucket", access_key, secret_key))) as storage:
        with pytest.raises(InvalidCredentials) as raised:
            method(storage)
        assert access_key[:4] in str(raised.value)
        assert access_key not in str(raised.value)
        assert SECRET not in str(raised.value)


def test_an_address_does_not_show_its_keys():
    shown = repr(S3Address("http://localhost", "bucket", "access-key", SECRET))
    assert "access-key" not in shown
    assert SECRET not in shown


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_closed_port_is_reported_as_unreachable(method):
    with at(f"http://127.0.0.1:{free_port()}") as storage, pytest.raises(StorageUnreachable):
        method(storage)


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param("http://no-such-host.invalid", id="unknown name"),
        pytest.param("nonsense", id="no address"),
    ],
)
def test_an_address_that_leads_nowhere_is_reported_as_unreachable(endpoint):
    with at(endpoint) as storage, pytest.raises(StorageUnreachable):
        storage.check()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, "<html><body>Hello</body></html>", id="a page that is XML"),
        pytest.param(200, "<!doctype html><p>Hello", id="a page that is not"),
        pytest.param(200, "", id="nothing"),
        pytest.param(404, "<!doctype html><p>Not found", id="not found"),
        pytest.param(404, '{"code": 404}', id="not found as JSON"),
        pytest.param(405, "<html/>", id="not allowed"),
        pytest.param(502, "<html>bad gateway</html>", id="a gateway without a server"),
    ],
)
def test_a_web_server_that_is_no_storage_is_reported_as_such(status, body):
    with scripted(lambda *_: (status, body), "text/html") as endpoint, at(endpoint) as storage:
        with pytest.raises(StorageUnreachable, match=r"not as S3|not ready"):
            storage.check()
        with pytest.raises((StorageUnreachable, ListingBroken)):
            list(storage.list())
        if status != 200:
            for name in ("read", "write small", "write large", "create", "drop"):
                with pytest.raises(StorageError):
                    METHODS[name](storage)


def test_an_answer_without_what_s3_always_tells_is_no_crash():
    with scripted(lambda *_: (200, "<Answer/>")) as endpoint, at(endpoint) as storage:
        for name in ("read", "write small", "write large", "delete", "create", "drop"):
            with suppress(StorageError):
                METHODS[name](storage)


@pytest.mark.parametrize("name", ["My_Bucket", "a b", "x", "-start", "a" * 64])
def test_a_name_that_is_no_buckets_is_refused_in_plain_words(rclone, name):
    with closing(S3Storage(rclone.bucket(name))) as storage, pytest.raises(StorageFailure, match="bucket's name"):
        storage.create()


def test_nothing_of_the_environment_reaches_the_storage(monkeypatch, tmp_path, rclone):
    nowhere = f"http://127.0.0.1:{free_port()}"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(name, nowhere)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.setenv(name, "another")
    for name in ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"):
        monkeypatch.setenv(name, "true")
    (tmp_path / "config").write_text("[default]\nregion = elsewhere\n[broken\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "config"))
    with closing(S3Storage(rclone.bucket("b" + uuid.uuid4().hex))) as storage:
        storage.create()
        storage.write("key", content(b"data"))
        assert storage.read("key").read() == b"data"
        assert [entry.key for entry in storage.list()] == ["key"]
        storage.check()


def test_missing_keys_are_never_looked_for_elsewhere(monkeypatch, rclone):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "sluicetests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", rclone.secret_key)
    with (
        closing(S3Storage(S3Address(rclone.endpoint, "some-bucket", "", ""))) as storage,
        pytest.raises(StorageError),
    ):
        storage.check()


def test_a_large_object_is_stored_in_parts_that_become_visible_together(client, storage, bucket):
    seen = []

    class Watched(MemoryContent):
        def read(self, n=-1, /):
            seen.append(client.list_objects_v2(Bucket=bucket.bucket).get("Contents"))
            return super().read(n)

    entry = storage.write("large", Watched(bytes_of(20 * MIB), 0.0))
    assert entry.etag.endswith("-3")
    assert seen == [None, None, None]
    assert client.head_object(Bucket=bucket.bucket, Key="large")["ContentLength"] == 20 * MIB


def test_a_bucket_with_nothing_but_open_uploads_can_be_dropped(client, storage, bucket):
    client.create_multipart_upload(Bucket=bucket.bucket, Key="some/deep/key")
    storage.drop()
    with pytest.raises(StorageMissing):
        storage.check()


def test_a_bucket_in_which_an_upload_was_given_up_can_be_dropped(storage, bucket):
    short = content(bytes(17 * MIB))
    short.size += 1
    with pytest.raises(SluiceError):
        storage.write("some/deep/key", short)
    assert open_uploads(bucket) == []
    storage.drop()
    with pytest.raises(StorageMissing):
        storage.check()


@pytest.mark.slow
def test_buckets_whose_folders_began_with_many_uploads_at_once_can_be_dropped(rclone):
    keys = [f"folder-{number // 60}/{number:03}" for number in range(400)]
    with ThreadPoolExecutor(16) as pool:
        for number in range(12):  # one in four or five of them could not be dropped
            with closing(S3Storage(rclone.bucket(f"hollow-{number}"), connections=18)) as storage:
                storage.create()
                list(pool.map(lambda key, storage=storage: storage.write(key, content(b"data")), keys))
                assert storage.delete(keys) == {}
                storage.drop()


def test_dropping_never_removes_an_object(client, storage, bucket):
    storage.write("folder/object", content())
    client.create_multipart_upload(Bucket=bucket.bucket, Key="some/key")
    with pytest.raises(StorageNotEmpty):
        storage.drop()
    assert [entry.key for entry in storage.list()] == ["folder/object"]
    assert open_uploads(bucket) == ["some/key"]


@pytest.mark.parametrize("code", ["NotImplemented", "MalformedXML"])
def test_objects_are_deleted_one_by_one_where_bulk_deletion_is_refused(code):
    deleted = []

    def answer(method, path):
        if method == "POST":
            return (501 if code == "NotImplemented" else 400), f"<Error><Code>{code}</Code></Error>"
        deleted.append(path)
        return 204, ""

    with scripted(answer) as endpoint, at(endpoint) as storage:
        assert storage.delete(["a", "b c"]) == {}
    assert deleted == ["/mybucket/a", "/mybucket/b%20c"]


def test_a_bulk_deletion_tells_what_is_still_there():
    body = (
        "<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error>"
        "<Error><Key>b</Key><Code>NoSuchKey</Code></Error></DeleteResult>"
    )
    with scripted(lambda *_: (200, body)) as endpoint, at(endpoint) as storage:
        kept = storage.delete(["a", "b", "c"])
    assert list(kept) == ["a"]
    assert kept["a"].reason == "access_denied"


@pytest.mark.parametrize("amount", [-1, 10, 1000])
def test_an_object_that_arrives_short_is_not_taken_for_whole(amount):
    with (
        scripted(lambda *_: (200, "x" * 50), short_by=1) as endpoint,
        at(endpoint) as storage,
        pytest.raises(StorageFailure, match=r"broke off|ended after"),
        storage.read("key") as stored,
    ):
        list(iter(lambda: stored.read(amount), b""))
