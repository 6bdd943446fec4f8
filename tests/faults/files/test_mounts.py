"""Disks that are mounted below the uploads folder and go away, at any moment: nothing is deleted."""

import shutil

import pytest

from tests.support.disks import mounted, unmount
from tests.support.files import make
from tests.support.galaxy import Hold

pytestmark = [pytest.mark.fault(25), pytest.mark.fault("I1"), pytest.mark.slow]


@pytest.fixture
def disk(mirrored):
    """A disk in the place of the folder, with two files that are in the bucket too."""
    with mounted(mirrored.folder) as folder:
        make(folder, "a", "sub/b")
        assert mirrored.mirror()[0] == "succeeded"
        yield folder


def test_a_disk_that_is_gone_deletes_nothing_and_comes_back(mirrored, disk):
    before = mirrored.objects
    unmount(disk)

    for parameters in ({}, {"source": mirrored.source + "/sub", "prefix": "sub/"}, {"direction": "download"}):
        assert mirrored.mirror(**parameters) == ("failed", "source_unreadable")
    assert mirrored.objects == before

    with mounted(disk):
        assert mirrored.mirror() == ("failed", "source_unreadable")
        assert mirrored.objects == before
        make(disk, "a", "c")
        assert mirrored.mirror()[0] == "succeeded"
    assert set(mirrored.objects) == {"a", "c"}


def test_a_disk_in_the_folder_that_is_gone_deletes_nothing(mirrored):
    make(mirrored.folder, "ordinary")
    with mounted(mirrored.folder / "deep" / "disk") as disk:
        make(disk, "a")
        assert mirrored.mirror()[0] == "succeeded"
    (mirrored.folder / "ordinary").unlink()

    assert mirrored.mirror() == ("failed", "source_unreadable")
    assert set(mirrored.objects) == {"ordinary", "deep/disk/a"}


def remove(folder):
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def replace_by_a_link(folder):
    unmount(folder)
    folder.rmdir()
    folder.symlink_to(folder.parent.parent)


@pytest.mark.parametrize("change", [unmount, remove, replace_by_a_link])
def test_what_happens_between_the_plan_and_the_deletions_deletes_nothing(mirrored, disk, change):
    before = mirrored.objects
    (disk / "sub" / "b").unlink()
    (disk / "new").write_bytes(b"new")
    mirrored.proxy.before = hold = Hold("PUT", f"{mirrored.bucket}/new")
    job = mirrored.start()
    hold.wait()
    change(disk)
    hold.release()

    assert mirrored.end_of(job) == ("failed", "source_unreadable")
    assert mirrored.objects == before | {"new": b"new"}
