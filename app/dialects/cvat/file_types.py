"""What kind of file a name stands for, in CVAT's words; the same on every machine. Pure."""

from collections.abc import Mapping
from mimetypes import MimeTypes
from posixpath import splitext

FOLDER = "DIR"
FILE = "REG"
UNKNOWN = "unknown"

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".rar", ".7z", ".cpio")
_IMAGES = (".avif", ".heic", ".heif", ".jp2", ".webp", ".tif", ".tiff", ".bmp", ".dng")
_VIDEOS = (".3gp", ".avi", ".flv", ".m4v", ".mkv", ".mov", ".mpeg", ".mpg", ".ogv", ".ts", ".webm", ".wmv")
_OTHERS = (".jsonl", ".svg", ".svgz")


def _table() -> Mapping[str, str]:
    """Return the word for each suffix: of Python's own table, which an instance has, and of those that it lacks.

    The functions of ``mimetypes`` would read the files of the machine as well.
    """
    known = MimeTypes().types_map[1]
    found = {suffix: word for suffix, kind in known.items() for word in ("image", "video") if kind.startswith(word)}
    found |= dict.fromkeys(_IMAGES, "image") | dict.fromkeys(_VIDEOS, "video") | dict.fromkeys(_ARCHIVES, "archive")
    return found | dict.fromkeys(_OTHERS, UNKNOWN) | {".pdf": "pdf"}


_WORDS = _table()


def mime_type_of(name: str, *, is_folder: bool = False) -> str:
    """Return ``DIR``, ``image``, ``video``, ``archive``, ``pdf`` or ``unknown``."""
    return FOLDER if is_folder else _WORDS.get(splitext(name)[1].lower(), UNKNOWN)
