"""Clients of Microsoft's package that take nothing from their surroundings: all that matters is said here."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import requests
from azure.core.credentials import AzureSasCredential
from azure.storage.blob import BlobClient, BlobServiceClient, ContainerClient, LinearRetry

from app.storages.azure.address import AzureAddress
from app.storages.azure.errors import translated
from app.storages.azure.transport import session_of, transport_of

MIB = 1024 * 1024
LIMIT = 8 * MIB
"""Larger contents are stored in blocks of as much."""

PIECE = 4 * MIB
"""So much of a blob comes with one request; each that is read has as much in memory, though nobody reads on."""


class Patience(NamedTuple):
    """How long something is waited for: seconds to connect and for an answer, attempts, and seconds between them."""

    connect: float
    answer: float
    attempts: int
    pause: float


WORKING = Patience(3, 30, 3, 1)
ASKING = Patience(2, 4, 2, 0.2)
"""For what must be told within ten seconds: a black hole is reported after twice 4."""


class AzureClients:
    """The clients of one address, made when first used. Thread-safe.

    Args:
        address: the container's address.
        connections: how many connections are kept.
    """

    def __init__(self, address: AzureAddress, connections: int) -> None:
        self._address = address
        self._session = session_of(address, connections)
        self._made: dict[Patience, ContainerClient] = {}
        self._lock = threading.Lock()

    @property
    def working(self) -> ContainerClient:
        """The client for all the work."""
        return self._client(WORKING)

    @property
    def asking(self) -> ContainerClient:
        """The client of little patience, which answers people."""
        return self._client(ASKING)

    def blob(self, key: str) -> BlobClient:
        """Return the client for one blob, for all the work."""
        return self.working.get_blob_client(key)

    def close(self) -> None:
        """Close all connections; a client that is used again connects again."""
        self._session.close()

    def _client(self, patience: Patience) -> ContainerClient:
        with self._lock:
            if patience not in self._made:
                self._made[patience] = self._make(patience)
            return self._made[patience]

    def _make(self, patience: Patience) -> ContainerClient:
        with translated(self._address):
            return ContainerClient(
                self._address.url, self._address.container, **_options(self._address, self._session, patience)
            )


@contextmanager
def account_client(address: AzureAddress) -> Iterator[BlobServiceClient]:
    """Give a client of little patience for the account of an address, as anybody who asks wants it."""
    with closing(session_of(address, 1)) as session:
        with translated(address):
            client = BlobServiceClient(address.url, **_options(address, session, ASKING))
        yield client


def _options(address: AzureAddress, session: requests.Session, patience: Patience) -> dict[str, Any]:
    retry: Any = LinearRetry  # its pauses are said to be whole seconds, and need not be
    return {
        "credential": _credential(address),
        "transport": transport_of(session, patience.connect, patience.answer, PIECE),
        "retry_policy": retry(
            backoff=patience.pause, retry_total=patience.attempts - 1, random_jitter_range=patience.pause / 2
        ),
        "permit_redirects": False,
        "user_agent": "sluice",
        "user_agent_use_env": False,
        "max_single_put_size": LIMIT,
        "max_single_get_size": PIECE,
        "max_chunk_get_size": PIECE,
    }


def _credential(address: AzureAddress) -> Any:
    if address.account_key:
        return {"account_name": address.account, "account_key": address.account_key}
    return AzureSasCredential(address.sas_token.removeprefix("?")) if address.sas_token else None
