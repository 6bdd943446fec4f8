"""Drive's search language for tests: reads ``q``, and tells which files it finds; what it cannot read is refused."""

import re
from collections.abc import Callable, Sequence

from tests.support.google_files import Stored
from tests.support.google_wire import Refusal

Condition = Callable[[Stored], bool]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\['\\])*') | (?P<mark>[(){}]|!=|<=|>=|=|<|>) | (?P<word>[A-Za-z]+)
    )""",
    re.VERBOSE,
)


def condition_of(q: str, has_parent: Callable[[Stored, str], bool], is_trashed: Condition) -> Condition:
    """Return what ``q`` asks of a file.

    Args:
        q: of the request; empty: any file.
        has_parent: tells whether a file is in the folder of an id, and refuses ids that are none.
        is_trashed: tells whether a file is in the bin, also with a folder.

    Raises:
        Refusal: it cannot be read, or asks for what this fake does not know.
    """
    return _Query(q, has_parent, is_trashed).condition if q.strip() else lambda _: True


class _Query:
    def __init__(self, q: str, has_parent: Callable[[Stored, str], bool], is_trashed: Condition) -> None:
        self._has_parent, self._is_trashed = has_parent, is_trashed
        self._tokens = _tokens(q)
        self._at = 0
        self.condition = self._all()
        if self._at != len(self._tokens):
            raise _invalid()

    def _all(self) -> Condition:
        """Read terms joined by ``and``, or by ``or``: Google documents nowhere which goes first, so both need parentheses."""
        found, joint = self._term(), self._peek()
        while joint in ("and", "or") and self._takes(joint):
            found = _both(found, self._term()) if joint == "and" else _either(found, self._term())
        return found

    def _term(self) -> Condition:
        if self._takes("not"):
            return _not(self._term())
        if self._takes("("):
            found = self._all()
            self._require(")")
            return found
        token = self._next()
        if token.startswith("'"):
            self._require("in")
            self._require("parents")
            parent = _text(token)
            return lambda file: self._has_parent(file, parent)
        return self._compared(token)

    def _compared(self, field: str) -> Condition:
        operator = self._next()
        if field == "appProperties" and operator == "has":
            return self._with_property()
        value = self._next()
        if field in ("trashed", "starred") and operator in ("=", "!=") and value in ("true", "false"):
            wanted = (value == "true") == (operator == "=")
            read = self._is_trashed if field == "trashed" else lambda file: bool(file.starred)
            return lambda file: read(file) == wanted
        return _of_text(field, operator, _text(value))

    def _with_property(self) -> Condition:
        for word in ("{", "key", "="):
            self._require(word)
        key = _text(self._next())
        for word in ("and", "value", "="):
            self._require(word)
        value = _text(self._next())
        self._require("}")
        return lambda file: file.app_properties.get(key) == value

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise _invalid()
        self._at += 1
        return token

    def _takes(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _require(self, token: str) -> None:
        if not self._takes(token):
            raise _invalid()


def _tokens(q: str) -> Sequence[str]:
    tokens, at = [], 0
    while at < len(q.rstrip()):
        match = _TOKEN.match(q, at)
        if match is None:
            raise _invalid()
        tokens.append(match[0].strip() if match["text"] is None else match["text"])
        at = match.end()
    return tokens


def _of_text(field: str, operator: str, value: str) -> Condition:
    texts: dict[tuple[str, str], Condition] = {
        # Drive's `=` does not look at case (rclone's driver for Drive says so, and compares again).
        ("name", "="): lambda file: file.name.casefold() == value.casefold(),
        ("name", "!="): lambda file: file.name.casefold() != value.casefold(),
        ("name", "contains"): lambda file: any(
            word.casefold().startswith(value.casefold()) for word in [file.name, *file.name.split()]
        ),
        ("mimeType", "="): lambda file: file.mime_type == value,
        ("mimeType", "!="): lambda file: file.mime_type != value,
        ("mimeType", "contains"): lambda file: value in file.mime_type,
        ("modifiedTime", ">"): lambda file: file.modified_time > value,
        ("modifiedTime", "<"): lambda file: file.modified_time < value,
    }
    try:
        return texts[field, operator]
    except KeyError:
        raise _invalid() from None


def _text(token: str) -> str:
    if not token.startswith("'"):
        raise _invalid()
    return re.sub(r"\\(['\\])", r"\1", token[1:-1])


def _both(left: Condition, right: Condition) -> Condition:
    return lambda file: left(file) and right(file)


def _either(left: Condition, right: Condition) -> Condition:
    return lambda file: left(file) or right(file)


def _not(one: Condition) -> Condition:
    return lambda file: not one(file)


def _invalid() -> Refusal:
    return Refusal(400, "invalid", "Invalid Value", "q")
