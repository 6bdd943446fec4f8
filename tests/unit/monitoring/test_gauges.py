"""Numbers of the database, while it answers and while it does not."""

import threading
import time
from pathlib import Path

from app.errors import DatabaseUnavailable
from app.monitoring.gauges import Gauges
from app.monitoring.samples import Sample

ROOT = Path("/")


def told(gauges):
    return {family.name: [sample.value for sample in family.samples] for family in gauges.collect()}


def test_a_measure_is_told_beside_that_the_database_answers():
    found = told(Gauges([lambda: [Sample("sluice_things", "Things.", 3)]], "1.2.3", ROOT))

    assert found.pop("sluice_data_dir_bytes") >= found.pop("sluice_data_dir_free_bytes")
    assert found == {"sluice_build_info": [1], "sluice_database_up": [1], "sluice_things": [3]}


def test_a_database_that_is_down_is_0_and_tells_nothing():
    def down():
        raise DatabaseUnavailable("It is down.")

    found = told(Gauges([down, lambda: [Sample("sluice_things", "Things.", 3)]], "1.2.3", ROOT))

    assert found["sluice_database_up"] == [0]
    assert "sluice_things" not in found


def test_a_database_that_hangs_is_0_and_keeps_nobody():
    go = threading.Event()

    def hangs():
        assert go.wait(30)
        return []

    gauges = Gauges([hangs], "1.2.3", ROOT)
    began = time.monotonic()
    try:
        found = [told(gauges) for _ in range(50)]
    finally:
        go.set()

    assert time.monotonic() - began < 6
    assert found == [{"sluice_build_info": [1], "sluice_database_up": [0]}] * 50
