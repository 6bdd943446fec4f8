"""What is stored beside a blob: its time as rclone spells it, and its content type."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storages.azure.metadata import content_type_of, is_folder, metadata_of, modified_ns, parsed, spelled

STORED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
STORED_NS = 1_714_979_289_000_000_000


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


@pytest.mark.parametrize("time_ns", [10**30, -(10**30), 2**63])
def test_a_time_that_no_calendar_has_is_told_as_long_as_there_is_one(time_ns):
    told = metadata_of(time_ns)
    assert told in ({}, {"mtime": spelled(time_ns)})


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
    ("metadata", "expected"),
    [
        pytest.param({"mtime": "2023-11-14T22:13:20.250000000Z"}, 1_700_000_000_250_000_000, id="told"),
        pytest.param({"Mtime": "2023-11-14T22:13:20.250000000Z"}, 1_700_000_000_250_000_000, id="in other case"),
        pytest.param({"mtime": "nonsense"}, STORED_NS, id="nonsense"),
        pytest.param({}, STORED_NS, id="untold"),
        pytest.param(None, STORED_NS, id="no metadata"),
    ],
)
def test_the_time_is_the_told_one_or_when_it_was_stored(metadata, expected):
    assert modified_ns(metadata, STORED) == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"hdi_isfolder": "true"}, True),
        ({"Hdi_IsFolder": "True"}, True),
        ({"hdi_isfolder": "false"}, False),
        (None, False),
    ],
)
def test_what_marks_a_directory(metadata, expected):
    assert is_folder(metadata) is expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a/b.png", "image/png"),
        ("a.JPG", "image/jpeg"),
        ("archive.tar.gz", "application/octet-stream"),
        ("no extension", "application/octet-stream"),
        ("a:b.txt", "text/plain"),
        ("folder/", "application/octet-stream"),
        ("data:text/html,x", "application/octet-stream"),
    ],
)
def test_the_content_type_is_told_by_the_end_of_the_name(key, expected):
    assert content_type_of(key) == expected
