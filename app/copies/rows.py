"""Making the rows of copies. No queries here."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.copies.contract import Conversion, CopyKind, CopyState
from app.copies.model import CopyRow
from app.library.texts import storable


def new_copy_row(kind: CopyKind, source: str, key: str, options: Mapping[str, Any], now: float) -> CopyRow:
    """Return a copy that waits, of no job, owner or item yet, and not in any session.

    Args:
        kind: from where to where.
        source: see `Copy`.
        key: see `Copy`.
        options: JSON.
        now: POSIX seconds.
    """
    return CopyRow(
        kind=kind,
        source=storable(source),
        key=storable(key),
        options=dict(options),
        state=CopyState.WAITING,
        cancelling=False,
        message="",
        size=0,
        # Set, so that a snapshot can be taken of a row whose session has ended.
        **dict.fromkeys(("stored_key", "item_number", "collection_number", "reason", "sha256", "finished_at")),
        created_at=now,
        updated_at=now,
    )


def options_of(conversion: Conversion) -> dict[str, Any]:
    """Return a conversion as JSON."""
    return asdict(conversion)


def conversion_of(options: Mapping[str, Any]) -> Conversion:
    """Return the conversion of a copy into the library."""
    return Conversion(**options["conversion"])
