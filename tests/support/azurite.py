"""Microsoft's azurite as a server for tests, in a process of its own, with an account and a key of its own."""

import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.storage.blob import ContainerClient, generate_container_sas

from app.storages.azure.address import AzureAddress
from tests.support.servers import READY_SECONDS, end, free_port, missing

ACCOUNT = "sluicetests"
PROGRAM = Path(sys.prefix) / "clients" / "azurite" / "node_modules" / ".bin" / "azurite-blob"


@dataclass(frozen=True)
class Azurite:
    """A running azurite.

    Attributes:
        url: of the account.
        account_key: of the account.
    """

    url: str
    account_key: str

    def container(self, name: str) -> AzureAddress:
        """Return the address of a container there."""
        return AzureAddress(self.url, ACCOUNT, name, self.account_key)

    def shared(self, name: str, permission: str, hours: float = 1) -> AzureAddress:
        """Return the address of a container, with a SAS token for it in the place of the key."""
        now = datetime.now(UTC)
        token = generate_container_sas(
            ACCOUNT,
            name,
            account_key=self.account_key,
            permission=permission,
            start=now - timedelta(hours=2),
            expiry=now + timedelta(hours=hours),
        )
        return replace(self.container(name), account_key=None, sas_token=token)


def client_of(address: AzureAddress) -> ContainerClient:
    """Return a client that shares nothing with the driver."""
    credential = {"account_name": address.account, "account_key": address.account_key or ""}
    return ContainerClient(address.url, address.container, credential=credential)


@contextmanager
def azurite_server(folder: Path) -> Iterator[Azurite]:
    """Run azurite, which keeps blobs in memory; its log goes to ``folder``."""
    if not PROGRAM.exists() or shutil.which("node") is None:
        missing("azurite is not installed; `make test` does that where there is npm.")
    port, key = free_port(), base64.b64encode(secrets.token_bytes(64)).decode()
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        *(str(PROGRAM), "--silent", "--blobHost", "127.0.0.1", "--blobPort", str(port)),
        *("--inMemoryPersistence", "--disableTelemetry", "--disableProductStyleUrl", "--skipApiVersionCheck"),
    ]
    environment = os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=environment, cwd=folder)
    try:
        _wait_until_listening(process, port, folder / "server.log")
        yield Azurite(f"http://127.0.0.1:{port}/{ACCOUNT}", key)
    finally:
        end(process)


def _wait_until_listening(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)  # between two looks at a condition that has a deadline
        else:
            return
    pytest.fail(f"azurite does not listen: {log.read_text(errors='replace')[-2000:]}")
