"""Connections to Azure Blob Storage: which fields they have, and how their container is opened."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.connections.address import AddressPolicy
from app.connections.buckets import container_name
from app.connections.contract import CredentialsForm
from app.connections.fields import prefix_field, texts, without_empty_endpoint
from app.connections.forms import read_credentials
from app.connections.kind import Room
from app.errors import InvalidInput
from app.storages.azure.address import AzureAddress
from app.storages.azure.connection_string import (
    ConnectionString,
    is_account_key,
    is_sas_token,
    read_connection_string,
)
from app.storages.base import Storage
from app.storages.registry import buckets_of, open_storage

FORMS = (CredentialsForm.ACCOUNT_TOKEN, CredentialsForm.CONNECTION_STRING, CredentialsForm.ANONYMOUS)

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_URL = re.compile(r"([^:/]*://[^/]*)(/.*)?", re.DOTALL)


class AzureKind:
    """See `app.connections.kind.StorageKind`.

    Args:
        policy: which endpoints are allowed.
    """

    exposed = frozenset({"token"})

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    def credentials(self, form: CredentialsForm, given: Mapping[str, str]) -> dict[str, str]:
        """Return ``token``, a shared access signature or an account key; or ``connection_string``; or nothing."""
        fields = read_credentials(FORMS, form, given)
        if "connection_string" in fields:
            _told_by(fields)
        token = fields.get("token", "")
        if token and not is_sas_token(token) and not is_account_key(token):
            raise InvalidInput("token", "Neither a shared access signature (sv=...&sig=...) nor an account key.")
        return fields

    def address(self, given: Mapping[str, Any], credentials: Mapping[str, str]) -> dict[str, Any]:
        """Return ``endpoint``, ``account`` and ``bucket``, and perhaps ``path`` and ``prefix``.

        A connection string brings endpoint, path and account. Without an endpoint it is Microsoft's; one may end with
        the account, as an emulator's does, which becomes the path.
        """
        fields = texts(without_empty_endpoint(given), ("bucket",), ("endpoint", "account", "path", "prefix"))
        place = self._told(credentials) if "connection_string" in credentials else self._named(fields)
        return {**place, "bucket": container_name(fields["bucket"]), **prefix_field(fields)}

    def name_of(self, address: Mapping[str, Any]) -> str:
        """Return the container's name."""
        return str(address["bucket"])

    def require_reachable(self, address: Mapping[str, Any]) -> None:
        """Ask the resolver where the endpoint leads to."""
        self._policy.refuse_resolution(str(address["endpoint"]))

    def buckets(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> Sequence[str]:
        """Return the names of the containers of the account."""
        return buckets_of("azure", address=self._place(address, credentials))

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the container."""
        place = self._place(address, credentials)
        return open_storage(
            "azure", address=place, connections=room.requests, notes=room.notes, keep_hours=room.keep_hours
        )

    def _place(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> AzureAddress:
        account_key, sas_token = _secrets(credentials)
        return AzureAddress(
            url=f"{address['endpoint']}{address.get('path', '')}",
            account=str(address["account"]),
            container=str(address["bucket"]),
            account_key=account_key,
            sas_token=sas_token,
            forbids=self._policy.peer_check(str(address["endpoint"])),
        )

    def _told(self, credentials: Mapping[str, str]) -> dict[str, str]:
        told = _told_by(credentials)
        endpoint, path = _parts(told.url)
        if not _ACCOUNT.fullmatch(told.account):
            raise InvalidInput("connection_string", "Its account must be of 3 to 24 lower-case letters and digits.")
        return {"endpoint": self._policy.normal(endpoint, "connection_string"), "account": told.account, **_path(path)}

    def _named(self, fields: Mapping[str, str]) -> dict[str, str]:
        account = fields.get("account", "")
        if not _ACCOUNT.fullmatch(account):
            raise InvalidInput("account", "Use the account's name: 3 to 24 lower-case letters and digits.")
        endpoint, path = _parts(fields.get("endpoint") or f"https://{account}.blob.core.windows.net")
        path = fields.get("path", path)
        if path and path != f"/{account}":
            raise InvalidInput("path" if "path" in fields else "endpoint", f"Its path can only be /{account}.")
        return {"endpoint": self._policy.normal(endpoint, "endpoint"), "account": account, **_path(path)}


def _told_by(credentials: Mapping[str, str]) -> ConnectionString:
    try:
        return read_connection_string(credentials["connection_string"])
    except ValueError as error:
        raise InvalidInput("connection_string", str(error)) from None


def _secrets(credentials: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return account key and shared access signature, of which there is one at most."""
    if "connection_string" in credentials:
        told = _told_by(credentials)
        return told.account_key, told.sas_token
    token = credentials.get("token", "")
    if not token:
        return None, None
    return (None, token.removeprefix("?")) if is_sas_token(token) else (token, None)


def _parts(url: str) -> tuple[str, str]:
    """Return scheme, host and port of an address, and what follows without a ``/`` at its end."""
    parts = _URL.fullmatch(url.strip())
    return (parts[1], (parts[2] or "").removesuffix("/")) if parts else (url, "")


def _path(path: str) -> dict[str, str]:
    return {"path": path} if path else {}
