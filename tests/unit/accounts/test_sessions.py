"""Sessions of browsers: when they end, and what proves that a page may act in one."""

import re

import pytest

from app.accounts.caller import Role
from app.errors import InvalidLogin
from tests.support.databases import rows

pytestmark = pytest.mark.usefixtures("each_database")

PASSWORD = "correct horse"


@pytest.fixture
def ann(accounts):
    accounts.create_user("root", Role.ADMIN)
    return accounts.create_user("ann", Role.USER, PASSWORD)


@pytest.fixture
def session(authentication, ann):
    return authentication.open_session(ann.id)


def test_a_session_proves_its_user_until_it_expires(authentication, session, clock):
    assert session.expires_at == clock.now + 2 * 3600
    assert authentication.by_session(session.token).name == "ann"
    clock.pass_by(2 * 3600 - 1)
    assert authentication.by_session(session.token).name == "ann"
    clock.pass_by(1)
    with pytest.raises(InvalidLogin, match="This session has ended"):
        authentication.by_session(session.token)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda process, token: process.authentication.close_session(token), id="signed out"),
        pytest.param(lambda process, _: process.accounts.set_password("ann", "another one"), id="another password"),
        pytest.param(lambda process, _: process.accounts.set_password("ann", None), id="no password any more"),
        pytest.param(lambda process, _: process.accounts.disable("ann"), id="disabled"),
        pytest.param(
            lambda process, _: (process.accounts.disable("ann"), process.accounts.enable("ann")),
            id="disabled and enabled again",
        ),
        pytest.param(lambda process, _: process.accounts.delete_user("ann"), id="deleted"),
    ],
)
def test_a_session_ends_in_all_processes(new_process, process, session, end):
    other = new_process()
    assert other.authentication.by_session(session.token).name == "ann"
    end(process, session.token)

    with pytest.raises(InvalidLogin, match="This session has ended"):
        other.authentication.by_session(session.token)


def test_signing_out_ends_one_session_of_several(authentication, ann, session):
    other = authentication.open_session(ann.id)
    authentication.close_session(session.token)
    authentication.close_session(session.token)

    assert authentication.by_session(other.token).name == "ann"


def test_a_session_has_the_rights_that_its_user_has_now(accounts, authentication, session):
    accounts.set_role("ann", Role.WORKER)

    assert authentication.by_session(session.token).role is Role.WORKER
    assert not authentication.by_session(session.token).read_only


HOSTILE = ["", "0" * 64, "0" * 63 + "\n", "ä" * 64, "\0" * 64, "\udcff" * 64, "x" * 5_000_000]


@pytest.mark.parametrize("token", HOSTILE, ids=lambda token: ascii(token[:3]))
def test_a_hostile_token_is_no_session(authentication, session, token):
    with pytest.raises(InvalidLogin, match="This session has ended"):
        authentication.by_session(token)
    authentication.close_session(token)

    assert authentication.by_session(session.token).name == "ann"


def test_the_token_is_kept_as_a_digest_only(process, session):
    [row] = rows(process.database, "SELECT * FROM sessions")

    assert session.token not in row
    assert session.token not in repr(session)
    assert session.csrf not in repr(session)


def test_no_two_sessions_are_the_same(authentication, ann):
    assert len({authentication.open_session(ann.id).token for _ in range(20)}) == 20


def test_a_page_proves_itself_by_a_word_of_its_session(authentication, ann, session):
    other = authentication.open_session(ann.id)

    assert authentication.csrf_of(session.token) == session.csrf
    assert session.csrf not in (session.token, other.csrf)
    assert authentication.is_csrf(session.token, session.csrf)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda session: session.token,
        lambda session: session.csrf[:-1],
        lambda session: session.csrf + "0",
        lambda session: session.csrf.upper() + "A",
        lambda _: "ä" * 64,
        lambda _: "\udcff",
    ],
    ids=["nothing", "the token", "too short", "too long", "upper case", "beyond ASCII", "no Unicode text"],
)
def test_any_other_word_proves_nothing(authentication, session, spoil):
    assert not authentication.is_csrf(session.token, spoil(session))
    assert not authentication.is_csrf("\udcff", session.csrf)


