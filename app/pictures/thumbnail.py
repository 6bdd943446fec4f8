"""Makes a small JPEG of an image that nobody vouches for, as a program of its own.

It reads the image from its standard input and writes the JPEG to its standard output, and ends with an error for
whatever is no image, or takes more memory or time than an image has a right to.
"""

import io
import math
import sys
import warnings
from contextlib import suppress
from typing import NoReturn

from PIL import Image, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401  # or Pillow loads all it has

from app.pictures.limits import limit_this_process

SIDE = 256
"""Pixels; the small image fits into a square of this side and is never enlarged."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
MAX_PIXELS = 100_000_000
"""Of the image as it says it is. Four bytes each, and once more where it is transparent: `MEMORY` holds that."""

MEMORY = 1280 * 1024 * 1024
"""Bytes of address space; more is refused by the system, and the program ends."""

CPU_SECONDS = 10
_QUALITY = 85
_RANGES = ("I", "F")


def thumbnail(data: bytes) -> bytes:
    """Return the first picture of an image as a JPEG, turned as its EXIF says, without its metadata.

    What is transparent becomes white. More than eight bits are stretched: its darkest becomes black and its brightest
    white. Colours are kept as numbers; a colour profile is not applied.

    Raises:
        Exception: any at all, for it is no image, an unknown one, broken, or too large.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            image.draft(None, (2 * SIDE, 2 * SIDE))  # a JPEG is decoded at a fraction of its size
            small = _resizable(image)
            small.thumbnail((SIDE, SIDE))
            return _jpeg(_on_white(_eight_bits(_turned(small))))


def _resizable(image: Image.Image) -> Image.Image:
    """Return it in a mode whose pixels can be averaged."""
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I;"):
        return image.convert("I")
    if image.mode in ("RGB", "L") and image.has_transparency_data:
        return image.convert("RGBA")
    return image


def _turned(image: Image.Image) -> Image.Image:
    with suppress(Exception):  # a broken EXIF is no reason not to show the image
        return ImageOps.exif_transpose(image)
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode not in _RANGES:
        return image
    low, high = image.getextrema()
    if not (isinstance(low, (int, float)) and isinstance(high, (int, float)) and 0 < high - low < math.inf):
        return Image.new("L", image.size)
    scale = 255 / (high - low)
    return image.convert("F").point(lambda value: value * scale + -low * scale).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", image.size, "white")  # a new one: nothing that the image says of itself comes along
    transparent = image.convert("RGBA") if image.has_transparency_data else None
    canvas.paste((transparent or image).convert("RGB"), mask=transparent)
    return canvas


def _jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def main() -> NoReturn:
    """Read, make and write one image."""
    limit_this_process(MEMORY, CPU_SECONDS)
    try:
        small = thumbnail(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001  # whatever goes wrong with it, it cannot be shown
        sys.exit(1)
    sys.stdout.buffer.write(small)
    sys.exit(0)


if __name__ == "__main__":
    main()
