"""The command: ``python -m bench.load``; how a Sluice of this machine bears a crowd while jobs run."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.load.sitting import Crowd, measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Let a crowd in, print what came of it, and return the exit status: 1 where anything was an error."""
    asked = _parser().parse_args(arguments)
    size = Crowd(asked.seconds, asked.clients, asked.jobs, asked.pause, asked.wait)
    with tempfile.TemporaryDirectory(dir=asked.scratch, prefix="sluice-load-") as folder:
        report = measured(size, Path(folder))
    sys.stdout.write(report.table() + "\n")
    return 1 if report.errors or report.wrong else 0


def _parser() -> argparse.ArgumentParser:
    usual = Crowd()
    parser = argparse.ArgumentParser(prog="python -m bench.load", description="Let a crowd in while jobs run.")
    add = parser.add_argument
    add("--seconds", type=float, default=usual.seconds, help="how long the crowd stays: %(default)s")
    add("--clients", type=int, default=usual.clients, help="how many clients there are: %(default)s")
    add("--jobs", type=int, default=usual.jobs, help="how many jobs run meanwhile: %(default)s")
    add("--pause", type=float, default=usual.pause, help="a client's seconds between requests, on average: %(default)s")
    add("--wait", type=float, default=usual.wait, help="a job's seconds between two files: %(default)s")
    add("--scratch", type=Path, help="folder for the service's files, removed again")
    return parser


if __name__ == "__main__":
    sys.exit(main())
