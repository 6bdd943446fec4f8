"""A running service beside a fake Google, and what one person sends to the Aionvision dialect of it."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.support.google_accounts import Account
from tests.support.google_fake import FakeGoogle
from tests.support.servers import Server
from tests.support.service import Person, Service, eventually, running_service

API = "/api/v2"
STORAGE = f"{API}/cloud-storage"
ENDS = ("completed", "partial", "failed", "cancelled")
APP = "https://your-app.com/callback"
"""Where the application of the seed has Google send browsers back to."""

_numbers = itertools.count()


@contextmanager
def service_with(google: FakeGoogle, folder: Path, server: Server, **settings: Any) -> Iterator[Service]:
    """Run a service whose Google is a fake one, which knows the service's own callback and `APP`."""
    settings = {**google.settings, "OAUTH_REDIRECT_URIS": APP, **settings}
    with running_service(folder, server, **settings) as service:
        google.redirect_uris.update({APP, own_callback(service)})
        yield service


def own_url(service: Service) -> str:
    """Return what the service takes for its own address while PUBLIC_URL is not set."""
    return f"http://localhost:{service.environ['API_PORT']}"


def own_callback(service: Service) -> str:
    """Return the page of the service that Google sends browsers back to."""
    return f"{own_url(service)}{STORAGE}/auth/google_drive/callback"


class Aion:
    """What a person sends to the Aionvision dialect, and reads from it.

    Attributes:
        account: the person's, at the fake Google.
    """

    def __init__(self, service: Service, google: FakeGoogle, person: Person | None = None, **key: Any) -> None:
        number = next(_numbers)
        self.service, self.google = service, google
        self.person = person or service.person(f"aion-{number}", **key)
        self.account: Account = google.account(f"user{number}@gmail.com", "John Doe")

    def call(self, method: str, path: str, *, key: str | None = None, **named: Any) -> requests.Response:
        """Send a request below ``/api/v2`` as this person; ``named`` is what `requests` takes."""
        headers = {"Authorization": f"Bearer {key or self.person.key}", **named.pop("headers", {})}
        return self.service.session.request(method, self.service.url + API + path, headers=headers, timeout=90, **named)

    def told(self, method: str, path: str, **named: Any) -> Any:
        """Send a request that must succeed, and return what is answered."""
        answer = self.call(method, path, **named)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def begun(self, body: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """Begin a consent."""
        return self.told("POST", "/cloud-storage/auth/google_drive", json=body or {}, headers=headers)

    def consented(self, begun: Any, **choices: Any) -> dict[str, str]:
        """Have the person consent at Google; return what the browser brings back."""
        url = self.google.consent(begun["authorization_url"], account=self.account, **choices)
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

    def finish(self, brought: Mapping[str, str], **more: Any) -> requests.Response:
        """Finish a consent."""
        body = {"code": brought["code"], "state": brought["state"], **more}
        return self.call("POST", "/cloud-storage/auth/google_drive/callback", json=body)

    def connected(self) -> str:
        """Connect the account; return the id of the connection."""
        answer = self.finish(self.consented(self.begun()))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["connection"]["id"])

    def revoked(self, connection_id: str) -> requests.Response:
        """Take back at Google what the account has granted, and have the service find out; return what it says then."""
        session = self.told("GET", f"/cloud-storage/connections/{connection_id}/picker-token")["session"]
        self.google.revoke(self.account)
        asked = {"session_id": session["session_id"], "endpoint": "about"}
        return self.call("POST", "/cloud-storage/picker-proxy", json=asked)

    def add(self, name: str, data: bytes = b"data", mime_type: str = "image/jpeg", **more: Any) -> str:
        """Put a file that the picker was shown into the person's Drive; return its id."""
        return self.google.drive.add(name, data, mime_type, account=self.account, picked=True, **more)

    def job(self, job_id: str) -> Any:
        """Return a job as it stands."""
        return self.told("GET", f"/cloud-storage/jobs/{job_id}")["job"]

    def ended(self, job_id: str) -> Any:
        """Return a job once it has ended."""
        eventually(lambda: self.job(job_id)["status"] in ENDS, what=f"the end of job {job_id}")
        return self.job(job_id)

    def imported(self, connection_id: str, files: Mapping[str, str], **more: Any) -> Any:
        """Import files by their ids under these names; return what is answered."""
        listed = [{"id": file_id, "name": name} for file_id, name in files.items()]
        body = {"connection_id": connection_id, "files": listed, **more}
        return self.told("POST", "/cloud-storage/import", json=body)


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Return the status and the code of an error, which must have the vendor's form."""
    body = answer.json()
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["request_id"] == answer.headers["X-Request-ID"]
    return answer.status_code, body["error"]["code"]
