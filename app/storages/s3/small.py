"""The lane of small objects: obstore, which is cheaper per request than boto3, shielded from its surroundings.

It may fail at any time: whoever uses it does the same by boto3 then, whose errors are the ones that are told.
"""

import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlsplit

import obstore
from obstore.store import S3Store

from app.storages.s3.address import S3Address
from app.storages.s3.etags import etag_of
from app.storages.s3.keys import spells_exactly
from app.storages.s3.metadata import Headers, modified_ns

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Credential

T = TypeVar("T")

MIB = 1024 * 1024
LIMIT = 16 * MIB
"""Larger objects do not use this lane."""

QUICK = 1 * MIB
"""What is not larger is sent within `ANSWER_SECONDS`, or by boto3."""

CONNECT_SECONDS = 3
ANSWER_SECONDS = 30
UPLOAD_SECONDS = 300
FAILURES_TOLERATED = 3

# obstore reads every variable that starts with AWS_. What can be said in its configuration is said there, and wins;
# to "no encryption header" and "no checksum" it has no word (measured with 0.12.1).
_CANNOT_BE_OVERRULED = ("AWS_SERVER_SIDE_ENCRYPTION", "AWS_CHECKSUM_ALGORITHM")

# Nobody listens on port 0.
_NOWHERE = "http://127.0.0.1:0"

_first_process: int | None = None
_starting = threading.Lock()


class Found(NamedTuple):
    """An object as it was found.

    Attributes:
        size: length in bytes.
        modified_ns: POSIX nanoseconds, UTC.
        etag: None where the storage tells none.
        data: all the bytes; None when there are more than `LIMIT`.
    """

    size: int
    modified_ns: int
    etag: str | None
    data: bytes | None


class SmallLane:
    """obstore on one bucket. Thread-safe.

    Args:
        address: the bucket's address.
        connections: how many requests may be under way at once.
    """

    def __init__(self, address: S3Address, connections: int) -> None:
        self._address = address
        self._connections = connections
        self._stores: dict[bool, S3Store] = {}
        self._lock = threading.Lock()
        self._closed = not _can_serve(address)
        self._outdone = 0
        self._last_outdone = 0.0

    def takes(self, key: str) -> bool:
        """Return whether objects under this key can go this way."""
        return not self._closed and spells_exactly(key) and _runs_here()

    def put(self, key: str, data: bytes, headers: Headers) -> str | None:
        """Store ``data``, signed with its SHA-256; return its etag, or None when that failed or tells no etag."""
        answer = self._tried(
            patient=len(data) > QUICK,
            ask=lambda store: obstore.put(store, key, data, attributes=headers.attributes, use_multipart=False),
        )
        return etag_of({"ETag": answer["e_tag"]}) if answer else None

    def get(self, key: str) -> Found | None:
        """Return the object with its bytes, or None when that failed."""
        return self._tried(patient=False, ask=lambda store: _found(store, key))

    def was_outdone(self, began: float) -> None:
        """Note that boto3 did what this lane had failed at, since ``began`` (monotonic seconds).

        After `FAILURES_TOLERATED` in a row the lane is closed for good: there is a certificate that only boto3
        trusts, or a server that only boto3 understands. Failures at the same time count once.
        """
        with self._lock:
            if began > self._last_outdone:
                self._last_outdone = time.monotonic()
                self._outdone += 1
                self._closed = self._closed or self._outdone >= FAILURES_TOLERATED

    def did_well(self) -> None:
        """Note that a request went as it should."""
        self._outdone = 0

    def close(self) -> None:
        """Forget the connections; a lane that is used again connects again."""
        with self._lock:
            self._stores.clear()

    def _tried(self, patient: bool, ask: Callable[[S3Store], T]) -> T | None:
        try:
            return ask(self._store(patient))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - whatever it is (a panic of Rust is no Exception), boto3 does the same again
            return None

    def _store(self, patient: bool) -> S3Store:
        with self._lock:
            if patient not in self._stores:
                self._stores[patient] = _make_store(self._address, self._connections, patient)
            return self._stores[patient]


