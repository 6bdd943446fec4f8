"""What a page with a session of the picker may have Drive asked for: few paths, few parameters. Pure.

Paths are matched as they came, and nothing is ever decoded: what is not literally one of the forms below is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.errors import InvalidInput

JSON_MAX = 5 * 1024 * 1024
EXPORT_MAX = 10 * 1024 * 1024

_ID = r"[A-Za-z0-9_-]{1,128}"
_RESERVED = {"generateIds", "generateCseToken", "trash"}
"""Methods of Google's at places where ids could be."""

_ENDPOINTS = "use files, files/ID, files/ID/export or about"
_ABOUT_FIELDS = "user,storageQuota"
_NUMBER_MAX = 10**18


@dataclass(frozen=True, slots=True)
class Question:
    """One GET of Google's API.

    Attributes:
        path: below the API's address, without a ``/`` before it.
        query: parameters as text, not yet encoded.
        exports: the answer is the bytes of a document, else a JSON object.
    """

    path: str
    query: Mapping[str, str]
    exports: bool = False

    @property
    def most(self) -> int:
        """How many bytes of an answer are taken."""
        return EXPORT_MAX if self.exports else JSON_MAX


_Check = Callable[[str, Any], str]
"""Returns a parameter as it goes to Google; raises `InvalidInput`."""


def question(base: str, endpoint: object, params: object) -> Question:
    """Return what is to be asked, when a page may have that asked.

    Args:
        base: the address of Google's API, as the operator set it.
        endpoint: as the page sent it; anything.
        params: as the page sent them; anything; None: none.

    Raises:
        InvalidInput: of ``endpoint`` or ``params``; nothing of the kind is ever sent.
    """
    form, path = _matched(endpoint)
    _require_below(base, path)
    given = _named(params)
    unknown = sorted(given.keys() - form.takes.keys())
    if unknown:
        raise InvalidInput("params", f"{form.name} takes {', '.join(form.takes)}, not {unknown[0][:40]!r}")
    query = dict(form.default) | {name: form.takes[name](name, value) for name, value in given.items()}
    missing = form.needs - query.keys()
    if missing:
        raise InvalidInput("params", f"{form.name} needs {', '.join(sorted(missing))}")
    return Question(path, query, exports=form.exports)


def _matched(endpoint: object) -> tuple["_Form", str]:
    if not isinstance(endpoint, str):
        raise InvalidInput("endpoint", _ENDPOINTS)
    for form in _FORMS:
        found = form.pattern.fullmatch(endpoint)  # match() and $ would let a line's end through
        if found and _RESERVED.isdisjoint(found.groups()):
            return form, found[0]
    raise InvalidInput("endpoint", _ENDPOINTS)


def _require_below(base: str, path: str) -> None:
    """Refuse what would lead elsewhere than below ``base``; after `_matched` nothing can, and this is seen to."""
    wanted, built = urlsplit(base), urlsplit(f"{base}/{path}")
    same = (built.scheme, built.netloc) == (wanted.scheme, wanted.netloc)
    if not same or built.path != f"{wanted.path}/{path}" or built.query or built.fragment:
        raise InvalidInput("endpoint", _ENDPOINTS)


def _named(params: object) -> Mapping[str, Any]:
    if params is None:
        return {}
    if not isinstance(params, Mapping) or not all(isinstance(name, str) for name in params):
        raise InvalidInput("params", "send an object of names and values")
    return params


def _text(most: int) -> _Check:
    def check(name: str, value: Any) -> str:
        text = _scalar(name, value)
        if len(text) > most or any(unicodedata.category(character) in ("Cc", "Cs") for character in text[:most]):
            raise InvalidInput("params", f"{name} has up to {most} characters, none of them a control character")
        return text

    return check


def _scalar(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) < _NUMBER_MAX:
        return str(value)
    if isinstance(value, str):
        return value
    raise InvalidInput("params", f"{name} is a text, a number or a truth value")


def _flag(name: str, value: Any) -> str:
    text = _scalar(name, value)
    if text not in ("true", "false"):
        raise InvalidInput("params", f"{name} is true or false")
    return text


def _page_size(name: str, value: Any) -> str:
    text = _scalar(name, value)
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise InvalidInput("params", f"{name} is a whole number")
    return str(min(max(int(text), 1), 1000))


def _file_id(name: str, value: Any) -> str:
    text = _scalar(name, value)
    if not re.fullmatch(_ID, text):
        raise InvalidInput("params", f"{name} is an id of Google's")
    return text


@dataclass(frozen=True, slots=True)
class _Form:
    """One of the forms of an endpoint, and the parameters that it takes."""

    name: str
    pattern: re.Pattern[str]
    takes: Mapping[str, _Check]
    needs: frozenset[str] = frozenset()
    default: tuple[tuple[str, str], ...] = ()
    exports: bool = False


_FIELDS = _text(2048)
_LIST = {
    "q": _text(4096),
    "pageSize": _page_size,
    "pageToken": _text(4096),
    "orderBy": _text(256),
    "fields": _FIELDS,
    "spaces": _text(64),
    "corpora": _text(64),
    "driveId": _file_id,
    "supportsAllDrives": _flag,
    "includeItemsFromAllDrives": _flag,
}
_FORMS = (
    _Form("files", re.compile("files"), _LIST),
    _Form("files/ID", re.compile(f"files/({_ID})"), {"fields": _FIELDS, "supportsAllDrives": _flag}),
    _Form(
        "files/ID/export",
        re.compile(f"files/({_ID})/export"),
        {"mimeType": _text(128)},
        needs=frozenset({"mimeType"}),
        exports=True,
    ),
    _Form("about", re.compile("about"), {"fields": _FIELDS}, default=(("fields", _ABOUT_FIELDS),)),
)
