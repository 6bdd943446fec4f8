"""Images made by hand for tests: good ones, and such that harm whoever believes what they say."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(
    size: tuple[int, int] = (400, 200), kind: str = "PNG", mode: str = "RGB", colour: Any = 0, **options: Any
) -> bytes:
    """Return an image of one colour."""
    return encoded(Image.new(mode, size, colour), kind, **options)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the image as a file."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def decoded(data: bytes) -> Image.Image:
    """Return the image of a file."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png(*chunks: bytes, size: tuple[int, int] = (8, 8)) -> bytes:
    """Return a PNG that says it is of this size, with these chunks between its head and its (small) data."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\x7f\x20\x20" * 8) * 8))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + rows + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def tiff(*tags: tuple[int, int, int, int], body: bytes = b"") -> bytes:
    """Return a TIFF of these tags: number, type, count, value or offset; ``body`` lies at offset 8."""
    directory = 8 + len(body)
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return (
        b"II*\0" + struct.pack("<I", directory) + body + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    )


def exif_of(*tags: tuple[int, int, int, int], body: bytes = b"") -> bytes:
    """Return EXIF data, which has the form of a TIFF."""
    return b"Exif\0\0" + tiff(*tags, body=body)


def turned(orientation: int) -> bytes:
    """Return EXIF data that says how the image must be turned."""
    return exif_of((0x0112, 3, 1, orientation))
