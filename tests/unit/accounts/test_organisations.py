"""Organisations and their members."""

import pytest

from app.accounts.caller import OrganisationRole, Role
from app.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.usefixtures("each_database")

OWNER, WORKER = OrganisationRole.OWNER, OrganisationRole.WORKER


@pytest.fixture(autouse=True)
def people(accounts):
    for name in ("ann", "bob"):
        accounts.create_user(name, Role.USER)


@pytest.fixture
def acme(accounts):
    return accounts.create_organisation("Acme", "The Acme Corporation", "Ann")


def roles(accounts):
    return {member.user_name: member.role for member in accounts.members("acme")}


def test_an_organisation_is_kept_with_its_owner(accounts, acme, clock):
    assert (acme.slug, acme.name, acme.created_at) == ("acme", "The Acme Corporation", clock.now)
    assert accounts.organisation("ACME") == acme
    assert accounts.organisations() == [acme]
    assert roles(accounts) == {"ann": OWNER}


def test_without_a_name_it_is_called_by_its_slug(accounts):
    assert accounts.create_organisation("Lab", "  ", "ann").name == "lab"


@pytest.mark.usefixtures("acme")
def test_a_slug_is_taken_in_any_case(accounts):
    with pytest.raises(AlreadyExists, match="There is an organisation acme already"):
        accounts.create_organisation("ACME", "", "bob")


@pytest.mark.parametrize(("slug", "name"), [("a b", ""), ("acme", "x" * 65)])
def test_what_cannot_be_is_refused(accounts, slug, name):
    with pytest.raises(InvalidInput):
        accounts.create_organisation(slug, name, "ann")
    assert accounts.organisations() == []


def test_members_come_change_and_go(accounts, acme, authentication):
    accounts.set_member("acme", "Bob", WORKER)
    assert roles(accounts) == {"ann": OWNER, "bob": WORKER}
    accounts.set_member("acme", "bob", OrganisationRole.SUPERVISOR)
    bob = authentication.caller_of(accounts.user("bob").id)
    assert bob.memberships == {acme.id: OrganisationRole.SUPERVISOR}
    accounts.remove_member("acme", "bob")
    assert roles(accounts) == {"ann": OWNER}


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        pytest.param(lambda a: a.organisation("none"), "no organisation 'none'", id="organisation"),
        pytest.param(lambda a: a.organisation("\x1b" * 1000), "no organisation", id="a hostile slug"),
        pytest.param(lambda a: a.members("none"), "no organisation 'none'", id="members"),
        pytest.param(lambda a: a.set_member("none", "ann", WORKER), "no organisation 'none'", id="set_member"),
        pytest.param(lambda a: a.set_member("acme", "none", WORKER), "no user 'none'", id="set_member, nobody"),
        pytest.param(lambda a: a.remove_member("acme", "bob"), "bob is no member of acme", id="no member"),
        pytest.param(lambda a: a.delete_organisation("none"), "no organisation 'none'", id="delete"),
    ],
)
def test_what_is_done_with_none_is_said_so(accounts, act, sentence):
    with pytest.raises(NotFound, match=sentence):
        act(accounts)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda accounts: accounts.remove_member("acme", "ann"), id="removed"),
        pytest.param(lambda accounts: accounts.set_member("acme", "ann", WORKER), id="another role"),
    ],
)
def test_the_last_owner_stays_one(accounts, end):
    accounts.set_member("acme", "bob", OWNER)
    accounts.disable("bob")
    with pytest.raises(NotAllowed, match="ann is the last owner of acme"):
        end(accounts)

    accounts.enable("bob")
    end(accounts)
    assert roles(accounts)["bob"] is OWNER


def test_a_disabled_user_cannot_be_its_first_owner(accounts):
    accounts.disable("bob")

    with pytest.raises(NotAllowed, match="bob is disabled"):
        accounts.create_organisation("acme", "", "bob")
    assert accounts.organisations() == []


@pytest.mark.usefixtures("acme")
def test_its_members_outlive_it(accounts, authentication):
    accounts.delete_organisation("acme")

    assert accounts.organisations() == []
    assert authentication.caller_of(accounts.user("ann").id).memberships == {}
