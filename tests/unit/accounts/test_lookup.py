"""Users and organisations by their ids, and what a caller may see of other users, or do to them."""

from dataclasses import replace

import pytest

from app.accounts.caller import Caller, Role
from app.errors import NotAllowed, NotFound, UserDisabled

NO_ID = [0, -1, 4_000_000, 2**63 - 1, 2**63, 10**30]


@pytest.fixture
def root(accounts):
    return Caller(accounts.create_user("root", Role.ADMIN).id, "root", Role.ADMIN)


@pytest.fixture
def ann(accounts):
    return Caller(accounts.create_user("ann", Role.USER).id, "ann", Role.USER)


@pytest.fixture
def bob(accounts):
    return Caller(accounts.create_user("bob", Role.WORKER).id, "bob", Role.WORKER)


def test_a_user_and_an_organisation_are_found_by_their_ids(accounts, ann):
    acme = accounts.create_organisation("acme", "Acme", "ann")

    assert accounts.user_of(ann.user_id) == accounts.user("ann")
    assert accounts.organisation_of(acme.id) == acme


@pytest.mark.parametrize("number", NO_ID)
def test_an_id_of_nobody_is_said_so(accounts, root, number):
    for asked in (accounts.user_of, accounts.organisation_of, lambda number: accounts.seen_user(root, number)):
        with pytest.raises(NotFound, match=f"There is no (user|organisation) {number}"):
            asked(number)
    with pytest.raises(NotFound):
        accounts.remove_user(root, number)


def test_users_are_found_by_several_ids_without_those_that_are_nobodys(accounts, ann, bob):
    found = accounts.users_named([bob.user_id, ann.user_id, bob.user_id, *NO_ID])

    assert {number: user.name for number, user in found.items()} == {ann.user_id: "ann", bob.user_id: "bob"}
    assert accounts.users_named([]) == {}


def test_as_many_ids_as_anybody_asks_for_are_looked_up(accounts, ann):
    assert [*accounts.users_named(range(1, 50_001))] == [ann.user_id]


def test_everybody_sees_himself_and_an_admin_sees_all(accounts, root, ann, bob):
    assert accounts.seen_user(ann, ann.user_id).name == "ann"
    assert accounts.seen_user(root, ann.user_id).name == "ann"
    with pytest.raises(NotAllowed):
        accounts.seen_user(ann, bob.user_id)
    assert [user.name for user in accounts.seen_users(root)] == ["ann", "bob", "root"]
    assert [user.name for user in accounts.seen_users(ann)] == ["ann"]


def test_a_user_is_removed_by_himself_or_by_an_admin(accounts, root, ann, bob):
    with pytest.raises(NotAllowed):
        accounts.remove_user(ann, bob.user_id)
    accounts.remove_user(bob, bob.user_id)
    accounts.remove_user(root, ann.user_id)

    assert [user.name for user in accounts.users()] == ["root"]
    with pytest.raises(NotFound):
        accounts.remove_user(root, ann.user_id)


def test_a_key_that_may_only_read_removes_nobody(accounts, ann):
    with pytest.raises(NotAllowed, match="only read"):
        accounts.remove_user(replace(ann, read_only=True), ann.user_id)


@pytest.mark.usefixtures("ann")
def test_the_last_admin_stays_and_so_does_the_last_owner(accounts, root, bob):
    accounts.create_organisation("acme", "", "bob")

    with pytest.raises(NotAllowed, match="root is the last admin"):
        accounts.remove_user(root, root.user_id)
    for caller in (root, bob):
        with pytest.raises(NotAllowed, match="bob is the last owner of acme"):
            accounts.remove_user(caller, bob.user_id)
    assert len(accounts.users()) == 3


def test_a_real_key_of_a_disabled_user_says_what_is_wrong_with_it(accounts, authentication, ann):
    key = accounts.create_key(ann.name).key
    accounts.disable(ann.name)

    with pytest.raises(UserDisabled):
        authentication.by_key(key)
