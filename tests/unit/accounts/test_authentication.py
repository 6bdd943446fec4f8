"""Passwords presented: what everybody gets the same answer for, and what that costs."""

import threading

import pytest

from app.accounts.caller import OrganisationRole, Role
from app.errors import InvalidLogin
from tests.support.databases import rows

PASSWORD = "correct horse"
HOME = "192.0.2.1"


@pytest.fixture(autouse=True)
def people(accounts):
    accounts.create_user("root", Role.ADMIN)
    accounts.create_user("ann", Role.USER, PASSWORD)
    accounts.create_user("gone", Role.USER, PASSWORD)
    accounts.disable("gone")
    accounts.create_user("keys", Role.USER)


def test_a_right_password_gives_the_user_as_he_stands(accounts, authentication, clock):
    organisation = accounts.create_organisation("acme", "", "ann")
    caller = authentication.by_password("ANN", PASSWORD, HOME)

    assert (caller.name, caller.role, caller.read_only) == ("ann", Role.USER, False)
    assert caller.memberships == {organisation.id: OrganisationRole.OWNER}
    assert accounts.user("ann").last_login_at == clock.now
    assert authentication.caller_of(caller.user_id) == caller


REFUSED = [
    pytest.param("ann", "wrong horse", id="a wrong password"),
    pytest.param("nobody", PASSWORD, id="an unknown user"),
    pytest.param("gone", PASSWORD, id="a disabled user with the right password"),
    pytest.param("gone", "wrong horse", id="a disabled user"),
    pytest.param("keys", PASSWORD, id="a user without a password"),
    pytest.param("no such name \udcff\0", PASSWORD, id="what cannot be a name"),
    pytest.param("x" * 1_000_000, PASSWORD, id="a megabyte of a name"),
    pytest.param("", PASSWORD, id="no name"),
]


@pytest.mark.parametrize(("name", "password"), REFUSED)
@pytest.mark.fault("compare")
def test_everything_wrong_is_answered_and_counted_alike_after_one_verification(process, name, password):
    for _ in range(2):
        before = process.hasher.verified
        with pytest.raises(InvalidLogin, match=r"^The name or the password is wrong\.$"):
            process.authentication.by_password(name, password, HOME)
        assert process.hasher.verified == before + 1
    assert rows(process.database, "SELECT failures FROM failed_logins") == [(2,)] * 3


@pytest.mark.parametrize("password", ["", "x" * 257, "x" * 5_000_000, "nul\0inside", "\udcff" * 9])
@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_what_can_be_nobodys_password_is_refused_without_looking(process, name, password):
    with pytest.raises(InvalidLogin, match="The name or the password is wrong"):
        process.authentication.by_password(name, password, HOME)

    assert process.hasher.verified == 0


def test_a_client_that_sends_its_password_each_time_has_it_verified_once(process):
    for _ in range(20):
        assert process.authentication.by_password("ann", PASSWORD, HOME).name == "ann"
    assert process.authentication.by_password("ann", PASSWORD, "192.0.2.9").name == "ann"

    assert process.hasher.verified == 1


def test_of_many_requests_at_once_only_those_in_hand_verify(process):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(process.authentication.by_password("ann", PASSWORD, HOME).name))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert found == ["ann"] * 8
    assert process.hasher.verified <= 2


@pytest.mark.fault(42)
def test_a_crowd_of_guesses_at_once_gets_no_more_than_one_beyond_the_limit(process):
    def guess():
        with pytest.raises(Exception, match="wrong"):
            process.authentication.by_password("ann", "wrong horse", HOME)

    threads = [threading.Thread(target=guess) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert 5 <= process.hasher.verified <= 6


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda accounts: accounts.set_password("ann", "another one"), id="another password"),
        pytest.param(lambda accounts: accounts.set_password("ann", None), id="no password any more"),
        pytest.param(lambda accounts: accounts.disable("ann"), id="disabled"),
        pytest.param(lambda accounts: accounts.delete_user("ann"), id="deleted"),
        pytest.param(
            lambda accounts: (accounts.delete_user("ann"), accounts.create_user("ann", Role.ADMIN, "somebody else")),
            id="another user of this name",
        ),
    ],
)
def test_what_another_process_changes_counts_at_once_for_a_remembered_password(new_process, process, change):
    assert process.authentication.by_password("ann", PASSWORD, HOME)
    change(new_process().accounts)

    with pytest.raises(InvalidLogin):
        process.authentication.by_password("ann", PASSWORD, HOME)


def test_the_same_password_set_again_is_verified_again(process):
    process.authentication.by_password("ann", PASSWORD, HOME)
    process.accounts.set_password("ann", PASSWORD)
    process.authentication.by_password("ann", PASSWORD, HOME)

    assert process.hasher.verified == 2


def test_a_password_is_the_same_however_it_is_composed(accounts, authentication):
    accounts.set_password("ann", "pa\u0308ssword")

    assert authentication.by_password("ann", "pässword", HOME).name == "ann"


def test_a_hash_of_other_parameters_is_replaced_at_the_next_login(new_process, process):
    stronger = new_process(time_cost=2)
    [(before,)] = rows(process.database, "SELECT password FROM users WHERE name = 'ann'")
    assert stronger.authentication.by_password("ann", PASSWORD, HOME).name == "ann"
    [(after,)] = rows(process.database, "SELECT password FROM users WHERE name = 'ann'")

    assert ("t=1" in before, "t=2" in after) == (True, True)
    assert stronger.authentication.by_password("ann", PASSWORD, HOME).name == "ann"
    assert stronger.hasher.verified == 1
    assert process.authentication.by_password("ann", PASSWORD, HOME).name == "ann"


def test_a_wrong_password_replaces_no_hash(new_process, process):
    before = rows(process.database, "SELECT password FROM users")
    with pytest.raises(InvalidLogin):
        new_process(time_cost=2).authentication.by_password("ann", "wrong horse", HOME)

    assert rows(process.database, "SELECT password FROM users") == before


class ChangesWhileItVerifies:
    """Has an account change just after its password was found right."""

    def __init__(self, hasher, change):
        self._hasher, self._change = hasher, change

    def __getattr__(self, name):
        return getattr(self._hasher, name)

    def verify(self, *args):
        right = self._hasher.verify(*args)
        self._change()
        return right


@pytest.mark.parametrize("act", ["disable", "delete_user", "set_password"])
def test_an_account_that_changes_while_its_password_is_verified_lets_nobody_in(new_process, process, act):
    change = {"set_password": lambda: process.accounts.set_password("ann", "another one")}.get(
        act, lambda: getattr(process.accounts, act)("ann")
    )
    other = new_process()
    other.passwords._hasher = ChangesWhileItVerifies(other.hasher, change)

    with pytest.raises(InvalidLogin):
        other.authentication.by_password("ann", PASSWORD, HOME)
