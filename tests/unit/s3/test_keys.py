"""Which keys may go to obstore."""

import pytest

from app.storages.s3.keys import can_exist, spells_exactly

EXACT = [
    "a", "a/b/c", "...", "a/...", ".hidden", "..twice", "dot.", "a/.b", "with space", " lead", "trail ", "a b/c d",
    "pct%41", "pct%2F", "plus+plus", "h#sh", "q?m", "st*r", "ti~de", "b\\s", "'\"", "<&>", "e\u0301", "\U0001f600",
    "\u2028", "\ufeff", "\ufffe", "\x80", "x" * 1024, "é" * 512,
]  # fmt: skip

DOUBTFUL = [
    "", "/", "/lead", "folder/", "a//b", ".", "..", "./a", "../a", "a/.", "a/..", "a/./b", "a/../b", "//",
    "tab\t", "nl\n", "\x00", "\x1f", "del\x7f", "x" * 1025, "é" * 513, "\udcff",
]  # fmt: skip


@pytest.mark.parametrize("key", EXACT, ids=ascii)
def test_a_key_without_anything_odd_to_obstore_may_go_there(key):
    assert spells_exactly(key)


@pytest.mark.parametrize("key", DOUBTFUL, ids=lambda key: ascii(key[:20]))
def test_a_key_that_obstore_would_change_or_refuse_never_goes_there(key):
    assert not spells_exactly(key)


@pytest.mark.parametrize(
    ("key", "possible"),
    [
        pytest.param("x" * 1024, True, id="the longest"),
        pytest.param("é" * 512 + "x", False, id="a byte too long"),
        pytest.param("", False, id="empty"),
        pytest.param("\ud800", False, id="no text"),
        pytest.param("/a//../b\n", True, id="odd"),
    ],
)
def test_a_key_is_1_to_1024_bytes_of_text(key, possible):
    assert can_exist(key) is possible
