"""What files of users leave of a disk to the database."""

import os

import pytest

from app.errors import StorageFull
from app.library.disk import RESERVE, require_space, write_leaving_space


@pytest.fixture
def file(tmp_path):
    with (tmp_path / "file").open("wb", buffering=0) as opened:
        yield opened


def free_bytes(file):
    disk = os.fstatvfs(file.fileno())
    return disk.f_bavail * disk.f_frsize


def test_what_would_take_the_last_of_a_disk_is_refused(file):
    with pytest.raises(StorageFull, match="what the database needs"):
        require_space(file.fileno(), free_bytes(file))


def test_what_leaves_enough_is_not(file):
    if free_bytes(file) < 8 * RESERVE:
        pytest.skip("the disk of this machine is almost full")
    require_space(file.fileno(), free_bytes(file) - 4 * RESERVE)


def test_of_a_disk_that_does_not_tell_how_large_it_is_nothing_is_known():
    outlet, inlet = os.pipe()
    require_space(inlet, 1 << 60)
    os.close(outlet)
    os.close(inlet)


def test_all_of_a_piece_is_written(file):
    write_leaving_space(file, b"x" * 100_000)
    assert os.fstat(file.fileno()).st_size == 100_000
