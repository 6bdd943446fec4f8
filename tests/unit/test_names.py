"""The spelling between file names and segments of keys."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import KeyRefused
from app.storages.names import key_of, name_of

NAMES = st.binary(min_size=1, max_size=80).filter(
    lambda name: not set(name) & {0, ord("/")} and name not in (b".", b"..")
)
TEXTS = st.text(st.sampled_from("ab‛0189AFEafé/.\0\x01\x7f\ufffe\udcff\ud800"), max_size=12)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param(b"plain.txt", "plain.txt", id="plain"),
        pytest.param("caf\u00e9".encode(), "caf\u00e9", id="composed"),
        pytest.param("cafe\u0301".encode(), "cafe\u0301", id="decomposed, not normalised"),
        pytest.param("\U0001f600".encode(), "\U0001f600", id="emoji"),
        pytest.param("\u2028\u0085\ufffd".encode(), "\u2028\u0085\ufffd", id="odd but sayable in XML"),
        pytest.param(b"a\nb\tc", "a‛0Ab‛09c", id="control characters"),
        pytest.param(b"\x7f", "‛7F", id="delete"),
        pytest.param(b"caf\xe9", "caf‛E9", id="Latin-1"),
        pytest.param("\uffff".encode(), "‛EF‛BF‛BF", id="not a character"),
        pytest.param("‛".encode(), "‛E2‛80‛9B", id="the mark itself"),
        pytest.param("‛0A".encode(), "‛E2‛80‛9B0A", id="what looks spelt"),
        pytest.param(b"\xed\xa0\x80", "‛ED‛A0‛80", id="a surrogate in bytes"),
        pytest.param(b"%41\\x", "%41\\x", id="other escapes"),
    ],
)
def test_a_name_has_one_spelling(name, key):
    assert key_of(os.fsdecode(name)) == key
    assert os.fsencode(name_of(key)) == name


@given(NAMES)
def test_every_name_comes_back(name):
    assert os.fsencode(name_of(key_of(os.fsdecode(name)))) == name


@given(NAMES)
def test_every_spelling_is_text_that_xml_can_carry(name):
    spelt = key_of(os.fsdecode(name))
    spelt.encode()
    assert not re.search("[\x00-\x1f\x7f\ufffe\uffff]", spelt)


@given(NAMES, NAMES)
def test_no_two_names_share_a_spelling(one, other):
    assert (key_of(os.fsdecode(one)) == key_of(os.fsdecode(other))) == (one == other)


@given(TEXTS)
def test_a_segment_is_the_spelling_of_its_name_or_refused(segment):
    try:
        name = name_of(segment)
    except KeyRefused:
        return
    assert key_of(name) == segment


@pytest.mark.parametrize(
    "segment",
    [
        pytest.param("", id="empty"),
        pytest.param(".", id="dot"),
        pytest.param("..", id="two dots"),
        pytest.param("a/b", id="slash"),
        pytest.param("a\0b", id="NUL"),
        pytest.param("‛00", id="a spelt NUL"),
        pytest.param("‛2F", id="a spelt slash"),
        pytest.param("‛2E‛2E", id="two spelt dots"),
        pytest.param("‛41", id="a spelt letter"),
        pytest.param("‛0a", id="lower case"),
        pytest.param("‛C3‛A9", id="valid UTF-8, spelt"),
        pytest.param("a‛", id="the mark alone"),
        pytest.param("a\nb", id="a raw control character"),
        pytest.param("\udcff", id="a lone surrogate"),
        pytest.param("‛0A\ud800", id="another"),
    ],
)
def test_what_no_name_is_spelt_like_is_refused(segment):
    with pytest.raises(KeyRefused):
        name_of(segment)
