"""The command that takes the pictures of the documentation."""

import subprocess
import sys

import pytest
from PIL import Image

from tests.support.screenshots import LARGEST, NAMES
from tests.support.service import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("browser", "rclone")  # which say what is missing where one of them is
def test_every_picture_is_taken_and_small(tmp_path):
    command = [sys.executable, "-m", "tests.support.screenshots", str(tmp_path / "pictures")]
    subprocess.run(command, cwd=ROOT, check=True, timeout=280)
    taken = {path.name: path for path in (tmp_path / "pictures").iterdir()}

    assert set(taken) == {f"{name}.png" for name in NAMES}
    for name, path in taken.items():
        with Image.open(path) as image:
            assert (image.format, image.width) == ("PNG", 780 if name == "phone.png" else 1200), name
            assert len(image.convert("RGB").getcolors(1 << 24)) > 20, name  # a page, and no empty window
        assert path.stat().st_size <= LARGEST, name
