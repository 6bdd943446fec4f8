"""A large file in pieces: where its session is begun, and that it is nowhere else."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from app.errors import ObjectMissing
from app.storages.base import Content
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api
from app.storages.gdrive.errors import LOST, NOT_DRIVE, said
from app.storages.http_api.exchange import Answer, Request, with_body
from app.storages.http_api.resumable import Session, followed, send_content


def put_large(
    api: Api,
    address: DriveAddress,
    request: Request,
    properties: Mapping[str, object],
    content: Content,
    take: Callable[[bytes], None],
) -> Answer:
    """Send a content of more than one byte; nobody sees anything of it before its last piece has arrived.

    Args:
        api: sends requests to where uploads go.
        address: of the account.
        request: begins the session; it has the type of the bytes. It is repeated where its answer was lost: a session
            that nobody goes on with makes no file.
        properties: of the file.
        content: is read once, so where the session is lost, the whole upload is to be tried again.
        take: is given each piece before it is sent.

    Raises:
        StorageFailure: Google has forgotten the session.
        StorageUnreachable: the session is elsewhere than where uploads go, where neither bytes nor token are sent.
    """
    headers = {**request.headers, "X-Upload-Content-Length": str(content.size)}
    asked = with_body(
        replace(request, headers=headers), [json.dumps(properties).encode()], "application/json; charset=UTF-8"
    )
    location = api.ask(asked).headers.get("Location", "")
    led = followed(location, address.uploads, request.path)
    if led is None:
        raise said(NOT_DRIVE, address, request.key)
    try:
        return send_content(Session(api, request.key, led, content.size), content, take)
    except ObjectMissing:
        raise said(LOST, address, request.key) from None
