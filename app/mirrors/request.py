"""What a caller may ask of a mirror, checked field by field."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.connections.address import AddressPolicy, target_of
from app.connections.buckets import bucket_name
from app.connections.contract import Connection
from app.connections.endpoints import read_endpoint
from app.connections.fields import credential
from app.errors import InvalidInput, KeyRefused
from app.jobs.contract import JobRequest
from app.mirrors.direction import Direction
from app.settings import Settings
from app.storages.names import key_of, name_of_argument
from app.transfer.compare import Check
from app.transfer.filters import QUOTED, Filters, Rule
from app.transfer.guards import DeletionLimit

KIND = "mirror"
MAX_WAIT = 86_400.0

KEYS_WANTED = "The configured keys are for the configured storage only. Give access_key and secret_key for another one."

DEFAULT_BUCKET = "mybucket"

RULES_MAX = 1_000
PATTERNS_MAX = 64 * 1024
"""Bytes in UTF-8 of all patterns of a mirror together: they are kept in its row, which every list of jobs reads."""


@dataclass(frozen=True, kw_only=True)
class MirrorRequest:
    """A mirror as a caller asks for it; None stands for the configured value.

    Attributes:
        direction: ``upload`` or ``download``; ``source`` is the folder and ``dest`` the bucket either way.
        source: folder relative to the uploads folder, in the spelling of keys; empty for all of it.
        dest: the bucket.
        storage_url: the endpoint; the configured keys are for the configured one only.
        connection: the id of a connection, which brings bucket, endpoint and credentials.
        wait: seconds to sleep between two file operations.
        prefix: mirror this folder of the bucket only.
        delete: delete what the other side has not; None: an upload does, a download does not.
        rules: include and exclude rules in order.
        max_delete: ``500`` or ``10%``.
        check: ``exact``, ``size`` or ``always``.
    """

    direction: str = Direction.UPLOAD.value
    source: str = ""
    dest: str | None = None
    storage_url: str | None = None
    connection: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    wait: float = 0.0
    prefix: str = ""
    delete: bool | None = None
    dry_run: bool = False
    rules: Sequence[Rule] = ()
    max_delete: str | None = None
    check: str = Check.EXACT.value


def job_request(
    request: MirrorRequest, settings: Settings, policy: AddressPolicy, connection: Connection | None = None
) -> JobRequest:
    """Check a request and turn it into a job.

    A download holds the bucket as an upload does: an upload beside it would delete what was not brought yet.

    Args:
        request: what is asked for.
        settings: where it asks for nothing.
        policy: which endpoints are allowed.
        connection: the one that the request names. The job gets its address, to be compared when it runs, and opens
            its credentials then.

    Raises:
        InvalidInput: naming the first parameter that cannot be accepted.
    """
    direction = _direction(request.direction)
    source, prefix = source_folder(request.source), key_prefix(request.prefix)
    url, bucket = _place(request, settings, policy, connection)
    secrets = _secrets(request, needed=connection is None and not is_configured_storage(url, settings))
    arguments = {
        "direction": direction.value,
        "source": source,
        "dest": bucket,
        "prefix": prefix,
        "storage_url": url,
        "connection": connection.id if connection else None,
        "wait": _wait(request.wait),
        "delete": direction.deletes_unless_told if request.delete is None else request.delete,
        "dry_run": request.dry_run,
        "rules": [list(rule) for rule in _rules(request.rules)],
        "max_delete": _max_delete(request.max_delete, settings),
        "check": _check(request.check),
        "own_keys": bool(secrets),
    }
    return JobRequest(
        kind=KIND,
        arguments=arguments,
        secrets=secrets,
        target="" if request.dry_run else target_of(url, bucket),
        target_prefix=prefix,
    )


def is_configured_storage(url: str, settings: Settings) -> bool:
    """Return whether an address is that of the configured storage: scheme, host and port; no name is resolved.

    Whoever is sent a request that is signed with the configured keys can send it on to the configured storage.
    """
    try:
        return read_endpoint(url).place == read_endpoint(settings.default_storage_url).place
    except ValueError:
        return False


def _direction(text: str) -> Direction:
    try:
        return Direction(text)
    except ValueError:
        raise InvalidInput("direction", f"Use one of {', '.join(Direction)}.") from None


def source_folder(text: str) -> str:
    """Return ``text`` as folder names joined by ``/``, empty for the uploads folder itself.

    Version 0.1.0's spelling of odd names is understood, and comes back in today's.

    Raises:
        InvalidInput: it leaves the uploads folder or is no path.
    """
    if text.startswith("/"):
        raise InvalidInput("source", "Use a path relative to the uploads folder, without a leading '/'.")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise InvalidInput("source", "'..' is not allowed: only folders inside the uploads folder can be mirrored.")
    return "/".join(key_of(_name("source", part, name_of_argument)) for part in parts)


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
        _name("prefix", part, name_of_argument)
    if len(folder.encode()) > 900:
        raise InvalidInput("prefix", "Too long: 900 bytes at most, so that keys below it fit into S3's 1,024.")
    return folder + "/"


def _name(field: str, segment: str, read: Callable[[str], str]) -> str:
    try:
        return read(segment)
    except (KeyRefused, UnicodeError):
        raise InvalidInput(field, f"{segment!r} is not a file name in the spelling of keys.") from None


def _place(
    request: MirrorRequest, settings: Settings, policy: AddressPolicy, connection: Connection | None
) -> tuple[str, str]:
    """Return endpoint and bucket; a connection's endpoint can have a path."""
    if connection is None:
        url = settings.default_storage_url if request.storage_url is None else request.storage_url
        return policy.normal(url), bucket_name(DEFAULT_BUCKET if request.dest is None else request.dest)
    for name in ("storage_url", "dest", "access_key", "secret_key"):
        if getattr(request, name) is not None:
            raise InvalidInput(name, "The connection brings its own; leave this out, or the connection.")
    return connection.url, connection.bucket


def _wait(seconds: float) -> float:
    if not math.isfinite(seconds) or not 0 <= seconds <= MAX_WAIT:
        raise InvalidInput("wait", f"Use a number of seconds from 0 to {MAX_WAIT:.0f}.")
    return int(seconds) if seconds.is_integer() else seconds  # 0, not 0.0, on the wire


def _rules(rules: Sequence[Rule]) -> Sequence[Rule]:
    size = 0
    for number, rule in enumerate(rules, start=1):
        size += len(rule.pattern.encode(errors="replace"))
        if number > RULES_MAX or size > PATTERNS_MAX:
            raise InvalidInput(rule.kind, f"Use {RULES_MAX:,} rules at most, of {PATTERNS_MAX // 1024} KiB together.")
        if re.search("[\0\ud800-\udfff]", rule.pattern):
            raise InvalidInput(rule.kind, f"{rule.pattern[:QUOTED]!r} holds what no key can hold.")
    return Filters(rules).rules


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


def _secrets(request: MirrorRequest, *, needed: bool) -> Mapping[str, Any]:
    if not request.access_key and not request.secret_key:
        if needed:
            raise InvalidInput("access_key", KEYS_WANTED)
        return {}
    if not request.access_key:
        raise InvalidInput("access_key", "Give access_key together with secret_key, or neither of them.")
    if not request.secret_key:
        raise InvalidInput("secret_key", "Give secret_key together with access_key, or neither of them.")
    return {
        name: credential(name, text)
        for name, text in (("access_key", request.access_key), ("secret_key", request.secret_key))
    }
