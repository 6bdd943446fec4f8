"""The results as Markdown."""

from collections.abc import Iterable

from bench.bars import Verdict, verdicts
from bench.cases.answering import BUSY, IDLE, POLLS
from bench.cases.interruption import IN_FLIGHT, LEFT_BEHIND, PARTS_AGAIN, SENT_AGAIN
from bench.cases.planning import SPEED
from bench.cases.repeats import FIRST
from bench.results import Results
from bench.sitting import CPU, PEAK, SERVER_CPU, WALL, Scale
from bench.summary import Medians, Summary
from bench.tools import SLUICE
from bench.trees import MIB

BUSY_LOAD = 1.0

Spelling = tuple[str, str, float]
"""Heading, format, and what the number is divided by."""

COLUMNS: dict[str, Spelling] = {
    WALL: ("wall, s", ".2f", 1),
    CPU: ("client CPU, s", ".2f", 1),
    PEAK: ("peak memory, MiB", ".0f", MIB),
    SERVER_CPU: ("server CPU, s", ".2f", 1),
    SENT_AGAIN: ("sent again, MiB", ".1f", MIB),
    PARTS_AGAIN: ("parts sent again", ".0f", 1),
    IN_FLIGHT: ("parts in flight when killed", ".0f", 1),
    LEFT_BEHIND: ("unfinished parts left in the bucket, MiB", ".1f", MIB),
    SPEED: ("entries per second", ",.0f", 1),
    BUSY: ("99th percentile while a job runs, ms", ".1f", 1),
    IDLE: ("99th percentile when idle, ms", ".1f", 1),
    POLLS: ("requests while it runs", ".0f", 1),
}
"""How each number is told, in the order of the columns."""


def titles(scale: Scale) -> dict[str, str]:
    """Return what each case is, in words, at this scale."""
    many = f"{scale.many_files:,} files of {_size(scale.many_bytes)}"
    small = f"{scale.small_files:,} files of {_size(scale.small_bytes)}"
    return {
        "small": f"Upload of {small}",
        "large": f"Upload of {scale.large_files} files of {_size(scale.large_bytes)}",
        FIRST: f"First upload of {many} (what the next four begin with; one round)",
        "nothing": f"{many}, nothing to do",
        "changed": f"{many}, {scale.changed_files:,} of them changed, half of these in size too",
        "hidden": f"{many}, one edited with its size and time kept",
        "replaced": f"{many}, one object replaced in the bucket by someone else, its size kept",
        "download": f"Download of {small}",
        "plan": f"Planning {scale.planned_entries:,} files of which none has changed, without storages",
        "resume": f"Upload of {_size(scale.resumed_bytes)} killed half-way, then brought to its end",
        "latency": f"`/get` while {small} are uploaded",
    }


def markdown(results: Results) -> str:
    """Return the whole report."""
    summary = Summary(results.runs)
    sections = [_opening(results), _bars(list(verdicts(summary, results.scale)))]
    for case, title in titles(results.scale).items():
        if medians := summary.case(case):
            sections.append(_section(title, medians))
    return "\n\n".join([*sections, _tools(results)]) + "\n"


def _opening(results: Results) -> str:
    machine = results.machine
    days = sorted({taken["made"] for taken in results.taken.values()})
    return (
        "# Measured\n\n"
        f"Medians of rounds in which the tools took turns, on {machine['processors']} processors, "
        f"{machine['memory_gib']} GiB, {machine['kernel']}, Python {machine['python']}; {' to '.join(days)}. "
        f"The server, {machine['server']}, works on the same processors over loopback. Another machine gives other "
        "seconds, so read the ratios. After each run, all bytes were compared. Written by `make bench`."
        + _doubt(results)
    )


def _doubt(results: Results) -> str:
    """Return what must be said when the processors had other work too."""
    busy = max(taken["load"] for taken in results.taken.values())
    return (
        f"\n\n**The machine was busy when it began (load {busy}): the times are doubtful.**" if busy > BUSY_LOAD else ""
    )


def _bars(found: Iterable[Verdict]) -> str:
    rows = [
        [
            verdict.bar.case,
            verdict.bar.what,
            _limit(verdict),
            _number(verdict.reached, verdict.bar.unit),
            _said(verdict),
        ]
        for verdict in found
    ]
    return "## The bars\n\n" + _table(["case", "what", "bar", "measured", ""], rows)


def _limit(verdict: Verdict) -> str:
    word = "at least" if verdict.bar.is_least else "at most"
    return f"{word} {_number(verdict.bar.limit, verdict.bar.unit)}"


def _said(verdict: Verdict) -> str:
    if verdict.is_met:
        return "met"
    by = verdict.missed_by
    return "**missed**" if by is None else f"**missed by {by:.0%}**"


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}".rstrip() if value >= 1000 or value == int(value) else f"{value:.3g} {unit}".rstrip()


def _section(title: str, medians: dict[str, Medians]) -> str:
    names = [name for name in COLUMNS if any(name in found.numbers for found in medians.values())]
    compares = SLUICE in medians and len(medians) > 1 and WALL in names
    headings = ["tool", *(COLUMNS[name][0] for name in names), *(["wall / ours"] if compares else []), "left wrong"]
    rows = [_row(tool, found, names, medians[SLUICE] if compares else None) for tool, found in medians.items()]
    return f"## {title}\n\n" + _table(headings, rows)


def _row(tool: str, found: Medians, names: Iterable[str], ours: Medians | None) -> list[str]:
    cells = [f"**{tool}**" if tool == SLUICE else tool]
    cells += [_cell(name, found.numbers.get(name)) for name in names]
    if ours is not None:
        cells.append(f"{found.numbers[WALL] / ours.numbers[WALL]:.2f}")
    return [*cells, f"**{found.wrong:,}**" if found.wrong else "0"]


def _cell(name: str, value: float | None) -> str:
    _, spelling, unit = COLUMNS[name]
    return "" if value is None else format(value / unit, spelling)


def _tools(results: Results) -> str:
    rows = [[name, told["version"], f"`{told['how']}`"] for name, told in results.tools.items()]
    return "## The tools\n\n" + _table(["tool", "version", "what is run"], rows)


def _table(headings: list[str], rows: Iterable[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _size(count: int) -> str:
    for unit, name in ((1024 * MIB, "GiB"), (MIB, "MiB"), (1024, "KiB")):
        if count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count} bytes"
