"""Who asks an S3 server: anybody, without keys and without a signature, or somebody with keys lent for a while."""

import os
import uuid
from contextlib import closing
from dataclasses import replace

import pytest

from app.errors import AccessDenied, ObjectMissing, SettingsError
from app.storages.base import Rights
from app.storages.embedded.server import find_rclone
from app.storages.s3 import S3Address, S3Storage
from tests.conformance.contents import MIB, bytes_of, content
from tests.conformance.subjects import client_of
from tests.support.recording import recording
from tests.support.servers import _running, free_port, missing

TOKEN = "session-token-that-nobody-may-see"
LARGE = 17 * MIB
SURROUNDINGS = {
    "AWS_ACCESS_KEY_ID": "AKIAOFTHEENVIRONMENT",
    "AWS_SECRET_ACCESS_KEY": "secret-of-the-environment",
    "AWS_SESSION_TOKEN": "token-of-the-environment",
}

METHODS = {
    "check": lambda storage: storage.check(),
    "list": lambda storage: list(storage.list()),
    "browse": lambda storage: storage.browse(),
    "stat": lambda storage: storage.stat("key"),
    "read": lambda storage: storage.read("key").close(),
    "write small": lambda storage: storage.write("key", content(b"data")),
    "write large": lambda storage: storage.write("key", content(bytes_of(LARGE))),
    "delete": lambda storage: raise_what_is_kept(storage.delete(["key"])),
    "delete singly": lambda storage: raise_what_is_kept(storage.delete(["contr\x01l"])),
    "create": lambda storage: storage.create(),
    "drop": lambda storage: storage.drop(),
}


def raise_what_is_kept(kept):
    for error in kept.values():
        raise error


def anybody(endpoint, bucket):
    return S3Address(endpoint, bucket, "", "")


def assert_unsigned(recorder):
    assert recorder.requests
    for request in recorder.requests:
        assert "authorization" not in request.headers, request
        assert "x-amz-security-token" not in request.headers, request
        assert "signature" not in request.path.lower(), request
        assert not any(value in str(request) for value in SURROUNDINGS.values())


def opened(address, recorder):
    return closing(S3Storage(replace(address, endpoint=recorder.endpoint)))


def live(storage):
    """Do all that a storage can do once, and see that it is done."""
    storage.create()
    storage.check()
    storage.write("small/key", content(b"small"))
    storage.write("small/odd +%é", content(b"odd"))
    storage.write("large", content(bytes_of(LARGE)))
    assert [entry.key for entry in storage.list()] == ["large", "small/key", "small/odd +%é"]
    assert [found.key for found in storage.browse().found] == ["large", "small/"]
    assert storage.stat("large").size == LARGE
    for key, data in (("small/key", b"small"), ("large", bytes_of(LARGE))):
        with storage.read(key) as opened:
            assert opened.read() == data
    assert storage.rights() == Rights(reads=True, writes=True)
    assert storage.delete(["small/key", "small/odd +%é", "large", "contr\x01l"]) == {}
    with pytest.raises(ObjectMissing):
        storage.stat("large")
    storage.drop()


@pytest.fixture(scope="module")
def open_rclone(tmp_path_factory):
    """The address of an ``rclone serve s3`` that asks nobody who he is."""
    try:
        program = find_rclone()
    except SettingsError as error:
        missing(str(error))
    folder = tmp_path_factory.mktemp("open-rclone")
    (folder / "objects").mkdir()
    port = free_port()
    command = [program, "serve", "s3", str(folder / "objects"), "--addr", f"127.0.0.1:{port}", "--config", ""]
    with _running(command, port, folder / "server.log", dict(os.environ)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def _credentials_around(monkeypatch):
    for name, value in SURROUNDINGS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_credentials_around")
class TestAnybody:
    def test_does_everything_without_a_signature_where_the_server_lets_him(self, open_rclone):
        address = anybody(open_rclone, new_name())
        with recording(open_rclone) as recorder, opened(address, recorder) as storage:
            live(storage)
        assert_unsigned(recorder)

    @pytest.mark.slow
    def test_reads_what_is_public_and_nothing_else(self, moto):
        bucket = moto.bucket(new_name())
        with closing(S3Storage(bucket)) as owned, closing(client_of(bucket)) as client:
            owned.create()
            for key in ("open", "closed"):
                owned.write(key, content(b"data"))
            client.put_object_acl(Bucket=bucket.bucket, Key="open", ACL="public-read")
        with recording(moto.endpoint) as recorder, opened(anybody("", bucket.bucket), recorder) as storage:
            assert [found.key for found in storage.browse().found] == ["closed", "open"]
            assert storage.stat("open").size == 4
            with storage.read("open") as content_of_it:
                assert content_of_it.read() == b"data"
            with pytest.raises(AccessDenied, match="anonymous access"):
                storage.read("closed")
        assert_unsigned(recorder)

    @pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
    def test_is_refused_by_a_server_that_knows_callers_and_told_so(self, rclone, method):
        with closing(S3Storage(anybody(rclone.endpoint, "some-bucket"))) as storage:
            with pytest.raises(AccessDenied, match="anonymous access") as raised:
                method(storage)
            assert "access key" not in str(raised.value)

    def test_has_no_rights_where_he_is_refused(self, rclone):
        with closing(S3Storage(anybody(rclone.endpoint, "some-bucket"))) as storage:
            assert storage.rights() == Rights(reads=False, writes=False)

    def test_is_whoever_has_neither_key_nor_secret(self):
        assert anybody("http://s3", "bucket").is_anonymous
        assert not S3Address("http://s3", "bucket", "key", "").is_anonymous
        assert not S3Address("http://s3", "bucket", "", "secret").is_anonymous


class TestLentKeys:
    def test_come_with_their_token_in_every_request_and_the_token_is_signed(self, server):
        address = replace(server.bucket(new_name()), session_token=TOKEN)
        with recording(server.endpoint) as recorder, opened(address, recorder) as storage:
            live(storage)
        assert len(recorder.requests) > 20
        for request in recorder.requests:
            assert request.headers.get("x-amz-security-token") == TOKEN, request
            assert "x-amz-security-token" in request.headers["authorization"], request

    def test_use_the_quick_lane_too(self, server):
        address = replace(server.bucket(new_name()), session_token=TOKEN)
        with recording(server.endpoint) as recorder, opened(address, recorder) as storage:
            storage.create()
            storage.write("key", content(b"data"))
            storage.read("key").close()
        asked = [request for request in recorder.requests if request.path.endswith("/key")]
        assert {request.method: request.headers["user-agent"] for request in asked} == {
            "PUT": "sluice",
            "GET": "sluice",
        }

    @pytest.mark.usefixtures("_credentials_around")
    def test_of_their_own_take_no_token_from_the_surroundings(self, server):
        with recording(server.endpoint) as recorder, opened(server.bucket(new_name()), recorder) as storage:
            live(storage)
        assert all("x-amz-security-token" not in request.headers for request in recorder.requests)

    def test_never_show_their_token(self):
        address = S3Address("http://s3", "bucket", "AKIAKEY", "secret", session_token=TOKEN)
        assert TOKEN not in repr(address)


def new_name():
    return "b" + uuid.uuid4().hex
