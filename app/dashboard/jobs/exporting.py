"""The steps of a job as files to keep: CSV and newline-delimited JSON, made line by line. Pure.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return for a formula, and
names of files are anybody's: in CSV such a cell gets an apostrophe in front (OWASP, "CSV Injection").
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from app.jobs.contract import Step
from app.web.timestamps import timestamp

COLUMNS = ("number", "action", "key", "status", "bytes", "reason", "message", "finished_at")

_LINES = 500  # as many go out at once
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(steps: Iterable[Step]) -> Iterator[str]:
    """Yield a CSV document (RFC 4180, with a line of names) in pieces of some hundred lines."""
    yield _written([COLUMNS])
    for some in _batches(steps):
        yield _written([_harmless(value) for value in _values(step)] for step in some)


def json_lines(steps: Iterable[Step]) -> Iterator[str]:
    """Yield one JSON object for each step, a line each, in pieces of some hundred lines; keys are as they are."""
    for some in _batches(steps):
        yield "".join(
            json.dumps(dict(zip(COLUMNS, _values(step), strict=True)), ensure_ascii=False) + "\n" for step in some
        )


def _values(step: Step) -> tuple[Any, ...]:
    record = step.record
    done_at = timestamp(record.finished_at)
    return (
        step.number,
        record.action,
        record.key,
        record.status.value,
        record.size,
        record.reason,
        record.message,
        done_at,
    )


def _written(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _batches(steps: Iterable[Step]) -> Iterator[list[Step]]:
    rest = iter(steps)
    while some := list(islice(rest, _LINES)):
        yield some
