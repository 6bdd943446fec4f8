"""What is particular about blobs: their metadata, damage, folders, blocks that were never committed, and odd names."""

import base64
import hashlib
import subprocess
import tracemalloc
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest
from azure.storage.blob import BlobType, ContentSettings

from app.cancellation import Cancelled
from app.errors import FileChanged, KeyRefused, ObjectMissing, SettingsError, StorageFailure, StorageNotEmpty
from app.storages.azure.storage import AzureStorage
from app.storages.base import Folder
from app.storages.contents import read_exactly
from app.storages.embedded.server import find_rclone
from tests.conformance.contents import MIB, FailingContent, bytes_of, content, digest
from tests.conformance.subjects import uncommitted
from tests.support.azurite import client_of
from tests.support.servers import missing
from tests.support.service import eventually

LARGE = 17 * MIB


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


@pytest.mark.parametrize("size", [0, 100, LARGE])
def test_a_blob_has_its_time_its_type_and_its_md5(storage, client, size):
    data = bytes_of(size)
    entry = storage.write("folder/image.png", content(data))
    found = client.get_blob_client("folder/image.png").get_blob_properties()
    assert found.metadata == {"mtime": "2023-11-14T22:13:20.250000000Z"}
    assert found.content_settings.content_type == "image/png"
    assert bytes(found.content_settings.content_md5) == hashlib.md5(data).digest()
    assert entry.mark == found.etag.strip('"') == storage.stat("folder/image.png").mark
    with storage.read("folder/image.png") as opened:
        assert (opened.modified_ns, opened.mark) == (1_700_000_000_250_000_000, entry.mark)


