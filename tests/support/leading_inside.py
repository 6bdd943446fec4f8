"""Requests by which somebody gives an address, for each parameter that is one: on every route and form that takes it."""

import io
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from werkzeug.test import TestResponse

from tests.support.gcs_keys import key_file
from tests.support.inhabited import Inhabited, some_name
from tests.support.jobs import eventually

Probe = Callable[[Inhabited, str], Iterator[TestResponse]]

_KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": "x"}
_STORAGES, _AUTHORIZATIONS = "/api/cloudstorages", "/api/cloud/authz"


def _storage_url(house: Inhabited, url: str) -> Iterator[TestResponse]:
    for direction in ("upload", "download"):
        yield house.ask(
            "ann", "POST", "/sync", json={**_KEYS, "storage_url": url, "dest": some_name(), "direction": direction}
        )
    form = {**_KEYS, "storage_url": url, "dest": some_name(), "target": "address", "direction": "upload", "do": "plan"}
    yield house.ask("ann", "POST", "/start", data=form)


def _endpoint(house: Inhabited, url: str) -> Iterator[TestResponse]:
    wanted = {**_KEYS, "endpoint": url, "bucket": "photos", "synchronize": True}
    yield house.ask("ann", "POST", "/api/cloud", json=wanted)
    yield house.ask("ann", "POST", "/api/v2/cloud-storage/picker-proxy", json={"session_id": "x", "endpoint": url})
    s3 = {**_KEYS, "form": "keys", "endpoint": url, "bucket": "photos", "checked": "on"}
    yield house.ask("ann", "POST", "/connections/new?kind=s3", data=s3)
    azure = {
        "form": "account_key",
        "endpoint": url,
        "account": "acct",
        "bucket": "photos",
        "token": b64encode(b"key").decode(),
    }
    yield house.ask("ann", "POST", "/connections/new?kind=azure", data=azure)
    gcs = {"form": "key_file", "endpoint": url, "bucket": "photos", "key_file": json.dumps(key_file())}
    yield house.ask("ann", "POST", "/connections/new?kind=gcs", data=gcs)


def _cvats(house: Inhabited, provider: str, credentials: str, **more: Any) -> TestResponse:
    given = {
        "provider_type": provider,
        "credentials_type": credentials,
        "resource": "photos",
        "display_name": some_name(),
    }
    sent = "data" if "key_file" in more else "json"
    return house.ask("ann", "POST", _STORAGES, **{sent: {**given, **more}})


def _connection_string(house: Inhabited, url: str) -> Iterator[TestResponse]:
    key = b64encode(b"key").decode()
    for said in (
        f"BlobEndpoint={url};AccountName=acct;AccountKey={key}",
        f"UseDevelopmentStorage=true;DevelopmentStorageProxyUri={url}",
        f"DefaultEndpointsProtocol=http;AccountName=acct;AccountKey={key};EndpointSuffix={url.partition('//')[2]}",
    ):
        yield _cvats(house, "AZURE_CONTAINER", "CONNECTION_STRING", connection_string=said)
        config = {"provider": "azure", "config": {"connection_string": said}}
        yield house.ask("ann", "POST", _AUTHORIZATIONS, json=config)


def _attributes(house: Inhabited, url: str) -> Iterator[TestResponse]:
    said = f"region=eu-west-1&endpoint_url={quote(url, safe='')}"
    pair = {"key": "AKIAEXAMPLE", "secret_key": "x", "specific_attributes": said}
    yield _cvats(house, "AWS_S3_BUCKET", "KEY_SECRET_KEY_PAIR", **pair)
    named = {"account_name": "acct", "session_token": "sv=2024-11-04&sig=eA==", "specific_attributes": said}
    yield _cvats(house, "AZURE_CONTAINER", "ACCOUNT_NAME_TOKEN_PAIR", **named)


