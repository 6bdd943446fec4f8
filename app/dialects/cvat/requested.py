"""What a request for storages names: its query string, and the storage in its address."""

import re

from flask import abort, request

from app.connections.contract import Connection
from app.dialects.cvat.errors import NOT_FOUND
from app.dialects.cvat.media import answer
from app.dialects.cvat.organisations import current_scope
from app.dialects.cvat.refusals import refusing_queries
from app.dialects.cvat.selection import require_provider
from app.dialects.cvat.translate import SHOWN, provider_of
from app.errors import NotFound
from app.web.callers import required_caller
from app.web.credentials import Place
from app.web.services import current_services

_NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
_LONGEST_NUMBER = 18


def query_pairs() -> list[tuple[str, str]]:
    """Return the parameters of the query string as they came, but for a key, which says who is calling."""
    return [(name, value) for name, value in request.args.items(multi=True) if name != Place.QUERY]


def query() -> dict[str, str]:
    """Return the parameters of the query string; of what came twice the last one counts, as Django has it."""
    return dict(query_pairs())


def numbered_connection(number: str) -> Connection:
    """Return the storage that an address names; whatever else the request says of organisations must make sense.

    Answers 404 to what is no number.

    Raises:
        NotFound: there is none, or it is of another provider than the query string names, or of none that CVAT has.
        NotAllowed: there is one, and the caller may not see it.
    """
    given = query()
    current_scope(given)
    with refusing_queries():
        require_provider(given)
    if not _NUMBER.fullmatch(number):
        abort(answer({"detail": NOT_FOUND}, 404))
    if len(number) > _LONGEST_NUMBER:
        raise NotFound("There is no connection of this number.")
    found: Connection = current_services().connections.numbered(required_caller(), int(number), SHOWN)
    if given.get("provider_type", "") not in ("", provider_of(found.kind)):
        raise NotFound("There is no connection of this number and provider.")
    return found
