"""Steps put aside come back as they went in."""

from app.storages.base import Entry
from app.transfer.plan import Compare, Delete, Upload
from app.transfer.spool import MEMORY_BYTES, Spool

STEPS = [
    Upload(Entry("a\n\u2028\u201b\U0001f600", 5, 1.25), "new", blocked=True),
    Compare(Entry("b", 1, 2.0), Entry("b", 1, 3.0, "etag")),
    Delete(Entry("c", 0, 0.0, None), blocking=True),
]


def test_steps_come_out_in_the_order_and_form_in_which_they_went_in(tmp_path):
    with Spool(tmp_path) as spool:
        for step in STEPS:
            spool.put(step)

        assert list(spool) == STEPS
        assert spool.pop() is None


def test_putting_and_taking_can_alternate(tmp_path):
    with Spool(tmp_path) as spool:
        seen = []
        for number in range(1000):
            spool.put(Delete(Entry(f"k{number}", 0, 0.0)))
            if number % 3 == 0:
                seen.append(spool.pop())
        seen += list(spool)

        assert [step.entry.key for step in seen] == [f"k{number}" for number in range(1000)]
        assert len(spool) == 0


def test_many_steps_go_to_a_file_that_vanishes(tmp_path):
    with Spool(tmp_path) as spool:
        for number in range(MEMORY_BYTES // 1000):
            spool.put(Delete(Entry("k" * 1000 + str(number), 0, 0.0)))
        spool.put(Delete(Entry("last", 0, 0.0)))

        assert [step.entry.key for step in spool][-1] == "last"
    assert list(tmp_path.iterdir()) == []
