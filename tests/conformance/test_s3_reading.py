"""Large objects are read in pieces, in order, of one version, and what is damaged on the way is never taken for whole."""

import hashlib
import threading
import uuid
from contextlib import closing
from functools import cache

import pytest

from app.errors import FileChanged, ObjectMissing, StorageFailure
from app.storages.pieces import AHEAD
from app.storages.s3 import S3Storage
from app.storages.s3.ranges import PIECE
from tests.conformance.contents import MIB, bytes_of, content, digest
from tests.conformance.subjects import client_of
from tests.support.flipping import flipping

SIZE = 5 * PIECE + 12345

by_the_driver_alone = pytest.mark.parametrize("server", ["rclone"], indirect=True)
"""What the driver does by itself, or the proxy does to answers: a second server would prove it a second time."""


@pytest.fixture
def proxy(server):
    with flipping(server) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def filled():
    """Return a server's bucket with the object in one part and in several, which all tests look at."""
    return cache(_filled)


def _filled(server):
    address = server.bucket("b" + uuid.uuid4().hex)
    with closing(client_of(address)) as client:
        client.create_bucket(Bucket=address.bucket)
        client.put_object(Bucket=address.bucket, Key="large", Body=bytes_of(SIZE), Metadata={"mtime": "1.000000001"})
        _put_in_parts(client, Bucket=address.bucket, Key="parts")
    return address


def _put_in_parts(client, **named):
    upload = client.create_multipart_upload(**named)["UploadId"]
    parts = [
        {
            "PartNumber": number,
            "ETag": client.upload_part(**named, UploadId=upload, PartNumber=number, Body=part)["ETag"],
        }
        for number, part in enumerate((bytes_of(SIZE)[i : i + 12 * MIB] for i in range(0, SIZE, 12 * MIB)), start=1)
    ]
    client.complete_multipart_upload(**named, UploadId=upload, MultipartUpload={"Parts": parts})


@pytest.fixture
def address(server, filled):
    return filled(server)


@pytest.fixture
def client(address):
    """A client of the server itself."""
    with closing(client_of(address)) as client:
        yield client


@pytest.fixture
def key(client, address):
    """An object of the test's own."""
    key = uuid.uuid4().hex
    client.put_object(Bucket=address.bucket, Key=key, Body=bytes_of(SIZE))
    return key


@pytest.fixture
def storage(proxy, address):
    with closing(S3Storage(proxy.server.bucket(address.bucket), connections=8)) as storage:
        yield storage


def all_of(opened, amount):
    """Return a digest of all the bytes, since many are hard to show."""
    read = hashlib.sha256()
    while chunk := opened.read(amount):
        read.update(chunk)
    opened.verify()
    return read.hexdigest()


def ranges(proxy):
    return [seen.headers["range"] for seen in proxy.seen if "range" in seen.headers]


@by_the_driver_alone
@pytest.mark.parametrize("amount", [-1, 100_000, PIECE, PIECE + 1, SIZE])
def test_a_large_object_comes_in_order_however_it_is_read(storage, amount):
    with storage.read("large") as opened:
        assert (opened.size, opened.modified_ns) == (SIZE, 1_000_000_001)
        assert all_of(opened, amount) == digest(bytes_of(SIZE))


@by_the_driver_alone
def test_each_byte_is_asked_for_once_and_only_a_few_pieces_at_a_time(proxy, storage):
    with storage.read("large") as opened:
        assert ranges(proxy) == []
        opened.read(1)
        assert len(ranges(proxy)) <= AHEAD
        opened.read(1)
        assert len(ranges(proxy)) <= AHEAD
        opened.read()
        opened.verify()
    spans = [(begin, min(begin + PIECE, SIZE) - 1) for begin in range(0, SIZE, PIECE)]
    assert sorted(ranges(proxy)) == sorted(f"bytes={begin}-{end}" for begin, end in spans)
    assert proxy.most_at_once <= AHEAD


@by_the_driver_alone
def test_several_large_objects_share_the_connections(proxy, address):
    with closing(S3Storage(proxy.server.bucket(address.bucket), connections=2)) as storage:
        opened = [storage.read("large") for _ in range(3)]
        assert [one.read(1) for one in opened] == [bytes_of(SIZE)[:1]] * 3
        assert [digest(one.read()) for one in opened] == [digest(bytes_of(SIZE)[1:])] * 3
    assert proxy.most_at_once <= 2


@by_the_driver_alone
@pytest.mark.parametrize(
    ("first", "skipped", "pieces"),
    [
        pytest.param(0, 5 * PIECE, 1, id="to the last piece"),
        pytest.param(0, SIZE, 0, id="all"),
        pytest.param(0, 3 * PIECE + 5, 3, id="into the middle of what would be a piece"),
    ],
)
def test_what_is_skipped_is_not_downloaded(proxy, storage, first, skipped, pieces):
    with storage.read("large") as opened:
        assert len(opened.read(first)) == first
        opened.skip(skipped)
        assert all_of(opened, PIECE) == digest(bytes_of(SIZE)[first + skipped :])
    assert len(ranges(proxy)) == pieces


