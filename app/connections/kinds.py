"""The kinds of storage that a connection can lead to. A new kind is a module like ``s3_kind`` and a line here."""

from collections.abc import Mapping

from app.connections.address import AddressPolicy
from app.connections.azure_kind import AzureKind
from app.connections.gcs_kind import GcsKind
from app.connections.kind import StorageKind
from app.connections.s3_kind import S3Kind
from app.errors import InvalidInput
from app.settings import Settings


def storage_kinds(settings: Settings, policy: AddressPolicy) -> Mapping[str, StorageKind]:
    """Return every kind by its name."""
    return {"s3": S3Kind(policy, settings.storage_region), "azure": AzureKind(policy), "gcs": GcsKind(policy)}


def kind_named(kinds: Mapping[str, StorageKind], name: str) -> StorageKind:
    """Return the kind of this name.

    Raises:
        InvalidInput: for ``kind``: there is none.
    """
    if name not in kinds:
        raise InvalidInput("kind", f"Use one of {', '.join(kinds)}.")
    return kinds[name]
