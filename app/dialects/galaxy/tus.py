"""What the headers of tus 1.0.0 say, the protocol by which files are sent in parts. Pure.

Its text is at https://tus.io/protocols/resumable-upload; Galaxy speaks it through tusd.
"""

import base64
import re
from email.utils import formatdate

from app.library.contract import Upload
from app.library.uploads import MAX_SIZE

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
MEDIA_TYPE = "application/offset+octet-stream"

OFFERS = {
    "Tus-Version": VERSION,
    "Tus-Extension": EXTENSIONS,
    "Tus-Max-Size": str(MAX_SIZE),
}
"""What OPTIONS answers."""

_COUNT = re.compile(r"[0-9]{1,19}", re.ASCII)


class HeaderUnreadable(ValueError):
    """A header that is missing, or cannot be what it should be; the text is a sentence for people."""


def count_in(name: str, text: str | None) -> int:
    """Return the number of bytes that the header ``name`` tells.

    Raises:
        HeaderUnreadable: it is missing, or no number.
    """
    if text is None or _COUNT.fullmatch(text) is None:
        raise HeaderUnreadable(f"The header {name} must be a whole number of bytes.")
    return int(text)


def name_in(metadata: str) -> str:
    """Return the name of the file in the header ``Upload-Metadata``, empty where it has none.

    Raises:
        HeaderUnreadable: it is not what tus says it is: keys, each with a value in base64, with commas between them.
    """
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in metadata.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except ValueError:
            raise HeaderUnreadable(f"The value of {key} in the header Upload-Metadata is no base64.") from None
    return found.get("filename") or found.get("name") or ""


def state_headers(upload: Upload, expires_at: float) -> dict[str, str]:
    """Return how far an upload is, and until when it can be gone on with.

    Args:
        upload: the upload.
        expires_at: POSIX seconds.
    """
    said = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)}
    return said if upload.is_complete else said | {"Upload-Expires": formatdate(expires_at, usegmt=True)}


def metadata_header(upload: Upload) -> dict[str, str]:
    """Return what was told of an upload when it was made."""
    name = base64.b64encode(upload.name.encode()).decode()
    return {"Upload-Metadata": f"filename {name}"} if upload.name else {}
