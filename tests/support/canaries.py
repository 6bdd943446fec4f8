"""One canary for each kind of secret that a service is given or gives, and the requests that bring them to it."""

import base64
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote

import requests

from tests.support.aion import Aion
from tests.support.gcs_keys import PRIVATE_KEY, key_file
from tests.support.google_fake import FakeGoogle
from tests.support.service import Service

NAMED = {
    "access_key": "its own access key",
    "secret_key": "its own secret key",
    "key": "an account key",
    "key_file": "a key file",
    "connection_string": "a connection string",
    "session_token": "a session token",
    "password": "a password",
    "code": "a code",
    "state": "a state",
    "session_id": "a picker's session",
    "config": "an authorization's secret",
}
"""The parameters that bring secrets, with the kind of the canary that each has here."""

NO_SECRETS = {"credentials_type", "next_token", "token", "keys", "tokens", "dbkey"}
"""Parameters that are called like secrets: where a listing goes on, fields of a document, a genome, a form."""


_WITH_BODIES = (
    "/sync",
    "/session",
    "/webhooks",
    "/api/cloud",
    "/api/cloudstorages",
    "/api/cloud/authz",
    "/api/v2/cloud-storage/import",
)


def _new() -> str:
    """Return a value that nothing else holds."""
    return f"cnry{secrets.token_hex(16)}"


def spellings(secret: str) -> list[bytes]:
    """Return a secret as logs, dumps and addresses could hold it."""
    plain = secret.encode()
    return [
        plain,
        plain.hex().encode(),
        base64.b64encode(plain),
        quote(secret, safe="").encode(),
        plain.replace(b"\n", b"\\n"),
    ]


