"""Small objects go by obstore or by boto3: exactly named, unmoved by their surroundings, and never damaged in silence."""

import json
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.errors import StorageError, StorageFailure, StorageUnreachable
from app.storages.s3 import S3Address, S3Storage
from app.storages.s3.keys import spells_exactly
from app.storages.s3.small import SmallLane
from tests.conformance.contents import MIB, bytes_of, content
from tests.conformance.subjects import client_of
from tests.support.flipping import flipping
from tests.support.servers import scripted

ROOT = Path(__file__).resolve().parents[2]
SMALL = 1000

KMS = {"ETag": '"0123456789abcdef0123456789abcdef"', "x-amz-server-side-encryption": "aws:kms"}

LEADING_AWAY = [
    "AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_STS_ENDPOINT",
    "AWS_METADATA_ENDPOINT", "AWS_PROXY_URL", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy",
]  # fmt: skip

OBEYED = {
    "AWS_SESSION_TOKEN": "token",
    "AWS_TOKEN": "token",
    "AWS_ACCESS_KEY_ID": "another",
    "AWS_SECRET_ACCESS_KEY": "another",
    "AWS_SKIP_SIGNATURE": "true",
    "AWS_skip_signature": "true",
    "AWS_UNSIGNED_PAYLOAD": "true",
    "AWS_REQUEST_PAYER": "true",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    "AWS_S3_EXPRESS": "true",
    "AWS_BUCKET": "another",
    "AWS_REGION": "elsewhere",
    "AWS_DEFAULT_REGION": "elsewhere",
    "AWS_TIMEOUT": "1ns",
    "AWS_ALLOW_HTTP": "false",
    "AWS_USER_AGENT": "another",
    "AWS_DEFAULT_HEADERS": "x-evil: 1",
    "AWS_DEFAULT_CONTENT_TYPE": "x-evil/x",
    "AWS_SSE_KMS_KEY_ID": "another",
    "AWS_SSE_CUSTOMER_KEY_BASE64": "AAAA",
    "AWS_SSE_BUCKET_KEY_ENABLED": "true",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/x",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
    "AWS_COPY_IF_NOT_EXISTS": "nonsense",
    "AWS_CONDITIONAL_PUT": "nonsense",
    "AWS_DISABLE_TAGGING": "nonsense",
    "AWS_DISABLE_BULK_DELETE": "nonsense",
    "AWS_IMDSV1_FALLBACK": "nonsense",
    "NO_PROXY": "",
}
"""Variables that obstore would obey, or that could be thought to be obeyed, if it were not told otherwise."""

PIECES = st.sampled_from([
    "a", "b", "/", ".", "..", " ", "%41", "%2F", "%", "+", "#", "?", "*", "~", "\\", "'", '"', "<", ">", "&", "&lt;", "=", ";",
    ":", "@", "|", "{", "}", "[", "]", "^", "`", "$", ",", "!", "e\u0301", "é", "日本", "\U0001f600", "\u2028", "\xa0", "\ufeff",
    "\ufffe", "\uffff", "\x80", "\x85", "-", "_", "\u202e", "‛", "⧵",
])  # fmt: skip


@pytest.fixture
def proxy(server):
    """The server behind a proxy, with a bucket."""
    with flipping(server) as proxy:
        yield proxy


@pytest.fixture
def address(proxy):
    address = proxy.server.bucket("b" + uuid.uuid4().hex)
    with closing(S3Storage(address)) as storage:
        storage.create()
    proxy.methods()
    return address


@pytest.fixture
def storage(address):
    with closing(S3Storage(address)) as storage:
        yield storage


@pytest.fixture(params=["obstore", "boto3"])
def lane(request, monkeypatch):
    """Both lanes for one key: a variable that obstore cannot be told to ignore leaves all to boto3."""
    if request.param == "boto3":
        monkeypatch.setenv("AWS_CHECKSUM_ALGORITHM", "SHA256")
    return request.param


def stored(storage, key):
    with storage.read(key) as opened:
        data = opened.read()
        opened.verify()
        return data


