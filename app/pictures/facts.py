"""Tells what an image says of itself. No pixel is decoded on purpose.

Only a process that may come to harm calls it; see `app.pictures.standing`.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401  # or Pillow loads all

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MEMORY = (256 + 64) * 1024 * 1024
"""Bytes of address space, of which Python and Pillow take less than 64 MiB before they open anything."""

CPU_SECONDS = 5
TEXT_MAX = 100
"""Characters of what a camera calls itself."""

_REDUCED = 0x00FE
"""Of a TIFF: whether the picture is a small copy of another one, as raw photographs begin with."""

_ON_ITS_SIDE = frozenset(range(5, 9))
"""Orientations of EXIF at which the stored width is the height that people see."""

_TIMES = ("%Y:%m:%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


def prepare() -> None:
    """Load what the first image would have loaded, so that it is there when the process of each is forked."""
    Image.preinit()
    _time("2025:01:14 08:00:00", "+00:00")  # the first one compiles what reads them


def facts(path: Path) -> dict[str, Any]:
    """Return what is known of an image, without what is not known.

    ``format`` is one of `FORMATS`, ``width`` and ``height`` are pixels as people see them, ``taken_at`` is ISO 8601
    with a zone only where the camera wrote one, ``camera_make`` and ``camera_model`` are printable texts. Whatever is
    wrong with its EXIF costs only what would be in it.

    Raises:
        Exception: any at all, for it is no image, an unknown one, or broken.
    """
    Image.MAX_IMAGE_PIXELS = None  # of pixels that are never decoded there may be any number
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path, formats=FORMATS) as image:
            exif = _exif(image)
            return {name: value for name, value in _known(image, exif) if value}


def _known(image: Image.Image, exif: Image.Exif) -> Iterator[tuple[str, Any]]:
    yield "format", "JPEG" if image.format == "MPO" else image.format
    yield from zip(("width", "height"), _size_seen(image, exif), strict=True)
    yield "taken_at", _taken_at(exif)
    yield "camera_make", _text(_tag(exif, ExifTags.Base.Make))
    yield "camera_model", _text(_tag(exif, ExifTags.Base.Model))


def _exif(image: Image.Image) -> Image.Exif:
    with suppress(Exception):
        return Image.Image.getexif(image)  # that of a PNG decodes all pixels, to look for EXIF behind them
    return Image.Exif()


def _tag(tags: Mapping[int, Any], number: int) -> Any:
    with suppress(Exception):  # what a tag says is read when it is asked for, and may be nonsense
        return tags.get(number)
    return None


def _size_seen(image: Image.Image, exif: Image.Exif) -> tuple[int, int]:
    """Return width and height once the image is turned as its camera was held; 0, 0: nobody knows."""
    width, height = image.size
    if isinstance(image, TiffImagePlugin.TiffImageFile):  # Pillow has turned it
        reduced = _tag(image.tag_v2, _REDUCED)
        return (0, 0) if isinstance(reduced, int) and reduced & 1 else (width, height)
    return (height, width) if _tag(exif, ExifTags.Base.Orientation) in _ON_ITS_SIDE else (width, height)


def _taken_at(exif: Image.Exif) -> str | None:
    camera: Mapping[int, Any] = {}
    with suppress(Exception):
        camera = exif.get_ifd(ExifTags.IFD.Exif)
    return _time(camera.get(ExifTags.Base.DateTimeOriginal), camera.get(ExifTags.Base.OffsetTimeOriginal)) or _time(
        _tag(exif, ExifTags.Base.DateTime), camera.get(ExifTags.Base.OffsetTime)
    )


def _time(value: object, zone: object) -> str | None:
    """Return a time as ISO 8601; None where it is none, such as 0000:00:00 of a camera whose clock stands."""
    time = _text(value) or ""
    with_zone = time + (_text(zone) or "")
    for form in _TIMES:
        with suppress(ValueError):
            return datetime.strptime(with_zone, f"{form}%z").isoformat()
        with suppress(ValueError):
            return datetime.strptime(time, form).isoformat()  # noqa: DTZ007  # none is known
    return None


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    utf8 = value.split("\0")[0].encode("latin-1", "replace").decode("utf-8", "replace")  # Pillow reads Latin-1
    return "".join(filter(str.isprintable, utf8)).strip()[:TEXT_MAX] or None
