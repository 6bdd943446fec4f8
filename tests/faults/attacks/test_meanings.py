"""Each parameter that the OpenAPI documents tell of has a meaning, and the tests of attacks look at those they are about."""

import pytest

from tests.support.documents import document_parameters
from tests.support.meanings import MEANINGS

pytestmark = [pytest.mark.fault("I8", "I9")]


def test_it_is_said_what_each_parameter_of_each_route_stands_for(house):
    named = [each for each in document_parameters(house.app) if not each.last.startswith("$")]
    known = frozenset().union(*MEANINGS.values())

    assert len(named) > 300
    assert {each.last for each in named} - known == set()
    assert known - {each.last for each in named} == set()


def test_no_parameter_has_two_meanings():
    assert sum(map(len, MEANINGS.values())) == len(frozenset().union(*MEANINGS.values()))
