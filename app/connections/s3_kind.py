"""Connections to S3 and what speaks its language: which fields they have, and how their bucket is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.connections.address import AddressPolicy
from app.connections.buckets import bucket_name
from app.connections.contract import CredentialsForm
from app.connections.fields import prefix_field, texts, without_empty_endpoint
from app.connections.forms import read_credentials
from app.connections.kind import Room
from app.errors import InvalidInput
from app.storages.base import Storage
from app.storages.registry import buckets_of, open_storage
from app.storages.s3 import S3Address

REGION_LENGTH = 64
AMAZONS_REGION = "us-east-1"
FORMS = (CredentialsForm.KEYS, CredentialsForm.ANONYMOUS)


class S3Kind:
    """See `app.connections.kind.StorageKind`.

    Args:
        policy: which endpoints are allowed.
        region: what requests are signed for where an address names an endpoint and no region.
    """

    exposed = frozenset({"session_token"})

    def __init__(self, policy: AddressPolicy, region: str) -> None:
        self._policy = policy
        self._region = region

    def credentials(self, form: CredentialsForm, given: Mapping[str, str]) -> dict[str, str]:
        """Return ``access_key`` and ``secret_key``, and perhaps ``session_token``; or nothing."""
        return read_credentials(FORMS, form, given)

    def address(self, given: Mapping[str, Any], credentials: Mapping[str, str]) -> dict[str, Any]:  # noqa: ARG002
        """Return ``endpoint``, ``bucket``, ``region`` and perhaps ``prefix``; without an endpoint it is Amazon's."""
        fields = texts(without_empty_endpoint(given), ("bucket",), ("endpoint", "region", "prefix"))
        region = _region(fields.get("region", self._region if "endpoint" in fields else AMAZONS_REGION))
        return {
            "endpoint": self._policy.normal(fields.get("endpoint") or _amazons(region), "endpoint"),
            "bucket": bucket_name(fields["bucket"], "bucket"),
            "region": region,
            **prefix_field(fields),
        }

    def name_of(self, address: Mapping[str, Any]) -> str:
        """Return the bucket's name."""
        return str(address["bucket"])

    def require_reachable(self, address: Mapping[str, Any]) -> None:
        """Ask the resolver where the endpoint leads to."""
        self._policy.refuse_resolution(str(address["endpoint"]))

    def buckets(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> Sequence[str]:
        """Return the names of the buckets of the account."""
        return buckets_of("s3", address=self._place(address, credentials))

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the bucket."""
        place = replace(self._place(address, credentials), token=room.token)
        return open_storage(
            "s3", address=place, connections=room.requests, notes=room.notes, keep_hours=room.keep_hours
        )

    def _place(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> S3Address:
        return S3Address(
            endpoint=str(address["endpoint"]),
            bucket=str(address["bucket"]),
            access_key=credentials.get("access_key", ""),
            secret_key=credentials.get("secret_key", ""),
            region=str(address["region"]),
            forbids=self._policy.peer_check(str(address["endpoint"])),
            session_token=credentials.get("session_token"),
        )


def _region(text: str) -> str:
    if len(text) > REGION_LENGTH or not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
        raise InvalidInput("region", "Use letters, digits, '-' and '_', such as eu-central-1.")
    return text


def _amazons(region: str) -> str:
    """Return Amazon's endpoint of a region; those of China have a domain of their own."""
    return f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