@dataclass
class Canaries:
    """All of them, and what was answered.

    Attributes:
        values: by kind.
        shown: every answer, but those that hand a secret to whom it is made for.
    """

    service: Service
    google: FakeGoogle
    values: dict[str, list[str]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    def new(self, kind: str) -> str:
        self.values.setdefault(kind, []).append(_new())
        return self.values[kind][-1]

    def noted(self, kind: str, value: str) -> str:
        """Note a secret that the service or Google has made."""
        self.values.setdefault(kind, []).append(value)
        return value

    def ask(self, method: str, path: str, *, quiet: bool = False, **request: Any) -> requests.Response:
        """Ask, and keep the answer unless it hands over a secret that was made for it."""
        answer = requests.request(method, self.service.url + path, timeout=60, allow_redirects=False, **request)
        assert answer.status_code < 500 or answer.status_code in (502, 503), answer.text
        if not quiet:
            self.shown += [answer.text, str(answer.headers), answer.url if "next=" in answer.url else ""]
        return answer

    def found_in(self, *places: bytes) -> list[tuple[str, int]]:
        """Return the kinds of those that are found, with the number of the place."""
        return [
            (kind, number)
            for kind, values in self.values.items()
            for number, place in enumerate(places)
            if any(spelt in place for value in values for spelt in spellings(value))
        ]


def bring_all(canaries: Canaries, headers: dict[str, str], name: str) -> None:
    """Bring secrets of every kind, in the right places and in wrong ones."""
    for each in (_by_requests, _as_who_calls, _for_storages, _for_authorizations, _in_vain):
        each(canaries, headers, name)


def _by_requests(canaries: Canaries, headers: dict[str, str], name: str) -> None:
    own = {"access_key": canaries.new("its own access key"), "secret_key": canaries.new("its own secret key")}
    wanted: list[dict[str, Any]] = [{"json": {**own, "dest": f"{name}-a"}}, {"data": {**own, "dest": f"{name}-b"}}]
    for sent in wanted:
        job = canaries.ask("POST", "/sync", headers=headers, **sent).json()["id"]
        for path in ("/get", "/steps", "/events"):
            canaries.shown.append(_streamed(canaries, f"{path}?id={job}", headers))
    canaries.ask("GET", "/sync", params={**own, "dest": f"{name}-c"}, headers=headers)
    canaries.ask("GET", "/runnings?all=1", headers=headers)


def _streamed(canaries: Canaries, path: str, headers: dict[str, str]) -> str:
    """Return an answer to its end: of a stream, that of its job."""
    with requests.get(canaries.service.url + path, headers=headers, timeout=60, stream=True) as answer:
        return b"".join(answer.iter_content(65536)).decode()


def _as_who_calls(canaries: Canaries, headers: dict[str, str], name: str) -> None:
    password = canaries.new("a password")
    canaries.service.person(f"{name}-eva", password=password)
    signed = canaries.ask("POST", "/session", json={"username": f"{name}-eva", "password": password}, quiet=True)
    canaries.noted("a session", signed.cookies["sessionid"])
    canaries.noted("a token of a form", signed.cookies["csrftoken"])
    for wrong in (
        {"auth": (name, canaries.new("a wrong password"))},
        {"headers": {"x-api-key": canaries.new("a wrong key")}},
    ):
        canaries.ask("GET", "/runnings", **wrong)
    canaries.ask("GET", f"/sync?key={canaries.new('a wrong key')}&dest=b")
    canaries.ask("GET", "/runnings", cookies={"sessionid": canaries.new("a wrong session")})
    canaries.ask("POST", "/sign-in", data={"username": name, "password": canaries.new("a wrong password")})
    made = canaries.ask(
        "POST", "/webhooks", headers=headers, json={"url": "http://127.0.0.1:9/", "states": ["failed"]}, quiet=True
    )
    if made.ok:
        canaries.noted("a webhook's secret", made.json()["secret"])


def _for_storages(canaries: Canaries, headers: dict[str, str], name: str) -> None:
    account_key = base64.b64encode(canaries.new("an account key").encode()).decode()
    pem = key_file()
    canaries.noted("a key file", PRIVATE_KEY.splitlines()[3])
    forms = [
        ("s3", {"form": "keys", "access_key": "AKIA", "secret_key": canaries.new("a connection's key")}),
        ("azure", {"form": "account_token", "account": "acct", "token": account_key}),
        ("gcs", {"form": "key_file", "key_file": json.dumps(pem)}),
    ]
    for kind, fields in forms:
        given = {"endpoint": "http://127.0.0.1:9", "bucket": "photos", "name": name, **fields}
        canaries.ask("POST", f"/connections/new?kind={kind}", headers=headers, data=given)
        canaries.ask(
            "POST", f"/connections/new?kind={kind}", headers=headers, data=given | {"checked": "on", "bucket": "P H"}
        )
    signature = quote(canaries.new("a session token"))
    for given in (
        {
            "credentials_type": "ACCOUNT_NAME_TOKEN_PAIR",
            "account_name": "acct",
            "session_token": f"sv=2024-11-04&sig={signature}",
        },
        {"credentials_type": "CONNECTION_STRING", "connection_string": _connection_string(canaries)},
    ):
        wanted = {"provider_type": "AZURE_CONTAINER", "resource": "photos", "display_name": name, **given}
        canaries.ask("POST", "/api/cloudstorages", headers=headers, json=wanted)
    cval = {"access_key": "a", "secret_key": canaries.new("a connection's key"), "endpoint": "http://127.0.0.1:9"}
    canaries.ask("POST", "/api/cloud", headers=headers, json={**cval, "bucket": "photos", "synchronize": True})
    canaries.ask("GET", "/api/cloud/all", headers=headers)


def _connection_string(canaries: Canaries) -> str:
    key = base64.b64encode(canaries.new("a connection string").encode()).decode()
    return f"BlobEndpoint=http://127.0.0.1:9/acct;AccountName=acct;AccountKey={key}"


def _for_authorizations(canaries: Canaries, headers: dict[str, str], name: str) -> None:
    secret = canaries.new("an authorization's secret")
    for provider, config in (
        ("aws", {"access_key": name, "secret_key": secret}),
        ("azure", {"storage_account": name, "account_key": secret}),
    ):
        made = canaries.ask("POST", "/api/cloud/authz", headers=headers, json={"provider": provider, "config": config})
        canaries.ask("GET", f"/api/cloud/authz/{made.json()['id']}", headers=headers)
        canaries.ask("GET", f"/api/cloud/storage?authz_id={made.json()['id']}&bucket=photos", headers=headers)


def _in_vain(canaries: Canaries, headers: dict[str, str], name: str) -> None:
    """Send what is refused, where an error could say too much."""
    canaries.ask(
        "POST",
        "/sync",
        headers=headers,
        json={"dest": name, "storage_url": f"http://u:{canaries.new('a wrong password')}@h"},
    )
    canaries.ask("POST", "/nothing", headers=headers, json={"secret_key": canaries.new("its own secret key")})
    canaries.ask(
        "POST", "/sync", headers=headers, data=b'{"secret_key": "' + canaries.new("its own secret key").encode()
    )
    for path in _WITH_BODIES:
        for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):  # which the body is not
            secret, password = canaries.new("its own secret key"), canaries.new("a password")
            broken = f'{{"secret_key": "{secret}", "password": "{password}", "a'
            canaries.ask("POST", path, headers={**headers, "Content-Type": kind}, data=broken)
    code, state = canaries.new("a code"), canaries.new("a state")
    path = "/api/v2/cloud-storage/auth/google_drive/callback"
    canaries.ask("POST", path, headers=headers, json={"code": code, "state": state})


def consent(canaries: Canaries, aion: Aion) -> None:
    """Connect an account at Google, open the picker and ask there; note the secrets of it all."""
    brought = aion.consented(aion.begun())
    canaries.noted("a code", brought["code"])
    canaries.noted("a state", brought["state"])
    finished = aion.finish(brought)
    assert finished.status_code == 200, finished.text
    canaries.shown.append(finished.text)
    connection = finished.json()["connection"]["id"]
    session = aion.told("GET", f"/cloud-storage/connections/{connection}/picker-token")["session"]
    canaries.noted("a picker's session", session["session_id"])
    for endpoint in ("about", "files", "../about"):
        asked = {"session_id": session["session_id"], "endpoint": endpoint}
        canaries.shown.append(aion.call("POST", "/cloud-storage/picker-proxy", json=asked).text)
    for kind, value in googles(canaries.google):
        canaries.noted(kind, value)


def googles(google: FakeGoogle) -> Iterator[tuple[str, str]]:
    """Yield the tokens and verifiers that Google was sent."""
    for seen in google.requests:
        authorization = {name.lower(): value for name, value in seen.headers.items()}.get("authorization", "")
        if authorization.startswith("Bearer "):
            yield "an access token", authorization.removeprefix("Bearer ")
        for name, values in parse_qs(seen.body.decode("latin-1")).items() if seen.path == "/token" else ():
            if name in ("refresh_token", "code_verifier"):
                yield "a refresh token", values[0]
