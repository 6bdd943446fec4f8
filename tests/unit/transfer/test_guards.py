"""The deletion limit."""

import pytest

from app.errors import InvalidInput, TooManyDeletions
from app.transfer.guards import DeletionLimit


@pytest.mark.parametrize(
    ("text", "listed", "allowed"),
    [
        pytest.param("0", 100, 0, id="nothing may go"),
        pytest.param("7", 100, 7, id="a number"),
        pytest.param("0%", 100, 0, id="no percent"),
        pytest.param("10%", 105, 10, id="a percentage is rounded down"),
        pytest.param("100%", 3, 3, id="everything"),
    ],
)
def test_a_limit_allows_so_many_deletions_and_no_more(text, listed, allowed):
    limit = DeletionLimit.parse(text)

    limit.check(allowed, listed)
    with pytest.raises(TooManyDeletions, match="Nothing was deleted"):
        limit.check(allowed + 1, listed)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "101%", "ten", "5 %", "%", "1e3", "٣"])
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(InvalidInput, match="max_delete"):
        DeletionLimit.parse(text)
