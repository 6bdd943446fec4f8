"""How users and organisations may be called."""

import pytest

from app.accounts import names
from app.errors import InvalidInput

HOSTILE = [
    pytest.param("", id="nothing"),
    pytest.param(" ", id="a space"),
    pytest.param("a b", id="a space inside"),
    pytest.param("a\n", id="a line's end"),
    pytest.param("a\0", id="NUL"),
    pytest.param("müller", id="beyond ASCII"),
    pytest.param("аdmin", id="a Cyrillic letter that looks Latin"),
    pytest.param("\u212a", id="a sign that becomes k in lower case"),
    pytest.param("٣", id="an Arabic digit"),
    pytest.param("a/b", id="a slash"),
    pytest.param("a:b", id="a colon, which ends the name in Basic"),
    pytest.param("a%b", id="a percent sign"),
    pytest.param("'; drop table users; --", id="SQL"),
    pytest.param("\udcff", id="no Unicode text"),
]


@pytest.mark.parametrize("name", [*HOSTILE, pytest.param("a" * 151, id="too long")])
def test_a_hostile_user_name_is_refused_in_words(name):
    with pytest.raises(InvalidInput, match="1 to 150 letters") as caught:
        names.user_name(name)

    assert caught.value.field == "name"
    assert names.found_user(name) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ann", "ann"),
        ("Ann", "ann"),
        ("a@B.example+tag-x_y", "a@b.example+tag-x_y"),
        ("0", "0"),
        ("-", "-"),
        ("A" * 150, "a" * 150),
    ],
)
def test_a_user_name_is_kept_in_lower_case(given, kept):
    assert names.user_name(given) == names.found_user(given) == kept


@pytest.mark.parametrize(
    "slug", [*HOSTILE, pytest.param("a" * 17, id="too long"), pytest.param("a.b", id="a dot"), "a@b", "a+b"]
)
def test_a_hostile_slug_is_refused_in_words(slug):
    with pytest.raises(InvalidInput, match="1 to 16 letters"):
        names.slug(slug)

    assert names.found_slug(slug) is None


@pytest.mark.parametrize(("given", "kept"), [("acme", "acme"), ("ACME-1_x", "acme-1_x"), ("a" * 16, "a" * 16)])
def test_a_slug_is_kept_in_lower_case(given, kept):
    assert names.slug(given) == names.found_slug(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        (" backup of the NAS ", "backup of the NAS"),
        ("Büro", "Büro"),
        ("Bu\u0308ro", "Büro"),
        ("x" * 64, "x" * 64),
    ],
)
def test_a_line_of_text_is_kept_as_it_is_read(given, kept):
    assert names.line("label", given) == kept


@pytest.mark.parametrize("given", ["x" * 65, "two\nlines", "\x1b[31mred", "a\0b", "\u202eright to left", "\ud800"])
def test_what_cannot_be_printed_on_a_line_is_refused(given):
    with pytest.raises(InvalidInput, match="label: use at most 64 printable characters"):
        names.line("label", given)
