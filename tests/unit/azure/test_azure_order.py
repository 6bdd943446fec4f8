"""How names in UTF-16's order come out in the order of their bytes, and what is no order at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ListingBroken
from app.storages.azure.order import in_byte_order
from app.storages.base import Folder

ALPHABET = st.sampled_from(["a", "/", "é", "\ud7ff", "\ue000", "\uffee", "\U0001f600", "\U0010ffff"])
NAMES = st.sets(st.text(ALPHABET, min_size=1, max_size=5), max_size=60)


def out_of(names, held_most=1000):
    return [one.key for one in in_byte_order(map(Folder, names), "container", held_most)]


@given(NAMES)
def test_names_in_the_order_of_utf_16_come_out_in_that_of_utf_8(names):
    arriving = sorted(names, key=lambda name: name.encode("utf-16-be"))
    assert out_of(arriving) == sorted(names, key=str.encode)


@given(NAMES)
def test_names_in_the_order_of_utf_8_stay_as_they_are(names):
    arriving = sorted(names, key=str.encode)
    assert out_of(arriving) == arriving


@given(NAMES, st.integers(1, 10))
def test_with_too_many_to_hold_back_the_order_is_right_or_it_raises(names, held_most):
    arriving = sorted(names, key=lambda name: name.encode("utf-16-be"))
    try:
        assert out_of(arriving, held_most) == sorted(names, key=str.encode)
    except ListingBroken:
        assert any(name > "\uffff" for name in "".join(names))


def test_names_that_need_no_sorting_are_not_held_back():
    arriving = iter(["a", "b", "c"])
    first = next(in_byte_order(map(Folder, arriving), "container"))
    assert (first.key, list(arriving)) == ("a", ["b", "c"])


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["b", "a"], id="descending"),
        pytest.param(["a", "a"], id="twice"),
        pytest.param(["x\U0001f600", "x\U0001f600"], id="twice among the held"),
        pytest.param([""], id="empty"),
    ],
)
def test_what_is_in_neither_order_raises(names):
    with pytest.raises(ListingBroken):
        out_of(names)
