"""How a job can be done once more: by a button, in the form, or with curl."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.copies.contract import CopyKind
from app.copies.repeating import DirectCopy
from app.jobs.contract import Job
from app.mirrors.direction import Direction, direction_of
from app.mirrors.repeating import has_own_keys
from app.mirrors.request import DEFAULT_BUCKET
from app.mirrors.request import KIND as MIRROR
from app.transfer.compare import Check

_CONTINUED = " \\\n  "
_END = "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """How a job can be done once more.

    Attributes:
        curl: the request as a command of a shell; None: no request would ask for this.
        sentence: where it is started instead, if there is no such command.
        by_button: it can be run again as it was.
        has_form: it can be opened in the form for starting mirrors.
        needs_keys: its keys came with the request, so they have to come again.
        may_delete: running it again shows a plan first.
        wants_key: the command says who calls, by a key in the variable ``KEY``.
    """

    curl: str | None = None
    sentence: str = ""
    by_button: bool = False
    has_form: bool = False
    needs_keys: bool = False
    may_delete: bool = False
    wants_key: bool = False


def repetition_of(job: Job, base_url: str, *, says_who: bool, copied: DirectCopy | None = None) -> Repetition:
    """Return how a job can be done once more.

    Args:
        job: the job.
        base_url: where this service is reached, without a path.
        says_who: whether everybody has to say who he is.
        copied: what was asked of a copy from a bucket into a bucket, as far as that is known still.
    """
    wants_key = says_who or job.owner_id is not None
    if job.kind == MIRROR:
        return Repetition(
            curl=curl_lines(job, base_url, wants_key=wants_key),
            by_button=not has_own_keys(job),
            has_form=True,
            needs_keys=has_own_keys(job),
            may_delete=bool(job.arguments["delete"]) or bool(job.arguments["dry_run"]),
            wants_key=wants_key,
        )
    if copied is not None:
        curl = copy_lines(copied, base_url)
        sentence = "" if curl else "Such copies are started by the clients of the dialect that made its authorization."
        return Repetition(curl=curl, sentence=sentence, by_button=True, wants_key=True)
    if job.kind == "synchronisation":
        return Repetition(by_button=True, sentence="Its schedule starts it, which its connection switches on and off.")
    return Repetition(sentence=_ELSEWHERE.get(str(job.arguments.get("direction")), "Nothing here starts such a job."))


_ELSEWHERE: Mapping[str, str] = {
    CopyKind.GET: "The clients of Galaxy start this, at /api/cloud/storage/get.",
    CopyKind.SEND: "The clients of Galaxy start this, at /api/cloud/storage/send.",
    CopyKind.IMPORT: "The clients of Galaxy start this, with an upload or an address on the web.",
    CopyKind.DIRECT: "What it copied is forgotten by now.",
    CopyKind.DRIVE_IMPORT: "The clients of Aionvision start this, with an import.",
    CopyKind.DRIVE_EXPORT: "The clients of Aionvision start this, with an export.",
}


def curl_lines(job: Job, base_url: str, *, wants_key: bool) -> str:
    """Return the request that made a mirror as a command of a shell; keys are variables in it."""
    words = ["curl -X POST " + shlex.quote(f"{base_url}/sync")]
    if wants_key:
        words.append('-H "Authorization: Bearer $KEY"')
    words += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in _parameters(job.arguments)]
    if has_own_keys(job):
        words += ['--data-urlencode "access_key=$ACCESS_KEY"', '--data-urlencode "secret_key=$SECRET_KEY"']
    return _CONTINUED.join(words)


def copy_lines(copied: DirectCopy, base_url: str) -> str | None:
    """Return the request for a copy as a command of a shell; None: it goes by an authorization, which none takes."""
    source, target = copied.source.connection, copied.target.connection
    if source is None or target is None:
        return None
    body: dict[str, Any] = {"source": source, "target": target, "objects": copied.keys}
    body |= {"prefix": copied.prefix} if copied.prefix else {}
    body["conflict"] = copied.conflict.value
    words = [
        "curl -X POST " + shlex.quote(f"{base_url}/copy"),
        '-H "Authorization: Bearer $KEY"',
        "-H 'Content-Type: application/json'",
        f"--data-binary @- <<'{_END}'",  # an argument could not be so long
    ]
    return f"{_CONTINUED.join(words)}\n{json.dumps(body)}\n{_END}"


def _parameters(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is not as it is when nobody says anything, the place in any case; rules in their order."""
    for name, usual in _usual(arguments).items():
        given = arguments.get(name, usual)
        if given != usual:
            yield name, str(int(given)) if isinstance(given, bool) else str(given)
    yield from ((str(kind), str(pattern)) for kind, pattern in arguments["rules"])


def _usual(arguments: Mapping[str, Any]) -> dict[str, Any]:
    direction = direction_of(arguments)
    place = {"connection": None} if arguments.get("connection") else {"storage_url": None, "dest": DEFAULT_BUCKET}
    return {
        "direction": Direction.UPLOAD.value,
        "source": "",
        **place,
        "prefix": "",
        "delete": direction.deletes_unless_told,
        "dry_run": False,
        "wait": 0,
        "max_delete": None,
        "check": Check.EXACT.value,
    }
