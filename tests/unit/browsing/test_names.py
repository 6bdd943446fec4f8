"""The natural order, and many names kept in little memory."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natsort import natsorted, ns

from app.browsing import ordering
from app.browsing.names import Names
from app.browsing.ordering import in_natural_order

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["10.jpg", "9.jpg"], ["9.jpg", "10.jpg"], id="numbers by value"),
        pytest.param(["f10b2", "f10b10", "f9b11"], ["f9b11", "f10b2", "f10b10"], id="several numbers"),
        pytest.param(["b", "A", "a1", "B"], ["A", "a1", "b", "B"], id="case does not count"),
        pytest.param(["a01", "a1", "a001"], ["a01", "a1", "a001"], id="equal ones stay as they came"),
        pytest.param(["a", "1", "-1"], ["1", "-1", "a"], id="a minus is no sign"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_names_are_in_natural_order(names, expected):
    assert list(in_natural_order(names)) == expected


@pytest.mark.parametrize("shuffled", [False, True])
def test_more_than_one_run_is_in_order(shuffled):
    expected = [f"frame_{number}.jpg" for number in range(2 * ordering.RUN + 7)]
    names = random.Random(6).sample(expected, len(expected)) if shuffled else expected
    assert list(in_natural_order(names)) == expected


def test_over_several_runs_equal_names_stay_as_they_came():
    names = [f"{'0' * (number % 3)}{number // 3}" for number in range(3 * ordering.RUN)]
    shuffled = names[1::2] + names[::2]
    assert list(in_natural_order(shuffled)) == natsorted(shuffled, alg=ns.IGNORECASE)


@given(st.lists(TEXTS))
def test_any_names_have_the_order_of_the_library(names):
    assert list(in_natural_order(names)) == natsorted(names, alg=ns.IGNORECASE)


@given(st.lists(TEXTS, max_size=30))
def test_any_names_are_given_back(names):
    assert list(Names(names)) == names
    assert len(Names(names)) == len(names)


@pytest.mark.parametrize(
    ("start", "count"),
    [(0, 1), (0, 500), (999, 1), (999, 2), (1000, 1), (500, 1500), (2400, 500), (2500, 500), (10**17, 500), (0, 9999)],
)
def test_a_part_is_what_a_list_would_give(start, count):
    names = [str(number) for number in range(2500)]
    assert Names(names).part(start, count) == names[start : start + count]


def test_a_single_empty_name_is_one():
    assert list(Names([""])) == [""]
    assert list(Names([])) == []


def test_its_size_is_that_of_the_names_and_little_more():
    names = [f"{number:09}" for number in range(100_000)]
    assert 1_000_000 <= Names(names).size < 1_050_000
