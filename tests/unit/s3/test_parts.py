"""Into which parts large objects are divided: S3's limits, and that no byte is left out or sent twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import StorageFailure
from app.storages.s3.parts import MAX_OBJECT, MAX_PARTS, MIB, TIB, Division

GIB = 1024 * MIB


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        pytest.param(1, 8 * MIB, 1, id="one byte"),
        pytest.param(8 * MIB, 8 * MIB, 1, id="one full part"),
        pytest.param(8 * MIB + 1, 8 * MIB, 2, id="one byte more than a part"),
        pytest.param(80_000 * MIB - 1, 8 * MIB, 10_000, id="almost all that 10,000 small parts hold"),
        pytest.param(80_000 * MIB, 8 * MIB, 10_000, id="all that 10,000 small parts hold"),
        pytest.param(80_000 * MIB + 1, 9 * MIB, 8_889, id="one byte more"),
        pytest.param(90_000 * MIB, 9 * MIB, 10_000, id="all that 10,000 larger parts hold"),
        pytest.param(90_000 * MIB + 1, 10 * MIB, 9_001, id="one byte more than that"),
        pytest.param(1 * TIB, 105 * MIB, 9_987, id="1 TiB"),
        pytest.param(5 * TIB, 525 * MIB, 9_987, id="the largest object"),
    ],
)
def test_parts_grow_only_when_10_000_of_them_would_not_do(size, part_size, count):
    division = Division.of(size)

    assert (division.part_size, division.count) == (part_size, count)


@pytest.mark.parametrize("size", [MAX_OBJECT + 1, 50 * TIB])
def test_what_s3_cannot_hold_is_refused_in_a_sentence(size):
    with pytest.raises(StorageFailure, match=f"has {size} bytes, and S3 holds at most 5 TiB"):
        Division.of(size)


@given(st.integers(1, MAX_OBJECT))
def test_every_size_is_divided_within_the_limits_of_s3(size):
    division = Division.of(size)

    assert division.count <= MAX_PARTS
    assert 5 * MIB <= division.part_size <= 5 * GIB
    assert division.part_size % MIB == 0
    assert (division.count - 1) * division.part_size < size <= division.count * division.part_size


@given(st.integers(1, 5_000), st.integers(1, 300))
def test_the_parts_follow_each_other_and_make_the_whole(size, part_size):
    division = Division(size, part_size)
    parts = list(division)

    assert [part.number for part in parts] == list(range(1, division.count + 1))
    assert sum(part.length for part in parts) == size
    assert {part.length for part in parts[:-1]} <= {part_size}
    assert 0 < parts[-1].length <= part_size


@pytest.mark.parametrize("number", [-1, 0, 4])
def test_a_part_that_there_is_not_has_no_length(number):
    assert Division(size=30, part_size=10).length(number) == 0