@pytest.fixture(scope="module", params=["rclone", pytest.param("moto", marks=pytest.mark.slow)])
def bucket(request):
    direct = request.getfixturevalue(request.param).bucket("b" + uuid.uuid4().hex)
    with (
        flipping(request.getfixturevalue(request.param)) as proxy,
        closing(client_of(direct)) as client,
        closing(S3Storage(proxy.server.bucket(direct.bucket))) as storage,
    ):
        storage.create()
        yield proxy, storage, client, direct.bucket


def keys_of(client, name):
    return [found["Key"] for found in client.list_objects_v2(Bucket=name).get("Contents", ())]


class TestKeys:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pieces=st.lists(PIECES, min_size=1, max_size=8))
    def test_what_obstore_is_given_is_stored_under_exactly_that_key(self, bucket, pieces):
        proxy, storage, client, name = bucket
        key = "".join(pieces)
        assume(spells_exactly(key))
        data = key.encode() + uuid.uuid4().bytes
        proxy.methods()
        try:
            storage.write(key, content(data))
            assert [one.by_obstore for one in proxy.seen] == [True]
            assert keys_of(client, name) == [key]
            assert client.get_object(Bucket=name, Key=key)["Body"].read() == data
            assert stored(storage, key) == data
        finally:
            assert storage.delete([key]) == {}

    def test_the_odd_keys_of_daily_life_are_not_refused(self, bucket):
        proxy, storage, client, name = bucket
        keys = [
            "a b",
            "%41",
            "a%2Fb",
            "a+b",
            "a#b",
            "a?b",
            "a*b",
            "~",
            "a\\b",
            "'\"",
            "<&>",
            "e\u0301",
            "\U0001f600",
            "dot.",
            "end ",
        ]
        proxy.methods()
        for key in keys:
            storage.write(key, content(key.encode()))
        assert sorted(keys_of(client, name)) == sorted(keys)
        assert all(stored(storage, key) == key.encode() for key in keys)
        assert all(one.by_obstore for one in proxy.seen)
        assert storage.delete(keys) == {}


