"""docs/reliability.md says what tests prove, each sentence of the catalogue has a test, and no mark says what it does not know."""

import pytest

from tests.support.catalogue import FAULTS, INVARIANTS, LESSONS
from tests.support.reliability import PAGE, known, page, proofs

APPLYING = [number for number, fault in FAULTS.items() if fault.applies]
PROMISES = [*APPLYING, *(f"I{number}" for number in INVARIANTS), *LESSONS]


def test_all_46_faults_are_answered_for():
    assert list(FAULTS) == list(range(1, 47))


@pytest.mark.parametrize("word", PROMISES, ids=str)
def test_what_is_promised_has_a_test(word):
    assert proofs().get(word)


def test_what_cannot_happen_is_proved_by_nobody():
    assert not [number for number in proofs() if number in FAULTS and number not in APPLYING]


def test_no_mark_says_what_the_catalogue_does_not_know():
    assert proofs().keys() <= known()


def test_the_page_is_that_of_the_marks():
    assert PAGE.read_text("utf-8") == page(), "docs/reliability.md is older than the tests: run `make reliability`"
