"""Connections as pages show them: with whose they are, and what the caller may do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.caller import Caller, Role
from app.connections.contract import Connection, Scope, Selection, Summary
from app.connections.permissions import may_change, may_create
from app.dashboard.connections.connection_kinds import KINDS

PAGE = 50
"""How many connections a page of the list holds."""


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One connection.

    Attributes:
        connection: as it stood when it was read.
        kind, form: what people call its kind and the form of its credentials.
        owner, organisation: their names; None: it has none.
        is_synchronised: a local mirror of it is kept.
        may_change: the caller may change and delete it.
        may_start: the caller may start jobs with it.
    """

    connection: Connection
    kind: str
    form: str
    owner: str | None
    organisation: str | None
    is_synchronised: bool
    may_change: bool
    may_start: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list.

    Attributes:
        total: how many fit the filter, on all pages.
        number, last: of this page and of the last one, from 1.
    """

    total: int
    number: int
    last: int
    views: Sequence[ConnectionView]


def list_page(services: Any, caller: Caller, text: str, number: int) -> ListPage:
    """Return a page of all that a caller may see, by name.

    Args:
        services: of the application.
        caller: who asks.
        text: a part of the name, the bucket, the description or the owner's name, in any case; empty: all.
        number: of the page; one behind the last is the last.
    """
    found = services.connections.find(caller, Scope(shared=True), _selection(text), (number - 1) * PAGE, PAGE)
    last = max(1, -(-found.total // PAGE))
    if number > last:
        return list_page(services, caller, text, last)
    return ListPage(found.total, number, last, views_of(services, caller, found.connections))


def views_of(services: Any, caller: Caller, connections: Sequence[Connection]) -> list[ConnectionView]:
    """Return connections as pages show them, in the order given."""
    owners = services.accounts.users_named(one.owner_id for one in connections if one.owner_id is not None)
    organisations = {one.id: one.slug for one in services.accounts.organisations()}
    on = services.synchronisation.is_on(one.id for one in connections)
    return [
        ConnectionView(
            connection=one,
            kind=KINDS[one.kind].label,
            form=KINDS[one.kind].forms[one.form].label,
            owner=owners[one.owner_id].name if one.owner_id in owners else None,
            organisation=organisations.get(one.organisation_id),
            is_synchronised=one.id in on,
            may_change=may_change(caller, one) and not caller.read_only,
            may_start=caller.role.is_at_least(Role.USER) and not caller.read_only,
        )
        for one in connections
    ]


def organisations_for_new(services: Any, caller: Caller) -> list[tuple[int, str]]:
    """Return id and slug of those organisations in which the caller may make connections, by slug."""
    return [(one.id, one.slug) for one in services.accounts.organisations() if may_create(caller, one.id)]


def _selection(text: str) -> Selection:
    sought = text.strip().casefold()

    def wanted(one: Summary) -> bool:
        return any(sought in (part or "").casefold() for part in (one.name, one.bucket, one.owner, one.description))

    return Selection(wanted, lambda found: sorted(found, key=lambda one: (one.name.casefold(), one.number)))
