"""The container itself, is it there, make it, remove it; and which others there are."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobServiceClient

from app.errors import ListingBroken, StorageFailure, StorageMissing, StorageNotEmpty
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients, account_client
from app.storages.azure.errors import code_of, not_azure, translated
from app.storages.azure.listing import Lister
from app.storages.azure.pages import Pages

CONTAINERS_PER_PAGE = 5000
CONTAINER_PAGES_LIMIT = 100

MADE_UP_NAME = ".sluice-nothing"

LEAVING_SECONDS = 45.0
"""So long `create` waits for the name of a container that was just deleted; Azure's documents say 30 or more."""

_BETWEEN_SECONDS = 2.0


def check_container(address: AzureAddress, clients: AzureClients) -> None:
    """Return when the container answers a listing as Azure does; a listing of nothing, by its made-up prefix."""
    next(Pages(address, clients.asking).all(MADE_UP_NAME, 1))


def list_containers(address: AzureAddress) -> Sequence[str]:
    """Return the names of the account's containers, ascending; answers or raises within some ten seconds.

    Args:
        address: its container is of no account, and may be empty.

    Raises:
        ListingBroken: the pages lead nowhere.
        StorageError: the credentials do not allow it, as a SAS token for one container does not, or the service failed.
    """
    address = replace(address, container="")  # or messages would tell of it
    with account_client(address) as client:
        return sorted(_container_names(address, client))


def _container_names(address: AzureAddress, client: BlobServiceClient) -> Iterator[str]:
    pages: Any = client.list_containers(results_per_page=CONTAINERS_PER_PAGE).by_page()
    for _ in range(CONTAINER_PAGES_LIMIT):
        with translated(address):
            page = next(pages, None)
            names = [container.name for container in page or ()]
        if not all(isinstance(name, str) and name for name in names):
            raise not_azure(address)
        yield from names
        if not pages.continuation_token:
            return
    raise ListingBroken(f"The list of containers of {address.host} does not end.")


def create_container(address: AzureAddress, clients: AzureClients, waiting_seconds: float = LEAVING_SECONDS) -> None:
    """Make the container; harmless when it is there.

    Args:
        address: its address.
        clients: asks.
        waiting_seconds: how long is waited for the end of a container of the same name that is being deleted.

    Raises:
        StorageFailure: that takes longer.
    """
    deadline = time.monotonic() + waiting_seconds
    waiting = threading.Event()
    while not _is_made(address, clients):
        if time.monotonic() >= deadline:
            raise StorageFailure(
                f"The container {address.container!r} was deleted and Azure is not done with it. Try again in a minute."
            )
        waiting.wait(min(_BETWEEN_SECONDS, waiting_seconds))


def _is_made(address: AzureAddress, clients: AzureClients) -> bool:
    """Return True when the container is there, False while an earlier one of its name is being deleted."""
    with translated(address):
        try:
            clients.working.create_container()
        except HttpResponseError as error:
            if code_of(error) == "ContainerBeingDeleted":
                return False
            if code_of(error) != "ContainerAlreadyExists":
                raise
    return True


def drop_container(address: AzureAddress, clients: AzureClients, lister: Lister) -> None:
    """Remove the container when it holds no object; harmless when it is absent.

    Azure deletes a container with all that is in it, and its conditions know when a container was changed but not
    what is in it. So it is looked at right before, and an object that arrives in that moment goes with it.

    Raises:
        StorageNotEmpty: it holds an object.
    """
    try:
        is_empty = lister.is_empty()
    except StorageMissing:
        return
    if not is_empty:
        raise StorageNotEmpty(f"The container {address.container!r} still holds something.")
    with translated(address):
        try:
            clients.working.delete_container()
        except HttpResponseError as error:
            if code_of(error) not in ("ContainerNotFound", "ContainerBeingDeleted"):
                raise
