"""Connections to S3 and what speaks its language: which fields they have, and how their bucket is opened."""

from collections.abc import Mapping
from typing import Any

from app.connections.address import AddressPolicy
from app.connections.buckets import bucket_name
from app.connections.fields import credential, texts
from app.connections.kind import Room
from app.errors import InvalidInput
from app.storages.base import Storage
from app.storages.registry import open_storage
from app.storages.s3 import S3Address

REGION_LENGTH = 64


class S3Kind:
    """See `app.connections.kind.StorageKind`.

    Args:
        policy: which endpoints are allowed.
        region: what requests are signed for where an address names no region.
    """

    def __init__(self, policy: AddressPolicy, region: str) -> None:
        self._policy = policy
        self._region = region

    def address(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``endpoint``, ``bucket`` and ``region``."""
        fields = texts(given, ("endpoint", "bucket"), ("region",))
        return {
            "endpoint": self._policy.normal(fields["endpoint"], "endpoint"),
            "bucket": bucket_name(fields["bucket"], "bucket"),
            "region": _region(fields.get("region", self._region)),
        }

    def credentials(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return ``access_key`` and ``secret_key``."""
        fields = texts(given, ("access_key", "secret_key"))
        return {name: credential(name, text) for name, text in fields.items()}

    def name_of(self, address: Mapping[str, Any]) -> str:
        """Return the bucket's name."""
        return str(address["bucket"])

    def require_reachable(self, address: Mapping[str, Any]) -> None:
        """Ask the resolver where the endpoint leads to."""
        self._policy.refuse_resolution(str(address["endpoint"]))

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the bucket."""
        bucket = S3Address(
            endpoint=str(address["endpoint"]),
            bucket=str(address["bucket"]),
            access_key=credentials["access_key"],
            secret_key=credentials["secret_key"],
            region=str(address["region"]),
            forbids=self._policy.peer_check(str(address["endpoint"])),
        )
        return open_storage(
            "s3", address=bucket, connections=room.requests, notes=room.notes, keep_hours=room.keep_hours
        )


def _region(text: str) -> str:
    if len(text) > REGION_LENGTH or not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
        raise InvalidInput("region", "Use letters, digits, '-' and '_', such as eu-central-1.")
    return text
