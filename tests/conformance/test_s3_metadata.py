"""What we store, rclone takes for unchanged: the same time to the nanosecond, the same content."""

import os
import subprocess
import uuid
from contextlib import closing

import pytest

from app.errors import SettingsError
from app.storages.embedded.server import find_rclone
from app.storages.local import LocalStorage
from app.storages.s3 import S3Storage
from tests.conformance.contents import MIB, bytes_of
from tests.conformance.subjects import client_of
from tests.support.servers import missing

FILES = {
    "plain.txt": (100, 1_700_000_000_123_456_789),
    "folder/empty": (0, 1_500_000_000_000_000_000),
    "folder/tenth.json": (5 * MIB, 1_600_000_000_100_000_000),
    "folder/epoch": (10, 0),
    "before the epoch": (10, -1_000_000_001),
    "large.bin": (17 * MIB, 1_699_999_999_999_999_999),
}


@pytest.fixture
def server(rclone):
    return rclone


@pytest.fixture
def uploaded(tmp_path, server):
    """A folder whose files were stored in a bucket, by both lanes and in parts."""
    address = server.bucket("b" + uuid.uuid4().hex)
    for number, (name, (size, mtime_ns)) in enumerate(FILES.items()):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes_of(size + number)[:size])
        os.utime(path, ns=(mtime_ns, mtime_ns))
    with closing(S3Storage(address)) as storage, closing(LocalStorage(tmp_path)) as folder:
        storage.create()
        for name in FILES:
            with folder.read(name) as content:
                storage.write(name, content)
    return tmp_path, address


@pytest.fixture(params=["obstore", "boto3"], autouse=True)
def lane(request, monkeypatch):
    if request.param == "boto3":
        monkeypatch.setenv("AWS_CHECKSUM_ALGORITHM", "SHA256")


def rclone_says(address, *arguments):
    """Run rclone with the bucket's remote as ``ours:``."""
    try:
        program = find_rclone()
    except SettingsError as error:
        missing(str(error))
    environ = {
        "PATH": os.environ["PATH"],
        "RCLONE_CONFIG": "",
        "RCLONE_CONFIG_OURS_TYPE": "s3",
        "RCLONE_CONFIG_OURS_PROVIDER": "Other",
        "RCLONE_CONFIG_OURS_ENDPOINT": address.endpoint,
        "RCLONE_CONFIG_OURS_ACCESS_KEY_ID": address.access_key,
        "RCLONE_CONFIG_OURS_SECRET_ACCESS_KEY": address.secret_key,
        "TZ": "UTC",
    }
    done = subprocess.run([program, *arguments], check=False, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
def test_rclone_finds_nothing_to_do_after_us(uploaded):
    folder, address = uploaded
    remote = f"ours:{address.bucket}"
    assert "0 differences found" in rclone_says(address, "check", str(folder), remote)
    told = rclone_says(address, "sync", "--dry-run", "-v", str(folder), remote)
    assert "Skipped" not in told
    assert "There was nothing to transfer" in told
    assert sorted(rclone_says(address, "lsl", remote).splitlines()) == sorted(
        rclone_says(address, "lsl", str(folder)).splitlines()
    )


@pytest.mark.slow
def test_we_read_the_time_that_rclone_wrote(tmp_path, server):
    address = server.bucket("b" + uuid.uuid4().hex)
    (tmp_path / "file").write_bytes(b"data")
    os.utime(tmp_path / "file", ns=(0, 1_700_000_000_123_456_789))
    with closing(S3Storage(address)) as storage:
        storage.create()
        rclone_says(address, "copy", str(tmp_path), f"ours:{address.bucket}")
        assert storage.read("file").modified_ns == 1_700_000_000_123_456_789


def test_an_object_is_read_with_the_time_of_its_file(uploaded):
    _, address = uploaded
    with closing(S3Storage(address)) as storage:
        for name, (_, mtime_ns) in FILES.items():
            with storage.read(name) as opened:
                assert (name, opened.modified_ns) == (name, mtime_ns)


def test_the_content_type_is_stored(uploaded):
    _, address = uploaded
    with closing(client_of(address)) as client:
        types = {name: client.head_object(Bucket=address.bucket, Key=name)["ContentType"] for name in FILES}
    assert types["plain.txt"] == "text/plain"
    assert types["folder/tenth.json"] == "application/json"
    assert types["large.bin"] == "application/octet-stream"
