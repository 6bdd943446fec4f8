"""A progressive JPEG as large as one may be, in no time: what stands in one row of its blocks stands in all of them."""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from tests.support.pictures import picture

_BLOCK = 8
_EDGES = 2  # bytes of the markers of the start and of the end
_FRAME, _SCAN, _RESTARTS = 0xC2, 0xDA, range(0xD0, 0xD8)
_MARKER = re.compile(rb"\xff[^\0]")


def tall_jpeg(size: tuple[int, int], mode: str, **options: Any) -> bytes:
    """Return a progressive JPEG of one colour without subsampling, whose decoder begins anew at each row of blocks.

    Args:
        size: the height is one of whole blocks.
    """
    width, height = size
    low = picture((width, _BLOCK), "JPEG", mode, progressive=True, restart_marker_rows=1, **options)
    return low[:_EDGES] + b"".join(_pieces(low, height // _BLOCK)) + low[-_EDGES:]


def _pieces(low: bytes, rows: int) -> Iterator[bytes]:
    at = _EDGES
    while at < len(low) - _EDGES:
        kind, end = low[at + 1], at + 2 + int.from_bytes(low[at + 2 : at + 4], "big")
        yield _taller(low[at:end], rows) if kind == _FRAME else low[at:end]
        at = end
        if kind == _SCAN:
            found = _MARKER.search(low, at)
            assert found is not None
            at = found.start()
            yield _repeated(low[end:at], rows)


def _taller(frame: bytes, rows: int) -> bytes:
    return frame[:5] + (rows * _BLOCK).to_bytes(2, "big") + frame[7:]


def _repeated(row: bytes, rows: int) -> bytes:
    return row + b"".join(bytes((0xFF, restart)) + row for restart in islice(cycle(_RESTARTS), rows - 1))
