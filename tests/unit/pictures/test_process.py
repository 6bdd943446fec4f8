"""Processes that look into images: what they may take, what they know, and every way in which they can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.pictures import facts, thumbnail
from app.pictures.process import NoAnswer, NotStarted, TooSlow, answer_of
from tests.support.pictures import picture

ROOT = Path(__file__).parents[3]
ROSE = picture((40, 30), "JPEG")


def test_data_comes_by_standard_input():
    assert answer_of("thumbnail", seconds=60, data=ROSE).startswith(b"\xff\xd8\xff")


def test_the_program_is_found_wherever_this_one_was_started(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit(9)")  # would be in the place of Python's own
    (tmp_path / "rose").write_bytes(ROSE)
    code = (
        f"import sys; sys.path.append({str(ROOT)!r}); from app.pictures.process import answer_of\n"
        "assert answer_of('thumbnail', seconds=60, data=open('rose', 'rb').read())"
    )

    subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, env={}, check=True)


def test_no_secret_is_in_its_environment():
    code = (
        "import os; os.environ['SEALING_KEYS'] = 'key-5e0c71'; from app.pictures import process\n"
        "assert not [name for name in process._environment() if name.startswith('SEALING')]\n"
        "assert 'PATH' in process._environment()"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_what_is_no_image_has_no_answer():
    with pytest.raises(NoAnswer) as caught:
        answer_of("thumbnail", seconds=60, data=b"What is this?")
    assert caught.type is NoAnswer


def test_whoever_is_too_slow_is_ended():
    with pytest.raises(TooSlow):
        answer_of("thumbnail", seconds=0.0)


@pytest.mark.parametrize("files", [3, 4, 5, 6])
@pytest.mark.parametrize("call", ["answer_of('thumbnail', seconds=60)", "standing('standing')"])
def test_a_system_that_can_start_no_process_says_so(call, files):
    code = (
        "import resource; from app.pictures.process import NotStarted, answer_of, standing\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))\n"
        f"try: {call}\n"
        "except NotStarted: raise SystemExit(7)"
    )
    assert issubclass(NotStarted, NoAnswer)
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 7


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS knows no limit of the address space")
@pytest.mark.parametrize("program", [facts, thumbnail])
@pytest.mark.parametrize(("share", "status"), [(0.5, 0), (1, 1)])
def test_a_process_gets_no_more_memory_than_an_image_needs(program, share, status):
    code = (
        "import mmap; from app.pictures.limits import limit_this_process\n"
        f"limit_this_process({program.MEMORY}, {program.CPU_SECONDS}); mmap.mmap(-1, {int(program.MEMORY * share)})"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL, check=False)
    assert ended.returncode == status
