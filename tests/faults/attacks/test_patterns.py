"""Patterns that make other programs count for ever are matched at once, and hold nobody up."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.fault(36)]

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 200  # seconds; such a pattern and key take years with Python's expressions, and milliseconds here

STARS = "*" + "a*" * 30 + "b"
FOLDERS = "**/a/" * 30 + "b"
PATTERNS = {
    "stars in a name": STARS,
    "stars at a fixed place": f"/{STARS}",
    "stars of folders": FOLDERS,
    "both": f"**/{STARS}/**/{STARS}/**/c",
    "single characters": "*?" * 30 + "b",
    "ranges": "[a-z]*" * 30 + "1",
    "negated ranges": "*[!b]*[!c]" * 20 + "*[!a]",
    "stars side by side": "a**" * 30 + "b",
    "a long one": "*a" * 2_000 + "b",
    "letters of several bytes": "*é" * 30 + "b",
}
KEYS = {
    "one long name": "a" * 1_024,
    "very many folders": "a/" * 511 + "a",
    "names of some length": "/".join(["a" * 30] * 33),
    "ends almost as it should": "a" * 1_022 + "bc",
    "letters of several bytes": "é" * 512,
}

ASK = """
import sys
from app.transfer.filters import Filters, Rule
pattern, *keys = sys.argv[1:]
filters = Filters([Rule("exclude", pattern)] * 3 + [Rule("include", pattern + "x")])
print(*[filters.allows(key) for key in keys], *[filters.prunes(key + "/") for key in keys])
"""


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_no_pattern_takes_for_ever(pattern):
    command = [sys.executable, "-c", ASK, pattern, *KEYS.values()]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)

    assert asked.returncode == 0, asked.stderr
    assert len(asked.stdout.split()) == 2 * len(KEYS)
