"""What is told of a mirror in which something may not be read, by a process that permissions bind."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.permissions import bound_by_permissions

ROOT = Path(__file__).parents[3]
START = """
import sys
from pathlib import Path
from app.datasets.annotations import annotations_of
from app.datasets.contract import Form, Part
from app.datasets.frames import frames_of
from app.datasets.layout import problems_of
from app.errors import SourceUnreadable
folder = Path(sys.argv[1])
"""
FRAMES = """
try:
    print(frames_of(folder, "", Part.TRAIN, 9))
except SourceUnreadable as error:
    print("SourceUnreadable", error)
"""
PROBLEMS = "print(*(f'{path}: {message}' for path, message in problems_of(folder)), sep='|')"
LABELS = "print(annotations_of(folder, '', Part.TRAIN, Form.CLASSIFICATION, None).content)"


def said(folder, program):
    command = [sys.executable, "-c", START + program, str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, preexec_fn=bound_by_permissions
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def folder(mirror):
    label = [{"img_external_id": "a", "img_label": 1}]
    folder = mirror({"images/train/a.jpg": "x", "annotations/train/a.json": label, "annotations/train/b.json": label})
    closed = [folder / "images/train", folder / "annotations/train/a.json"]
    for path in closed:
        path.chmod(0)
    yield folder
    for path in closed:
        path.chmod(0o700)


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(folder):
    assert said(folder, FRAMES).startswith("SourceUnreadable")
    assert "images/train cannot be read: Permission denied" in said(folder, FRAMES)


def test_a_file_that_cannot_be_read_is_left_out_of_the_annotations(folder):
    assert said(folder, LABELS) == "[{'img_external_id': 'a', 'img_label': 1}]"


def test_what_cannot_be_read_is_a_problem(folder):
    (folder / "images/train").chmod(0o700)

    [problem] = said(folder, PROBLEMS).split("|")

    assert problem.startswith("annotations/train/a.json: ")
    assert "Permission denied" in problem
