"""Who may do what with a connection: CVAT's table. Pure; that a key is read-only is not its matter."""

from typing import Protocol

from app.accounts.caller import Caller, OrganisationRole, Role


class Owned(Protocol):
    """What these rules look at of a connection."""

    @property
    def owner_id(self) -> int | None:
        """Whose it is; None: no user's."""
        ...

    @property
    def organisation_id(self) -> int | None:
        """The organisation that it belongs to, if any."""
        ...


def may_create(caller: Caller, organisation_id: int | None) -> bool:
    """Return whether the caller may make a connection of his own, or of this organisation."""
    if caller.is_admin:
        return True
    if not caller.role.is_at_least(Role.USER):
        return False
    return organisation_id is None or _stands(caller, organisation_id, OrganisationRole.MAINTAINER)


def may_see(caller: Caller, connection: Owned) -> bool:
    """Return whether the caller may read it, check it, and read from its storage."""
    return _owns(caller, connection) or _may_as_member(caller, connection, OrganisationRole.SUPERVISOR)


def may_change(caller: Caller, connection: Owned) -> bool:
    """Return whether the caller may change or delete it, and write to its storage."""
    return _owns(caller, connection) or _may_as_member(caller, connection, OrganisationRole.MAINTAINER)


def may_list_all(caller: Caller, organisation_id: int | None) -> bool:
    """Return whether the caller is shown what others own in this organisation; None: what is of no organisation."""
    if caller.is_admin:
        return True
    if organisation_id is None or not caller.role.is_at_least(Role.USER):
        return False
    return _stands(caller, organisation_id, OrganisationRole.SUPERVISOR)


def _owns(caller: Caller, connection: Owned) -> bool:
    """An owner who has left the organisation has lost what he made there."""
    if connection.owner_id is None or connection.owner_id != caller.user_id:
        return False
    return connection.organisation_id is None or connection.organisation_id in caller.memberships


def _may_as_member(caller: Caller, connection: Owned, least: OrganisationRole) -> bool:
    if caller.is_admin:
        return True
    if connection.organisation_id is None or not caller.role.is_at_least(Role.USER):
        return False
    return _stands(caller, connection.organisation_id, least)


def _stands(caller: Caller, organisation_id: int, least: OrganisationRole) -> bool:
    role = caller.memberships.get(organisation_id)
    return role is not None and role.is_at_least(least)
