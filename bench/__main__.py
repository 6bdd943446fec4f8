"""The command: ``python -m bench``; ``make bench`` runs it with everything installed."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.cases import CASES, measured
from bench.plot import draw
from bench.programs import ToolMissing
from bench.report import markdown
from bench.results import Results, circumstances
from bench.sitting import QUICK, Run, Scale, Sitting
from bench.tools import TOOLS

RESULTS = Path(__file__).with_name("results")
logger = logging.getLogger("bench")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and write results.json, results.md and results.svg; return the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    asked = _parser().parse_args(arguments)
    asked.output.mkdir(parents=True, exist_ok=True)
    kept = asked.output / "results.json"
    if asked.redraw:
        _write(Results.load(kept), asked.output)
        return 0
    with tempfile.TemporaryDirectory(dir=asked.scratch, prefix="sluice-bench-") as scratch:
        sitting = _sitting(asked, Path(scratch))
        try:
            results = Results.begun(sitting)
        except ToolMissing as missing:
            logger.error("%s", missing)  # noqa: TRY400 - a sentence for people, no traceback
            return 1
        if asked.keep and kept.exists():
            results = results.beside(Results.load(kept))
        _measure(sitting, results, asked.output)
    return 0


def _measure(sitting: Sitting, results: Results, output: Path) -> None:
    """Keep the results after each run: a sitting that is broken off has not been for nothing, `--redraw` shows it."""
    taken, runs = circumstances(), list[Run]()
    for run in measured(sitting):
        runs.append(run)
        told = ", ".join(f"{name} {value:,.2f}" for name, value in run.numbers.items())
        logger.info("%s, round %d, %s: %s, %d wrong", run.case, run.round + 1, run.tool, told, run.wrong)
        results.with_runs(runs, taken).save(output / "results.json")
    _write(results.with_runs(runs, taken), output)


def _write(results: Results, output: Path) -> None:
    results.save(output / "results.json")
    (output / "results.md").write_text(markdown(results))
    draw(results, output / "results.svg")


def _sitting(asked: argparse.Namespace, scratch: Path) -> Sitting:
    tools = [tool for tool in TOOLS if tool.name in asked.tools]
    rounds = asked.rounds or (1 if asked.quick else 3)
    return Sitting(QUICK if asked.quick else Scale(), rounds, tools, frozenset(asked.cases), scratch)


def _parser() -> argparse.ArgumentParser:
    tools = [tool.name for tool in TOOLS]
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Sluice beside other tools.")
    add = parser.add_argument
    add("--cases", nargs="+", choices=CASES, default=CASES, metavar="CASE", help=f"of {', '.join(CASES)}")
    add("--tools", nargs="+", choices=tools, default=tools, metavar="TOOL", help=f"of {', '.join(map(repr, tools))}")
    add("--rounds", type=int, help="how often each tool runs in each case: 3 unless told, 1 with --quick")
    add("--quick", action="store_true", help="small trees, to see that everything works; the times say nothing")
    add("--output", type=Path, default=RESULTS, help="folder for results.json, results.md and results.svg")
    add("--scratch", type=Path, help="folder for about 6 GB of trees and objects, removed again")
    add("--keep", action="store_true", help="leave the results of the other cases in the output folder as they are")
    add("--redraw", action="store_true", help="measure nothing; write the report and the picture from results.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
