"""The text ``specific_attributes``: a query string that says where a storage is, to and from an address. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from app.dialects.cvat.fields import Invalid

LONGEST = 1024

_FIELDS: Mapping[str, Mapping[str, str]] = {
    "s3": {"region": "region", "endpoint_url": "endpoint", "prefix": "prefix"},
    "azure": {"endpoint_url": "endpoint", "prefix": "prefix"},
    "gcs": {"project": "project", "location": "location", "endpoint_url": "endpoint", "prefix": "prefix"},
}
"""By kind of storage: what the text calls the parts of an address. ``endpoint_url`` is CVAT's for S3 alone; ours for
the others, where it names an emulator or a private cloud."""


class PrefixRefused(ValueError):
    """A default prefix that no storage can have; the text is CVAT's."""


def require_pieces(text: str) -> None:
    """Return if each piece between two ``&`` has one ``=``.

    Raises:
        Invalid: one has not.
    """
    if text and any(piece.count("=") != 1 for piece in text.split("&")):
        raise Invalid(["Invalid specific attributes"])


def address_fields(kind: str, text: str) -> dict[str, str]:
    """Return the parts of an address that the text names; what is blank or unknown is left out, the last one counts.

    Raises:
        PrefixRefused: the default prefix begins with a slash, or has an empty segment.
    """
    given = dict(parse_qsl(text))
    found = {part: given[word] for word, part in _FIELDS[kind].items() if given.get(word)}
    _require_prefix(found.get("prefix", ""))
    return found


def _require_prefix(prefix: str) -> None:
    if prefix.startswith("/"):
        raise PrefixRefused('Prefix cannot start with forward slash ("/").')
    if "//" in prefix:
        raise PrefixRefused("Prefix cannot contain multiple slashes in a row.")


def attributes_of(kind: str, address: Mapping[str, Any]) -> str:
    """Return the text for an address that somebody gave in other words.

    What everybody would take for granted is left out, and so is what would make it too long.

    Args:
        kind: of the storage.
        address: see `app.connections.contract.Connection`.
    """
    url = f"{address['endpoint']}{address.get('path', '')}"
    told = {**address, "endpoint": "" if url == _usual_endpoint(kind, address) else url}
    return "&".join(_fitting(_FIELDS[kind], told))


def _usual_endpoint(kind: str, address: Mapping[str, Any]) -> str:
    match kind:
        case "s3":
            return f"https://s3.{address.get('region')}.amazonaws.com"
        case "azure":
            return f"https://{address.get('account')}.blob.core.windows.net"
    return "https://storage.googleapis.com"


def _fitting(fields: Mapping[str, str], address: Mapping[str, Any]) -> Iterator[str]:
    room = LONGEST + 1
    for word, part in fields.items():
        piece = f"{word}={quote(str(address.get(part, '')), safe='')}"
        if address.get(part) and len(piece) < room:
            room -= len(piece) + 1
            yield piece
