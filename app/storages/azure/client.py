"""Clients of Microsoft's package that take nothing from their surroundings: all that matters is said here."""

import threading
from typing import Any, NamedTuple

from azure.core.credentials import AzureSasCredential
from azure.storage.blob import BlobClient, ContainerClient, LinearRetry

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
        retry: Any = LinearRetry  # its pauses are said to be whole seconds, and need not be
        with translated(self._address):
            return ContainerClient(
                self._address.url,
                self._address.container,
                credential=_credential(self._address),
                transport=transport_of(self._session, patience.connect, patience.answer, PIECE),
                retry_policy=retry(
                    backoff=patience.pause, retry_total=patience.attempts - 1, random_jitter_range=patience.pause / 2
                ),
                permit_redirects=False,
                user_agent="sluice",
                user_agent_use_env=False,
                max_single_put_size=LIMIT,
                max_single_get_size=PIECE,
                max_chunk_get_size=PIECE,
            )


def _credential(address: AzureAddress) -> Any:
    if address.account_key:
        return {"account_name": address.account, "account_key": address.account_key}
    return AzureSasCredential(address.sas_token.removeprefix("?")) if address.sas_token else None
