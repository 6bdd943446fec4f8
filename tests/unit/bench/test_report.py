"""From runs to medians, verdicts, a report and a picture."""

import importlib
import importlib.util

import pytest

from bench.bars import Bar, Verdict, verdicts
from bench.cases import CASES
from bench.cases.answering import BUSY
from bench.cases.interruption import IN_FLIGHT, PARTS_AGAIN
from bench.cases.repeats import FIRST
from bench.report import COLUMNS, markdown, titles
from bench.results import Results
from bench.sitting import CPU, PEAK, SERVER_CPU, WALL, Run, Scale
from bench.summary import Summary
from bench.tools import RCLONE, RCLONE_BY_SIZE, S5CMD, SLUICE
from bench.trees import MIB
from tests.support.servers import missing


def run(case, tool, number=0, wrong=0, **numbers):
    return Run(case, tool, number, wrong, numbers)


def results(*runs):
    taken = {found.case: {"made": "2026-11-01", "load": 0.1} for found in runs}
    machine = {"processors": 2, "memory_gib": 8, "kernel": "Linux", "python": "3.11", "server": "rclone"}
    return Results(machine, {SLUICE: {"version": "1", "how": "a job"}}, Scale(), taken, list(runs))


def moved(case, tool, wall, cpu=1.0, peak=100 * MIB):
    return run(case, tool, **{WALL: wall, CPU: cpu, PEAK: peak, SERVER_CPU: 1.0})


@pytest.mark.parametrize(
    ("limit", "is_least", "reached", "is_met", "missed_by"),
    [
        pytest.param(4, True, 4.0, True, None, id="just fast enough"),
        pytest.param(4, True, 3.0, False, 0.25, id="a quarter too slow"),
        pytest.param(150, False, 150.0, True, None, id="just small enough"),
        pytest.param(150, False, 300.0, False, 1.0, id="twice as large"),
        pytest.param(0, False, 2.0, False, None, id="nothing was allowed"),
    ],
)
def test_a_bar_is_met_or_missed_by_a_part_of_it(limit, is_least, reached, is_met, missed_by):
    bar = Bar("small", "what", limit, is_least, "", lambda *_: reached)
    verdict = Verdict(bar, reached)

    assert verdict.is_met is is_met
    assert verdict.missed_by == missed_by


def test_bars_read_what_the_runs_say():
    found = results(
        moved("small", SLUICE, 2.0, cpu=3.0),
        moved("small", RCLONE, 5.0),
        moved("small", S5CMD, 6.0),
        moved("nothing", SLUICE, 3.0, peak=120 * MIB),
        moved("nothing", RCLONE_BY_SIZE, 2.4),
        moved("large", SLUICE, 10.0, cpu=4.0),
        moved("large", RCLONE, 12.0, cpu=9.0),
        moved("large", S5CMD, 9.0, cpu=5.0),
        run("resume", SLUICE, **{PARTS_AGAIN: 9, IN_FLIGHT: 7}),
        run("latency", SLUICE, **{BUSY: 20.0}),
    )
    read = {(each.bar.case, each.bar.what): each.reached for each in verdicts(Summary(found.runs), found.scale)}

    assert read == {
        ("small", "times as fast as rclone"): 2.5,
        ("small", "times as fast as s5cmd"): 3.0,
        ("small", "our CPU per file, everything included"): 0.3,
        ("nothing", "times as fast as rclone --size-only"): pytest.approx(0.8),
        ("nothing", "our peak memory"): 120,
        ("large", "times as fast as the fastest of the others"): 0.9,
        ("large", "the least CPU of the others, in ours"): 1.25,
        ("resume", "parts sent again beyond those in flight"): 2,
        ("latency", "99th percentile of /get while a job runs"): 20.0,
    }


def test_the_median_of_the_rounds_counts_and_the_worst_result():
    summary = Summary(
        [run("hidden", S5CMD, n, wrong, **{WALL: wall}) for n, wrong, wall in [(0, 0, 9), (1, 1, 1), (2, 0, 2)]]
    )
    medians = summary.case("hidden")[S5CMD]

    assert (medians.rounds, medians.wrong, medians.numbers) == (3, 1, {WALL: 2})


def test_every_case_and_every_number_has_its_words():
    assert set(titles(Scale())) == {*CASES, FIRST}
    assert all(heading for heading, _, _ in COLUMNS.values())


def test_the_report_says_who_was_wrong_and_which_bar_was_missed():
    text = markdown(
        results(moved("small", SLUICE, 4.0), moved("small", RCLONE, 6.0), run("hidden", S5CMD, 0, 1, **{WALL: 1.0}))
    )

    assert "| small | times as fast as rclone | at least 2.5 | 1.5 | **missed by 40%** |" in text
    assert "| **Sluice** | 4.00 | 1.00 | 100 | 1.00 | 1.00 | 0 |" in text
    assert "| rclone | 6.00 | 1.00 | 100 | 1.00 | 1.50 | 0 |" in text
    assert "| s5cmd | 1.00 | **1** |" in text


def test_results_come_back_from_their_file_as_they_were(tmp_path):
    found = results(moved("small", SLUICE, 4.0))
    found.save(tmp_path / "results.json")

    assert Results.load(tmp_path / "results.json") == found


def test_new_runs_of_a_case_take_the_place_of_the_old_ones():
    found = results(moved("small", SLUICE, 4.0), moved("large", SLUICE, 9.0))
    later = found.with_runs([moved("small", SLUICE, 3.0)], {"made": "2026-11-02", "load": 0.2})

    assert [(each.case, each.numbers[WALL]) for each in later.runs] == [("large", 9.0), ("small", 3.0)]
    assert later.taken["small"]["made"] == "2026-11-02"
    assert later.taken["large"]["made"] == "2026-11-01"


def test_results_of_another_scale_are_not_mixed():
    small = Results({}, {}, Scale(small_files=1), {}, [])
    with pytest.raises(ValueError, match="another scale"):
        results().beside(small)


def test_the_same_results_are_drawn_as_the_same_bytes(tmp_path):
    if importlib.util.find_spec("matplotlib") is None:
        missing("matplotlib is not installed; `make bench` does that.")
    draw = importlib.import_module("bench.plot").draw

    found = results(moved("small", SLUICE, 4.0), moved("small", RCLONE, 6.0), moved("nothing", S5CMD, 1.0))
    draw(found, tmp_path / "one.svg")
    draw(found, tmp_path / "two.svg")

    picture = (tmp_path / "one.svg").read_bytes()
    assert picture.startswith(b"<?xml")
    assert picture == (tmp_path / "two.svg").read_bytes()


@pytest.mark.parametrize(("load", "is_told"), [(0.4, False), (3.5, True)])
def test_a_report_of_a_busy_machine_says_so(load, is_told):
    found = results().with_runs([moved("small", SLUICE, 4.0)], {"made": "2026-11-01", "load": load})

    assert ("doubtful" in markdown(found)) is is_told