@pytest.mark.parametrize("state", ["removed", "disabled", "never there"])
def test_nobody_cannot_sign_in(accounts, authentication, ann, state):
    if state == "removed":
        accounts.delete_user("ann")
    elif state == "disabled":
        accounts.disable("ann")
    with pytest.raises(InvalidLogin, match="disabled or removed"):
        authentication.open_session(ann.id if state != "never there" else 999)
    assert authentication.caller_of(ann.id if state != "never there" else 999) is None


def test_of_more_than_a_hundred_sessions_the_oldest_end(authentication, ann, session, clock):
    later = []
    for _ in range(100):
        clock.pass_by(1)
        later.append(authentication.open_session(ann.id))

    with pytest.raises(InvalidLogin):
        authentication.by_session(session.token)
    assert {authentication.by_session(one.token).name for one in (later[0], later[-1])} == {"ann"}


def test_pruning_removes_what_has_expired_and_nothing_else(process, ann, session, clock):
    clock.pass_by(3600)
    lasting = process.authentication.open_session(ann.id)
    process.authentication.prune(session.expires_at)

    assert rows(process.database, "SELECT count(*) FROM sessions") == [(1,)]
    assert process.authentication.by_session(lasting.token).name == "ann"


def test_a_session_has_a_key_that_proves_the_same_as_long_as_it_lasts(authentication, session, clock):
    assert re.fullmatch("[0-9a-f]{40}", session.key)  # CVAT's SDK takes no longer one
    assert session.key not in (session.token[:40], session.csrf[:40])
    assert authentication.by_key(session.key) == authentication.by_session(session.token)
    clock.pass_by(2 * 3600)
    with pytest.raises(InvalidLogin, match="This session has ended"):
        authentication.by_key(session.key)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda process, session: process.authentication.close_session(session.token), id="signed out"),
        pytest.param(lambda process, session: process.authentication.close_session_key(session.key), id="by its key"),
        pytest.param(lambda process, _: process.accounts.set_password("ann", "another one"), id="another password"),
        pytest.param(lambda process, _: process.accounts.disable("ann"), id="disabled"),
        pytest.param(lambda process, _: process.accounts.delete_user("ann"), id="deleted"),
    ],
)
def test_a_session_and_its_key_end_together_in_all_processes(new_process, process, session, end):
    other = new_process()
    end(process, session)

    for proved in (
        lambda: other.authentication.by_key(session.key),
        lambda: other.authentication.by_session(session.token),
    ):
        with pytest.raises(InvalidLogin, match="This session has ended"):
            proved()


@pytest.mark.parametrize("spoil", [lambda session: session.csrf, lambda session: session.token, lambda _: 40 * "0", lambda session: session.key.upper() + "A"])  # fmt: skip
def test_no_other_word_is_the_key_of_a_session(authentication, session, spoil):
    authentication.close_session_key(spoil(session))

    with pytest.raises(InvalidLogin):
        authentication.by_key(spoil(session))
    assert authentication.by_key(session.key).name == "ann"


def test_ending_a_session_by_its_key_leaves_the_others(accounts, authentication, ann, session):
    other, key = authentication.open_session(ann.id), accounts.create_key("ann").key
    authentication.close_session_key(session.key)
    authentication.close_session_key(session.key)
    authentication.close_session_key(key)

    assert {authentication.by_key(each).name for each in (other.key, key)} == {"ann"}


def test_a_key_of_a_session_is_no_token_and_a_token_no_key(authentication, session):
    with pytest.raises(InvalidLogin):
        authentication.by_session(session.key)
    with pytest.raises(InvalidLogin):
        authentication.by_key(session.token)


def test_the_key_is_kept_as_a_digest_only(process, session):
    [row] = rows(process.database, "SELECT * FROM sessions")

    assert session.key not in row
    assert session.key not in repr(session)
