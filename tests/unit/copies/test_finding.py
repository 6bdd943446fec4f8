"""Looking for copies among many."""

from dataclasses import replace

import pytest

from app.copies.contract import CopyKind, CopyQuery, CopyState
from app.copies.model import CopyRow


@pytest.fixture
def copies(waiting):
    """Five copies of three jobs: sent, sent, imported, imported and cancelled, of another user."""
    items = waiting.filled(("a", b"1"), ("b", b"2"))
    sent = waiting.copies.send(waiting.anna, waiting.nowhere(), waiting.history, waiting.wanted(items))
    imported = [copy for _, copy in waiting.imported(("c", b"3"), ("d", b"4"))]
    waiting.copies.cancel(waiting.anna, imported[1].number)
    bert = waiting.people.user("bert")
    history = waiting.history_of(bert)
    theirs = waiting.filled(("e", b"5"), caller=bert, history=history)
    place = replace(waiting.nowhere(), connection=waiting.connection(bert).id)
    foreign = waiting.copies.send(bert, place, history, waiting.wanted(theirs))
    made = [*sent, *imported, *foreign]
    with waiting.services.database.writing() as session:
        for second, copy in enumerate(made):
            row = session.get(CopyRow, copy.number)
            row.created_at, row.updated_at = 100.0 + second, 200.0 - second
    return [waiting.copies.show(waiting.people.user("eve", "admin"), made[0].number), *made[1:]]


WAITING, CANCELLED = (CopyState.WAITING, None), (CopyState.CANCELLED, None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, [0, 1, 2, 3], id="all of one's own, changed last first"),
        pytest.param({"order": "created_at"}, [3, 2, 1, 0], id="made last first"),
        pytest.param({"kinds": [CopyKind.IMPORT]}, [2, 3], id="of a kind"),
        pytest.param({"kinds": []}, [], id="of no kind"),
        pytest.param({"states": [WAITING]}, [0, 1, 2], id="in a state"),
        pytest.param({"states": [WAITING, CANCELLED]}, [0, 1, 2, 3], id="in one of two states"),
        pytest.param({"states": [(CopyState.WAITING, True)]}, [], id="asked to stop"),
        pytest.param({"states": [(CopyState.WAITING, False)]}, [0, 1, 2], id="not asked to stop"),
        pytest.param({"states": []}, [], id="in no state"),
        pytest.param({"since": 198.0}, [0, 1, 2], id="changed then or later"),
        pytest.param({"until": 198.0}, [2, 3], id="changed then or before"),
        pytest.param({"limit": 2, "offset": 1}, [1, 2], id="a page"),
    ],
)
def test_a_query_finds_what_it_says(waiting, copies, asked, found):
    numbers = [copy.number for copy in waiting.copies.find(waiting.anna, CopyQuery(**asked))]

    assert numbers == [copies[place].number for place in found]


def test_copies_are_found_by_job_item_collection_and_owner(waiting, copies):
    admin = waiting.people.user("root", "admin")

    def numbers(**asked):
        return {copy.number for copy in waiting.copies.find(admin, CopyQuery(**asked))}

    everything = {copy.number for copy in copies}
    assert numbers() == everything
    assert numbers(job_id=copies[0].job_id) == {copies[0].number, copies[1].number}
    assert numbers(item_number=copies[2].item_number) == {copies[2].number}
    assert numbers(collection_number=waiting.history) == everything - {copies[4].number}
    assert numbers(owner_id=copies[4].owner_id) == {copies[4].number}
