"""The kinds of storage that a connection can lead to. A new kind is a module like ``s3_kind`` and a line here."""

from collections.abc import Mapping

from app.connections.address import AddressPolicy
from app.connections.azure_kind import AzureKind
from app.connections.gcs_kind import GcsKind
from app.connections.gdrive_kind import GdriveKind
from app.connections.granted import TokenSource, nothing_granted
from app.connections.kind import StorageKind
from app.connections.s3_kind import S3Kind
from app.errors import InvalidInput
from app.settings import Settings


def storage_kinds(
    settings: Settings,
    policy: AddressPolicy,
    tokens: TokenSource = nothing_granted,
) -> Mapping[str, StorageKind]:
    """Return every kind by its name.

    Args:
        settings: say where some of them are.
        policy: which endpoints users may name.
        tokens: gives those of a connection.
    """
    return {
        "s3": S3Kind(policy, settings.storage_region),
        "azure": AzureKind(policy),
        "gcs": GcsKind(policy),
        "gdrive": GdriveKind(settings, tokens),
    }


def kind_named(kinds: Mapping[str, StorageKind], name: str) -> StorageKind:
    """Return the kind of this name.

    Raises:
        InvalidInput: for ``kind``: there is none.
    """
    if name not in kinds:
        raise InvalidInput("kind", f"Use one of {', '.join(kinds)}.")
    return kinds[name]
