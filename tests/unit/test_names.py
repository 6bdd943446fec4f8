"""The spelling between file names and segments of keys."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import KeyRefused
from app.storages.names import key_of, name_of, name_of_argument

NAMES = st.binary(min_size=1, max_size=80).filter(
    lambda name: not set(name) & {0, ord("/")} and name not in (b".", b"..")
)
LETTERS = "ab⧵‛0189AFEafé/.\0\x01\x7f\ufffe\udcff\ud800"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=12)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param(b"plain.txt", "plain.txt", id="plain"),
        pytest.param("caf\u00e9".encode(), "caf\u00e9", id="composed"),
        pytest.param("cafe\u0301".encode(), "cafe\u0301", id="decomposed, not normalised"),
        pytest.param("\U0001f600".encode(), "\U0001f600", id="emoji"),
        pytest.param("\u2028\u0085\ufffd".encode(), "\u2028\u0085\ufffd", id="odd but sayable in XML"),
        pytest.param(b"a\nb\tc", "a⧵0Ab⧵09c", id="control characters"),
        pytest.param(b"\x7f", "⧵7F", id="delete"),
        pytest.param(b"caf\xe9", "caf⧵E9", id="Latin-1"),
        pytest.param("\uffff".encode(), "⧵EF⧵BF⧵BF", id="not a character"),
        pytest.param("⧵".encode(), "⧵E2⧵A7⧵B5", id="the mark itself"),
        pytest.param("⧵0A".encode(), "⧵E2⧵A7⧵B50A", id="what looks spelt"),
        pytest.param("it‛s".encode(), "it⧵E2⧵80⧵9Bs", id="the mark of rclone"),
        pytest.param("‛0A".encode(), "⧵E2⧵80⧵9B0A", id="what looks spelt as it was once"),
        pytest.param(b"\xed\xa0\x80", "⧵ED⧵A0⧵80", id="a surrogate in bytes"),
        pytest.param(b"%41\\x", "%41\\x", id="other escapes"),
    ],
)
def test_a_name_has_one_spelling(name, key):
    assert key_of(os.fsdecode(name)) == key
    assert os.fsencode(name_of(key)) == name


@given(NAMES)
@pytest.mark.fault(28)
def test_every_name_comes_back(name):
    assert os.fsencode(name_of(key_of(os.fsdecode(name)))) == name


@given(NAMES)
def test_every_spelling_is_text_that_xml_can_carry_and_rclone_does_not_quote(name):
    spelt = key_of(os.fsdecode(name))
    spelt.encode()
    assert not re.search("[\x00-\x1f\x7f\u201b\ufffe\uffff]", spelt)


@given(NAMES, NAMES)
@pytest.mark.fault(28, "names")
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
        pytest.param("⧵00", id="a spelt NUL"),
        pytest.param("⧵2F", id="a spelt slash"),
        pytest.param("⧵2E⧵2E", id="two spelt dots"),
        pytest.param("⧵41", id="a spelt letter"),
        pytest.param("⧵0a", id="lower case"),
        pytest.param("⧵C3⧵A9", id="valid UTF-8, spelt"),
        pytest.param("a⧵", id="the mark alone"),
        pytest.param("a‛", id="the mark of rclone"),
        pytest.param("a\nb", id="a raw control character"),
        pytest.param("\udcff", id="a lone surrogate"),
        pytest.param("⧵0A\ud800", id="another"),
    ],
)
def test_what_no_name_is_spelt_like_is_refused(segment):
    with pytest.raises(KeyRefused):
        name_of(segment)
    with pytest.raises(KeyRefused):
        name_of_argument(segment)


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        pytest.param("plain", b"plain", id="plain"),
        pytest.param("caf‛E9", b"caf\xe9", id="Latin-1"),
        pytest.param("tab‛09", b"tab\t", id="a control character"),
        pytest.param("‛E2‛80‛9B41", "‛41".encode(), id="the mark of then"),
        pytest.param("caf⧵E9", b"caf\xe9", id="today's spelling"),
        pytest.param("⧵E2⧵80⧵9BE9", "‛E9".encode(), id="what looks as it was once, in today's spelling"),
    ],
)
def test_an_argument_may_be_spelt_as_version_0_1_0_did(segment, name):
    assert os.fsencode(name_of_argument(segment)) == name


@pytest.mark.parametrize("segment", ["‛zz", "‛0a", "‛41", "‛00", "‛2F", "‛2E‛2E", "‛C3‛A9", "a‛", "‛0A‛", "‛09⧵"])
def test_an_argument_that_neither_version_spelt_is_refused(segment):
    with pytest.raises(KeyRefused):
        name_of_argument(segment)


@given(NAMES)
def test_an_argument_in_todays_spelling_is_read_as_a_key_is(name):
    spelt = key_of(os.fsdecode(name))
    assert name_of_argument(spelt) == name_of(spelt)


def test_a_key_in_the_spelling_of_version_0_1_0_is_refused_with_advice():
    with pytest.raises(KeyRefused, match=r"Version 0\.1\.0 spelt so: .* with ⧵ in the place of ‛"):
        name_of("caf‛E9")
    with pytest.raises(KeyRefused) as refused:
        name_of("it‛s")
    assert "0.1.0" not in str(refused.value)
