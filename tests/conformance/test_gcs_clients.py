"""What the gcs driver stores, Google's own client and rclone read, and the other way round."""

import os
import subprocess
import uuid
from contextlib import closing

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

from app.errors import SettingsError
from app.storages.embedded.server import find_rclone
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.storage import GcsStorage
from app.storages.local import LocalStorage
from tests.conformance.contents import MIB, bytes_of, content, digest
from tests.support.gcs_fake import PERMISSIONS
from tests.support.gcs_model import Bucket
from tests.support.servers import missing

KEYS = ["plain.txt", "a/b c/d%41", "é/\U0001f600", "a#b?c*d~e+f"]


@pytest.fixture
def bucket(fake_gcs):
    name = "b" + uuid.uuid4().hex
    fake_gcs.buckets[name] = bucket = Bucket(name)
    bucket.public = PERMISSIONS
    return bucket


@pytest.fixture(params=["the emulator", "the fake"])
def storage(request):
    if request.param == "the fake":
        fake, bucket = request.getfixturevalue("fake_gcs"), request.getfixturevalue("bucket")
        address = GcsAddress(bucket.name, fake.endpoint)
    else:
        address = GcsAddress("b" + uuid.uuid4().hex, request.getfixturevalue("emulated_gcs"))
    with closing(GcsStorage(address)) as storage:
        if request.param == "the emulator":
            storage.create()
        yield storage, address


@pytest.fixture
def theirs(storage):
    _, address = storage
    client = Client(
        project="project", credentials=AnonymousCredentials(), client_options={"api_endpoint": address.endpoint}
    )
    yield client.bucket(address.bucket)
    client.close()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("size", [0, 1000, 17 * MIB])
def test_google_reads_what_we_wrote(storage, theirs, key, size):
    ours, _ = storage
    data = bytes_of(size)
    written = ours.write(key, content(data))
    found = theirs.get_blob(key)
    assert (str(found.generation), found.size) == (written.mark, size)
    assert found.metadata["mtime"] == "2023-11-14T22:13:20.25Z"
    # Without the address for it that was told: the emulator does not encode the key in that.
    assert digest(theirs.blob(key).download_as_bytes(checksum="crc32c")) == digest(data)
    assert [blob.name for blob in theirs.list_blobs()] == [key]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("size", [0, 1000, 17 * MIB])
def test_we_read_what_google_wrote(storage, theirs, key, size):
    ours, _ = storage
    data = bytes_of(size)
    theirs.blob(key, chunk_size=MIB if size > MIB else None).upload_from_string(data, checksum="crc32c")
    (listed,) = ours.list()
    assert (listed.key, listed.size) == (key, size)
    with ours.read(key) as opened:
        assert digest(opened.read()) == digest(data)
        opened.verify()
        assert abs(opened.modified_ns / 1e9 - listed.modified) < 0.001


FILES = {
    "plain.txt": (100, 1_700_000_000_123_456_789),
    "folder/empty": (0, 1_500_000_000_000_000_000),
    "folder/tenth.json": (MIB, 1_600_000_000_100_000_000),
    "before the epoch": (10, -1_000_000_001),
    "large.bin": (17 * MIB, 1_699_999_999_999_999_999),
}


def rclone_says(fake, bucket, *arguments):
    """Run rclone with the bucket as ``ours:``."""
    try:
        program = find_rclone()
    except SettingsError as error:
        missing(str(error))
    told = {
        "TYPE": "google cloud storage",
        "ANONYMOUS": "true",
        "ENDPOINT": f"{fake.endpoint}/storage/v1/",
        "NO_CHECK_BUCKET": "true",
    }
    environment = os.environ | {f"RCLONE_CONFIG_OURS_{name}": value for name, value in told.items()}
    command = [
        program,
        "--config",
        "",
        "--retries",
        "1",
        *(one.replace("ours:", f"ours:{bucket.name}") for one in arguments),
    ]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture
def tree(tmp_path):
    for number, (name, (size, mtime_ns)) in enumerate(FILES.items()):
        path = tmp_path / "tree" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(bytes_of(size + number)[:size])
        os.utime(path, ns=(mtime_ns, mtime_ns))
    return tmp_path / "tree"


@pytest.mark.slow
def test_rclone_takes_what_we_stored_for_unchanged(fake_gcs, bucket, tree):
    with (
        closing(GcsStorage(GcsAddress(bucket.name, fake_gcs.endpoint))) as storage,
        closing(LocalStorage(tree)) as folder,
    ):
        for name in FILES:
            with folder.read(name) as opened:
                storage.write(name, opened)
    checked = rclone_says(fake_gcs, bucket, "check", str(tree), "ours:")
    assert (checked.returncode, "0 differences found" in checked.stderr) == (0, True), checked.stderr
    copied = rclone_says(fake_gcs, bucket, "copy", "-v", "--modify-window", "1ns", str(tree), "ours:")
    assert "There was nothing to transfer" in copied.stderr, copied.stderr


@pytest.mark.slow
def test_we_read_the_times_that_rclone_wrote(fake_gcs, bucket, tree):
    ended = rclone_says(fake_gcs, bucket, "copy", str(tree), "ours:")
    assert ended.returncode == 0, ended.stderr
    with closing(GcsStorage(GcsAddress(bucket.name, fake_gcs.endpoint))) as storage:
        for name, (size, mtime_ns) in FILES.items():
            with storage.read(name) as opened:
                assert (opened.size, opened.modified_ns) == (size, mtime_ns)
                assert digest(opened.read()) == digest((tree / name).read_bytes())