def test_rclone_sees_the_time_to_the_nanosecond(storage, address):
    storage.write("file", content(b"data"))
    try:
        program = find_rclone()
    except SettingsError as error:
        missing(str(error))
    told = subprocess.run(
        [
            *(program, "--config", "", "lsf", "--format", "tp", "--time-format", "RFC3339Nano", "--azureblob-account"),
            *(address.account, "--azureblob-key", address.account_key, "--azureblob-endpoint", address.url),
            f":azureblob:{address.container}",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC"},
    )
    assert told.stdout == "2023-11-14T22:13:20.25Z;file\n"


@pytest.mark.parametrize("size", [100, LARGE])
def test_a_damaged_blob_is_never_taken_for_whole(storage, client, size):
    storage.write("key", content(bytes_of(size)))
    wrong = ContentSettings(content_md5=bytearray(16))
    client.get_blob_client("key").set_http_headers(wrong)
    with pytest.raises((StorageFailure, FileChanged)):
        read_and_verified(storage)


def read_and_verified(storage):
    with storage.read("key") as opened:
        data = opened.read()
        opened.verify()
        return data


def test_a_blob_that_says_it_is_compressed_is_read_as_it_is(storage, client):
    settings = ContentSettings(content_encoding="gzip")
    client.upload_blob("key", b"not really compressed", content_settings=settings)
    with storage.read("key") as opened:
        assert opened.read() == b"not really compressed"


def test_a_blob_that_is_replaced_while_it_is_read_is_not_mixed(storage):
    storage.write("key", content(bytes_of(60 * MIB)))
    with storage.read("key") as opened:
        opened.read(1)
        storage.write("key", content(bytes_of(60 * MIB + 1)))
        with pytest.raises(FileChanged):
            opened.read()


def test_a_large_blob_can_be_passed_over(storage):
    data = bytes_of(30 * MIB)
    storage.write("key", content(data))
    with storage.read("key") as opened:
        opened.skip(5)
        assert opened.read(3) == data[5:8]
        opened.skip(20 * MIB)
        assert digest(opened.read()) == digest(data[8 + 20 * MIB :])
        opened.verify()


def test_a_page_blob_and_an_append_blob_can_be_read_and_replaced(storage, client):
    client.upload_blob("page", bytes(512), blob_type=BlobType.PAGEBLOB)
    client.upload_blob("append", b"data", blob_type=BlobType.APPENDBLOB)
    for key, size in (("append", 4), ("page", 512)):
        with storage.read(key) as opened:
            assert len(opened.read()) == size
        storage.write(key, content(b"new"))
        assert storage.stat(key).size == 3


def test_a_marked_directory_is_no_object(storage, client):
    for name in ("directory", "directory/inner"):
        client.upload_blob(name, b"", metadata={"hdi_isfolder": "true"})
    storage.write("directory/file", content(b"data"))
    assert [entry.key for entry in storage.list()] == ["directory/file"]
    assert list(storage.browse().found) == [Folder("directory/")]
    assert [found.key for found in storage.browse("directory/").found] == ["directory/file"]
    for look in (storage.stat, storage.read):
        with pytest.raises(ObjectMissing):
            look("directory")


def test_a_container_of_nothing_but_directories_can_be_dropped(storage, client):
    client.upload_blob("directory", b"", metadata={"hdi_isfolder": "true"})
    storage.write("file", content())
    with pytest.raises(StorageNotEmpty):
        storage.drop()
    storage.delete(["file"])
    storage.drop()


class TestBlocks:
    def test_that_others_have_sent_survive_a_failed_write(self, storage, client, address):
        other = base64.b64encode(b"other").decode()
        client.get_blob_client("key").stage_block(other, b"theirs")
        with pytest.raises(Cancelled):
            storage.write("key", FailingContent(LARGE, 9 * MIB, Cancelled("cancelled_by_user")))
        assert uncommitted(address) == ["key"]
        _, waiting = client.get_blob_client("key").get_block_list("uncommitted")
        assert other in [block.id for block in waiting]

    def test_stay_where_the_token_does_not_allow_to_delete(self, azurite, storage, address):
        def one_has_left():
            eventually(lambda: uncommitted(address), what="a block")  # what waits is not sent

        storage.check()
        with closing(AzureStorage(azurite.shared(address.container, "racwl"))) as restricted:
            with pytest.raises(Cancelled):
                restricted.write("key", FailingContent(LARGE, 9 * MIB, Cancelled("cancelled_by_user"), one_has_left))
            assert list(restricted.list()) == []
        assert uncommitted(address) == ["key"]
        storage.write("key", content(bytes_of(LARGE)))
        assert uncommitted(address) == []

    def test_of_a_crashed_write_do_not_hinder_the_next_one(self, storage, client):
        client.get_blob_client("key").stage_block("a" * 40, b"of a process that was killed")
        storage.write("key", content(bytes_of(LARGE)))
        assert storage.stat("key").size == LARGE

    def test_are_few_in_memory_whatever_the_size(self, storage):
        asked = []

        class Watched(FailingContent):
            def read(self, n=-1, /):
                asked.append(n)
                return super().read(n)

        data = Watched(LARGE, LARGE + 1, FileChanged("at the end"))
        with pytest.raises(FileChanged):
            storage.write("key", data)
        assert max(asked) == 8 * MIB


@pytest.mark.slow
def test_many_large_uploads_share_little_memory(storage_of_many):
    """Without a limit for all of them each has five blocks of 8 MiB."""
    data = bytes_of(33 * MIB)

    def up(number):
        storage_of_many.write(str(number), content(data))

    assert peak_of(up) <= 110 * MIB


@pytest.mark.slow
def test_many_large_downloads_leave_each_other_memory(storage_of_many):
    storage_of_many.write("key", content(bytes_of(33 * MIB)))
    with ExitStack() as stack:
        for _ in range(8):
            opened = stack.enter_context(storage_of_many.read("key"))
            read_exactly(opened, 5 * MIB)
        assert storage_of_many._pool.ahead == 1
    assert storage_of_many._pool.ahead == 4


@pytest.fixture
def storage_of_many(address):
    with closing(AzureStorage(address, connections=32)) as storage:
        storage.create()
        yield storage


def peak_of(transfer):
    """Return the most bytes that sixteen transfers at once allocate."""
    tracemalloc.start()
    try:
        with ThreadPoolExecutor(16) as threads:
            list(threads.map(transfer, range(16)))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "key",
    [
        "back\\slash",
        "/".join("d" * 255),
        "x" * 1025,
        "nul\x00",
        "bell\x07",
        "new\nline",
        "a/../b",
        ".",
        "\ufffe",
        "del\x7f",
    ],
)
def test_a_name_that_azure_cannot_hold_is_refused_before_anything_is_read(storage, key):
    unread = content(b"data")
    with pytest.raises(KeyRefused):
        storage.write(key, unread)
    assert unread.read() == b"data"
    assert storage.delete([key]) == {}
    with pytest.raises(ObjectMissing):
        storage.stat(key)


def test_a_name_may_have_1024_characters_whatever_their_bytes(storage):
    key = "é" * 1024
    storage.write(key, content(b"data"))
    assert [entry.key for entry in storage.list()] == [key]
    assert storage.browse("", 1).found[0].key == key
    assert storage.delete([key]) == {}


def test_a_level_of_emoji_is_in_order_over_small_pages(storage):
    keys = [f"{sign}{number}" for sign in ("a", "\ud7ff", "\ue000", "\uffee", "\U0001f600") for number in range(20)]
    for key in keys:
        storage.write(key, content())
    found, token = [], None
    while True:
        page = storage.browse("", 7, token)
        found += [one.key for one in page.found]
        token = page.next_token
        if token is None:
            break
    assert found == sorted(keys, key=str.encode)
