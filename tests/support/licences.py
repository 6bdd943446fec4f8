"""Writes docs/licences.md, the licence of every package that the service runs on: ``python -m tests.support.licences``."""

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "licences.md"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)

_SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD",
    "Dual License": "Apache-2.0 OR BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "New BSD": "BSD-3-Clause",
}
"""What packages say that is no SPDX expression, and what it means. ``BSD`` is of those that do not say how many clauses."""

HEAD = """\
# Licences of what Sluice runs on

Every package of `requirements.txt`, and of `requirements-tracing.txt` for those who install it, with the licence that it tells in its own metadata. `make licences` writes this page; a
test compares it with the pins, and fails for a licence that is not among those which somebody looked at. The packages are used as they come: none is changed, and none is part
of this repository. The LGPL of psycopg and the MPL of certifi, pathspec and tqdm ask for something of who changes or passes on those packages, which the Docker image does: their
sources are on PyPI under the versions below.

| package | version | licence |
|---|---|---|
"""


def page() -> str:
    """Return the text of docs/licences.md."""
    return HEAD + "".join(f"| {name} | {version} | {licence(name)} |\n" for name, version in pins())


def pins() -> list[tuple[str, str]]:
    """Return name and version of every pinned package that users install, by name."""
    files = ("requirements.txt", "requirements-tracing.txt")
    return sorted({pin for file in files for pin in _PIN.findall((ROOT / file).read_text("utf-8"))})


def licence(name: str) -> str:
    """Return the licence of an installed package as an SPDX expression, as far as its metadata say one.

    Raises:
        LookupError: the package is not installed, or says nothing.
    """
    said = metadata(name)
    named: list[str] = [text for header in ("License-Expression", "License") for text in said.get_all(header) or ()]
    classifiers: list[str] = [
        text.rsplit(" :: ", 1)[1]
        for text in said.get_all("Classifier") or ()
        if text.startswith("License :: OSI Approved")
    ]
    first = next((text for text in [*named, *classifiers] if text and "\n" not in text), None)
    if first is None:
        raise LookupError(f"{name} does not say its licence in one line")
    return _SPELLINGS.get(first, first)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
