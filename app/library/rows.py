"""Making the rows of collections. No queries here."""

from uuid import uuid4

from app.library.contract import CollectionKind
from app.library.model import CollectionRow


def new_collection_row(kind: CollectionKind, owner_id: int, now: float) -> CollectionRow:
    """Return an empty collection without a name, not in any session yet; ``now`` in POSIX seconds."""
    return CollectionRow(
        id=str(uuid4()),
        kind=kind,
        owner_id=owner_id,
        tags=[],
        published=False,
        deleted=False,
        purged=False,
        last_position=0,
        created_at=now,
        updated_at=now,
    )
