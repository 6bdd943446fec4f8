import bz2
import gzip
import lzma
import os

import pytest

from app.copies import unpacking
from app.errors import FileUnreadable

PACK = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.fixture
def unpack(tmp_path):
    def run(packed, room=None):
        path = tmp_path / "packed"
        path.write_bytes(packed)
        return unpacking.unpack(path, lambda: tmp_path / "unpacked", room, lambda: None).read_bytes()

    return run


@pytest.mark.parametrize("pack", PACK.values(), ids=PACK)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"abc", id="small"),
        pytest.param(os.urandom(3 * 2**20 + 7), id="larger than a piece"),
        pytest.param(bytes(20 * 2**20), id="much larger than its packed form"),
    ],
)
def test_what_was_packed_comes_out(unpack, pack, content):
    assert unpack(pack(content)) == content


@pytest.mark.parametrize("pack", PACK.values(), ids=PACK)
def test_all_members_come_out_in_order(unpack, pack):
    large = os.urandom(2**20 + 3)
    assert unpack(pack(b"one") + pack(b"") + pack(large) + pack(b"four")) == b"one" + large + b"four"


@pytest.mark.parametrize("pack", PACK.values(), ids=PACK)
def test_members_that_hold_nothing_can_be_stopped_at(tmp_path, pack):
    path, asked = tmp_path / "packed", []
    path.write_bytes(pack(b"") * 100)
    unpacking.unpack(path, lambda: tmp_path / "unpacked", None, lambda: asked.append(1))
    assert len(asked) >= 100


@pytest.mark.parametrize("at", [-3, 0, 2])
def test_a_member_may_begin_at_the_end_of_a_piece(unpack, at):
    first = gzip.compress(os.urandom(unpacking.PIECE - 400), 0)
    padding = unpacking.PIECE - len(first) + at
    assert padding >= 0
    assert unpack(first + bytes(padding) + gzip.compress(b"end")).endswith(b"end")


def test_zeros_behind_the_end_are_padding(unpack):
    assert unpack(gzip.compress(b"abc") + bytes(2 * unpacking.PIECE)) == b"abc"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda packed: packed[:-1], id="its end is missing"),
        pytest.param(lambda packed: packed[: len(packed) // 2], id="half of it is missing"),
        pytest.param(lambda packed: packed + b"junk behind it", id="junk behind it"),
        pytest.param(
            lambda packed: packed[:200] + bytes([packed[200] ^ 255]) + packed[201:], id="a byte is another one"
        ),
    ],
)
@pytest.mark.parametrize("pack", PACK.values(), ids=PACK)
def test_a_damaged_file_is_told_from_a_whole_one(unpack, pack, damage):
    with pytest.raises(FileUnreadable):
        unpack(damage(pack(os.urandom(1000))))


@pytest.mark.slow
def test_a_file_that_grows_without_measure_is_taken_for_an_attack(unpack, tmp_path):
    zeros = gzip.compress(bytes(2**28))
    with pytest.raises(FileUnreadable, match="times as much"):
        unpack(zeros * 5)
    assert (tmp_path / "unpacked").stat().st_size <= unpacking.HARMLESS_SIZE
