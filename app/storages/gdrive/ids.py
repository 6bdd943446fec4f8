"""The ids of files, which are part of addresses, and so are looked at before they become one."""

import re

from app.errors import RequestRefused

ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_NO_IDS = ("generateIds", "generateCseToken", "trash")
"""Where the API has something else in the place of an id (its discovery document, revision 20261106)."""


def require_id(file_id: str) -> str:
    """Return the id.

    Raises:
        RequestRefused: it can be none.
    """
    if not ID.fullmatch(file_id) or file_id in _NO_IDS:
        raise RequestRefused(f"{file_id[:200]!r} can be no id of a file in Google Drive.")
    return file_id
