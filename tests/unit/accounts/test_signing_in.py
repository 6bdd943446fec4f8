"""Signing in with a password or with a key: what such a session may do, and what ends it."""

import pytest

from app.accounts.caller import Role
from app.accounts.scopes import Scope
from app.errors import InvalidLogin, TooManyAttempts
from tests.support.databases import rows

PASSWORD = "correct horse"
HOME = "192.0.2.1"
DAY = 24 * 3600.0


@pytest.fixture(autouse=True)
def people(accounts):
    accounts.create_user("root", Role.ADMIN)
    accounts.create_user("ann", Role.USER, PASSWORD)
    accounts.create_user("bob", Role.USER, PASSWORD)


@pytest.fixture
def made(accounts, clock):
    """A key of ann's that expires after an hour, long before a session does."""
    return accounts.create_key("ann", expires_at=clock.now + 3600)


@pytest.fixture
def signed_in(authentication, made):
    return authentication.sign_in("ann", made.key, HOME)


@pytest.mark.parametrize("name", ["ann", "ANN", " Ann ", "ann\n"], ids=ascii)
@pytest.mark.parametrize("by", ["password", "key", "key between spaces"])
def test_the_name_is_found_in_any_case_and_without_spaces_around_it(authentication, made, clock, name, by):
    secret = {"password": PASSWORD, "key": made.key, "key between spaces": f" {made.key}\n"}[by]
    session = authentication.sign_in(name, secret, HOME)

    assert authentication.by_session(session.token).name == "ann"
    assert session.expires_at == clock.now + 2 * 3600
    assert authentication.is_csrf(session.token, session.csrf)


def test_a_session_of_a_password_is_held_to_nothing(authentication):
    caller = authentication.by_session(authentication.sign_in("ann", PASSWORD, HOME).token)

    assert (caller.read_only, caller.scopes) == (False, None)


@pytest.mark.parametrize(
    ("limits", "read_only", "scopes"),
    [
        pytest.param({}, False, None, id="whatever its user may"),
        pytest.param({"read_only": True}, True, None, id="a read-only key"),
        pytest.param({"scopes": {Scope.READ}}, True, {Scope.READ}, id="a key that may look"),
        pytest.param({"scopes": {Scope.CLOUD_STORAGE_WRITE}}, False, {Scope.CLOUD_STORAGE_WRITE}, id="a key for one thing"),
    ],
)  # fmt: skip
def test_a_session_may_do_what_its_key_may(accounts, authentication, limits, read_only, scopes):
    key = accounts.create_key("ann", **limits).key
    session = authentication.sign_in("ann", key, HOME)
    caller = authentication.by_session(session.token)

    assert (caller.read_only, caller.scopes) == (read_only, scopes)
    assert caller == authentication.by_key(key) == authentication.by_key(session.key)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        pytest.param("bob", lambda made, _: made.key, id="a key of another user"),
        pytest.param("", lambda made, _: made.key, id="no name"),
        pytest.param("nobody", lambda made, _: made.key, id="an unknown user"),
        pytest.param("ann\0", lambda made, _: made.key, id="what cannot be a name"),
        pytest.param("ann", lambda _, session: session.key, id="the key of a session"),
        pytest.param("ann", lambda _, session: session.token, id="the token of a session"),
        pytest.param("ann", lambda made, _: made.key.upper(), id="a key in another case"),
        pytest.param("ann", lambda made, _: made.key[:-1], id="half a key"),
    ],
)
def test_what_is_no_key_of_that_user_is_a_wrong_password(process, authentication, made, signed_in, name, secret):
    with pytest.raises(InvalidLogin, match=r"^The name or the password is wrong\.$"):
        authentication.sign_in(name, secret(made, signed_in), HOME)

    assert rows(process.database, "SELECT count(*) FROM sessions") == [(1,)]


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        pytest.param(lambda accounts, made, _: accounts.revoke_key(made.record.id), "was revoked", id="revoked"),
        pytest.param(lambda accounts, made, _: accounts.delete_key(made.record.id), "is unknown", id="deleted"),
        pytest.param(lambda _, __, clock: clock.pass_by(3600), "expired on", id="expired"),
        pytest.param(lambda accounts, *_: accounts.disable("ann"), "is disabled", id="a disabled user"),
        pytest.param(lambda accounts, *_: accounts.delete_user("ann"), "is unknown", id="a user who is gone"),
    ],
)
def test_a_key_that_ends_opens_no_session_and_ends_those_it_opened(
    new_process, process, made, signed_in, clock, end, sentence
):
    other = new_process().authentication
    assert other.by_session(signed_in.token).name == "ann"
    end(process.accounts, made, clock)

    with pytest.raises(InvalidLogin, match=sentence):
        other.sign_in("ann", made.key, HOME)
    for proved in (lambda: other.by_session(signed_in.token), lambda: other.by_key(signed_in.key)):
        with pytest.raises(InvalidLogin, match="This session has ended"):
            proved()


