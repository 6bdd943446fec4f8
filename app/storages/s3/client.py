"""boto3 clients that take nothing from their surroundings: all that matters is said here.

No environment variable, profile or instance metadata may lend a user's connection credentials or a proxy.
"""

import base64
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.configprovider import ConstantProvider
from botocore.httpsession import URLLib3Session
from botocore.utils import parse_timestamp

from app.storages.s3.address import S3Address
from app.storages.s3.errors import NothingSaid, not_s3, translated
from app.storages.s3.health import Health
from app.storages.s3.peers import send_all_by, session_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Sessions and the making of clients are not thread-safe in boto3; clients are.
_making = threading.Lock()
_session: boto3.session.Session | None = None

Patience = tuple[int, int, int]
"""Seconds to connect, seconds to wait for an answer, attempts."""

WORKING: Patience = (3, 30, 3)
ASKING: Patience = (2, 4, 2)
"""For `check`: a black hole is reported within 2 times 4 seconds."""

LOOKING: Patience = (2, 10, 2)
"""For a page of a level and for one object: rclone reads what it lists, to hash it, before it answers."""

FINISHING: Patience = (3, 600, 3)
"""For completing a multipart upload: some servers copy all parts together before they answer."""

_DELETED = re.compile(rb"<(?:\w+:)?DeleteResult[\s/>]")
_HEAD = 1024

_CHECKSUMS: Literal["when_required"] = "when_required"
# Checksums beyond that are unknown to many S3-compatible servers; uploads carry Content-MD5 instead.


class S3Clients:
    """The clients of one address, made when first used. Thread-safe.

    Args:
        address: the bucket's address.
        connections: how many requests may be under way at once.

    Attributes:
        health: the server's, as they see it.
    """

    def __init__(self, address: S3Address, connections: int) -> None:
        self._address = address
        self.health = Health(address)
        self._connections = connections
        self._made: dict[Patience, S3Client] = {}
        self._sessions: list[URLLib3Session] = []
        self._lock = threading.Lock()

    @property
    def working(self) -> "S3Client":
        """The client for all the work."""
        return self._client(WORKING)

    @property
    def asking(self) -> "S3Client":
        """The client of little patience, which finds out whether there is a storage."""
        return self._client(ASKING)

    @property
    def looking(self) -> "S3Client":
        """The client that looks at one object."""
        return self._client(LOOKING)

    @property
    def finishing(self) -> "S3Client":
        """The client of much patience, which completes large uploads."""
        return self._client(FINISHING)

    def close(self) -> None:
        """Close all connections; a client that is used again connects again."""
        with self._lock:
            made, sessions = list(self._made.values()), list(self._sessions)
        for client in made:
            client.close()
        for session in sessions:
            session.close()

    def _client(self, patience: Patience) -> "S3Client":
        with self._lock:
            if patience not in self._made:
                self._made[patience] = self._make(patience)
            return self._made[patience]

    def _make(self, patience: Patience) -> "S3Client":
        client = _make_client(self._address, self._connections, patience)
        self.health.observe(client, patience[2])
        session = session_of(
            self._address.forbids, self._connections, patience[:2], self._address.host, self._address.token
        )
        send_all_by(session, client, self._address)
        self._sessions.append(session)
        return client


@contextmanager
def shared_session() -> Iterator[boto3.session.Session]:
    """Give the one session from which clients are made; nobody else makes one meanwhile."""
    with _making:
        yield _session_of_all()


def _make_client(address: S3Address, connections: int, patience: Patience) -> "S3Client":
    with translated(address), shared_session() as session:
        client = session.client(
            "s3",
            endpoint_url=address.endpoint,
            aws_access_key_id=address.access_key,
            aws_secret_access_key=address.secret_key,
            aws_session_token=address.session_token,
            region_name=address.region,
            config=_config(connections, patience, is_signed=not address.is_anonymous),
        )
    client.meta.events.register("before-call.s3.DeleteObjects", _add_md5)
    client.meta.events.register("before-parse.s3.DeleteObjects", partial(_require_result, address))
    client.meta.events.register_first("needs-retry.s3.HeadBucket", _ask_for_the_region_once)
    return client


def _config(connections: int, patience: Patience, *, is_signed: bool) -> Config:
    connect, read, attempts = patience
    return Config(
        connect_timeout=connect,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=connections,
        signature_version="s3v4" if is_signed else UNSIGNED,
        s3={"addressing_style": "path"},
        request_checksum_calculation=_CHECKSUMS,
        response_checksum_validation=_CHECKSUMS,
        proxies={},
        use_fips_endpoint=False,
        use_dualstack_endpoint=False,
        user_agent_extra="sluice",
    )


def _session_of_all() -> boto3.session.Session:
    """Return the one session; loading its models takes 0.1 s, so clients share it. Call it under ``_making``."""
    global _session  # noqa: PLW0603 - made once per process, guarded by the lock
    if _session is None:
        core = botocore.session.get_session()
        core.set_config_variable("config_file", os.devnull)
        core.set_config_variable("credentials_file", os.devnull)
        # AWS_PROFILE of the environment would have to exist in a file that is not read.
        core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
        core.get_component("config_store").set_config_provider("profile", ConstantProvider(None))
        _session = boto3.session.Session(botocore_session=core)
    return _session


def _moment(told: str) -> datetime:
    """Return a time that a server told; for one beyond all calendars botocore 1.44 raises a RuntimeError."""
    try:
        return parse_timestamp(told)
    except (RuntimeError, OverflowError):
        raise ValueError("A time that no calendar has.") from None


def _add_md5(params: dict[str, Any], **_: object) -> None:
    """Add Content-MD5 to a bulk deletion: older servers demand it, and botocore has stopped sending it."""
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"]["Content-MD5"] = base64.b64encode(digest).decode()


def _require_result(address: S3Address, response_dict: dict[str, Any], **_: object) -> None:
    """Raise unless a good answer to a bulk deletion says so itself; botocore takes an empty one for a success."""
    if response_dict["status_code"] == 200 and not _DELETED.search(response_dict["body"][:_HEAD]):
        raise not_s3(address) if response_dict["body"] else NothingSaid


def _ask_for_the_region_once(
    request_dict: dict[str, Any], response: tuple[Any, dict[str, Any]] | None, **_: object
) -> None:
    """End a chain: where a redirect leads to, botocore asks a HEAD of the bucket, and so on if that is redirected too.

    Measured with 1.44: a web server that redirects everything ended in a RecursionError after 60 requests.
    """
    told = response[1].get("ResponseMetadata", {}).get("HTTPHeaders", {}) if response else {}
    if "x-amz-bucket-region" not in told:
        request_dict["context"].setdefault("s3_redirect", {})["redirected"] = True
