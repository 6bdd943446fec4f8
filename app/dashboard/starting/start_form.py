"""Between the fields of the form for starting a mirror and requests: what was typed, and what it stands for. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.dashboard.addresses import without_keys
from app.errors import InvalidInput, NotRepeatable
from app.mirrors.direction import Direction
from app.mirrors.request import DEFAULT_BUCKET, MirrorRequest
from app.transfer.compare import Check
from app.transfer.filters import Rule

CONNECTION, ADDRESS = "connection", "address"
"""The two kinds of target."""

SECRETS = ("access_key", "secret_key")
"""The fields whose content goes into no answer."""

RARE = ("max_delete", "check", "wait")
ELSEWHERE = ("storage_url", *SECRETS)
"""Fields that are folded away unless one of them is set or wrong."""

DEFAULTS: Mapping[str, str] = {
    "direction": Direction.UPLOAD.value,
    "source": "",
    "target": ADDRESS,
    "connection": "",
    "storage_url": "",
    "dest": DEFAULT_BUCKET,
    "prefix": "",
    "rules": "",
    "delete": "1",
    "max_delete": "",
    "check": Check.EXACT.value,
    "wait": "",
}
"""What the form is filled with; a download deletes nothing unless it is told to."""

_FOLDERS = ("source", "prefix")
"""Fields of which one that is all blanks says something: so a folder can be named."""

_KINDS = {"+": "include", "-": "exclude"}
_SIGNS = {kind: sign for sign, kind in _KINDS.items()}
_CHOOSE = "Choose one of these."


class _Fields(ma.Schema):
    """What the form sends, without what is empty."""

    class Meta:
        """What else a form sends, such as its CSRF token, is none of these."""

        unknown = ma.EXCLUDE

    direction = fields.String(validate=validate.OneOf([*Direction], error=_CHOOSE))
    source = fields.String()
    target = fields.String(load_default=ADDRESS, validate=validate.OneOf([CONNECTION, ADDRESS], error=_CHOOSE))
    connection = fields.UUID(error_messages={"invalid_uuid": _CHOOSE})
    storage_url = fields.String()
    dest = fields.String()
    access_key = fields.String()
    secret_key = fields.String()
    prefix = fields.String()
    rules = fields.String()
    delete = fields.Boolean(load_default=False)
    max_delete = fields.String()
    check = fields.String(validate=validate.OneOf([*Check], error=_CHOOSE))
    wait = fields.Float(error_messages={"invalid": "Use a number of seconds, such as 0.5."})


def start_request(sent: Mapping[str, str]) -> MirrorRequest:
    """Return the request that the fields of a form stand for.

    Args:
        sent: the fields; an empty one is as good as none, and those of the target that was not chosen do not count.

    Raises:
        InvalidInput: naming a field that makes no sense by itself.
    """
    given = _loaded(sent)
    target = given.pop("target")
    others = ("storage_url", "dest", *SECRETS) if target == CONNECTION else (CONNECTION,)
    kept = {name: value for name, value in given.items() if name not in others}
    if target == CONNECTION:
        if CONNECTION not in kept:
            raise InvalidInput(CONNECTION, "Choose a connection, or an address in its place.")
        kept[CONNECTION] = str(kept[CONNECTION])
    return MirrorRequest(**{**kept, "rules": rules_of(kept.get("rules", ""))})


def rules_of(text: str) -> list[Rule]:
    """Return the rules of a text, one a line: ``+ PATTERN`` includes and ``- PATTERN`` excludes.

    Raises:
        InvalidInput: a line is neither.
    """
    lines = enumerate(re.split(r"\r\n|\n|\r", text), start=1)
    return [_rule(number, line) for number, line in lines if line.strip()]


def typed(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, for the form that is shown once more: without secrets, also those within an address."""
    values = {name: sent.get(name, "") for name in DEFAULTS}
    return {**values, "storage_url": without_keys(values["storage_url"])}


def prefilled(query: Mapping[str, str]) -> dict[str, str]:
    """Return what the form is filled with where a link says some of it; secrets are no part of a link."""
    given = {name: query[name] for name in DEFAULTS if name in query}
    if given.get("connection"):
        given.setdefault("target", CONNECTION)
    if given.get("direction") == Direction.DOWNLOAD:
        given.setdefault("delete", "")
    if given.get("delete") == "0":
        given["delete"] = ""
    return {**DEFAULTS, **given}


def shown(request: MirrorRequest) -> dict[str, str]:
    """Return what the form is filled with for a request, without its keys.

    Raises:
        NotRepeatable: a rule does not fit into a line.
    """
    return {
        "direction": request.direction,
        "source": request.source,
        "target": CONNECTION if request.connection else ADDRESS,
        "connection": request.connection or "",
        "storage_url": request.storage_url or "",
        "dest": request.dest or DEFAULT_BUCKET,
        "prefix": request.prefix,
        "rules": "\n".join(map(_line, request.rules)),
        "delete": "1" if request.delete else "",
        "max_delete": request.max_delete or "",
        "check": request.check,
        "wait": f"{request.wait:.10g}" if request.wait else "",
    }


def is_unfolded(names: Sequence[str], values: Mapping[str, str], errors: Mapping[str, str]) -> bool:
    """Return whether one of these fields is set or wrong."""
    return any(name in errors or values.get(name, "") != DEFAULTS.get(name, "") for name in names)


def field_of(parameter: str) -> str:
    """Return the field that a parameter of a request is typed into."""
    return "rules" if parameter in _SIGNS else parameter


def _loaded(sent: Mapping[str, str]) -> dict[str, Any]:
    said = {name: text for name, text in sent.items() if text.strip() or (text and name in _FOLDERS)}
    try:
        given: dict[str, Any] = _Fields().load(said)
    except ma.ValidationError as error:
        name, sentences = next(iter(error.messages_dict.items()))
        raise InvalidInput(name, " ".join(sentences)) from None
    return given


def _rule(number: int, line: str) -> Rule:
    sign, pattern = line[0], line[1:].removeprefix(" ")
    if sign not in _KINDS or not pattern.strip():
        raise InvalidInput("rules", f"Line {number}: begin with + and what to include, or with - and what to exclude.")
    return Rule(_KINDS[sign], pattern)


def _line(rule: Sequence[str]) -> str:
    kind, pattern = rule
    if "\n" in pattern or "\r" in pattern:
        raise NotRepeatable("A rule of this job has a line break in it, which the form cannot show. Use curl.")
    return f"{_SIGNS[kind]} {pattern}"
