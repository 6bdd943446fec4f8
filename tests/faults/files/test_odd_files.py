"""Files that are none, or not what they say: nothing is waited for, nothing false is stored, and a cancel works."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from app.cancellation import CancelToken
from app.storages.local import LocalStorage
from app.storages.s3 import S3Storage
from app.storages.s3.address import S3Address
from app.transfer.run import MirrorOptions, MirrorRun
from tests.support.buckets import own_bucket
from tests.support.files import make
from tests.support.servers import ACCESS_KEY
from tests.support.service import eventually
from tests.support.storages import WrappedStorage
from tests.support.trees import bucket_objects

pytestmark = pytest.mark.fault(27)

LYING = Path("/proc/sys/fs/inotify")
TERABYTE = 1 << 40
MIB = 1 << 20


@pytest.fixture
def bucket(rclone, request):
    name = "odd-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:16]
    with own_bucket(rclone, name) as bucket:
        yield bucket


@pytest.fixture
def target(rclone, bucket, tmp_path):
    storage = S3Storage(
        S3Address(rclone.endpoint, bucket.name, ACCESS_KEY, rclone.secret_key), notes=tmp_path / "notes"
    )
    yield storage
    storage.close()


def mirror(source, target, tmp_path):
    """Return what failed, with its reason, and what counted as unchanged."""
    events = []
    options = MirrorOptions(name="target", spool_dir=tmp_path, threads=2)
    MirrorRun(source, target, options, events.append, CancelToken()).run()
    failed = {event.key: event.reason for event in events if getattr(event, "status", "") == "failed"}
    return failed, sum(getattr(event, "keys", 0) for event in events)


@pytest.mark.skipif(not LYING.is_dir(), reason="this system has no /proc/sys")
@pytest.mark.parametrize("old", [b"", b"an old object"], ids=["empty before", "another before"])
def test_a_file_that_says_it_is_empty_and_is_not_is_neither_stored_nor_unchanged(bucket, target, tmp_path, old):
    names = [path.name for path in LYING.iterdir()]
    bucket.put(dict.fromkeys([*names, "gone"], old))
    source = LocalStorage(LYING, confine=Path("/proc"))
    assert {listed.size for listed in source.list()} == {0}

    failed, unchanged = mirror(source, target, tmp_path)

    assert (failed, unchanged) == (dict.fromkeys(names, "file_changed"), 0)
    assert bucket_objects(bucket.server, bucket.name) == dict.fromkeys([*names, "gone"], old)


class Growing(WrappedStorage):
    """One file gets longer whenever it is opened."""

    def __init__(self, folder, key):
        super().__init__(LocalStorage(folder))
        self.path, self.key = folder / key, key

    def read(self, key):
        content = super().read(key)
        if key == self.key:
            with self.path.open("ab") as file:
                file.write(b"more")
        return content


def test_a_file_that_grows_for_ever_fails_and_the_others_arrive(bucket, target, tmp_path):
    make(tmp_path / "source", "a", "log", "z")
    bucket.put({"gone": b"stays"})

    failed, _ = mirror(Growing(tmp_path / "source", "log"), target, tmp_path)

    assert failed == {"log": "file_changed"}
    assert bucket_objects(bucket.server, bucket.name) == {"a": b"data", "z": b"data", "gone": b"stays"}


def highest_memory(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.slow
@pytest.mark.skipif(not LYING.is_dir(), reason="this system does not tell how much memory a process had")
def test_pipes_sockets_and_a_terabyte_of_nothing(mirrored):
    os.mkfifo(mirrored.folder / "pipe")
    (mirrored.folder / "too large").touch()
    os.truncate(mirrored.folder / "too large", 6 * TERABYTE)
    (mirrored.folder / "sparse").touch()
    os.truncate(mirrored.folder / "sparse", TERABYTE)
    os.mknod(mirrored.folder / "socket", stat.S_IFSOCK | 0o600)
    make(mirrored.folder, "small")
    [worker] = mirrored.service.workers()
    before = highest_memory(worker)

    job = mirrored.start()
    eventually(lambda: mirrored.service.get("/get", id=job)["done"]["bytes"] > 100 * MIB)
    eventually(lambda: mirrored.steps(job).keys() >= {"pipe", "socket", "small", "too large"})
    mirrored.service.get("/cancel", id=job)

    assert mirrored.end_of(job) == ("cancelled", "cancelled_by_user")
    assert highest_memory(worker) - before < 300 * MIB
    steps = mirrored.steps(job)
    assert {steps[name] for name in ("pipe", "socket")} == {("skipped", "not_a_file")}
    assert steps["too large"][0] == "failed"
    assert set(mirrored.objects) == {"small"}
    assert mirrored.open_uploads == []