class TestSurroundings:
    @pytest.fixture
    def server(self, rclone):
        return rclone

    @pytest.fixture(autouse=True)
    def _no_exceptions_from_proxies(self, monkeypatch):
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)

    def written_and_read(self, proxy, address):
        """Write and read an object; return the requests for that."""
        with closing(S3Storage(address)) as storage:
            storage.write("folder/a.txt", content(b"data"))
            assert stored(storage, "folder/a.txt") == b"data"
        return list(proxy.seen)

    @pytest.mark.parametrize(("name", "value"), OBEYED.items(), ids=OBEYED)
    def test_a_variable_changes_nothing(self, monkeypatch, proxy, address, name, value):
        expected = self.written_and_read(proxy, address)
        proxy.methods()
        monkeypatch.setenv(name, value)
        seen = self.written_and_read(proxy, address)
        assert [(one.method, one.path, sorted(one.headers)) for one in seen] == [
            (one.method, one.path, sorted(one.headers)) for one in expected
        ]
        assert all(one.by_obstore for one in seen)
        assert [one.path for one in seen] == [f"/{address.bucket}/folder/a.txt"] * 2
        for one in seen:
            assert f"Credential={address.access_key}/" in one.headers["authorization"]
            assert "/us-east-1/s3/" in one.headers["authorization"]
            assert one.headers["x-amz-content-sha256"] != "UNSIGNED-PAYLOAD"

    @pytest.mark.parametrize("name", LEADING_AWAY)
    def test_a_variable_does_not_lead_elsewhere(self, monkeypatch, proxy, address, name):
        asked = []
        with scripted(lambda *request: asked.append(request) or (200, "")) as elsewhere:
            monkeypatch.setenv(name, elsewhere)
            seen = self.written_and_read(proxy, address)
        assert asked == []
        assert [one.by_obstore for one in seen] == [True, True]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("AWS_SERVER_SIDE_ENCRYPTION", "AES256"),
            ("AWS_server_side_encryption", "aws:kms"),
            ("AWS_CHECKSUM_ALGORITHM", "SHA256"),
            ("AWS_CHECKSUM_ALGORITHM", "nonsense"),
        ],
    )
    def test_where_a_variable_cannot_be_overruled_boto3_does_it(self, monkeypatch, proxy, address, name, value):
        monkeypatch.setenv(name, value)
        seen = self.written_and_read(proxy, address)
        assert [one.by_obstore for one in seen] == [False, False]
        for one in seen:
            assert not {"x-amz-server-side-encryption", "x-amz-checksum-sha256"} & set(one.headers)

    def test_no_other_host_is_asked_for_what_a_server_redirects(self, proxy, storage):
        asked = []
        with scripted(lambda *request: asked.append(request) or (200, "other bytes")) as elsewhere:
            proxy.redirect_to = elsewhere.replace("127.0.0.1", "localhost")
            with pytest.raises(StorageError):
                storage.read("key")
            with pytest.raises(StorageError):
                storage.write("key", content(b"data"))
        assert asked == []
        assert proxy.seen[0].by_obstore

    @pytest.mark.parametrize("method", ["check", "create", "drop", "list"])
    def test_a_server_that_redirects_everything_is_told_in_plain_words(self, proxy, storage, method):
        with scripted(lambda *_: (200, "")) as elsewhere:
            proxy.redirect_to = elsewhere
            with pytest.raises(StorageUnreachable, match="elsewhere"):
                list(getattr(storage, method)() or ())
        assert len(proxy.seen) < 5

    def test_a_body_is_sent_to_one_address_only(self, proxy, storage):
        """Another port of the same host may be asked again, but without a signature and without the bytes."""
        asked = []
        with scripted(lambda *request: asked.append(request) or (200, "")) as elsewhere:
            proxy.redirect_to = elsewhere
            with pytest.raises(StorageError):
                storage.write("key", content(b"data"))
        assert [method for method, _ in asked if method != "GET"] == []

    @pytest.mark.slow
    def test_a_child_of_a_process_that_used_obstore_does_not_wait_forever(self, address):
        """obstore's threads are not copied by a fork."""
        program = (
            "import dataclasses, json, os, sys\n"
            "from app.storages.memory import MemoryContent\n"
            "from app.storages.s3 import S3Address, S3Storage\n"
            "address = S3Address(*json.loads(sys.argv[1]))\n"
            "S3Storage(address).write('parent', MemoryContent(b'parent', 0))\n"
            "if child := os.fork():\n"
            "    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
            "storage = S3Storage(address)\n"
            "storage.write('child', MemoryContent(b'child', 0))\n"
            "os._exit(0 if storage.read('parent').read() == b'parent' else 1)\n"
        )
        told = json.dumps([address.endpoint, address.bucket, address.access_key, address.secret_key])
        subprocess.run([sys.executable, "-c", program, told], cwd=ROOT, check=True, timeout=60)
        with closing(S3Storage(address)) as storage:
            assert [entry.key for entry in storage.list()] == ["child", "parent"]

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"endpoint": "http://user:word@127.0.0.1:9000"}, id="keys in the address"),
            pytest.param({"endpoint": "http://127.0.0.1:9000/path"}, id="a path in the address"),
            pytest.param({"endpoint": "ftp://127.0.0.1"}, id="another scheme"),
            pytest.param({"endpoint": "http://[broken"}, id="no address"),
            pytest.param({"bucket": "a/b"}, id="a bucket that is a path"),
            pytest.param({"bucket": "..."}, id="a bucket of dots"),
            pytest.param({"bucket": "my?acl"}, id="a bucket with a query"),
            pytest.param({"bucket": "arn:aws:s3:::b"}, id="an ARN"),
            pytest.param({"access_key": ""}, id="no access key"),
            pytest.param({"secret_key": ""}, id="no secret key"),
        ],
    )
    def test_an_address_that_the_two_could_read_in_different_ways_is_left_to_boto3(self, change):
        details = {"endpoint": "http://127.0.0.1:9000", "bucket": "mybucket", "access_key": "a", "secret_key": "s"}
        assert SmallLane(S3Address(**details), 4).takes("key")
        assert not SmallLane(S3Address(**details | change), 4).takes("key")


