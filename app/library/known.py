"""What is known of an image without any AI: type, size, width and height, and what its camera wrote into it."""

from collections.abc import Iterator, Mapping
from mimetypes import MimeTypes
from pathlib import Path, PurePosixPath
from typing import Any

from app.library.description import Described, Description
from app.pictures.asking import StandingPrograms
from app.pictures.process import NoAnswer

PROGRAMS = StandingPrograms(at_once=2)
"""Whoever waits for one has been let into an import already, so nobody is sent away."""

_ANY = "application/octet-stream"
_UNITS = ("kB", "MB", "GB", "TB")
_BY_NAME = MimeTypes()  # one of our own knows the same names on every machine


def describe_without_ai(what: Described) -> Description:
    """Return what a file says of itself; a broken or hostile one says less. Thread-safe.

    The attributes are ``mime_type`` and, as far as they are known, ``format`` (such as ``JPEG``), ``width`` and
    ``height`` (pixels, as people see it), ``taken_at`` (ISO 8601, with a zone only where the camera wrote one),
    ``camera_make`` and ``camera_model``. What may be an image is looked into by a process of its own, two at once; who
    finds both under way waits.

    Raises:
        OSError: the file cannot be read.
    """
    types = _types(what)
    found = _looked_into(what.path) if _may_be_an_image(types) else {}
    mime_type = f"image/{found['format'].lower()}" if found else next(iter(types), _ANY)
    known = {"mime_type": mime_type, **found}
    return Description(", ".join(_sentence(known, what.size)), known)


def _types(what: Described) -> list[str]:
    """Return what its sender and then its name say that it is, without what says nothing."""
    by_name = _BY_NAME.guess_type(f"name{PurePosixPath(what.name).suffix}")[0]
    return [said for said in (what.mime_type, by_name) if said and said != _ANY]


def _may_be_an_image(types: list[str]) -> bool:
    return not types or any(said.lower().startswith("image/") for said in types)


def _looked_into(path: Path) -> Mapping[str, Any]:
    """Return what `app.pictures.facts` tells; nothing: it is no image, or no process could tell."""
    path.open("rb").close()  # what cannot be read is an error, and the program would not say so
    try:
        return PROGRAMS.facts_of(path)
    except NoAnswer:
        return {}


def _sentence(known: Mapping[str, Any], size: int) -> Iterator[str]:
    yield f"{known['format']} image" if "format" in known else f"File of the type {known['mime_type']}"
    if "width" in known:
        yield f"{known['width']} x {known['height']} pixels"
    yield _in_words(size)
    if "taken_at" in known:
        yield f"taken {known['taken_at'].replace('T', ' ')}"


def _in_words(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    scaled, unit = size / 1000, 0
    while scaled >= 999.95 and unit + 1 < len(_UNITS):
        scaled, unit = scaled / 1000, unit + 1
    return f"{scaled:.1f} {_UNITS[unit]}"
