"""Somebody who asks the fake Google of the tests request by request, with nothing in between that would forgive."""

import json
from typing import Any
from urllib.parse import urlencode

import urllib3

from tests.support.google_fake import FakeGoogle
from tests.support.google_oauth import DRIVE


class Visitor:
    """Asks with a token of the first account.

    Attributes:
        status, headers, data: of the last answer.
        told: its body, where that is JSON.
    """

    def __init__(self, fake: FakeGoogle, *scopes: str) -> None:
        self._url, self._tokens = fake.url, fake.tokens(scopes=scopes or (DRIVE,))
        self._pool = urllib3.PoolManager(retries=False)
        self.status, self.data = 0, b""
        self.headers: Any = {}
        self.told: Any = None

    def ask(self, method: str, target: str, body: dict[str, Any] | bytes | None = None, **headers: str) -> Any:
        """Send one request and return what it is told; ``headers`` are spelt with ``_`` for ``-``."""
        sent = {"Authorization": f"Bearer {self._tokens.current()}"}
        sent |= {"Content-Type": "application/json"} if isinstance(body, dict) else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        url = target if target.startswith("http") else self._url + target
        response = self._pool.request(method, url, headers=sent, body=data, redirect=False)
        self.status, self.headers, self.data = response.status, response.headers, response.data
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        self.told = json.loads(response.data) if is_json else None
        return self.told

    def form(self, target: str, **fields: str) -> Any:
        """Submit a form, and return what it is told."""
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", target, urlencode(fields).encode(), Content_Type=kind)

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the reason of the last answer, which was an error of Drive's."""
        return self.status, self.told["error"]["errors"][0]["reason"]
