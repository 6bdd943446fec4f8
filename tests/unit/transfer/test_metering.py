"""Counting the bytes of large files, and stopping between two reads."""

import pytest

from app.cancellation import Cancelled, CancelToken
from app.storages.memory import MemoryContent
from app.transfer.events import Moved
from app.transfer.metering import Metered


@pytest.fixture
def metered():
    events, token = [], CancelToken()
    return Metered(MemoryContent(b"0123456789", 7, "mark"), events.append, token), events, token


def test_it_passes_on_what_is_read_and_tells_of_each_byte(metered):
    content, events, _ = metered
    assert (content.size, content.modified_ns, content.mark) == (10, 7, "mark")
    assert (content.read(4), content.read(), content.read()) == (b"0123", b"456789", b"")
    content.verify()
    assert events == [Moved(4), Moved(6)]


def test_what_is_passed_over_counts_too(metered):
    content, events, _ = metered
    content.skip(6)
    assert content.read() == b"6789"
    assert events == [Moved(6), Moved(4)]


@pytest.mark.parametrize(("kept", "told"), [(True, 10), (False, 0)])
def test_bytes_that_were_not_stored_are_taken_back(metered, kept, told):
    content, events, _ = metered
    with content:
        content.read()
        if kept:
            content.keep()
    assert sum(event.size for event in events) == told


def test_a_cancel_ends_it_at_the_next_read(metered):
    content, _, token = metered
    content.read(4)
    token.cancel("cancelled_by_user")
    with pytest.raises(Cancelled):
        content.read(4)
