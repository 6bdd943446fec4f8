"""The medians of all rounds, by case and tool."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.sitting import Run


@dataclass(frozen=True)
class Medians:
    """What a tool needed in a case.

    Attributes:
        rounds: how many there were.
        wrong: the largest number of files that a round left different.
        numbers: the median of each by itself.
    """

    rounds: int
    wrong: int
    numbers: dict[str, float]


class Summary:
    """The medians of a sitting.

    Args:
        runs: of any cases and tools.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        grouped: dict[str, dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
        for run in runs:
            grouped[run.case][run.tool].append(run)
        self._cases = {case: {tool: _medians(runs) for tool, runs in tools.items()} for case, tools in grouped.items()}

    def case(self, name: str) -> dict[str, Medians]:
        """Return the medians of a case by tool; empty when it was not measured."""
        return self._cases.get(name, {})

    def number(self, case: str, tool: str, name: str) -> float:
        """Return one median.

        Raises:
            KeyError: it was not measured.
        """
        return self._cases[case][tool].numbers[name]

    def least_of_others(self, case: str, tool: str, name: str) -> float:
        """Return the smallest median of a number among all tools but ``tool``.

        Raises:
            KeyError: nobody else was measured.
        """
        others = [found.numbers[name] for other, found in self._cases[case].items() if other != tool]
        if not others:
            raise KeyError(name)
        return min(others)


def _medians(runs: Sequence[Run]) -> Medians:
    numbers = {name: median(run.numbers[name] for run in runs) for name in runs[0].numbers}
    return Medians(len(runs), max(run.wrong for run in runs), numbers)
