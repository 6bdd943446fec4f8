"""Times as they are kept beside an object."""

import pytest

from app.storages.gcs.metadata import modified_ns, times_of

SPELT = [
    pytest.param(1_700_000_000_250_000_000, "2023-11-14T22:13:20.25Z", "1700000000", id="a fraction"),
    pytest.param(1_700_000_000_123_456_789, "2023-11-14T22:13:20.123456789Z", "1700000000", id="nanoseconds"),
    pytest.param(0, "1970-01-01T00:00:00Z", "0", id="the epoch"),
    pytest.param(-1, "1969-12-31T23:59:59.999999999Z", "-1", id="before the epoch"),
    pytest.param(-62_135_596_800 * 10**9, "0001-01-01T00:00:00Z", "-62135596800", id="the first year"),
]


@pytest.mark.parametrize(("time_ns", "mtime", "seconds"), SPELT)
def test_a_time_is_spelt_as_rclone_and_gsutil_do_and_read_again(time_ns, mtime, seconds):
    told = times_of(time_ns)
    assert told == {"mtime": mtime, "goog-reserved-file-mtime": seconds}
    assert modified_ns(told, 5.0) == time_ns


@pytest.mark.parametrize("time_ns", [2**63 * 100, -(2**63) * 100])
def test_a_time_that_cannot_be_spelt_is_left_out(time_ns):
    assert times_of(time_ns) == {}


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        pytest.param({}, 5_250_000_000, id="nothing"),
        pytest.param({"mtime": "1.5"}, 5_250_000_000, id="what the s3 driver writes"),
        pytest.param({"mtime": None, "goog-reserved-file-mtime": "7"}, 7_000_000_000, id="gsutil's word"),
        pytest.param({"mtime": "1970-01-01T00:00:01Z", "goog-reserved-file-mtime": "7"}, 1_000_000_000, id="both"),
        pytest.param({"mtime": "1970-01-01T01:00:01+01:00"}, 1_000_000_000, id="another zone"),
        pytest.param({"goog-reserved-file-mtime": "٧"}, 5_250_000_000, id="other digits"),
        pytest.param({"goog-reserved-file-mtime": "9" * 11}, 5_250_000_000, id="too far away"),
        pytest.param({"mtime": {"a": 1}}, 5_250_000_000, id="no text"),
    ],
)
def test_the_time_of_the_content_counts_before_that_of_the_object(metadata, expected):
    assert modified_ns(metadata, 5.25) == expected
