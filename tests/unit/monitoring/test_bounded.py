"""Labels have few values, whatever comes."""

from app.monitoring.bounded import OTHER, Bounded


def test_the_first_values_stay_and_the_rest_are_one():
    bounded = Bounded(2)

    assert [bounded.of(value) for value in ("a", "b", "c", "a", "d")] == ["a", "b", OTHER, "a", OTHER]
