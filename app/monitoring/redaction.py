"""Masks secrets in what is about to be logged or traced: by the name that they go by, or by their looks."""

import re
from collections.abc import Mapping
from typing import Any

MASK = "***"

_DEPTH = 8
_LENGTH = 20_000
"""Longer texts are cut: the patterns are linear, and yet no line of a log may take seconds."""

_NAMES = (
    r"(?:[\w.-]{0,60}(?:passw(?:or)?d|passphrase|secret|token|credential|signature|authorization|cookie"
    r"|connection[_-]?string|(?:access|account|api|private|sealing|signing|encryption|shared|storage)[_-]?keys?)[\w-]{0,40}"
    r"|(?:[\w-]{1,30}[_-])?(?:pwd|sig|dsn|sas))"
)
_QUOTED = r"(?:b?\"(?:[^\"\\]|\\.)*\"|b?'(?:[^'\\]|\\.)*')"
_LIST = r"[\[(][^\])\r\n]{0,1000}[\])]?"
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)

# No pattern finds anything in a text without one of these; most lines have none, and looking so takes a microsecond.
_HINTS = (
    *(
        "passw",
        "passphrase",
        "secret",
        "token",
        "credential",
        "signature",
        "auth",
        "cookie",
        "connection",
        "key",
        "pwd",
    ),
    *("sig", "dsn", "sas", "code=", "state=", "bearer", "basic", "negotiate", "digest", "whsec", "sluice_", "ya29"),
    *("gocspx", "1//0", "ghp_", "xox", "eyj", "://", "begin"),
)
_LONG_WORD = re.compile(r"[A-Za-z0-9/+]{40}")

_IN_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        MASK,
    ),
    # the headers that prove who calls, to the end of their line
    (
        re.compile(r"\b((?:Set-)?Cookie|(?:Proxy-)?Authorization|X-Api-Key)(['\"]?\s?:\s?)[^\r\n]+", re.IGNORECASE),
        rf"\1\2{MASK}",
    ),
    # of a query alone: an object has a key, and a job a state, which are no secrets
    (re.compile(r"(?<=[?&])(key|code|state)=[^\s&#'\"]+"), rf"\1={MASK}"),
    (re.compile(r"\b(Bearer|Basic|Negotiate|Digest|Token)\s+[\w.~+/=:-]{6,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"\bsluice_[0-9a-f]{8,}"), f"sluice_{MASK}"),
    (re.compile(r"\bwhsec_[\w+/=-]{8,}"), f"whsec_{MASK}"),
    (re.compile(r"\b(?:ya29\.|GOCSPX-|1//0|ghp_|xox[abp]-)[\w.-]{8,}"), MASK),
    (re.compile(r"\beyJ[\w-]{6,}\.[\w-]{4,}\.[\w-]*"), MASK),  # a JSON Web Token
    # user:password@host of an address; what stands before the last @ of the authority is all of it
    (re.compile(r"(?<=://)([^\s/?#:@'\"]{0,200}):[^\s/?#'\"]{0,500}@"), rf"\1:{MASK}@"),
    # the same where the password has signs that should have been written as %2F, %3F or %23
    (re.compile(r"(?<=://)([^\s/?#:@'\"\[]{0,200}):(?!\d{1,5}[/?#])[^\s'\"@]{1,500}@"), rf"\1:{MASK}@"),
    # name=value of a query, a form, a connection string, a keyword argument
    (
        re.compile(rf"(?<![\w.-])({_NAMES})(\s?=\s?)(?!=)({_QUOTED}|[^\s&;,'\"<>)}}\]]+)", re.IGNORECASE),
        rf"\1\2{MASK}",
    ),
    # the same within the query of an address that is itself a value
    (re.compile(rf"(?<![\w.-])({_NAMES})%3D[^\s&;,'\"<>]+", re.IGNORECASE), rf"\1%3D{MASK}"),
    # --name value, of a command
    (re.compile(rf"(?<![\w-])(--{_NAMES})\s+({_QUOTED}|[^\s-][^\s]*)", re.IGNORECASE), rf"\1 {MASK}"),
    # "name": value, as JSON, Python and headers have it
    (
        re.compile(
            rf"(?<![\w.-])(b?(['\"]?){_NAMES}\2\s?:\s?)({_QUOTED}|{_LIST}|[^\s,'\"{{}}()\[\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # ("name", value): a field of a form or a header, as Python has many of them
    (
        re.compile(rf"(\(b?(['\"]){_NAMES}\2,\s?)({_QUOTED}|{_LIST}|[^\s,'\"{{}}()\[\]]+)", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    # 40 characters of base64 with all three sorts, which a checksum in hexadecimal has not: AWS's secret keys
    (
        re.compile(
            r"(?<![A-Za-z0-9/+=_.-])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z/+]{0,39}[0-9])"
            r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.-])"
        ),
        MASK,
    ),
)


def without_secrets(text: str) -> str:
    """Return ``text`` with a mask in the place of what looks like a secret; what is very long is cut."""
    if len(text) <= _LENGTH and not _may_have_secrets(text):
        return text
    cut = text if len(text) <= _LENGTH else f"{text[:_LENGTH]}... ({len(text) - _LENGTH} more characters)"
    for pattern, mask in _IN_TEXT:
        cut = pattern.sub(mask, cut)
    return cut


def _may_have_secrets(text: str) -> bool:
    lower = text.lower()
    return any(hint in lower for hint in _HINTS) or _LONG_WORD.search(text) is not None


def masked(value: Any, depth: int = _DEPTH) -> Any:
    """Return ``value`` with masks, in mappings and sequences too; what is nested deeper than ``depth`` is a mask."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth <= 0:
        return MASK
    if isinstance(value, Mapping):
        return {(text := _text(name)): _masked_field(text, found, depth) for name, found in value.items()}
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str | bytes):  # a field
        return [masked(value[0], depth - 1), _masked_field(_text(value[0]), value[1], depth)]
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item, depth - 1) for item in value]
    return without_secrets(_text(value))


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _masked_field(name: str, value: Any, depth: int) -> Any:
    return MASK if is_secret(name) and value not in (None, "") else masked(value, depth - 1)


def is_secret(name: str) -> bool:
    """Return whether what goes by this name is kept out of logs."""
    return _SECRET_NAME.fullmatch(name) is not None
