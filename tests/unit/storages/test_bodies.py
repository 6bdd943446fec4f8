"""Bytes that are sent in blocks."""

from app.storages.bodies import Blocks


def test_blocks_are_the_bytes_again_and_again():
    data = bytes(range(256)) * 1000
    blocks = Blocks(data)
    for _ in range(2):
        blocks.seek(0)
        assert b"".join(iter(blocks.read, b"")) == data
    assert len(blocks) == len(data)
