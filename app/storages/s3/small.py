"""The lane of small objects: obstore, which is cheaper per request than boto3, shielded from its surroundings.

It may fail at any time: whoever uses it does the same by boto3 then, whose errors are the ones that are told.
"""

import io
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
    from obstore import GetResult
    from obstore.store import ClientConfig, S3Config, S3Credential

T = TypeVar("T")

MIB = 1024 * 1024
LIMIT = 16 * MIB
"""Larger objects do not use this lane."""

QUICK = 1 * MIB
"""Whether this lane is of use is found out for larger objects by themselves: a network may be too slow for those."""

CONNECT_SECONDS = 3
WHOLE_SECONDS = 10
"""For each request, answer included: nothing else could end one, and boto3, which then does it again, looks at the
token of the job while it waits. Where this is too little, the network and not the processor is what takes the time."""
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
        self._store: S3Store | None = None
        self._lock = threading.Lock()
        self._closed = not _can_serve(address)
        self._closed_to_large = False
        self._outdone = {False: 0, True: 0}
        self._last_outdone = {False: 0.0, True: 0.0}

    def takes(self, key: str, size: int = 0) -> bool:
        """Return whether objects under this key, of this size, can go this way."""
        is_open = not self._closed and not (self._closed_to_large and size > QUICK)
        return is_open and spells_exactly(key) and _runs_here()

    def put(self, key: str, data: bytes, headers: Headers) -> str | None:
        """Store ``data``, signed with its SHA-256; return its etag, or None when that failed or tells no etag."""
        answer = self._tried(
            lambda store: obstore.put(store, key, data, attributes=headers.attributes, use_multipart=False)
        )
        return etag_of({"ETag": answer["e_tag"]}) if answer else None

    def get(self, key: str) -> Found | None:
        """Return the object with its bytes, or None when that failed."""
        return self._tried(lambda store: _found(store, key, QUICK if self._closed_to_large else LIMIT))

    def was_outdone(self, began: float, size: int) -> None:
        """Note that boto3 did what this lane had failed at, since ``began`` (monotonic seconds).

        After `FAILURES_TOLERATED` the lane is closed for good to larger objects, or, in a row of small ones, to all:
        the network is slow, there is a certificate that only boto3 trusts, or a server that only boto3 understands.
        Failures at the same time count once.
        """
        is_large = size > QUICK
        with self._lock:
            if began > self._last_outdone[is_large]:
                self._last_outdone[is_large] = time.monotonic()
                self._outdone[is_large] += 1
            if self._outdone[is_large] >= FAILURES_TOLERATED:
                self._closed_to_large = True
                self._closed = self._closed or not is_large

    def did_well(self, size: int) -> None:
        """Note that a request went as it should; a larger object's tells nothing of those that are larger still."""
        if size <= QUICK:
            self._outdone[False] = 0

    def close(self) -> None:
        """Forget the connections; a lane that is used again connects again."""
        with self._lock:
            self._store = None

    def _tried(self, ask: Callable[[S3Store], T]) -> T | None:
        try:
            return ask(self._opened())
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - whatever it is (a panic of Rust is no Exception), boto3 does the same again
            return None

    def _opened(self) -> S3Store:
        with self._lock:
            if self._store is None:
                self._store = _make_store(self._address, self._connections)
            return self._store


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


def _make_store(address: S3Address, connections: int) -> S3Store:
    config, options = _config(address), _options(address, connections)
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


def _options(address: S3Address, connections: int) -> "ClientConfig":
    """Return the options of the HTTP client; ``timeout`` is for everything (measured with 0.12.1)."""
    parts = urlsplit(address.endpoint)
    options: dict[str, Any] = {
        "allow_http": parts.scheme == "http",
        "http1_only": True,
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=WHOLE_SECONDS),
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


def _found(store: S3Store, key: str, limit: int) -> Found | None:
    """Return the object, with its bytes when it is small; None of one that is so, but larger than ``limit``."""
    answer = obstore.get(store, key)
    meta = answer.meta
    time_ns = modified_ns(answer.attributes, meta["last_modified"])
    etag = etag_of({"ETag": meta["e_tag"]})
    # An answer that is not read ends with its connection.
    if limit < meta["size"] <= LIMIT:
        return None
    data = _whole(answer, meta["size"]) if meta["size"] <= LIMIT else None
    return Found(meta["size"], time_ns, etag, data)


def _whole(answer: "GetResult", size: int) -> bytes:
    """Return all bytes of an answer. Its ``bytes()`` would believe in what comes, and not in what was told."""
    kept = io.BytesIO()
    for chunk in answer.stream(min_chunk_size=1):
        if kept.tell() + len(chunk) > size:
            break
        kept.write(chunk)
    else:
        if kept.tell() == size:
            return kept.getvalue()
    raise ValueError("It has another length than was told.")
