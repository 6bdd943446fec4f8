"""The id that each request of the Aionvision dialect has, so that people can name it; its sender may choose it."""

import re
import uuid

from flask import Response, g, request

HEADER = "X-Request-ID"

_OWN = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_OF_THE_REQUEST = "sluice_request_id"


def request_id() -> str:
    """Return the id of this request, the same each time: the sender's own where it is harmless, else a new one."""
    if _OF_THE_REQUEST not in g:
        sent = request.headers.get(HEADER, "")
        setattr(g, _OF_THE_REQUEST, sent if _OWN.fullmatch(sent) else f"req_{uuid.uuid4().hex}")
    found: str = g.get(_OF_THE_REQUEST)
    return found


def add_request_id(answer: Response) -> Response:
    """Say in an answer which request it is for."""
    answer.headers[HEADER] = request_id()
    return answer
