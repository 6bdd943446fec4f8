"""Sends the file of an image, whole or in part, under its own name."""

import string
from urllib.parse import quote

from flask import Response

from app.dialects.aion.translate_files import content_type
from app.library.contract import OpenedItem
from app.web.downloads import answer_with_file

_PLAIN = frozenset("._-() " + string.digits + string.ascii_letters)
_NAME_MAX = 150
_NAMELESS = "file"


def sent_file(opened: OpenedItem) -> Response:
    """Answer with a file, or with the part of it that the request asks for, to be saved."""
    return answer_with_file(opened, content_type(opened.item), disposition(opened.item.name))


def disposition(name: str) -> str:
    """Return the header that has a browser save a file under this name (RFC 6266), whatever is in the name."""
    short = name.strip()[:_NAME_MAX] or _NAMELESS
    plain = "".join(each if each in _PLAIN else "_" for each in short)
    exact = "".join(each if each.isprintable() and each not in "/\\" else "_" for each in short)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(exact, safe='', errors='replace')}"
