"""Which histories a request for a list of them gets: what the library finds, less what it cannot tell apart."""

from collections.abc import Sequence
from dataclasses import replace

from app.dialects.galaxy.translate_histories import slug_of
from app.dialects.galaxy.wire import encoded
from app.library.contract import Collection, CollectionKind, CollectionQuery
from app.web.callers import current_caller
from app.web.services import current_services


def found_histories(wanted: CollectionQuery, slug: str | None, owner_id: int | None) -> Sequence[Collection]:
    """Return the histories that a query wants.

    Args:
        wanted: the query.
        slug: only the one of this slug; None: whichever it has.
        owner_id: only this user's, also of published ones; None: whoever's.
    """
    library, caller = current_services().library, current_caller()
    by_owner = wanted.published and owner_id is not None
    if slug is None and not by_owner:
        found: Sequence[Collection] = library.collections(caller, CollectionKind.HISTORY, wanted)
        return found
    everything = library.collections(caller, CollectionKind.HISTORY, replace(wanted, limit=None, offset=0))
    kept = [each for each in everything if owner_id in (None, each.owner_id) and _has_slug(each, slug)]
    return kept[wanted.offset :][: wanted.limit]


def _has_slug(history: Collection, slug: str | None) -> bool:
    return slug is None or slug == slug_of(history, encoded(history.number))
