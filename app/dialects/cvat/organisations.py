"""Which organisation a request is about: by ``org`` or ``org_id`` in the query, or the header ``X-Organization``."""

import re
from collections.abc import Mapping

from flask import abort, request

from app.accounts.records import Organisation
from app.connections.contract import Scope
from app.dialects.cvat.fields import shown
from app.dialects.cvat.media import answer
from app.errors import NotFound
from app.web.services import current_services

HEADER = "X-Organization"

_BOTH = (
    'You cannot specify "org_id" query parameter with "org" query parameter or "X-Organization" HTTP header '
    "at the same time."
)
_DIFFERENT = 'You cannot specify "org" query parameter and "X-Organization" HTTP header with different values.'
_NO_NUMBER = 'The "org_id" query parameter must be a number.'


class OrganisationRefused(ValueError):
    """Parameters that do not go together, or are none."""


def organisation_named(query: Mapping[str, str], header: str | None) -> str | int | None:
    """Return the slug or the id of an organisation; empty: none of them, what is one's own; None: it is not said.

    Raises:
        OrganisationRefused: what is said does not go together, or the id is no number.
    """
    slug, number = query.get("org"), query.get("org_id")
    if number is not None and (slug is not None or header is not None):
        raise OrganisationRefused(_BOTH)
    if None not in (slug, header) and slug != header:
        raise OrganisationRefused(_DIFFERENT)
    if number is None:
        return slug if slug is not None else header
    if number and not re.fullmatch(r"-?[0-9]{1,18}", number):
        raise OrganisationRefused(_NO_NUMBER)
    return int(number) if number else ""


def current_scope(query: Mapping[str, str]) -> Scope:
    """Return what this request is about; who may see it is asked elsewhere.

    Answers 400 to parameters that cannot be, and 404 to an organisation that is none.
    """
    try:
        named = organisation_named(query, request.headers.get(HEADER))
    except OrganisationRefused as error:
        abort(answer([str(error)], 400))
    if named is None:
        return Scope()
    return Scope(named=True, organisation_id=None if named == "" else _organisation(named).id)


def _organisation(named: str | int) -> Organisation:
    accounts = current_services().accounts
    try:
        found: Organisation = (
            accounts.organisation(named) if isinstance(named, str) else accounts.organisation_of(named)
        )
    except NotFound:
        abort(answer({"detail": f"{shown(named)} organization does not exist."}, 404))
    return found
