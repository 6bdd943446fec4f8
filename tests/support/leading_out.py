"""Requests by which somebody gives a path, for each parameter that is one or becomes a part of one."""

import io
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from werkzeug.test import TestResponse

from tests.support.inhabited import Inhabited, some_name

Probe = Callable[[Inhabited, str], Iterator[TestResponse]]

_TUS = {"Tus-Resumable": "1.0.0"}
_PART = {**_TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
_UPLOADS = "/api/upload/resumable_upload"


def in_address(text: str) -> str:
    """Return a text as a client that means well writes it into an address; a percent sign stays what it is."""
    return quote(text.encode("utf-8", "surrogateescape"), safe="/%.~:\\")


def _source(house: Inhabited, path: str) -> Iterator[TestResponse]:
    yield house.ask("ann", "GET", f"/sync?dest={some_name()}&source={in_address(path)}")
    yield house.ask("ann", "POST", "/sync", json={"dest": some_name(), "source": path})
    yield house.ask("ann", "POST", "/sync", json={"dest": some_name(), "source": path, "direction": "download"})
    form = {"target": "address", "dest": some_name(), "direction": "upload", "do": "start", "source": _sendable(path)}
    yield house.ask("ann", "POST", "/start", data=form)


def _in_storage(house: Inhabited, path: str) -> Iterator[TestResponse]:
    wanted = {"dataset_name": some_name(), "storage_config": {"dataset_name_in_storage": path}}
    for rule in ("/dataset", "/api/dataset"):
        yield house.ask("ann", "POST", rule, json=wanted)


def _metadata(house: Inhabited, path: str) -> Iterator[TestResponse]:
    named = "filename " + b64encode(path.encode("utf-8", "surrogateescape")).decode()
    headers = {**_TUS, "Upload-Length": "4", "Upload-Metadata": named}
    made = house.ask("ann", "POST", _UPLOADS, headers=headers)
    yield made
    if made.status_code == 201:
        session = made.headers["Location"].rpartition("/")[2]
        yield house.ask("ann", "PATCH", f"{_UPLOADS}/{session}", headers=_PART, data=b"mine")
        yield from _fetched(house, {"src": "files"}, **{"files_0|file_data": {"session_id": session, "name": path}})
    yield house.ask("ann", "PATCH", f"{_UPLOADS}/{in_address(path)}", headers=_PART, data=b"mine")
    yield house.ask("ann", "DELETE", f"{_UPLOADS}/{in_address(path)}", headers=_TUS)


def _file(house: Inhabited, path: str) -> Iterator[TestResponse]:
    sent = {
        "history_id": _history(house),
        "tool_id": "upload1",
        "files_0|file_data": (io.BytesIO(b"mine"), _sendable(path)),
    }
    yield house.ask("ann", "POST", "/api/tools", data=sent)
    pasted = {"files_0|url_paste": "mine", "files_0|NAME": path}
    wanted = {"history_id": _history(house), "tool_id": "upload1", "inputs": pasted}
    yield house.ask("ann", "POST", "/api/tools", json=wanted)
    yield from _fetched(house, {"src": "pasted", "paste_content": "mine", "name": path, "ext": path})


def _shown(house: Inhabited, path: str) -> Iterator[TestResponse]:
    inputs = {"files_0|url_paste": "mine", "files_0|NAME": path}
    wanted = {"history_id": _history(house), "tool_id": "upload1", "inputs": inputs}
    made = house.ask("ann", "POST", "/api/tools", json=wanted)
    yield made
    for item in (made.json or {}).get("outputs", ()) if made.status_code == 200 else ():
        address = f"/api/datasets/{item['id']}/display"
        yield house.ask("ann", "GET", f"{address}?to_ext={in_address(path)}")
    for beginning in ("/static/", "/docs/", "/static/../", "/openapi/"):
        yield house.ask("ann", "GET", beginning + in_address(path))


def _fetched(house: Inhabited, element: Mapping[str, Any], **more: Any) -> Iterator[TestResponse]:
    targets = [{"destination": {"type": "hdas"}, "elements": [element]}]
    yield house.ask("ann", "POST", "/api/tools/fetch", json={"history_id": _history(house), "targets": targets, **more})


def _history(house: Inhabited) -> str:
    return str(house.told("ann", "POST", "/api/histories", json={"name": "h"})["id"])


def _sendable(text: str) -> str:
    """Return a text as a form can hold it."""
    return text.encode("utf-8", "replace").decode()


PROBES: Mapping[str, Probe] = {
    "source": _source,
    "dataset_name_in_storage": _in_storage,
    "Upload-Metadata": _metadata,
    "files_0|file_data": _file,
    "to_ext": _shown,
}
"""By the parameter; the addresses of files of our own are tried with the last."""
