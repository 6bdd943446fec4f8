"""The content type of an object, told by the end of its key and the same on every machine."""

from mimetypes import MimeTypes
from posixpath import basename, splitext

UNKNOWN_TYPE = "application/octet-stream"
COMPRESSED_TYPES = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
}
"""The types of compressed files; never a Content-Encoding, at which clients, and Google itself, would unpack them."""

# An object of its own holds what Python knows and nothing of /etc/mime.types, so that all machines agree.
_KNOWN = MimeTypes()


def content_type_of(key: str) -> str:
    """Guess the content type from the end of the key's name, the same on every machine."""
    name, end = splitext(basename(key))
    end = _KNOWN.suffix_map.get(end.lower(), end)
    encoding = _KNOWN.encodings_map.get(splitext(end)[1] or end)
    if encoding:
        return COMPRESSED_TYPES.get(encoding, UNKNOWN_TYPE)
    return _KNOWN.types_map[True].get(end.lower(), UNKNOWN_TYPE) if name else UNKNOWN_TYPE
