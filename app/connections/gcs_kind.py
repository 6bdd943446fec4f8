"""Connections to Google Cloud Storage: which fields they have, and how their bucket is opened."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.connections.address import AddressPolicy
from app.connections.buckets import googles_bucket_name
from app.connections.contract import CredentialsForm
from app.connections.fields import prefix_field, texts, without_empty_endpoint
from app.connections.forms import read_credentials
from app.connections.kind import Room
from app.errors import InvalidInput
from app.storages.base import Storage
from app.storages.gcs.address import GOOGLE, GcsAddress
from app.storages.gcs.key_file import read_key_file
from app.storages.registry import buckets_of, open_storage

FORMS = (CredentialsForm.KEY_FILE, CredentialsForm.ANONYMOUS)

_PROJECT = re.compile(r"[a-z0-9](?:[a-z0-9.:-]{0,98}[a-z0-9])?", re.ASCII)
_LOCATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?", re.ASCII)


class GcsKind:
    """See `app.connections.kind.StorageKind`.

    Args:
        policy: which endpoints are allowed.
    """

    exposed = frozenset({"key_file"})

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    def credentials(self, form: CredentialsForm, given: Mapping[str, str]) -> dict[str, str]:
        """Return ``key_file``, JSON of what of it is used; or nothing."""
        fields = read_credentials(FORMS, form, given)
        if "key_file" not in fields:
            return fields
        try:
            return {"key_file": json.dumps(read_key_file(fields["key_file"]))}
        except ValueError as error:
            raise InvalidInput("key_file", str(error)) from None

    def address(self, given: Mapping[str, Any], credentials: Mapping[str, str]) -> dict[str, Any]:  # noqa: ARG002
        """Return ``endpoint`` and ``bucket``, and perhaps ``project``, ``location`` and ``prefix``."""
        fields = texts(without_empty_endpoint(given), ("bucket",), ("endpoint", "project", "location", "prefix"))
        return {
            "endpoint": self._policy.normal(fields.get("endpoint", GOOGLE), "endpoint"),
            "bucket": googles_bucket_name(fields["bucket"]),
            **_matching(fields, "project", _PROJECT, "Use the id of a project, such as my-project-1."),
            **_matching(fields, "location", _LOCATION, "Use a location such as EU or europe-west4."),
            **prefix_field(fields),
        }

    def name_of(self, address: Mapping[str, Any]) -> str:
        """Return the bucket's name."""
        return str(address["bucket"])

    def require_reachable(self, address: Mapping[str, Any]) -> None:
        """Ask the resolver where the endpoint leads to."""
        self._policy.refuse_resolution(str(address["endpoint"]))

    def buckets(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> Sequence[str]:
        """Return the names of the buckets of the project."""
        return buckets_of("gcs", address=self._place(address, credentials))

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the bucket."""
        place = self._place(address, credentials)
        return open_storage(
            "gcs", address=place, connections=room.requests, notes=room.notes, keep_hours=room.keep_hours
        )

    def _place(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> GcsAddress:
        return GcsAddress(
            bucket=str(address["bucket"]),
            endpoint=str(address["endpoint"]),
            key_file=json.loads(credentials["key_file"]) if "key_file" in credentials else None,
            project=address.get("project"),
            location=address.get("location"),
            forbids=self._policy.peer_check(str(address["endpoint"])),
        )


def _matching(fields: Mapping[str, str], name: str, shape: re.Pattern[str], sentence: str) -> dict[str, str]:
    """Return the field as an address keeps it: not at all when it is not given."""
    if name not in fields:
        return {}
    if not shape.fullmatch(fields[name]):
        raise InvalidInput(name, sentence)
    return {name: fields[name]}
