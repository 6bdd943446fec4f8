"""No space, no inodes, no file descriptors: a reason is told, what is unfinished goes, and nothing is deleted for it."""

import json
import os

import pytest

from app.storages.local.walk import PART_PREFIX
from tests.support.buckets import own_bucket
from tests.support.disks import fill, full_disk, mounted
from tests.support.files import make
from tests.support.galaxy import Hold
from tests.support.meddling import meddling
from tests.support.programs import Program
from tests.support.service import eventually, running_service
from tests.support.trees import bucket_objects, tree_objects

pytestmark = [pytest.mark.fault(6), pytest.mark.slow]

MIB = 1 << 20


def parts_in(folder):
    return [path for path in folder.rglob("*") if path.name.startswith(PART_PREFIX)]


@pytest.mark.parametrize(
    ("disk", "objects"),
    [
        pytest.param("size=4m", {f"new/{n}": os.urandom(MIB) for n in range(6)}, id="of space"),
        pytest.param("size=4m", {"new": os.urandom(6 * MIB)}, id="of space for one"),
        pytest.param("size=4m,nr_inodes=12", {f"new/{n}": b"%d" % n for n in range(30)}, id="of inodes"),
    ],
)
def test_a_download_onto_a_disk_that_runs_out_ends_and_leaves_the_service_its_share(mirrored, disk, objects):
    with mounted(mirrored.folder, disk) as folder, own_bucket(mirrored.proxy.server, mirrored.bucket, objects):
        make(folder, "mine")
        assert mirrored.mirror(direction="download", delete=True) == ("failed", "storage_full")

        left = tree_objects(folder)
        assert left.pop("mine") == b"data"
        assert left.items() <= objects.items()
        assert parts_in(folder) == []
        room = os.statvfs(folder)
        assert room.f_bavail * room.f_frsize >= room.f_blocks * room.f_frsize // 20


def asked_for_more(service):
    return service.session.post(service.url + "/sync", json={"dest": "other"}, timeout=60)


def test_a_service_whose_disk_is_full_answers_and_goes_on_when_there_is_space(rclone, tmp_path):
    with full_disk(tmp_path / "disk", 48) as disk, meddling(rclone) as proxy:
        for name in ("var", "service.log"):  # the database, and what is logged
            (tmp_path / name).symlink_to(disk / name)
        (disk / "var").mkdir(0o700)
        with running_service(tmp_path, proxy.as_server) as service:
            make(service.uploads, "a", "b", "c")
            proxy.before = hold = Hold("PUT", "full-disk/c")
            job = service.sync(dest="full-disk")["id"]
            hold.wait()
            filling = fill(disk)
            hold.release()
            eventually(lambda: bucket_objects(rclone, "full-disk") == tree_objects(service.uploads))
            for _ in range(20):
                assert service.session.get(service.url + "/health", timeout=60).status_code == 200
                assert service.session.get(service.url + "/no-such-route", timeout=60).status_code == 404
            eventually(lambda: asked_for_more(service).status_code == 503)  # its journal may have some room left
            filling.unlink()

            assert service.finished(job)["status"] == "succeeded"
            assert service.mirrored(dest="full-disk")["unchanged"] == 3


def test_a_process_without_descriptors_leaves_out_what_it_cannot_open_and_lives(tmp_path):
    make(tmp_path / "source", "a", "d/e/f/1", "d/2", "z")
    child = Program("-c", _WITH_FEW_DESCRIPTORS, str(tmp_path), environ=dict(os.environ))
    out, err = child.communicate(timeout=200)
    assert child.wait() == 0, err
    *few, enough = map(json.loads, out.splitlines())

    assert [bool(each["failed"]) for each in few[:3]] == [True] * 3
    assert all("gone" in each["target"] for each in few if each["failed"])
    assert enough == {"failed": {}, "target": ["a", "d/2", "d/e/f/1", "z"]}


_WITH_FEW_DESCRIPTORS = """
import json, os, resource, sys
from pathlib import Path
from app.cancellation import CancelToken
from app.errors import SluiceError
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.run import MirrorOptions, MirrorRun

folder = Path(sys.argv[1])

def mirrored(free):
    target, events, failed = MemoryStorage(exists=True), [], {}
    target.write("gone", MemoryContent(b"", 0))
    options = MirrorOptions(name="target", spool_dir=folder, threads=2)
    for descriptor in free:
        os.close(descriptor)
    try:
        MirrorRun(LocalStorage(folder / "source"), target, options, events.append, CancelToken()).run()
    except SluiceError as error:
        failed["job"] = error.reason
    failed |= {event.key: event.reason for event in events if getattr(event, "status", "") == "failed"}
    return {"failed": failed, "target": sorted(listed.key for listed in target.list())}

def all_there_are():
    taken = []
    try:
        while True:
            taken.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        return taken

before = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
told = []
for number in (0, 1, 2, 3, 4, 64):
    taken = all_there_are()
    told.append(mirrored(taken[:number]))
    for descriptor in taken[number:]:
        os.close(descriptor)
print(*map(json.dumps, told), sep="\\n")
"""
