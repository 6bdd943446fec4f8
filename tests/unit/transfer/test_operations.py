"""The single operations of a run, asked for after the job was lost or cancelled."""

import pytest

from app.cancellation import Cancelled, CancelToken
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.index import NoIndex
from app.transfer.operations import Operations
from tests.support.storages import RecordingStorage


@pytest.mark.fault(2, "I6")
@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(lambda operations: operations.create("it"), id="create"),
        pytest.param(lambda operations: operations.delete(["a"]), id="delete"),
        pytest.param(lambda operations: operations.drop("it"), id="drop"),
    ],
)
def test_nothing_of_the_target_itself_is_made_or_removed_and_nothing_deleted_once_a_stop_was_asked_for(begin):
    target = MemoryStorage(exists=True)
    target.write("a", MemoryContent(b"1", 0))
    recorded, events, token = RecordingStorage(target), [], CancelToken()
    token.cancel("interrupted")

    with pytest.raises(Cancelled):
        begin(Operations(MemoryStorage(), recorded, token, events.append, NoIndex()))

    assert [entry.key for entry in target.list()] == ["a"]
    assert (recorded.changes, events) == ([], [])
