"""Names in Drive and segments of keys: each leads back to the other, or there is none."""

import pytest

from app.errors import KeyRefused
from app.storages.gdrive.paths import name_of, segment_of, segments_of, segments_to_write, stand_in

NAMES = [
    pytest.param("photo.jpg", "photo.jpg", id="plain"),
    pytest.param("a/b", "a⧵2Fb", id="a slash"),
    pytest.param("/", "⧵2F", id="nothing but a slash"),
    pytest.param(".", "⧵2E", id="a dot"),
    pytest.param("..", "⧵2E⧵2E", id="two dots"),
    pytest.param("...", "...", id="three dots"),
    pytest.param("../x", "..⧵2Fx", id="upwards"),
    pytest.param("a⧵0Ab", "a⧵0Ab", id="what a local file's key spells"),
    pytest.param("a⧵E2⧵A7⧵B52Fb", "a⧵E2⧵A7⧵B52Fb", id="a local file that is named like a spelling"),
    pytest.param('it\'s a \\ "name"', 'it\'s a \\ "name"', id="quotes and a backslash"),
    pytest.param(" ", " ", id="a space"),
    pytest.param("tab\t", "tab\t", id="a control character"),
]

WITHOUT_SEGMENT = [
    pytest.param("", id="empty"),
    pytest.param("a⧵2Fb", id="what a slash is spelt as"),
    pytest.param("⧵2E", id="what a dot is spelt as"),
    pytest.param("⧵2E⧵2E", id="what two dots are spelt as"),
    pytest.param("half \ud83d", id="half a character"),
]


@pytest.mark.parametrize(("name", "segment"), NAMES)
def test_a_name_has_a_segment_that_leads_back_to_it(name, segment):
    assert (segment_of(name), name_of(segment)) == (segment, name)
    assert segments_of(segment) == [segment]


@pytest.mark.parametrize("name", WITHOUT_SEGMENT)
def test_a_name_that_another_one_is_spelt_as_has_none_and_is_told_of_all_the_same(name):
    assert segment_of(name) is None
    assert stand_in(name).encode()
    assert "/" not in stand_in(name)


@pytest.mark.parametrize("key", ["", "/", "/a", "a/", "a//b", ".", "a/..", "./a", "a/../b", "half \udcff"])
def test_no_file_can_have_a_key_with_such_a_segment(key):
    assert segments_of(key) is None
    with pytest.raises(KeyRefused):
        segments_to_write(key)


@pytest.mark.parametrize(
    ("key", "is_taken"),
    [
        pytest.param("x" * 1024, True, id="the longest"),
        pytest.param("x" * 1025, False, id="too long"),
        pytest.param("é" * 513, False, id="too long in UTF-8"),
        pytest.param("/".join("d" * 100), True, id="a hundred names"),
        pytest.param("/".join("d" * 101), False, id="deeper than Drive allows"),
        pytest.param("new\nline", False, id="a control character"),
        pytest.param("del\x7f", False, id="delete"),
        pytest.param("non\uffff", False, id="not a character"),
    ],
)
def test_what_is_written_fits_into_drive_and_what_is_there_already_is_found(key, is_taken):
    assert segments_of(key) is not None
    if is_taken:
        assert segments_to_write(key) == key.split("/")
        return
    with pytest.raises(KeyRefused) as refused:
        segments_to_write(key)
    assert len(str(refused.value)) < 500
