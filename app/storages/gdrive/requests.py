"""Where the API of Google Drive has what, and what goes with every request about files."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from app.storages.gdrive.ids import require_id
from app.storages.gdrive.resources import FIELDS
from app.storages.http_api.exchange import Query, Request

ALL_DRIVES = {"supportsAllDrives": "true"}
"""Without it, files of shared drives are not there."""


def path_below(endpoint: str, *segments: str) -> str:
    """Return the path of a place below an endpoint, encoded; each segment stays one."""
    base = re.sub(r"^[a-z]+://[^/]*", "", endpoint).rstrip("/")
    return "/".join([base, *(quote(segment, safe="") for segment in segments)])


def file_request(endpoint: str, method: str, file_id: str, query: Query | None = None) -> Request:
    """Return a request about one file, whose answer is its resource unless the query says otherwise.

    Raises:
        RequestRefused: this can be no id.
    """
    path = path_below(endpoint, "files", require_id(file_id))
    return Request(method, path, query if query is not None else resource_query(), key=file_id)


def resource_query(**more: str) -> Mapping[str, str]:
    """Return a query that asks for the resource of one file."""
    return {**ALL_DRIVES, "fields": FIELDS, **more}
