"""Which keys a job looks at: include and exclude rules in gitignore's pattern language.

The rules are read in order and the last one that matches a key decides. A key that no rule matches is
looked at, unless the first rule is an include: then only what is included is. Unlike in git, something
below an excluded folder can be included again. What is excluded is neither uploaded nor deleted.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

import re2  # type: ignore[import-untyped]  # it ships no type information
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from app.errors import InvalidInput

QUOTED = 100
"""So much of a pattern is told where it is refused."""

_CLASS = re.compile(r"\[[!^]?\]?[^\]]*\[:")
"""A class such as ``[[:digit:]]``, which pathspec does not read as git does; refused rather than misunderstood."""

_LITERAL = re.compile(r"[^*?\[\\\s]+")
"""A segment of a pattern that stands for the one name that it is; blanks at the end of a pattern do not count."""


class Rule(NamedTuple):
    """One rule: ``kind`` is ``include`` or ``exclude``, ``pattern`` a gitignore pattern without a leading ``!``."""

    kind: str
    pattern: str


class Filters:
    """A compiled, immutable list of rules. Thread-safe.

    A key is matched with all rules in one pass, in time that grows with its length only, whatever the patterns are,
    and other threads run meanwhile: Python's own expressions take for ever with some patterns, and hold all threads.

    Args:
        rules: in the order in which they were given.

    Raises:
        InvalidInput: naming ``include`` or ``exclude`` and the pattern that cannot be read, or that they are too many.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules: Sequence[Rule] = tuple(rules)
        self._includes = [rule.kind == "include" for rule in self.rules]
        self._default = not self._includes or not self._includes[0]
        self._reaches = [_reach(rule.pattern) if rule.kind == "include" else None for rule in self.rules]
        self._matcher = _matcher(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def allows(self, key: str) -> bool:
        """Return whether the job looks at this key."""
        index = self._deciding(key)
        return self._default if index is None else self._includes[index]

    def prunes(self, folder: str) -> bool:
        """Return whether no key below ``folder`` (which ends with ``/``) can be allowed, so it need not be walked."""
        index = self._deciding(folder)
        if self._default if index is None else self._includes[index]:
            return False
        later = self._reaches if index is None else self._reaches[index:]
        return not any(reach is not None and (reach.startswith(folder) or folder.startswith(reach)) for reach in later)

    def _deciding(self, key: str) -> int | None:
        numbers = self._matcher.Match(key.encode(errors="replace"))
        if not numbers:  # not even the one that matches everything: re2 says so of a lack of memory
            raise RuntimeError("The rules could not be matched, for want of memory.")
        last = max(numbers)
        return last - 1 if last else None


def _reach(pattern: str) -> str:
    """Return the folder, ``/`` at its end, that all lies in, or is, that a pattern matches; empty for anywhere."""
    segments = pattern.removeprefix("/").split("/")
    if not pattern.startswith("/") and not any(map(str.strip, segments[1:])):
        return ""
    return "".join(f"{segment}/" for segment in takewhile(_LITERAL.fullmatch, segments))


def _matcher(rules: Sequence[Rule]) -> Any:
    """Return the set of all patterns, numbered from 1; number 0 matches everything."""
    expressions = [_expression(rule) for rule in rules]
    try:
        return _set_of(["", *expressions])
    except re2.error:
        for rule, expression in zip(rules, expressions, strict=True):
            _require_matchable(rule, expression)
        raise InvalidInput(
            rules[-1].kind, "These are too many rules, or too complicated, to be matched at once."
        ) from None


def _require_matchable(rule: Rule, expression: str) -> None:
    try:
        _set_of([expression])
    except re2.error:  # such as the range z-a
        raise InvalidInput(
            rule.kind, f"{rule.pattern[:QUOTED]!r} is not a gitignore pattern, or too complicated."
        ) from None


def _set_of(expressions: Iterable[str]) -> Any:
    options = re2.Options()
    options.never_capture, options.dot_nl, options.log_errors = True, True, False  # a name can hold a line break
    matcher = re2.Set.SearchSet(options)
    for expression in expressions:
        matcher.Add(expression)
    matcher.Compile()
    return matcher


def _expression(rule: Rule) -> str:
    """Return the regular expression for a rule's pattern, which is to be searched for in a key."""
    if rule.pattern.startswith("!"):
        other = "include" if rule.kind == "exclude" else "exclude"
        raise InvalidInput(rule.kind, f"Write {other}={rule.pattern[1:QUOTED]} instead of a pattern with '!' in front.")
    if _CLASS.search(rule.pattern):
        raise InvalidInput(rule.kind, "Classes such as [:digit:] are not known. Use ranges, such as [0-9].")
    try:
        expression, _ = GitIgnoreSpecPattern.pattern_to_regex(rule.pattern)
    except ValueError:  # such as a backslash at the end
        expression = None
    if expression is None:
        raise InvalidInput(rule.kind, f"{rule.pattern[:QUOTED]!r} is not a gitignore pattern.")
    return str(expression)
