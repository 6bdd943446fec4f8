"""API keys: what proves something, what does not any more, and what is told to whom."""

import math
import re

import pytest

from app.accounts.authentication import Authentication
from app.accounts.caller import Role
from app.db import SqliteDatabase
from app.errors import InvalidInput, InvalidLogin, NotAllowed, NotFound
from tests.support.databases import SQLITE_ONLY, rows
from tests.support.jobs import write_lock

pytestmark = pytest.mark.usefixtures("each_database")

DAY = 86_400.0


@pytest.fixture(autouse=True)
def ann(accounts):
    return accounts.create_user("ann", Role.USER)


def test_a_key_proves_its_user_and_what_it_may(accounts, authentication, ann):
    for read_only in (False, True):
        caller = authentication.by_key(accounts.create_key("ann", read_only=read_only).key)
        assert (caller.user_id, caller.name, caller.role, caller.read_only) == (ann.id, "ann", Role.USER, read_only)


@pytest.mark.fault("compare")
def test_a_key_looks_as_clients_expect_and_is_kept_as_a_digest_only(accounts, process):
    made = accounts.create_key("Ann", " the NAS ")
    [row] = rows(process.database, "SELECT * FROM api_keys")

    assert re.fullmatch(r"sluice_[0-9a-f]{64}", made.key)
    assert re.fullmatch(r"[a-z]+_[A-Za-z0-9_-]{20,}", made.key)
    assert not any(made.key[7:] in str(value) for value in row)
    assert made.key not in repr(made)
    assert (made.record.label, made.record.hint, made.record.user_name) == ("the NAS", made.key[-4:], "ann")


def test_no_two_keys_are_the_same(accounts):
    assert len({accounts.create_key("ann").key for _ in range(50)}) == 50


HOSTILE = [
    pytest.param("", id="nothing"),
    pytest.param("sluice_", id="the beginning"),
    pytest.param("sluice_" + "0" * 64, id="well formed"),
    pytest.param("sluice_" + "0" * 63 + "\n", id="a line's end"),
    pytest.param("sluice_" + "٣" * 64, id="digits beyond ASCII"),
    pytest.param("sluice_" + "\0" * 64, id="NUL"),
    pytest.param("sluice_" + "\udcff" * 64, id="no Unicode text"),
    pytest.param("x" * 5_000_000, id="megabytes"),
    pytest.param("' OR 1=1 --", id="SQL"),
]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_stranger_learns_nothing(accounts, authentication, key):
    accounts.create_key("ann")

    with pytest.raises(InvalidLogin, match=r"^This key is unknown\.$"):
        authentication.by_key(key)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda key: key.upper(), id="upper case"),
        pytest.param(lambda key: key + " ", id="a space after it"),
        pytest.param(lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"), id="another last digit"),
        pytest.param(lambda key: key[7:], id="without its beginning"),
    ],
)
@pytest.mark.fault("compare")
def test_almost_a_key_is_none(accounts, authentication, spoil):
    with pytest.raises(InvalidLogin, match="This key is unknown"):
        authentication.by_key(spoil(accounts.create_key("ann").key))


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        pytest.param(
            lambda accounts, made, _: accounts.revoke_key(made.record.id),
            "This key was revoked. Use another one.",
            id="revoked",
        ),
        pytest.param(
            lambda _, __, clock: clock.pass_by(1), "This key expired on 2027-01-16. Use a new one.", id="expired"
        ),
        pytest.param(
            lambda accounts, *_: accounts.disable("ann"), "The user of this key is disabled.", id="the user is disabled"
        ),
        pytest.param(
            lambda accounts, made, _: accounts.delete_key(made.record.id), "This key is unknown.", id="deleted"
        ),
        pytest.param(
            lambda accounts, *_: accounts.delete_user("ann"), "This key is unknown.", id="the user is deleted"
        ),
    ],
)
def test_who_has_a_real_key_learns_what_became_of_it(accounts, authentication, clock, end, sentence):
    made = accounts.create_key("ann", expires_at=clock.now + DAY)
    clock.pass_by(DAY - 1)
    assert authentication.by_key(made.key).name == "ann"
    end(accounts, made, clock)

    with pytest.raises(InvalidLogin) as caught:
        authentication.by_key(made.key)
    assert str(caught.value) == sentence


def test_what_is_true_of_a_user_counts_at_once(accounts, authentication):
    key = accounts.create_key("ann").key
    accounts.set_role("ann", Role.WORKER)
    assert authentication.by_key(key).role is Role.WORKER
    accounts.set_password("ann", "another one")
    assert authentication.by_key(key).name == "ann"
    accounts.disable("ann")
    accounts.enable("ann")
    assert authentication.by_key(key).name == "ann"


def test_revoking_twice_keeps_the_first_time(accounts, clock):
    made, first = accounts.create_key("ann"), clock.now
    accounts.revoke_key(made.record.id)
    clock.pass_by(5)
    accounts.revoke_key(made.record.id)

    assert [(key.revoked_at, key.standing(clock.now)) for key in accounts.keys(None)] == [(first, "revoked")]


def test_keys_are_listed_oldest_first_of_one_user_or_of_all(accounts):
    accounts.create_user("bob", Role.USER)
    ids = [accounts.create_key(name).record.id for name in ("ann", "bob", "ann")]

    assert [key.id for key in accounts.keys(None)] == ids
    assert [key.id for key in accounts.keys("ANN")] == [ids[0], ids[2]]


@pytest.mark.parametrize(
    "expires_at",
    [
        pytest.param(lambda now: now, id="now"),
        pytest.param(lambda now: now - 1, id="gone"),
        lambda _: math.inf,
        lambda _: math.nan,
    ],
)
def test_a_key_expires_later_or_is_not_made(accounts, clock, expires_at):
    with pytest.raises(InvalidInput, match="expires_at"):
        accounts.create_key("ann", expires_at=expires_at(clock.now))
    assert accounts.keys() == []


def test_a_disabled_user_gets_no_key(accounts):
    accounts.disable("ann")

    with pytest.raises(NotAllowed, match="ann is disabled"):
        accounts.create_key("ann")


@pytest.mark.parametrize("key_id", [0, -1, 99, 2**63 - 1, 2**64, -(2**70)])
def test_a_key_that_is_not_there_can_be_neither_revoked_nor_deleted(accounts, key_id):
    for act in (accounts.revoke_key, accounts.delete_key):
        with pytest.raises(NotFound, match=f"There is no key {key_id}"):
            act(key_id)


def test_the_last_use_is_written_once_a_minute(accounts, authentication, clock):
    made = accounts.create_key("ann")

    def used():
        authentication.by_key(made.key)
        [key] = accounts.keys()
        return key.last_used_at

    first = clock.now
    assert accounts.keys()[0].last_used_at is None
    assert used() == first
    clock.pass_by(59)
    assert used() == first
    clock.pass_by(1)
    assert used() == first + 60


@SQLITE_ONLY
def test_a_key_counts_while_nobody_can_write(process, accounts, settings):
    key = accounts.create_key("ann").key
    database = SqliteDatabase(process.database.path, busy_seconds=0.1)
    with write_lock(database):
        assert Authentication(database, settings).by_key(key).name == "ann"
    database.close()
