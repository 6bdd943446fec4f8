"""Asks Drive what a page may have it asked, and returns as much of the answer as a page may see.

A person waits for it, so there is one more attempt at most, and none after twenty seconds.
"""

import base64
import json
import re
import threading
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from app.errors import StorageFailure, StorageUnreachable
from app.grants.proxying import Question
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api, Manner, Waits
from app.storages.gdrive.errors import NOT_DRIVE, REFUSED, said
from app.storages.gdrive.requests import path_below
from app.storages.http_api.backoff import Backoff, Rule
from app.storages.http_api.exchange import Answer, Patience, Request
from app.storages.http_api.google_words import words_of

_MANNER = Manner(Patience(5, 30, 30, 2), Rule(attempts=2, seconds=20, first=1, spread=1, most=4))
_TOLD_APART = {401, 403, 404, 408, 410, 429}
_REFUSALS = tuple(status for status in range(400, 500) if status not in _TOLD_APART)
"""What is left of 4xx: of whatever Google says there, a page learns that its question was no good."""


def answer_to(asked: Question, address: DriveAddress, waits: Waits = Backoff) -> Mapping[str, Any]:
    """Return Google's JSON object; of an export ``mime_type``, ``size`` and ``content_base64``.

    Args:
        asked: as `app.grants.proxying.question` has checked it.
        address: of the account; its folder plays no part here.
        waits: makes what waits before the other attempt.

    Raises:
        ConsentRequired: Google does not take the account's tokens, also a new one.
        AccessDenied: the account may not.
        ObjectMissing: there is no such file, or the account may not know of it.
        Throttled: Google asks for fewer requests.
        RequestRefused: Google does not take what was asked.
        StorageUnreachable: it does not answer, fails, or says more or else than was asked for.
    """
    with closing(Api(address, threading.BoundedSemaphore(1), 1, _MANNER, waits)) as api:
        answer = _answered(api, _request(asked, address))
    key = _file_id(asked)
    if answer.status != 200:
        word = next(iter(words_of(answer.data) or ()), "")
        raise said(REFUSED, address, key, f"{answer.status} {word}".strip())
    return _exported(asked, answer) if asked.exports else _told(answer, address)


def _request(asked: Question, address: DriveAddress) -> Request:
    return Request(
        "GET",
        path_below(address.endpoint, *asked.path.split("/")),
        asked.query,
        headers={"Accept": "*/*" if asked.exports else "application/json"},
        key=_file_id(asked),
        accepted=(200, *_REFUSALS),
        most=asked.most,
    )


def _file_id(asked: Question) -> str:
    return asked.path.split("/")[1] if "/" in asked.path else ""


def _answered(api: Api, request: Request) -> Answer:
    try:
        return api.ask(request)
    except StorageFailure as error:
        raise StorageUnreachable(str(error)) from None


def _exported(asked: Question, answer: Answer) -> Mapping[str, Any]:
    encoded = base64.b64encode(answer.data).decode()
    return {"mime_type": asked.query["mimeType"], "size": len(answer.data), "content_base64": encoded}


def _told(answer: Answer, address: DriveAddress) -> Mapping[str, Any]:
    """Return the object that was sent; what could not be sent on, such as half a pair of surrogates, is none."""
    if not re.match(r"application/json\s*(;|$)", answer.headers.get("Content-Type", ""), re.IGNORECASE):
        raise said(NOT_DRIVE, address)
    try:
        told = json.loads(answer.data)
        json.dumps(told, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise said(NOT_DRIVE, address)
    return told
