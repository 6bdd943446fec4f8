"""How copies are told in Galaxy's words for jobs, and which items a send takes. Pure."""

from dataclasses import replace

import pytest

from app.copies.contract import Copy, CopyKind, CopyState, Wanted
from app.dialects.galaxy.sendable import object_label, sendable, wanted
from app.dialects.galaxy.translate_jobs import STATE_WORDS, kinds_of_tools, state_word, states_named
from app.dialects.galaxy.translate_storage import InputArgs, conversion
from app.library.contract import Item, ItemState

COPY = Copy(
    number=1, job_id="job", owner_id=1, kind=CopyKind.SEND, source="1", key="a", stored_key=None, item_number=1,
    collection_number=1, options={}, state=CopyState.WAITING, cancelling=False, reason=None, message="", size=0,
    sha256=None, created_at=0.0, updated_at=0.0, finished_at=None,
)  # fmt: skip

WORDS = [
    pytest.param(CopyState.WAITING, False, "queued", id="waits"),
    pytest.param(CopyState.WAITING, True, "deleting", id="waits, and is asked to stop"),
    pytest.param(CopyState.RUNNING, False, "running", id="runs"),
    pytest.param(CopyState.RUNNING, True, "deleting", id="runs, and is asked to stop"),
    pytest.param(CopyState.DONE, False, "ok", id="done"),
    pytest.param(CopyState.DONE, True, "ok", id="done before it could stop"),
    pytest.param(CopyState.SKIPPED, False, "ok", id="left out"),
    pytest.param(CopyState.FAILED, False, "error", id="failed"),
    pytest.param(CopyState.CANCELLED, False, "deleted", id="cancelled"),
]


@pytest.mark.parametrize(("state", "cancelling", "word"), WORDS)
def test_a_copy_has_a_word_of_galaxys_and_is_found_by_it_alone(state, cancelling, word):
    copy = replace(COPY, state=state, cancelling=cancelling)

    def finds(one):
        return any(found is state and (flag is None or flag is cancelling) for found, flag in states_named([one]))

    assert state_word(copy) == word
    assert [one for one in STATE_WORDS if finds(one)] == [word]


def test_every_state_that_ends_a_copy_ends_a_clients_wait():
    ends = {state_word(replace(COPY, state=state)) for state in CopyState if state.is_final}

    assert ends <= {"ok", "error", "deleted", "deleting"}


def test_no_copy_from_bucket_to_bucket_is_of_a_tool():
    assert CopyKind.DIRECT not in kinds_of_tools(["upload1", "send_to_cloud", "direct", ""])


def item(number, name):
    return Item(
        number=number, id="", collection_number=1, owner_id=1, position=number, name=name, state=ItemState.READY, size=0,
        md5=None, sha256=None, file_type="data", attributes={}, tags=(), description=None, message="", visible=True,
        deleted=False, purged=False, created_at=0.0, updated_at=0.0,
    )  # fmt: skip


ITEMS = [item(7, "a b"), item(3, "c")]

CHOICES = [
    pytest.param(None, [Wanted(7, "a_b"), Wanted(3, "c")], id="no choice"),
    pytest.param([], [], id="an empty choice"),
    pytest.param([3, 7, 3], [Wanted(7, "a_b"), Wanted(3, "c")], id="all of them, in their own order"),
    pytest.param([3, 99], [Wanted(3, "c")], id="one, and one of elsewhere"),
]


@pytest.mark.parametrize(("numbers", "expected"), CHOICES)
def test_what_is_wanted_is_what_was_chosen(numbers, expected):
    assert wanted(ITEMS, numbers) == expected


def test_only_what_is_ready_and_not_deleted_is_looked_for():
    query = sendable(5)

    assert (query.collection_number, query.states, query.deleted, query.purged) == (5, (ItemState.READY,), False, False)
    assert query.visible is None
    assert query.limit is None


NAMES = [("a b  c", "a_b__c"), ("x/y z.txt", "x/y_z.txt"), ("tab\there", "tab\there"), (" ", "_"), ("ä.bed", "ä.bed")]


@pytest.mark.parametrize(("name", "label"), NAMES, ids=repr)
def test_spaces_and_nothing_else_are_replaced_in_a_label(name, label):
    assert object_label(name) == label


def test_without_a_word_nothing_is_converted():
    for given in (None, InputArgs()):
        found = conversion(given)
        assert (found.file_type, found.posix_lines, found.tabs, found.decompress) == ("auto", False, False, False)
