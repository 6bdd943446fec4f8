"""Who may do what with a connection: CVAT's table, row by row."""

from itertools import product

import pytest

from app.accounts.caller import Caller, OrganisationRole, Role
from app.connections.contract import OPERATOR, Connection
from app.connections.permissions import may_change, may_create, may_see

OWNER, OTHER, ORGANISATION, ELSEWHERE = 7, 8, 3, 4
ROLES = list(Role)
MEMBERS = [None, *OrganisationRole]


def connection(owner_id=OWNER, organisation_id=None):
    return Connection(1, "id", "s3", "name", {}, owner_id, organisation_id, 1.0, 1.0)


def caller(user_id, role, member=None, organisation_id=ORGANISATION):
    return Caller(user_id, "somebody", role, {organisation_id: member} if member else {})


def table(function, *columns):
    """Return the combinations for which the function says yes."""
    return {row for row in product(*columns) if function(*row)}


def test_a_personal_connection_is_its_owners_and_the_admins():
    everybody = product((OWNER, OTHER), ROLES, MEMBERS)
    for user_id, role, member in everybody:
        expected = user_id == OWNER or role is Role.ADMIN
        who = caller(user_id, role, member)

        assert (may_see(who, connection()), may_change(who, connection())) == (expected, expected)


@pytest.mark.parametrize(
    ("may", "least"),
    [
        pytest.param(may_see, OrganisationRole.SUPERVISOR, id="see"),
        pytest.param(may_change, OrganisationRole.MAINTAINER, id="change"),
    ],
)
@pytest.mark.fault(37)
def test_a_connection_of_an_organisation_is_for_those_who_stand_high_enough_in_it(may, least):
    of_organisation = connection(organisation_id=ORGANISATION)

    assert table(lambda role, member: may(caller(OTHER, role, member), of_organisation), ROLES, MEMBERS) == {
        *((Role.ADMIN, member) for member in MEMBERS),
        *((Role.USER, member) for member in OrganisationRole if member.is_at_least(least)),
    }


@pytest.mark.parametrize("may", [may_see, may_change])
def test_its_owner_needs_to_be_a_member_and_nothing_more(may):
    of_organisation = connection(organisation_id=ORGANISATION)

    assert table(lambda role, member: may(caller(OWNER, role, member), of_organisation), ROLES, MEMBERS) == {
        *((Role.ADMIN, member) for member in MEMBERS),
        *((role, member) for role in ROLES for member in OrganisationRole),
    }


def test_a_role_in_another_organisation_counts_for_nothing():
    stranger = caller(OTHER, Role.USER, OrganisationRole.OWNER, ELSEWHERE)

    assert not may_see(stranger, connection(organisation_id=ORGANISATION))
    assert not may_change(stranger, connection(organisation_id=ORGANISATION))
    assert not may_create(stranger, ORGANISATION)


def test_connections_are_made_by_users_and_in_an_organisation_by_those_who_maintain_it():
    assert table(lambda role, member: may_create(caller(OTHER, role, member), None), ROLES, [None]) == {
        (Role.ADMIN, None),
        (Role.USER, None),
    }
    assert table(lambda role, member: may_create(caller(OTHER, role, member), ORGANISATION), ROLES, MEMBERS) == {
        *((Role.ADMIN, member) for member in MEMBERS),
        (Role.USER, OrganisationRole.MAINTAINER),
        (Role.USER, OrganisationRole.OWNER),
    }


@pytest.mark.parametrize("role", [Role.USER, Role.WORKER])
def test_what_no_user_owns_is_for_admins_only(role):
    orphan = connection(owner_id=None)

    assert not may_see(caller(OTHER, role), orphan)
    assert may_see(OPERATOR, orphan)
    assert may_change(OPERATOR, orphan)
