"""Requests that name what somebody has beside the path: in a query, a body or a form, by route."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.belongings import Belongings

Request = Mapping[str, Any]
"""What `Inhabited.ask` takes beside method and path."""


def _json(**body: Any) -> Callable[[Belongings], Request]:
    """Return what makes a body of these, each ``$kind`` in it the id of that kind."""
    return lambda of: {"json": _filled(body, of.ids)}


def _query(**query: str) -> Callable[[Belongings], Request]:
    return lambda of: {"query_string": _filled(query, of.ids)}


def _form(**fields: str) -> Callable[[Belongings], Request]:
    return lambda of: {"data": _filled(fields, of.ids)}


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(found, ids) for name, found in value.items()}
    if isinstance(value, list):
        return [_filled(found, ids) for found in value]
    return ids[value[1:]] if isinstance(value, str) and value.startswith("$") else value


_FILE = {"id": "abc", "name": "n", "mime_type": "image/png", "size_bytes": 1}
_UPLOAD = {"destination": {"type": "hdas"}, "elements": [{"src": "files"}]}
_PASTED = {"destination": {"type": "hdas"}, "elements": [{"src": "pasted", "paste_content": "x"}]}
_STORED = {"cloud_storage_id": "$connection", "dataset_name_in_storage": "x"}

ASKED: Mapping[tuple[str, str], list[Callable[[Belongings], Request]]] = {
    **{("GET", path): [_query(id="$job")] for path in ("/get", "/steps", "/cancel", "/events")},
    **{("POST", path): [_json(id="$job")] for path in ("/get", "/steps", "/cancel", "/events")},
    ("GET", "/sync"): [_query(connection="$connection", direction="download")],
    ("POST", "/sync"): [_json(connection="$connection", direction="download")],
    ("POST", "/copy"): [_json(source="$connection", target="$connection", objects=["k"])],
    ("GET", "/start"): [_query(job="$job"), _query(connection="$connection")],
    ("POST", "/start"): [
        _form(target="connection", connection="$connection", direction="download", do="start"),
        _form(target="connection", connection="$connection", direction="upload", do="plan"),
    ],
    ("GET", "/"): [_query(who="$user")],
    ("GET", "/api/datasets"): [_query(history_id="$history")],
    ("GET", "/api/jobs"): [_query(history_id="$history"), _query(user_id="$history")],
    ("POST", "/api/histories"): [_json(name="n", history_id="$history")],
    ("POST", "/api/histories/<history_id>/contents"): [_json(content="$item", source="hda")],
    ("POST", "/api/tools"): [_json(history_id="$history", tool_id="upload1", inputs={"files_0|url_paste": "x"})],
    ("POST", "/api/tools/fetch"): [
        _json(history_id="$history", targets=[_PASTED]),
        _json(
            history_id="$history", targets=[_UPLOAD], **{"files_0|file_data": {"session_id": "$upload", "name": "x"}}
        ),
    ],
    ("GET", "/api/cloud/storage"): [_query(authz_id="$authorization", bucket="b")],
    ("POST", "/api/cloud/storage/get"): [
        _json(history_id="$history", bucket="b", objects=["k"], authz_id="$authorization"),
    ],
    ("POST", "/api/cloud/storage/send"): [
        _json(history_id="$history", bucket="b", authz_id="$authorization", dataset_ids=["$item"]),
    ],
    **{
        (method, f"{prefix}{path}"): [_json(dataset_name="n", storage_config=_STORED)]
        for prefix in ("", "/api")
        for method, path in (("POST", "/dataset"), ("PUT", "/dataset/<dataset_id>"))
    },
    ("POST", "/api/v2/cloud-storage/import"): [_json(connection_id="$drive", files=[_FILE])],
    ("POST", "/api/v2/cloud-storage/export"): [_json(connection_id="$drive", image_ids=["$image"])],
    ("POST", "/api/v2/cloud-storage/picker-proxy"): [_json(session_id="$picker", endpoint="about")],
}
"""Every request that names such a thing beside its path; a route may have several."""

GOOD: Mapping[tuple[str, str], Callable[[Belongings], Request]] = {
    ("PUT", "/api/datasets/<dataset_id>"): _json(name="taken"),
    ("PUT", "/api/histories/<history_id>"): _json(name="taken"),
    ("PUT", "/api/histories/<history_id>/contents/<dataset_id>"): _json(name="taken"),
    ("POST", "/api/histories/<history_id>/tags/<tag_name>"): _json(value="taken"),
    ("PUT", "/api/cloud/authz/<authz_id>"): _json(description="taken"),
    ("PATCH", "/webhooks/<uuid:webhook_id>"): _json(description="taken"),
    ("POST", "/webhooks"): _json(url="https://8.8.8.8/", states=["succeeded"]),
    ("PATCH", "/api/cloudstorages/<number>"): _json(description="taken"),
    **{("PUT", f"{prefix}/<storage_id>"): _json(synchronize=True) for prefix in ("/api/cloud", "/api/api/cloud")},
    ("POST", "/api/v2/cloud-storage/auth/<provider>/callback"): _json(code="c", state="s"),
    ("POST", "/account/webhooks/<uuid:webhook_id>/edit"): _form(url="https://8.8.8.8/", states="succeeded"),
    ("POST", "/connections/<uuid:connection_id>/edit"): _form(name="taken"),
}
"""Bodies that are good, for routes that look at them first and need no id in them."""


def requests_to(method: str, path: str, of: Belongings) -> list[Request]:
    """Return what to send there: every request of `ASKED`, else a good body, else an empty one where there is one."""
    makers = ASKED.get((method, path)) or [GOOD.get((method, path), lambda _: {} if method == "GET" else {"json": {}})]
    return [make(of) for make in makers]
