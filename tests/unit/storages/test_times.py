"""Times in RFC 3339, as they are spelled and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storages.times import parsed, spelled


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (1_700_000_000_250_000_001, "2023-11-14T22:13:20.250000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
    ],
)
def test_a_time_is_spelt_with_nine_digits(time_ns, text):
    assert (spelled(time_ns), parsed(text)) == (text, time_ns)


@given(st.integers(-62_135_596_800_000_000_000, 253_402_300_799_999_999_999))
def test_a_time_comes_back_as_it_was(time_ns):
    assert parsed(spelled(time_ns)) == time_ns


@pytest.mark.parametrize(
    ("text", "time_ns"),
    [
        pytest.param("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000, id="whole seconds"),
        pytest.param("2023-11-14T23:13:20.5+01:00", 1_700_000_000_500_000_000, id="another zone"),
        pytest.param("2023-11-14t22:13:20.1234567899z", 1_700_000_000_123_456_789, id="ten digits"),
        pytest.param("2023-13-14T22:13:20Z", None, id="no such month"),
        pytest.param("1700000000.25", None, id="seconds, as in S3"),
        pytest.param("2023-11-14 22:13:20", None, id="without a zone"),
        pytest.param("", None, id="empty"),
    ],
)
def test_how_a_time_is_read(text, time_ns):
    assert parsed(text) == time_ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023",
        "2023-02-30T00:00:00Z",
        "2023-01-01T00:00:00",
        "2023-01-01T25:00:00Z",
        "٢٠٢٣-01-01T00:00:00Z",
        "2023-01-01T00:00:00+99:00",
    ],
)
def test_what_is_no_time_is_none(text):
    assert parsed(text) is None
