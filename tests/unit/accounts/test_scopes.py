"""What a key may be held to, which scopes imply which, and what of it a caller brings along."""

import json
import sqlite3

import pytest

from app.accounts.caller import Role
from app.accounts.scopes import Scope, changes_nothing, suffices
from app.errors import InvalidInput

READ, WRITE, ADMIN = Scope.READ, Scope.WRITE, Scope.ADMIN
CLOUD_READ, CLOUD_WRITE = Scope.CLOUD_STORAGE_READ, Scope.CLOUD_STORAGE_WRITE
DELETE, SHARE = Scope.CLOUD_STORAGE_DELETE, Scope.CLOUD_STORAGE_SHARE

IMPLIED = [
    pytest.param(READ, {READ, CLOUD_READ}, id="read"),
    pytest.param(WRITE, {READ, WRITE, CLOUD_READ, CLOUD_WRITE, DELETE}, id="write"),
    pytest.param(ADMIN, set(Scope), id="admin"),
    pytest.param(CLOUD_READ, {CLOUD_READ}, id="cloud_storage:read"),
    pytest.param(CLOUD_WRITE, {CLOUD_WRITE}, id="cloud_storage:write is not :read"),
    pytest.param(DELETE, {DELETE}, id="cloud_storage:delete"),
    pytest.param(SHARE, {SHARE}, id="cloud_storage:share"),
]


@pytest.fixture(autouse=True)
def ann(accounts):
    return accounts.create_user("ann", Role.USER)


@pytest.mark.parametrize(("held", "implied"), IMPLIED)
def test_a_scope_suffices_where_it_or_what_it_implies_is_wanted(held, implied):
    assert {wanted for wanted in Scope if suffices({held}, {wanted})} == implied


def test_a_key_without_scopes_has_whatever_is_wanted_and_one_with_none_that_is_known_nothing():
    assert all(suffices(None, {wanted}) for wanted in Scope)
    assert not any(suffices(frozenset(), {wanted}) for wanted in Scope)


def test_one_of_those_wanted_is_enough_and_so_is_one_of_those_held():
    assert suffices({SHARE, CLOUD_READ}, {WRITE, CLOUD_READ})
    assert not suffices({SHARE, CLOUD_READ}, {WRITE, DELETE})


@pytest.mark.parametrize(
    ("held", "nothing"),
    [
        pytest.param(None, False, id="held to nothing"),
        pytest.param({READ}, True, id="read"),
        pytest.param({READ, CLOUD_READ}, True, id="both words for reading"),
        pytest.param({READ, CLOUD_WRITE}, False, id="one of them writes"),
        pytest.param({DELETE}, False, id="delete"),
        pytest.param(frozenset(), True, id="no word that is known"),
    ],
)
def test_reading_alone_changes_nothing(held, nothing):
    assert changes_nothing(held) is nothing


@pytest.mark.parametrize("words", [None, ["read"], ["cloud_storage:write", "cloud_storage:read"], list(Scope)])
def test_a_caller_brings_the_scopes_of_his_key(accounts, authentication, words):
    made = accounts.create_key("ann", scopes=words)

    assert authentication.by_key(made.key).scopes == made.record.scopes == (None if words is None else {*words})
    assert accounts.keys("ann")[0].scopes == made.record.scopes


@pytest.mark.parametrize(
    ("key", "read_only"),
    [
        pytest.param({"scopes": ["read"]}, True, id="read"),
        pytest.param({"scopes": ["write"]}, False, id="write"),
        pytest.param({"scopes": ["write"], "read_only": True}, True, id="a read-only key stays one"),
        pytest.param({"read_only": True}, True, id="without scopes"),
    ],
)
def test_a_caller_whose_scopes_only_read_is_read_only(accounts, authentication, key, read_only):
    assert authentication.by_key(accounts.create_key("ann", **key).key).read_only is read_only


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="none"),
        pytest.param(["everything"], id="unknown"),
        pytest.param(["read", "images:read"], id="one of two is unknown"),
        pytest.param(["READ"], id="upper case"),
        pytest.param([""], id="empty"),
        pytest.param(["read write"], id="two in one"),
    ],
)
def test_no_key_is_made_for_scopes_that_there_are_not(accounts, words):
    with pytest.raises(InvalidInput, match="scopes: use read, write, admin, cloud_storage:read"):
        accounts.create_key("ann", scopes=words)
    assert accounts.keys() == []


def test_a_scope_of_a_later_version_allows_nothing(accounts, authentication, process):
    key = accounts.create_key("ann", scopes=["write"]).key
    with sqlite3.connect(process.database.path) as connection:
        connection.execute("UPDATE api_keys SET scopes = ?", [json.dumps(["galaxy:write"])])
    connection.close()

    caller = authentication.by_key(key)
    assert (caller.scopes, caller.read_only) == (frozenset(), True)


def test_a_session_is_held_to_nothing(authentication, ann):
    assert authentication.by_session(authentication.open_session(ann.id).token).scopes is None
