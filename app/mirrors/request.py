"""What a caller may ask of a mirror, checked field by field."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.connections.address import normal_address, target_of
from app.errors import InvalidInput, KeyRefused
from app.jobs.contract import JobRequest
from app.mirrors.direction import Direction
from app.settings import Settings
from app.storages.names import name_of
from app.transfer.compare import Check
from app.transfer.filters import Filters, Rule
from app.transfer.guards import DeletionLimit

KIND = "mirror"
MAX_WAIT = 86_400.0

BUCKET_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
"""Amazon's rules for general purpose buckets, which every S3 server takes."""


@dataclass(frozen=True, kw_only=True)
class MirrorRequest:
    """A mirror as a caller asks for it; None stands for the configured value.

    Attributes:
        direction: ``upload`` or ``download``; ``source`` is the folder and ``dest`` the bucket either way.
        source: folder relative to the uploads folder, in the spelling of keys; empty for all of it.
        dest: the bucket.
        storage_url: the endpoint.
        wait: seconds to sleep between two file operations.
        prefix: mirror this folder of the bucket only.
        delete: delete what the other side has not; None: an upload does, a download does not.
        rules: include and exclude rules in order.
        max_delete: ``500`` or ``10%``.
        check: ``exact``, ``size`` or ``always``.
    """

    direction: str = Direction.UPLOAD.value
    source: str = ""
    dest: str = "mybucket"
    storage_url: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    wait: float = 0.0
    prefix: str = ""
    delete: bool | None = None
    dry_run: bool = False
    rules: Sequence[Rule] = ()
    max_delete: str | None = None
    check: str = Check.EXACT.value


def job_request(request: MirrorRequest, settings: Settings) -> JobRequest:
    """Check a request and turn it into a job.

    A download holds the bucket as an upload does: an upload beside it would delete what was not brought yet.

    Raises:
        InvalidInput: naming the first parameter that cannot be accepted.
    """
    direction = _direction(request.direction)
    source, prefix = source_folder(request.source), key_prefix(request.prefix)
    url = _endpoint(request.storage_url, settings)
    arguments = {
        "direction": direction.value,
        "source": source,
        "dest": bucket_name(request.dest),
        "prefix": prefix,
        "storage_url": url,
        "wait": _wait(request.wait),
        "delete": direction.deletes_unless_told if request.delete is None else request.delete,
        "dry_run": request.dry_run,
        "rules": [list(rule) for rule in Filters(request.rules).rules],
        "max_delete": _max_delete(request.max_delete, settings),
        "check": _check(request.check),
    }
    return JobRequest(
        kind=KIND,
        arguments=arguments,
        secrets=_secrets(request),
        target="" if request.dry_run else target_of(url, request.dest),
        target_prefix=prefix,
    )


def _direction(text: str) -> Direction:
    try:
        return Direction(text)
    except ValueError:
        raise InvalidInput("direction", f"Use one of {', '.join(Direction)}.") from None


def source_folder(text: str) -> str:
    """Return ``text`` as folder names joined by ``/``, empty for the uploads folder itself.

    Raises:
        InvalidInput: it leaves the uploads folder or is no path.
    """
    if text.startswith("/"):
        raise InvalidInput("source", "Use a path relative to the uploads folder, without a leading '/'.")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise InvalidInput("source", "'..' is not allowed: only folders inside the uploads folder can be mirrored.")
    for part in parts:
        _refuse_bad_segment("source", part)
    return "/".join(parts)


def key_prefix(text: str) -> str:
    """Return ``text`` as a folder of the bucket: empty, or ending with one ``/``.

    Raises:
        InvalidInput: it has an empty, ``.`` or ``..`` segment, control characters, or is too long.
    """
    if not text:
        return ""
    folder = text.removesuffix("/")
    for part in folder.split("/"):
        if part in ("", ".", ".."):
            raise InvalidInput("prefix", "Use folder names joined by '/', such as backups/2026.")
        _refuse_bad_segment("prefix", part)
    if len(folder.encode()) > 900:
        raise InvalidInput("prefix", "Too long: 900 bytes at most, so that keys below it fit into S3's 1,024.")
    return folder + "/"


def bucket_name(text: str) -> str:
    """Return ``text`` when it is a bucket name.

    Raises:
        InvalidInput: it is not.
    """
    if not BUCKET_NAME.fullmatch(text):
        raise InvalidInput(
            "dest",
            "Not a bucket name: use 3 to 63 lower-case letters, digits, '.' and '-', a letter or digit at both ends.",
        )
    return text


def _refuse_bad_segment(name: str, segment: str) -> None:
    try:
        name_of(segment)
    except (KeyRefused, UnicodeError):
        raise InvalidInput(name, f"{segment!r} is not a file name in the spelling of keys.") from None


def _endpoint(given: str | None, settings: Settings) -> str:
    if given is None:
        return normal_address(settings.default_storage_url)
    return normal_address(given, settings.storage_hosts_allowed)


def _wait(seconds: float) -> float:
    if not math.isfinite(seconds) or not 0 <= seconds <= MAX_WAIT:
        raise InvalidInput("wait", f"Use a number of seconds from 0 to {MAX_WAIT:.0f}.")
    return int(seconds) if seconds.is_integer() else seconds  # 0, not 0.0, on the wire


def _max_delete(given: str | None, settings: Settings) -> str | None:
    text = given if given is not None else settings.max_delete or None
    if text is not None:
        DeletionLimit.parse(text)
    return text


def _check(text: str) -> str:
    try:
        return Check(text).value
    except ValueError:
        raise InvalidInput("check", f"Use one of {', '.join(Check)}.") from None


def _secrets(request: MirrorRequest) -> Mapping[str, Any]:
    if not request.access_key and not request.secret_key:
        return {}
    if not request.access_key:
        raise InvalidInput("access_key", "Give access_key together with secret_key, or neither of them.")
    if not request.secret_key:
        raise InvalidInput("secret_key", "Give secret_key together with access_key, or neither of them.")
    return {"access_key": request.access_key, "secret_key": request.secret_key}
