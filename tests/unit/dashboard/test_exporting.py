"""The history as files: every field as it is, and no cell that a spreadsheet would take for a formula."""

import csv
import io
import json
from itertools import islice

import pytest

from app.dashboard.jobs.exporting import COLUMNS, csv_lines, json_lines
from app.jobs.contract import Step, StepRecord, StepStatus

ODD = ['a,"b"', "a\nb", "ä 🦦", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "'quoted", " =1", "", "x" * 1000, "\u202eexe"]


def step(number, key="a/b", message=""):
    return Step(number, StepRecord("upload", key, StepStatus.FAILED, 5, "file_changed", message, 0.25))


def table(steps):
    return list(csv.reader(io.StringIO("".join(csv_lines(steps)), newline="")))


def test_a_line_holds_the_step():
    assert table([step(7, message="It changed.")]) == [
        list(COLUMNS),
        ["7", "upload", "a/b", "failed", "5", "file_changed", "It changed.", "1970-01-01T00:00:00.250000Z"],
    ]
    assert json.loads("".join(json_lines([step(7, message="It changed.")]))) == {
        "number": 7,
        "action": "upload",
        "key": "a/b",
        "status": "failed",
        "bytes": 5,
        "reason": "file_changed",
        "message": "It changed.",
        "finished_at": "1970-01-01T00:00:00.250000Z",
    }


@pytest.mark.parametrize("key", ODD)
def test_an_odd_key_comes_back_as_it_was(key):
    (line,) = "".join(json_lines([step(1, key)])).splitlines()
    ((_, row),) = [table([step(1, key)])]

    assert json.loads(line)["key"] == key
    assert row[2] == (f"'{key}" if key[:1] in "=+-@\t\r" and key else key)
    assert len(row) == len(COLUMNS)


@pytest.mark.parametrize("message", ["=HYPERLINK(1)", "@x"])
def test_a_message_is_no_formula_either(message):
    assert table([step(1, message=message)])[1][6] == f"'{message}"


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1700])
def test_all_steps_are_there_in_their_order(count):
    steps = [step(number) for number in range(count)]

    assert [row[0] for row in table(steps)] == ["number", *map(str, range(count))]
    assert [json.loads(line)["number"] for line in "".join(json_lines(steps)).splitlines()] == list(range(count))


def test_a_document_is_made_while_it_is_read():
    taken = []

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield step(number)
            number += 1

    assert len(list(islice(csv_lines(endless()), 3))) == 3
    assert len(taken) <= 1001
