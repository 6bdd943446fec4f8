"""What is measured, by the names that ``--cases`` takes."""

from collections.abc import Callable, Iterator

from bench.cases.answering import LATENCY, answers_under_load
from bench.cases.interruption import RESUME, resumed_uploads
from bench.cases.planning import PLAN, plans
from bench.cases.repeats import CHANGED, HIDDEN, NOTHING, REPLACED, repeats
from bench.cases.transfers import (
    DOWNLOAD,
    LARGE,
    SMALL,
    downloads_of_small_files,
    uploads_of_large_files,
    uploads_of_small_files,
)
from bench.sitting import Run, Sitting

Measure = Callable[[Sitting], Iterator[Run]]

MEASURES: dict[Measure, frozenset[str]] = {
    uploads_of_small_files: frozenset({SMALL}),
    answers_under_load: frozenset({LATENCY}),
    downloads_of_small_files: frozenset({DOWNLOAD}),
    uploads_of_large_files: frozenset({LARGE}),
    resumed_uploads: frozenset({RESUME}),
    plans: frozenset({PLAN}),
    repeats: frozenset({NOTHING, CHANGED, HIDDEN, REPLACED}),
}
"""What measures which cases, in the order in which it is done."""

CASES = (SMALL, LARGE, NOTHING, CHANGED, HIDDEN, REPLACED, DOWNLOAD, PLAN, RESUME, LATENCY)


def measured(sitting: Sitting) -> Iterator[Run]:
    """Yield the runs of all wanted cases as they end."""
    for measure, cases in MEASURES.items():
        if cases & sitting.cases:
            yield from measure(sitting)
