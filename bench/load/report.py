"""What a crowd was told, as a table for people and as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from bench.load.crowd import Answers
from bench.load.routes import SIGN_IN

MIB = 1024 * 1024
COLUMNS = ("route", "requests", "errors", "told to wait", "p50 ms", "p95 ms", "p99 ms", "longest ms")
ERRORS_TOLD = 20


@dataclass(frozen=True)
class Report:
    """What came of a sitting.

    Attributes:
        answers: by route.
        resident: bytes that all processes of the service held: before the crowd came, half-way, and at its end.
        cpu: seconds of processor time that the service used while the crowd was there.
        jobs: how many jobs succeeded meanwhile.
        wrong: what was said of jobs that did not.
    """

    answers: Mapping[str, Answers]
    resident: Sequence[int]
    cpu: float
    jobs: int
    wrong: Sequence[str]

    @property
    def errors(self) -> list[str]:
        """What was wrong with any request."""
        return [error for answers in self.answers.values() for error in answers.errors]

    def table(self) -> str:
        """Return all of it as a table in Markdown and some lines below."""
        others = [answers for name, answers in self.answers.items() if name != SIGN_IN]
        totals = [("all but signing in", Answers.of(others)), ("all", Answers.of(self.answers.values()))]
        rows = [*self.answers.items(), *totals]
        lines = [_cells(COLUMNS), _cells(["---"] * len(COLUMNS))]
        lines += [_row(name, answers) for name, answers in rows if answers.number]
        sizes = ", ".join(f"{size / MIB:.0f}" for size in self.resident)
        lines += ["", f"Resident MiB at the start, half-way and at the end: {sizes}."]
        lines += [f"Jobs that succeeded meanwhile: {self.jobs}. Processor seconds of the service: {self.cpu:.1f}."]
        lines += [f"ERROR {error}" for error in [*self.wrong, *sorted(set(self.errors))][:ERRORS_TOLD]]
        return "\n".join(lines)


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the least time within which this share of the requests was answered; 0 where there was none."""
    return sorted(seconds)[ceil(share * len(seconds)) - 1] if seconds else 0.0


def _row(name: str, answers: Answers) -> str:
    times = [percentile(answers.seconds, share) * 1000 for share in (0.5, 0.95, 0.99, 1)]
    counts = (answers.number, len(answers.errors), len(answers.later))
    return _cells([name, *map(str, counts), *(f"{time:.0f}" for time in times)])


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