def test_a_key_that_is_deleted_takes_its_own_sessions_along_and_no_others(process, accounts, authentication, made):
    own, of_the_password = (authentication.sign_in("ann", secret, HOME) for secret in (made.key, PASSWORD))
    of_another_key = authentication.sign_in("ann", accounts.create_key("ann").key, HOME)
    accounts.delete_key(made.record.id)

    assert rows(process.database, "SELECT count(*) FROM sessions") == [(2,)]
    assert {authentication.by_session(each.token).name for each in (of_the_password, of_another_key)} == {"ann"}
    with pytest.raises(InvalidLogin):
        authentication.by_session(own.token)


def test_another_password_ends_every_session_of_the_user_whatever_it_was_opened_with(
    accounts, authentication, made, signed_in
):
    others = authentication.sign_in("bob", PASSWORD, HOME)
    accounts.set_password("ann", "another one")

    with pytest.raises(InvalidLogin, match="This session has ended"):
        authentication.by_session(signed_in.token)
    assert authentication.by_session(authentication.sign_in("ann", made.key, HOME).token).name == "ann"
    assert authentication.by_session(others.token).name == "bob"


def test_what_is_true_of_the_user_counts_at_once_in_a_session_of_a_key(accounts, authentication, signed_in):
    accounts.set_role("ann", Role.WORKER)

    assert authentication.by_session(signed_in.token).role is Role.WORKER


def test_signing_out_of_a_session_of_a_key_leaves_the_key(authentication, made, signed_in):
    authentication.close_session(signed_in.token)

    assert authentication.by_key(made.key).name == "ann"
    with pytest.raises(InvalidLogin):
        authentication.by_session(signed_in.token)


def test_wrong_passwords_keep_a_password_out_and_not_a_key(authentication, made):
    for _ in range(5):
        with pytest.raises(InvalidLogin):
            authentication.sign_in("ann", "wrong horse", HOME)

    with pytest.raises(TooManyAttempts):
        authentication.sign_in("ann", PASSWORD, HOME)
    assert authentication.sign_in("ann", made.key, HOME)


def test_a_wrong_key_costs_no_verification_and_counts_as_no_wrong_password(process, authentication, made):
    unknown = f"sluice_{64 * '0'}"
    for _ in range(30):
        with pytest.raises(InvalidLogin, match="This key is unknown"):
            authentication.sign_in("ann", unknown, HOME)
        with pytest.raises(InvalidLogin):
            authentication.sign_in("bob", made.key, HOME)

    assert process.hasher.verified == 0
    assert rows(process.database, "SELECT count(*) FROM failed_logins") == [(0,)]


def test_signing_in_with_a_key_is_a_use_of_it(accounts, authentication, made, clock):
    assert accounts.keys("ann")[0].last_used_at is None
    authentication.sign_in("ann", made.key, HOME)

    assert accounts.keys("ann")[0].last_used_at == clock.now


def test_a_session_that_was_opened_for_a_client_has_no_api_key_behind_it(accounts, authentication, made):
    """CVAT's login: a password opens it, and its key says the same as its cookie."""
    user = authentication.by_password("ann", PASSWORD, HOME)
    session = authentication.open_session(user.user_id)
    accounts.delete_key(made.record.id)

    assert authentication.by_key(session.key) == authentication.by_session(session.token) == user
