"""Writes docs/reliability.md: what goes wrong, what happens then, and the tests that prove it, read from their marks.

``python -m tests.support.reliability`` writes the page; a test compares it, so that it cannot drift.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.catalogue import FAULTS, INVARIANTS, LESSONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"

Word = int | str
"""What a mark can say: the number of a fault, ``I`` and that of an invariant, or the word of a lesson."""

HEAD = """\
# Reliability

What can go wrong, what Sluice does then, and the tests that prove it. This page is made from the marks of the tests by `make reliability`, and a test compares it with them:
a sentence without a test cannot stand here. `make test` runs them all. What is promised about attackers is in [SECURITY.md](../SECURITY.md).
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """A test, or all tests of a file, that prove something.

    Attributes:
        path: of the file, from the top of the repository.
        name: of the test, as in the file; empty: the file says it for all its tests.
    """

    path: str
    name: str = ""

    def __str__(self) -> str:
        told = self.name.removeprefix("test_").replace("_", " ") or "all tests of this file"
        return f"[{self.path.removeprefix('tests/')}](../{self.path}): {told}"


def known() -> set[Word]:
    """Return every word that a mark can say."""
    return {*FAULTS, *(f"I{number}" for number in INVARIANTS), *LESSONS}


@cache
def proofs() -> dict[Word, list[Proof]]:
    """Return the tests behind each word, in the order of paths and lines."""
    found: dict[Word, list[Proof]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for name, words in [("", _of_module(tree)), *_of_tests(tree)]:
            for word in words:
                found.setdefault(word, []).append(Proof(path.relative_to(ROOT).as_posix(), name))
    return found


def page() -> str:
    """Return the text of docs/reliability.md."""
    by = proofs()
    faults = [
        _section(f"{number}. {fault.title}", fault.outcome, by.get(number, ()))
        for number, fault in FAULTS.items()
        if fault.applies
    ]
    absent = [f"- {number}. {fault.title}: {fault.outcome}" for number, fault in FAULTS.items() if not fault.applies]
    rules = [_section(f"Invariant {number}", text, by.get(f"I{number}", ())) for number, text in INVARIANTS.items()]
    lessons = [_section(f"Lesson: {word}", text, by.get(word, ())) for word, text in LESSONS.items()]
    return "\n".join(
        [
            HEAD,
            "## Faults\n",
            *faults,
            "## Faults that cannot happen here\n",
            *absent,
            "\n## What always holds\n",
            *rules,
            "## Lessons of others\n",
            *lessons,
        ]
    )


def _section(title: str, text: str, tests: Sequence[Proof]) -> str:
    return "\n".join([f"### {title}\n", f"{text}\n", *(f"- {each}" for each in tests), ""])


def _of_module(tree: ast.Module) -> list[Word]:
    return [
        word
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id == "pytestmark" for to in node.targets)
        for word in _said(node.value.elts if isinstance(node.value, ast.List) else [node.value])
    ]


def _of_tests(tree: ast.Module) -> Iterator[tuple[str, list[Word]]]:
    for node in tree.body:
        outer = _said(node.decorator_list) if isinstance(node, ast.ClassDef) else []
        for each in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"):
                yield each.name, [*outer, *_said(each.decorator_list)]


def _said(marks: Sequence[ast.expr]) -> list[Word]:
    return [
        argument.value
        for each in marks
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.fault"
        for argument in each.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int | str)
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