@by_the_driver_alone
@pytest.mark.parametrize("skipped", [0, 5, PIECE - 1, PIECE, 2 * PIECE, SIZE - 1])
def test_skipping_after_reading_goes_on_at_the_right_place(storage, skipped):
    with storage.read("large") as opened:
        assert opened.read(1) == bytes_of(SIZE)[:1]
        opened.skip(skipped)
        assert all_of(opened, MIB) == digest(bytes_of(SIZE)[1 + skipped :])


def test_an_object_that_is_replaced_meanwhile_is_noticed(storage, client, address, key):
    """moto answers 412, rclone ignores If-Match and tells another etag."""
    with storage.read(key) as opened:
        opened.read(1)
        client.put_object(Bucket=address.bucket, Key=key, Body=bytes_of(SIZE)[::-1])
        with pytest.raises(FileChanged, match="replaced"):
            all_of(opened, PIECE)


def test_an_object_that_becomes_shorter_meanwhile_is_noticed(storage, client, address, key):
    with storage.read(key) as opened:
        opened.read(1)
        client.put_object(Bucket=address.bucket, Key=key, Body=b"short")
        with pytest.raises(FileChanged, match="replaced"):
            all_of(opened, PIECE)


def test_an_object_that_is_deleted_meanwhile_is_noticed(storage, client, address, key):
    with storage.read(key) as opened:
        opened.read(1)
        client.delete_object(Bucket=address.bucket, Key=key)
        with pytest.raises(ObjectMissing):
            all_of(opened, PIECE)


@by_the_driver_alone
@pytest.mark.parametrize("key", ["large", "parts"])
def test_what_was_not_read_to_its_end_is_not_verified(storage, key):
    with storage.read(key) as opened:
        opened.read(10)
        with pytest.raises(FileChanged, match="to its end"):
            opened.verify()


@pytest.mark.parametrize("key", ["large", "parts"])
def test_a_large_object_in_whatever_parts_is_read_right(storage, key):
    with storage.read(key) as opened:
        assert all_of(opened, MIB) == digest(bytes_of(SIZE))


@by_the_driver_alone
@pytest.mark.parametrize("key", ["large", "parts"])
def test_a_large_object_that_is_damaged_on_the_way_is_noticed(proxy, storage, key):
    with storage.read(key) as opened:
        opened.read(1)
        proxy.downloads = 1
        with pytest.raises(FileChanged, match="other bytes"):
            all_of(opened, PIECE)


@by_the_driver_alone
def test_a_piece_that_arrives_short_is_not_taken_for_whole(proxy, storage):
    with storage.read("large") as opened:
        opened.read(1)
        proxy.cut = 1
        with pytest.raises(StorageFailure, match="broke off"):
            all_of(opened, PIECE)


@by_the_driver_alone
@pytest.mark.parametrize("amount", [0, 1, PIECE + 1])
def test_reading_may_be_given_up_at_any_time_and_leaves_no_thread(proxy, address, amount):
    before = set(threading.enumerate())
    with closing(S3Storage(proxy.server.bucket(address.bucket))) as storage:
        with storage.read("large") as opened:
            opened.read(amount)
        opened.close()
        with storage.read("large") as opened:
            assert all_of(opened, PIECE) == digest(bytes_of(SIZE))
    assert [thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("pieces")] == []


@by_the_driver_alone
def test_a_storage_that_was_closed_can_be_used_again(address):
    storage = S3Storage(address)
    for _ in range(2):
        with storage.read("large") as opened:
            assert all_of(opened, PIECE) == digest(bytes_of(SIZE))
        storage.write("small", content(b"data"))
        assert storage.read("small").read() == b"data"
        storage.close()


@pytest.mark.slow
class TestWithoutRanges:
    """rclone wants the header Range to be signed, so moto plays the server that does not know it."""

    @pytest.fixture
    def server(self, moto):
        return moto

    @pytest.mark.parametrize("begin", [0, PIECE + 3])
    def test_a_server_that_knows_no_ranges_is_read_in_one_go(self, proxy, storage, begin):
        proxy.hides_range = True
        with storage.read("large") as opened:
            opened.skip(begin)
            assert all_of(opened, MIB) == digest(bytes_of(SIZE)[begin:])

    def test_a_server_that_forgets_ranges_half_way_is_read_on_in_one_go(self, proxy, storage):
        with storage.read("large") as opened:
            assert opened.read(PIECE) == bytes_of(SIZE)[:PIECE]
            proxy.hides_range = True
            assert all_of(opened, MIB) == digest(bytes_of(SIZE)[PIECE:])


class TestWithEtagsOfSomethingElse:
    """rclone ignores If-Match, so it can play a server whose etags are no MD5."""

    @pytest.fixture
    def server(self, rclone):
        return rclone

    def test_an_etag_that_is_encrypted_proves_nothing_and_hinders_nothing(self, proxy, storage):
        proxy.answer_headers = {"ETag": '"0123456789abcdef0123456789abcdef"', "x-amz-server-side-encryption": "aws:kms"}
        with storage.read("large") as opened:
            assert all_of(opened, PIECE) == digest(bytes_of(SIZE))
