"""Processes that look into images: what they may take, what they know, and every way in which they can fail."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.pictures import facts, thumbnail
from app.pictures.process import NoAnswer, NotStarted, TooSlow, answer_of
from tests.support.pictures import encoded, picture

ROOT = Path(__file__).parents[3]
ROSE = picture((40, 30), "JPEG")


@pytest.mark.parametrize("name", ["rose.jpg", "-m", "a b\n", "\u3042", "--help"])
def test_a_path_is_an_argument_whatever_is_in_it(tmp_path, name):
    (tmp_path / name).write_bytes(ROSE)

    assert answer_of("facts", str(tmp_path / name), seconds=60) == b'{"format": "JPEG", "width": 40, "height": 30}'


def test_data_comes_by_standard_input():
    assert answer_of("thumbnail", seconds=60, data=ROSE).startswith(b"\xff\xd8\xff")


def test_the_program_is_found_wherever_this_one_was_started(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit(9)")  # would be in the place of Python's own
    (tmp_path / "rose").write_bytes(ROSE)
    code = (
        f"import sys; sys.path.append({str(ROOT)!r}); from app.pictures.process import answer_of\n"
        "assert b'JPEG' in answer_of('facts', 'rose', seconds=60)"
    )

    subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, env={}, check=True)


def test_no_secret_is_in_its_environment():
    code = (
        "import os; os.environ['SEALING_KEYS'] = 'key-5e0c71'; from app.pictures import process\n"
        "assert not [name for name in process._environment() if name.startswith('SEALING')]\n"
        "assert 'PATH' in process._environment()"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("program", ["facts", "thumbnail"])
def test_what_is_no_image_has_no_answer(tmp_path, program):
    (tmp_path / "text").write_text("What is this?")

    with pytest.raises(NoAnswer) as caught:
        answer_of(program, str(tmp_path / "text"), seconds=60)
    assert caught.type is NoAnswer


def test_whoever_is_too_slow_is_ended():
    with pytest.raises(TooSlow):
        answer_of("facts", "/dev/null", seconds=0.0)


def test_a_system_that_can_start_no_process_says_so():
    code = (
        "import resource; from app.pictures.process import NotStarted, answer_of\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
        "try: answer_of('facts', 'x', seconds=60)\n"
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


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS knows no limit of the address space")
@pytest.mark.parametrize(("side", "is_known"), [(4000, True), (16_000, False)])
def test_an_image_that_needs_more_memory_is_not_known(tmp_path, side, is_known):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    canvas = struct.pack("<I", side - 1)[:3]
    (tmp_path / "moving").write_bytes(data[:24] + 2 * canvas + data[30:])  # Pillow makes two canvases when it opens it

    try:
        assert f'"width": {side}'.encode() in answer_of("facts", str(tmp_path / "moving"), seconds=60)
    except NoAnswer:
        assert not is_known
    else:
        assert is_known


@pytest.mark.slow
def test_an_image_that_needs_more_of_the_processor_is_not_known(tmp_path):
    with (tmp_path / "endless").open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0\0\x04ab")
        file.truncate(2**31)  # of zeros, which Pillow reads one by one to find a segment

    with pytest.raises(NoAnswer) as caught:
        answer_of("facts", str(tmp_path / "endless"), seconds=100)
    assert caught.type is NoAnswer
