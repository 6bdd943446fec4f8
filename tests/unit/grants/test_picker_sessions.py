"""Sessions of the picker: who gets one, what is in it, how long it lasts, and what ends it. Google is not asked."""

import re
import time

import pytest

from app.errors import ConsentRequired, InvalidInput, NotConfigured, NotFound, PickerSessionEnded, TooBusy
from app.grants import picker_store
from tests.support.databases import rows
from tests.support.picking import Picking

pytestmark = pytest.mark.usefixtures("each_database")

NOBODY = "http://127.0.0.1:9"
"""Where nothing listens: what asks Google here fails otherwise than by what is tested."""


@pytest.fixture
def world(tmp_path):
    urls = dict.fromkeys(("google_drive_url", "google_upload_url", "google_token_url"), NOBODY)
    world = Picking(tmp_path, google_client_id="id", google_client_secret="secret", **urls)
    yield world
    world.close()


@pytest.fixture
def anna(world):
    return world.people.user("anna")


@pytest.fixture
def connection_id(world, anna):
    return world.connect(anna, "ya29.anna")


def counted(world, caller, session_id):
    """Count a call as `PickerService.ask` does, without one."""
    with world.database.writing() as session:
        return picker_store.counted(session, session_id, caller.user_id, world.clock())


def test_a_session_holds_what_a_page_needs_and_the_database_only_its_digest(world, anna, connection_id):
    opened = world.picker.open(anna, connection_id)
    [row] = rows(world.database, "SELECT * FROM picker_sessions")

    assert re.fullmatch(r"picker_sess_[A-Za-z0-9_-]{43}", opened.id)
    assert (opened.access_token, opened.app_id, opened.developer_key) == ("ya29.anna", "123456789012", "AIzaExample")
    assert not any(secret in repr(opened) for secret in (opened.id, opened.access_token))
    assert not any(opened.id[12:] in str(value) or "ya29" in str(value) for value in row)


def test_no_two_sessions_are_the_same_and_all_of_them_live(world, anna, connection_id):
    ids = {world.picker.open(anna, connection_id).id for _ in range(20)}

    assert len(ids) == 20
    assert {counted(world, anna, session_id) for session_id in ids} == {connection_id}


@pytest.mark.parametrize(
    ("seconds", "lasts"),
    [
        pytest.param(3599, 3599, id="as long as the token"),
        pytest.param(301, 301, id="a short one"),
        pytest.param(86_400, 3600, id="an hour at most"),
    ],
)
def test_a_session_ends_with_its_token_and_after_an_hour(world, anna, seconds, lasts):
    opened = world.picker.open(anna, world.connect(anna, seconds=seconds))

    assert opened.expires_at == world.now + lasts
    world.now += lasts - 1
    counted(world, anna, opened.id)
    world.now += 1
    with pytest.raises(PickerSessionEnded):
        counted(world, anna, opened.id)


@pytest.mark.parametrize("missing", ["google_api_key", "google_project_number"])
def test_without_the_operators_key_and_number_there_is_no_picker(tmp_path, missing):
    world = Picking(tmp_path / "other", **{missing: ""})
    anna = world.people.user("anna")
    connection_id = world.connect(anna)

    with pytest.raises(NotConfigured, match="GOOGLE_API_KEY and GOOGLE_PROJECT_NUMBER"):
        world.picker.open(anna, connection_id)
    world.close()


def test_nobody_gets_a_session_for_the_account_of_somebody_else(world, connection_id):
    for stranger in (world.people.user("bob"), world.people.user("root", "admin")):
        with pytest.raises(NotFound):
            world.picker.open(stranger, connection_id)
    assert rows(world.database, "SELECT * FROM picker_sessions") == []


@pytest.mark.parametrize("connection_id", ["", "nothing", "\0", "\ud800", "x" * 100_000])
def test_what_names_no_connection_gets_none(world, anna, connection_id):
    with pytest.raises(NotFound):
        world.picker.open(anna, connection_id)


def test_a_grant_that_is_not_active_needs_consent(world, anna, connection_id):
    world.change_grant(connection_id, is_active=False)

    with pytest.raises(ConsentRequired):
        world.picker.open(anna, connection_id)