class TestChoice:
    @pytest.fixture
    def server(self, rclone):
        return rclone

    def test_a_small_object_is_one_request_by_obstore_each_way(self, proxy, storage):
        storage.write("key", content(bytes_of(SMALL)))
        assert stored(storage, "key") == bytes_of(SMALL)
        assert [(one.method, one.by_obstore) for one in proxy.seen] == [("PUT", True), ("GET", True)]

    @pytest.mark.parametrize("key", ["/lead", "folder/", "a//b", "tab\there"])
    def test_a_key_that_obstore_cannot_spell_goes_by_boto3(self, proxy, storage, key):
        with suppress(StorageError):  # rclone cannot hold each of them
            storage.write(key, content(b"data"))
            assert stored(storage, key) == b"data"
        assert proxy.seen
        assert not any(one.by_obstore for one in proxy.seen)

    def test_what_obstore_fails_at_boto3_does_and_after_three_times_it_does_all(self, proxy, storage):
        proxy.refuses = lambda seen: seen.by_obstore
        for number in range(6):
            storage.write("key", content(b"%d" % number))
        assert [one.by_obstore for one in proxy.seen] == [True, False] * 3 + [False] * 3
        assert stored(storage, "key") == b"5"

    def test_reads_count_too(self, proxy, storage):
        storage.write("key", content(b"data"))
        proxy.methods()
        proxy.refuses = lambda seen: seen.by_obstore
        assert [stored(storage, "key") for _ in range(5)] == [b"data"] * 5
        assert [one.by_obstore for one in proxy.seen] == [True, False] * 3 + [False] * 2

    def test_a_success_between_failures_keeps_the_lane_open(self, proxy, storage):
        for _ in range(4):
            proxy.refuses = lambda seen: seen.by_obstore
            storage.write("key", content(b"data"))
            storage.write("key", content(b"data"))
            proxy.refuses = lambda _: False
            proxy.methods()
            storage.write("key", content(b"data"))
            assert [one.by_obstore for one in proxy.seen] == [True]

    def test_failures_that_boto3_shares_do_not_count(self, proxy, storage):
        for _ in range(5):
            with pytest.raises(StorageError):
                storage.read("missing")
        assert [one.by_obstore for one in proxy.seen] == [True, False] * 5

    def test_failures_at_the_same_time_count_once(self):
        lane = SmallLane(S3Address("http://127.0.0.1:9000", "mybucket", "access", "secret"), 4)
        for _ in range(3):
            assert lane.takes("key")
            began = time.monotonic()
            for _ in range(8):
                lane.was_outdone(began, SMALL)
        assert not lane.takes("key")

    def test_a_lane_that_is_too_slow_for_larger_objects_still_takes_small_ones(self):
        lane = SmallLane(S3Address("http://127.0.0.1:9000", "mybucket", "access", "secret"), 4)
        for _ in range(3):
            lane.was_outdone(time.monotonic(), 2 * MIB)
            lane.did_well(SMALL)
        assert lane.takes("key", SMALL)
        assert not lane.takes("key", 2 * MIB)

    def test_what_is_just_quick_enough_does_not_keep_a_lane_open_that_is_too_slow_for_more(self):
        lane = SmallLane(S3Address("http://127.0.0.1:9000", "mybucket", "access", "secret"), 4)
        for _ in range(3):
            lane.was_outdone(time.monotonic(), 16 * MIB)
            lane.did_well(2 * MIB)
        assert not lane.takes("key", 16 * MIB)

    def test_threads_share_one_storage(self, proxy, storage):
        threads = [
            threading.Thread(target=storage.write, args=(f"key {number}", content(bytes_of(number))))
            for number in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(stored(storage, f"key {number}") == bytes_of(number) for number in range(16))
        assert all(one.by_obstore for one in proxy.seen)


class TestDamage:
    @pytest.mark.fault(13)
    def test_one_damaged_upload_ends_stored_right(self, lane, proxy, storage):
        """rclone refuses at once what does not have the MD5 that boto3 adds; moto takes it, and its etag tells."""
        proxy.uploads = 1
        storage.write("key", content(bytes_of(SMALL)))
        assert stored(storage, "key") == bytes_of(SMALL)
        assert proxy.seen[0].by_obstore == (lane == "obstore")
        assert proxy.uploads == 0

    @pytest.mark.usefixtures("lane")
    @pytest.mark.fault(13)
    def test_an_upload_that_is_damaged_each_time_raises(self, proxy, storage):
        """rclone believes the MD5 that boto3 adds; moto believes anything, and is found out by reading back."""
        proxy.uploads = 100
        with pytest.raises(StorageFailure):
            storage.write("key", content(bytes_of(SMALL)))
        proxy.uploads = 0
        storage.write("key", content(bytes_of(SMALL)))
        assert stored(storage, "key") == bytes_of(SMALL)

    @pytest.mark.parametrize("size", [SMALL, 3 * MIB])
    @pytest.mark.usefixtures("lane")
    @pytest.mark.fault(13)
    def test_one_damaged_download_ends_read_right(self, proxy, storage, size):
        storage.write("key", content(bytes_of(size)))
        proxy.downloads = 1
        assert stored(storage, "key") == bytes_of(size)
        assert proxy.downloads == 0

    @pytest.mark.usefixtures("lane")
    def test_a_download_that_is_damaged_each_time_raises(self, proxy, storage):
        storage.write("key", content(bytes_of(SMALL)))
        proxy.downloads = 100
        with pytest.raises(StorageFailure, match="damaged"):
            stored(storage, "key")

    def test_a_download_that_breaks_off_once_ends_read_right(self, proxy, storage):
        storage.write("key", content(bytes_of(SMALL)))
        proxy.cut = 1
        assert stored(storage, "key") == bytes_of(SMALL)

    @pytest.mark.usefixtures("lane")
    def test_a_download_that_breaks_off_each_time_raises(self, proxy, storage):
        storage.write("key", content(bytes_of(SMALL)))
        proxy.cut = 100
        with pytest.raises(StorageFailure):
            stored(storage, "key")


class TestEtagsThatAreNoMd5:
    @pytest.fixture
    def server(self, rclone):
        return rclone

    @pytest.mark.parametrize("etag", [KMS["ETag"], '"0x8DC0FFEE"'], ids=["one that looks like an MD5", "another form"])
    def test_they_are_noticed_once_and_then_left_alone(self, proxy, storage, etag):
        proxy.answer_headers = {"ETag": etag}
        storage.write("key", content(bytes_of(SMALL)))
        assert proxy.methods() == ["PUT", "PUT", "GET"]
        for _ in range(3):
            assert storage.write("key", content(bytes_of(SMALL))).etag == etag.strip('"')
            assert stored(storage, "key") == bytes_of(SMALL)
        assert [(one.method, one.by_obstore) for one in proxy.seen] == [("PUT", True), ("GET", True)] * 3

    def test_by_boto3_they_are_noticed_too(self, monkeypatch, proxy, address):
        monkeypatch.setenv("AWS_CHECKSUM_ALGORITHM", "SHA256")
        proxy.answer_headers = KMS
        with closing(S3Storage(address)) as storage:
            for _ in range(2):
                storage.write("key", content(bytes_of(SMALL)))
        assert proxy.methods() == ["PUT", "PUT", "GET", "PUT"]

    @pytest.mark.usefixtures("lane")
    def test_an_object_that_is_encrypted_with_kms_can_be_read(self, proxy, storage):
        storage.write("key", content(bytes_of(SMALL)))
        proxy.answer_headers = KMS
        assert stored(storage, "key") == bytes_of(SMALL)

    @pytest.mark.usefixtures("lane")
    def test_an_object_without_an_etag_can_be_read(self, proxy, storage):
        storage.write("key", content(bytes_of(SMALL)))
        proxy.answer_headers = {"ETag": ""}
        assert stored(storage, "key") == bytes_of(SMALL)
        assert storage.read("key").mark is None
