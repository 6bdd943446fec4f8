"""The content type and the time of an object, as they are written and read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storages.memory import MemoryContent
from app.storages.s3.metadata import headers_of, modified_ns, parsed, spelled

STORED = datetime(2026, 1, 1, 0, 0, 0, 250000, UTC)
STORED_NS = 1_767_225_600_250_000_000


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "0"),
        (1, "0.000000001"),
        (-1, "-0.000000001"),
        (-500_000_000, "-0.5"),
        (1_500_000_000, "1.5"),
        (120_000_000_000, "120"),
        (1_700_000_000_123_456_789, "1700000000.123456789"),
        (1_700_000_000_100_000_000, "1700000000.1"),
        (-1_700_000_000_000_000_001, "-1700000000.000000001"),
    ],
)
def test_a_time_is_spelt_as_rclone_spells_it(time_ns, text):
    assert spelled(time_ns) == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_time_comes_back_to_the_nanosecond(time_ns):
    assert parsed(spelled(time_ns)) == time_ns


@pytest.mark.parametrize(
    ("text", "time_ns"),
    [
        ("1.5", 1_500_000_000),
        ("+1", 1_000_000_000),
        ("1.", 1_000_000_000),
        ("01.50", 1_500_000_000),
        ("1.1234567891", 1_123_456_789),
        ("", None),
        (".5", None),
        ("1e3", None),
        ("1,5", None),
        ("--1", None),
        ("1.5\n", None),
        ("nan", None),
        ("٣", None),
        ("9223372036.854775807", 2**63 - 1),
        ("9223372036.854775808", None),
        ("123456789012", None),
    ],
)
def test_only_decimal_seconds_are_a_time(text, time_ns):
    assert parsed(text) == time_ns


@pytest.mark.parametrize(
    ("metadata", "time_ns"),
    [
        pytest.param({"mtime": "1.5"}, 1_500_000_000, id="ours and rclone's"),
        pytest.param({"Mtime": "1.5", "other": "x"}, 1_500_000_000, id="capitalised by a server"),
        pytest.param({"mtime": "yesterday"}, STORED_NS, id="no time"),
        pytest.param({}, STORED_NS, id="none"),
    ],
)
def test_the_time_of_an_object_is_its_metadatas_else_when_it_was_stored(metadata, time_ns):
    assert modified_ns(metadata, STORED) == time_ns


def test_every_lane_says_the_same():
    headers = headers_of("a.txt", MemoryContent(b"", 1_500_000_000))
    assert headers.parameters == {"ContentType": "text/plain", "Metadata": {"mtime": "1.5"}}
    assert headers.attributes == {"Content-Type": "text/plain", "mtime": "1.5"}