ENDS = [
    pytest.param(lambda world, _, __: setattr(world, "now", world.now + 3600), id="its time is over"),
    pytest.param(lambda world, _, one: world.change_grant(one, is_active=False), id="the grant is not active"),
    pytest.param(lambda world, _, one: world.change_grant(one, owner_id=None), id="the grant is nobody's"),
    pytest.param(lambda world, _, one: world.store.forget(one), id="the grant is gone"),
    pytest.param(lambda world, _, one: world.drop_connection(one), id="the connection is gone, the grant not yet"),
    pytest.param(lambda world, anna, _: world.people.change(anna, disabled_at=time.time()), id="the user is disabled"),
    pytest.param(lambda world, anna, _: world.people.remove(anna), id="the user is gone"),
]


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_session_is_not_told(world, anna, connection_id, end):
    opened = world.picker.open(anna, connection_id)
    counted(world, anna, opened.id)
    end(world, anna, connection_id)

    with pytest.raises(PickerSessionEnded) as caught:
        world.picker.ask(anna, opened.id, "files", {})
    assert str(caught.value) == "This session of the picker has ended. Open another one."


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: "", id="nothing"),
        pytest.param(lambda session_id: session_id[:-1] + ("A" if session_id[-1] != "A" else "B"), id="almost it"),
        pytest.param(lambda session_id: session_id + "\n", id="a line's end"),
        pytest.param(lambda session_id: session_id.removeprefix("picker_sess_"), id="without its beginning"),
        pytest.param(lambda _: "\ud800\0", id="no Unicode text"),
        pytest.param(lambda _: "x" * 1_000_000, id="megabytes"),
    ],
)
def test_what_is_no_session_is_answered_as_one_that_has_ended(world, anna, connection_id, spoil):
    opened = world.picker.open(anna, connection_id)

    with pytest.raises(PickerSessionEnded, match="has ended"):
        world.picker.ask(anna, spoil(opened.id), "files", {})


def test_a_session_is_its_users_alone(world, anna, connection_id):
    opened = world.picker.open(anna, connection_id)

    for stranger in (world.people.user("bob"), world.people.user("root", "admin")):
        with pytest.raises(PickerSessionEnded, match="has ended"):
            world.picker.ask(stranger, opened.id, "files", {})


@pytest.mark.parametrize(
    ("endpoint", "params"),
    [pytest.param("files/..", {}, id="endpoint"), pytest.param("files", {"alt": 1}, id="params")],
)
def test_a_refused_question_does_not_even_count(world, anna, connection_id, endpoint, params):
    opened = world.picker.open(anna, connection_id)

    with pytest.raises(InvalidInput):
        world.picker.ask(anna, opened.id, endpoint, params)
    assert rows(world.database, "SELECT calls FROM picker_sessions") == [(0,)]


def test_a_session_asks_120_times_a_minute(world, anna, connection_id):
    opened, other = world.picker.open(anna, connection_id), world.picker.open(anna, connection_id)
    for _ in range(120):
        counted(world, anna, opened.id)
    world.now += 59.5

    with pytest.raises(TooBusy) as caught:
        counted(world, anna, opened.id)
    assert caught.value.retry_after == 1
    counted(world, anna, other.id)
    world.now += 0.5
    counted(world, anna, opened.id)


def test_a_clock_that_is_set_back_locks_nobody_out(world, anna, connection_id):
    opened = world.picker.open(anna, connection_id)
    for _ in range(120):
        counted(world, anna, opened.id)
    world.now -= 3600

    assert counted(world, anna, opened.id) == connection_id


def test_of_more_than_twenty_sessions_for_a_connection_those_end_that_asked_longest_ago(world, anna, connection_id):
    other = world.picker.open(anna, world.connect(anna))
    opened = []
    for _ in range(22):
        opened.append(world.picker.open(anna, connection_id))
        world.now += 1

    for gone in opened[:2]:
        with pytest.raises(PickerSessionEnded):
            counted(world, anna, gone.id)
    assert all(counted(world, anna, alive.id) for alive in (*opened[2:], other))


def test_sessions_whose_time_is_over_are_removed(world, anna, connection_id):
    world.picker.open(anna, connection_id)
    world.now += 10
    alive = world.picker.open(anna, connection_id)
    world.now = alive.expires_at - 5
    bobs = world.people.user("bob")
    world.change_grant(connection_id, expires_at=world.now + 3600)

    world.picker.prune()
    assert len(rows(world.database, "SELECT * FROM picker_sessions")) == 2
    world.now = alive.expires_at
    world.picker.open(bobs, world.connect(bobs))
    assert len(rows(world.database, "SELECT * FROM picker_sessions")) == 1