def _key_file(house: Inhabited, url: str) -> Iterator[TestResponse]:
    document = json.dumps(key_file(token_uri=url, auth_uri=url, universe_domain=url)).encode()
    yield _cvats(house, "GOOGLE_CLOUD_STORAGE", "KEY_FILE_PATH", key_file=(io.BytesIO(document), "key.json"))


def _config(house: Inhabited, url: str) -> Iterator[TestResponse]:
    named = {"storage_account": "acct", "account_key": b64encode(b"key").decode()}
    for provider, config in (("aws", _KEYS), ("azure", named), ("gcp", key_file(token_uri=url))):
        wanted = {"provider": provider, "config": {**config, "endpoint": url, "endpoint_url": url}}
        yield house.ask("ann", "POST", _AUTHORIZATIONS, json=wanted)


def _url(house: Inhabited, url: str) -> Iterator[TestResponse]:
    yield house.ask("ann", "POST", "/webhooks", json={"url": url, "states": ["failed"]})
    yield house.ask("ann", "POST", "/account/webhooks/new", data={"url": url, "states": "failed", "enabled": "on"})
    made = house.told("ann", "POST", "/webhooks", json={"url": "https://nowhere.example/", "states": ["failed"]})
    yield house.ask("ann", "PATCH", f"/webhooks/{made['id']}", json={"url": url})
    yield house.ask("ann", "POST", f"/account/webhooks/{made['id']}/edit", data={"url": url, "states": "failed"})


def _pasted(house: Inhabited, url: str) -> Iterator[TestResponse]:
    wanted = {"tool_id": "upload1", "history_id": _history(house), "inputs": {"files_0|url_paste": url}}
    yield house.ask("ann", "POST", "/api/tools", json=wanted)


def _targets(house: Inhabited, url: str) -> Iterator[TestResponse]:
    target = {"destination": {"type": "hdas"}, "elements": [{"src": "url", "url": url}]}
    yield house.ask("ann", "POST", "/api/tools/fetch", json={"history_id": _history(house), "targets": [target]})


def _redirect(house: Inhabited, url: str) -> Iterator[TestResponse]:
    yield house.ask("ann", "POST", "/api/v2/cloud-storage/auth/google_drive", json={"redirect_uri": url})


def _history(house: Inhabited) -> str:
    return str(house.told("ann", "POST", "/api/histories", json={"name": "h"})["id"])


PROBES: Mapping[str, Probe] = {
    "storage_url": _storage_url,
    "endpoint": _endpoint,
    "connection_string": _connection_string,
    "specific_attributes": _attributes,
    "key_file": _key_file,
    "config": _config,
    "url": _url,
    "files_0|url_paste": _pasted,
    "targets": _targets,
    "redirect_uri": _redirect,
}
"""By the parameter; each gives the address in every place that takes one."""


def followed(house: Inhabited) -> Iterator[TestResponse]:
    """Use all that was made: test connections and webhooks, look into buckets."""
    for storage in house.told("ann", "GET", f"{_STORAGES}?page_size=all")["results"]:
        yield house.ask("ann", "GET", f"{_STORAGES}/{storage['id']}/status")
        yield house.ask("ann", "DELETE", f"{_STORAGES}/{storage['id']}")
    for authorization in house.told("ann", "GET", _AUTHORIZATIONS):
        yield house.ask("ann", "GET", f"/api/cloud/storage?authz_id={authorization['id']}&bucket=photos")
        yield house.ask("ann", "DELETE", f"{_AUTHORIZATIONS}/{authorization['id']}")
    for webhook in house.told("ann", "GET", "/webhooks"):
        yield house.ask("ann", "POST", f"/webhooks/{webhook['id']}/test")
        eventually(lambda at=f"/webhooks/{webhook['id']}/deliveries": _is_sent(house, at))
        yield house.ask("ann", "DELETE", f"/webhooks/{webhook['id']}")


def _is_sent(house: Inhabited, deliveries: str) -> bool:
    return all(each["attempts"] for each in house.told("ann", "GET", deliveries))
