"""What is stored beside a blob: its time as rclone spells it, and what marks a folder."""

from datetime import UTC, datetime

import pytest

from app.storages.azure.metadata import is_folder, metadata_of, modified_ns
from app.storages.times import spelled

STORED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
STORED_NS = 1_714_979_289_000_000_000


@pytest.mark.parametrize("time_ns", [10**30, -(10**30), 2**63])
def test_a_time_that_no_calendar_has_is_told_as_long_as_there_is_one(time_ns):
    told = metadata_of(time_ns)
    assert told in ({}, {"mtime": spelled(time_ns)})


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