def _can_serve(address: S3Address) -> bool:
    """Return whether obstore would ask the same of the same server as boto3 does."""
    with suppress(ValueError):
        parts = urlsplit(address.endpoint)
        plain = parts.scheme in ("http", "https") and parts.hostname and not (parts.path.strip("/") or parts.query)
        return bool(
            plain
            and address.forbids is None  # it cannot be told to ask before it connects
            and "@" not in parts.netloc
            and re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", address.bucket)
            and ".." not in address.bucket
            and address.access_key
            and address.secret_key
            and not any(name.upper() in _CANNOT_BE_OVERRULED for name in os.environ)
        )
    return False


def _runs_here() -> bool:
    """Return whether obstore works here: its threads do not survive a fork, and the child would wait forever."""
    global _first_process  # noqa: PLW0603 - obstore's threads are one per process too
    if _first_process is None:
        with _starting:
            _first_process = _first_process or os.getpid()
    return _first_process == os.getpid()


def _make_store(address: S3Address, connections: int, patient: bool) -> S3Store:
    config, options = _config(address), _options(address, connections, patient)
    credentials: S3Credential = {
        "access_key_id": address.access_key,
        "secret_access_key": address.secret_key,
        "token": address.session_token,
        "expires_at": None,
    }
    # Keys in the configuration would be joined by AWS_SESSION_TOKEN.
    return S3Store(
        address.bucket,
        config=config,
        client_options=options,
        retry_config={"max_retries": 0},
        credential_provider=lambda: credentials,
    )


def _config(address: S3Address) -> "S3Config":
    return {
        "endpoint": address.endpoint,
        "aws_endpoint_url_s3": address.endpoint,
        "region": address.region,
        "virtual_hosted_style_request": False,
        "skip_signature": False,
        "unsigned_payload": False,
        "request_payer": False,
        "s3_express": False,
        "disable_tagging": False,
        "disable_bulk_delete": False,
        "conditional_put": "etag",
        "copy_if_not_exists": "multipart",
    }


def _options(address: S3Address, connections: int, patient: bool) -> "ClientConfig":
    """Return the options of the HTTP client.

    Measured with 0.12.1: ``read_timeout`` runs from the start of a request to the first byte of the answer, the
    upload included, and then from one read to the next; ``timeout`` is for everything.
    """
    parts = urlsplit(address.endpoint)
    options: dict[str, Any] = {
        "allow_http": parts.scheme == "http",
        "http1_only": True,
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "read_timeout": timedelta(seconds=UPLOAD_SECONDS if patient else ANSWER_SECONDS),
        "timeout": timedelta(days=1),
        "pool_max_idle_per_host": str(connections),
        "user_agent": "sluice",
        **_no_way_out(parts),
    }
    return options  # type: ignore[return-value] # a TypedDict is not made from parts


def _no_way_out(endpoint: SplitResult) -> dict[str, Any]:
    """Return the options that keep a redirect from leading anywhere else; following them cannot be switched off.

    Over http the storage itself is named as the proxy for everything. Then no other host or port is ever connected
    to, and the server is asked with the whole URL in the request line, which HTTP/1.1 has every server understand.
    Over https a proxy is asked for a tunnel, which no storage gives. So all but its own host is behind one that is
    not there; another port of that host can be asked, without a signature and with its certificate.
    """
    if endpoint.scheme == "http":
        return {"proxy_url": f"http://{endpoint.netloc}", "proxy_excludes": ""}
    return {"proxy_url": _NOWHERE, "proxy_excludes": endpoint.hostname}


def _found(store: S3Store, key: str) -> Found:
    answer = obstore.get(store, key)
    meta = answer.meta
    time_ns = modified_ns(answer.attributes, meta["last_modified"])
    etag = etag_of({"ETag": meta["e_tag"]})
    # An answer that is not read ends with its connection.
    data = answer.bytes().to_bytes() if meta["size"] <= LIMIT else None
    if data is not None and len(data) != meta["size"]:
        raise ValueError("It ended early.")
    return Found(meta["size"], time_ns, etag, data)
