"""Which names Azure can hold."""

import pytest

from app.errors import KeyRefused
from app.storages.azure.keys import can_exist, is_doubtful, require_possible

POSSIBLE = [
    pytest.param("x" * 1024, id="the longest"),
    pytest.param("é" * 1024, id="the longest beyond ASCII"),
    pytest.param("\U0001f600" * 512, id="the longest beyond U+FFFF"),
    pytest.param("/".join("d" * 254), id="the most segments"),
    pytest.param("a b%41+c?d#e", id="marks of URLs"),
    pytest.param("...", id="three dots"),
    pytest.param(".hidden", id="a dot before"),
]

IMPOSSIBLE = [
    pytest.param("", id="empty"),
    pytest.param("x" * 1025, id="too long"),
    pytest.param("\U0001f600" * 513, id="too long in UTF-16"),
    pytest.param("/".join("d" * 255), id="too many segments"),
    pytest.param("\ud800", id="a surrogate"),
    pytest.param("a\\b", id="a backslash"),
    pytest.param("nul\x00", id="NUL"),
    pytest.param("new\nline", id="a newline"),
    *[pytest.param(key, id=f"dots: {key}") for key in (".", "..", "./a", "../a", "a/./b", "a/../b", "a/.", "a/..")],
]


@pytest.mark.parametrize("key", POSSIBLE)
def test_a_possible_name_is_accepted(key):
    require_possible(key)


@pytest.mark.parametrize("key", IMPOSSIBLE)
def test_an_impossible_name_is_refused_in_short_words(key):
    assert not can_exist(key)
    with pytest.raises(KeyRefused) as raised:
        require_possible(key)
    assert len(str(raised.value)) < 3000


@pytest.mark.parametrize("key", ["del\x7f", "\ufffe", "\uffff"])
def test_a_name_that_no_listing_can_tell_is_not_written_but_may_exist(key):
    assert can_exist(key)
    with pytest.raises(KeyRefused):
        require_possible(key)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("dot.", True),
        ("a./b", True),
        ("a//b", True),
        ("/lead", True),
        ("trail/", True),
        ("c1\x81", True),
        ("a.b/c.d", False),
        ("..a/.b", False),
        ("é\U0001f600", False),
    ],
)
def test_which_names_a_service_might_take_for_others(key, expected):
    assert is_doubtful(key) is expected
