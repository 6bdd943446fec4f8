"""Images by their UUIDs, and the collections that they are in. Each function works in a session of its caller."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.db.functions import among
from app.errors import NotFound
from app.library.changing import change_collection_row
from app.library.contract import CollectionChanges, CollectionKind
from app.library.finding import Found
from app.library.model import CollectionRow, ItemRow
from app.library.permissions import require_may_change, require_may_make
from app.library.rows import new_collection_row
from app.library.texts import storable

DEFAULT_COLLECTION = "Images"
"""Where images are when nobody says where."""


def image_row(session: Session, caller: Caller, item_id: str) -> Found:
    """Return an image that the caller may look at.

    Raises:
        NotFound: there is none of this id, it is deleted or its collection is, or it is somebody else's.
    """
    return image_rows(session, caller, [item_id])[0]


def image_rows(session: Session, caller: Caller, item_ids: Sequence[str]) -> list[Found]:
    """Return images that the caller may look at, in this order; an id that comes twice gives its image twice.

    Raises:
        NotFound: names the first of them that is missing, as `image_row` says.
    """
    wanted = [storable(item_id.lower()) for item_id in item_ids]
    rows = session.execute(_images(wanted, caller))
    found = {item.id: Found(item, collection) for item, collection in rows}
    for given, known in zip(item_ids, wanted, strict=True):
        if known not in found:
            raise NotFound(f"There is no image {storable(given)}.")
    return [found[item_id] for item_id in wanted]


def image_collection_row(session: Session, caller: Caller, name: str | None, now: float) -> CollectionRow:
    """Return a collection of images of the caller's, which is made where there is none.

    Args:
        session: in a write transaction, so that two requests at once make one.
        caller: whose it is.
        name: its id; else its name; None or empty: `DEFAULT_COLLECTION`.
        now: POSIX seconds.

    Raises:
        InvalidInput: the name is too long.
        NotAllowed: the caller may change or make none.
    """
    wanted = storable(name or DEFAULT_COLLECTION)
    row = session.scalar(_collections(caller).where(CollectionRow.id == wanted.lower()))
    row = row or session.scalar(_collections(caller).where(CollectionRow.name == wanted).limit(1))
    if row is None:
        return _made(session, caller, wanted, now)
    require_may_change(caller, row.owner_id)
    return row


def _made(session: Session, caller: Caller, name: str, now: float) -> CollectionRow:
    require_may_make(caller)
    row = new_collection_row(CollectionKind.IMAGES, caller.user_id, now)
    change_collection_row(row, CollectionChanges(name=name))
    session.add(row)
    session.flush()
    return row


def _images(item_ids: Sequence[str], caller: Caller) -> Select[ItemRow, CollectionRow]:
    joined = select(ItemRow, CollectionRow).join(CollectionRow, ItemRow.collection_number == CollectionRow.number)
    shown = joined.where(
        among(ItemRow.id, item_ids),
        ItemRow.deleted.is_(False),
        CollectionRow.deleted.is_(False),
        CollectionRow.kind == CollectionKind.IMAGES,
    )
    return shown if caller.is_admin else shown.where(CollectionRow.owner_id == caller.user_id)


def _collections(caller: Caller) -> Select[CollectionRow]:
    own = (CollectionRow.owner_id == caller.user_id, CollectionRow.kind == CollectionKind.IMAGES)
    return select(CollectionRow).where(*own, CollectionRow.deleted.is_(False)).order_by(CollectionRow.number)
