"""Which keys a job looks at: include and exclude rules in gitignore's pattern language.

The rules are read in order and the last one that matches a key decides. A key that no rule matches is
looked at, unless the first rule is an include: then only what is included is. Unlike in git, something
below an excluded folder can be included again. What is excluded is neither uploaded nor deleted.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from app.errors import InvalidInput


class Rule(NamedTuple):
    """One rule: ``kind`` is ``include`` or ``exclude``, ``pattern`` a gitignore pattern without a leading ``!``."""

    kind: str
    pattern: str


class Filters:
    """A compiled, immutable list of rules. Thread-safe.

    Args:
        rules: in the order in which they were given.

    Raises:
        InvalidInput: naming ``include`` or ``exclude`` and the pattern that cannot be read.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules: Sequence[Rule] = tuple(rules)
        self._compiled = [(rule.kind == "include", _compiled(rule)) for rule in self.rules]
        self._default = not self._compiled or not self._compiled[0][0]
        self._last_include = max((i for i, (include, _) in enumerate(self._compiled) if include), default=-1)

    def __bool__(self) -> bool:
        return bool(self._compiled)

    def allows(self, key: str) -> bool:
        """Return whether the job looks at this key."""
        index = self._deciding(key)
        return self._default if index is None else self._compiled[index][0]

    def prunes(self, folder: str) -> bool:
        """Return whether no key below ``folder`` (which ends with ``/``) can be allowed, so it need not be walked."""
        index = self._deciding(folder)
        return index is not None and index > self._last_include

    def _deciding(self, key: str) -> int | None:
        for index in range(len(self._compiled) - 1, -1, -1):
            if self._compiled[index][1].match(key):
                return index
        return None


def _compiled(rule: Rule) -> re.Pattern[str]:
    if rule.pattern.startswith("!"):
        other = "include" if rule.kind == "exclude" else "exclude"
        raise InvalidInput(rule.kind, f"Write {other}={rule.pattern[1:]} instead of a pattern with '!' in front.")
    try:
        compiled = GitIgnoreSpecPattern(rule.pattern).regex
    except (ValueError, re.error):  # such as a backslash at the end, and the range z-a
        compiled = None
    if compiled is None:
        raise InvalidInput(rule.kind, f"{rule.pattern!r} is not a gitignore pattern.")
    return compiled
