"""Who counts on a full disk lives on, and no count that another process reads is damaged by it."""

from contextlib import closing

import pytest

from app.monitoring.allocated import Allocated, AllocatedSomewhere
from app.monitoring.folding import folded
from tests.support.disks import fill, full_disk, mounted

pytestmark = pytest.mark.fault(6)

MANY = 500  # more than fit into what is mapped at first
GONE = 2**22 + 1  # no process has such a number


@pytest.fixture
def disk(tmp_path):
    with full_disk(tmp_path / "disk", 1) as folder:
        yield folder


def count(counters, numbers):
    for number in numbers:
        counters.write_value(
            f"a count with a name as long as those of our routes are, number {number}" + "x" * 100, number, 0
        )


def counted(path):
    return {value for _, value, _, _ in Allocated.read_all_values_from_file(str(path))}


def test_counts_are_read_as_the_library_writes_them(disk):
    counters = AllocatedSomewhere(str(disk / "counter_1.db"))
    count(counters, range(MANY))
    assert counted(disk / "counter_1.db") == set(range(MANY))
    assert (disk / "counter_1.db").stat().st_blocks * 512 >= (disk / "counter_1.db").stat().st_size
    counters.close()


def test_a_disk_that_gives_no_blocks_ahead_is_counted_on_too(tmp_path):
    with mounted(tmp_path / "disk", kind="ramfs") as disk:  # as NFS up to 4.1, ext3 and others
        counters = AllocatedSomewhere(str(disk / "counter_1.db"))
        count(counters, range(MANY))
        assert counted(disk / "counter_1.db") == set(range(MANY))
        counters.close()


def test_on_a_full_disk_a_process_counts_in_memory_and_leaves_no_file(disk):
    fill(disk)
    counters = AllocatedSomewhere(str(disk / "counter_1.db"))
    count(counters, range(MANY))
    assert {value for _, value, _ in counters.read_all_values()} == set(range(MANY))
    counters.close()
    assert [path.name for path in disk.iterdir()] == ["filling"]


def test_when_the_disk_becomes_full_what_was_counted_stays_and_counting_goes_on(disk):
    counters = AllocatedSomewhere(str(disk / "counter_1.db"))
    count(counters, [1, 2])
    fill(disk)
    count(counters, range(MANY))
    assert {value for _, value, _ in counters.read_all_values()} == set(range(MANY))
    assert {1, 2} <= counted(disk / "counter_1.db")
    counters.close()


@pytest.mark.parametrize("dead", [False, True], ids=["the first to die", "not the first"])
def test_the_counts_of_the_dead_stay_where_they_are_until_there_is_space(disk, dead):
    for name, numbers in ((GONE, range(MANY)), *([("dead", [7])] if dead else [])):
        with closing(Allocated(str(disk / f"counter_{name}.db"))) as counters:
            count(counters, numbers)
    (disk / "lock").touch()
    filling = fill(disk)
    with folded(disk):
        assert counted(disk / f"counter_{GONE}.db") == set(range(MANY))
    assert {path.name for path in disk.iterdir()} == {
        "lock",
        "filling",
        f"counter_{GONE}.db",
        *(["counter_dead.db"] if dead else []),
    }

    filling.unlink()
    with folded(disk):
        assert max(counted(disk / "counter_dead.db")) == MANY - 1
    assert not (disk / f"counter_{GONE}.db").exists()
