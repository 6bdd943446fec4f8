"""Which keys Google can hold."""

import pytest

from app.errors import KeyRefused
from app.storages.gcs.keys import can_begin, can_exist, require_possible

GOOD = [
    "a",
    "a/b",
    "/a",
    "a/",
    "a//b",
    "...",
    "a/../b",
    "./a",
    "é" * 512,
    "\x00",
    "\x7f",
    "\uffff",
    ".well-known/x",
    ".hidden",
]
BAD = [
    "",
    ".",
    "..",
    "é" * 513,
    "\udcff",
    "a\nb",
    "a\r",
    "\n",
    ".well-known/acme-challenge/x",
    ".well-known/acme-challenge/",
]


@pytest.mark.parametrize("key", GOOD)
def test_a_good_key_can_exist(key):
    assert can_exist(key)
    require_possible(key)


@pytest.mark.parametrize("key", BAD)
def test_a_bad_key_cannot(key):
    assert not can_exist(key)
    with pytest.raises(KeyRefused):
        require_possible(key)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", True),
        (".", True),
        (".well-known/acme-challenge/", True),
        ("é" * 513, False),
        ("\udcff", False),
        ("a\n", False),
    ],
)
def test_a_prefix_is_judged_by_what_can_follow(prefix, expected):
    assert can_begin(prefix) == expected
