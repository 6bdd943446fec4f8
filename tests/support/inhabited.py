"""An application in this process with users of each kind; nothing runs in it, and no storage of it is anywhere."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.caller import Caller, Role
from app.bootstrap import build_services
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for
from tests.support.routes import Route, routes

HERE = "http://localhost"

GOOGLE = {
    "google_client_id": "client",
    "google_client_secret": "GOCSPX-of-nobody",
    "google_api_key": "AIzaExample",
    "google_project_number": "123456789012",
    **{f"google_{name}_url": "http://127.0.0.1:9" for name in ("token", "revoke", "userinfo", "drive", "upload")},
}
"""Settings of a Google that does not answer."""


class Inhabited:
    """The application, its services, and people by their names."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        given = {"sync_auth": "required", "uploads_dir": folder / "uploads", "import_at_once": 0, **GOOGLE, **settings}
        (folder / "uploads").mkdir(parents=True)
        with_database(folder / "data")
        self.services = build_services(settings_for(folder / "data", **given))
        self.app = create_app(self.services)
        self.routes: list[Route] = list(routes(self.app))
        self._keys: dict[str, str] = {}
        self._client = self.app.test_client(use_cookies=False)

    def person(self, name: str, role: Role = Role.USER, password: str | None = None, **key: Any) -> str:
        """Make a user with a key that is as ``key`` says; return the name."""
        self.services.accounts.create_user(name, role, password)
        self._keys[name] = self.services.accounts.create_key(name, **key).key
        return name

    def other_key(self, name: str, alias: str, **key: Any) -> str:
        """Give a user one more key; return the name for it."""
        self._keys[alias] = self.services.accounts.create_key(name, **key).key
        return alias

    def caller(self, name: str) -> Caller:
        return self.services.authentication.by_key(self._keys[name])

    def browser(self, name: str, password: str) -> FlaskClient:
        """Return a client with the cookies of a session."""
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"username": name, "password": password}, base_url=HERE)
        assert answer.status_code == 303, answer.text
        return client

    def ask(self, who: str | None, method: str, path: str, **request: Any) -> TestResponse:
        """Ask as somebody, or as nobody; whoever gets the answer closes it, or reads it to its end."""
        if "json" in request:  # half of a pair too, which Flask's own would not write
            request |= {"data": json.dumps(request.pop("json")), "content_type": "application/json"}
        headers = {**({"x-api-key": self._keys[who]} if who else {}), **request.pop("headers", {})}
        return self._client.open(path, method=method, base_url=HERE, headers=headers, **request)

    def told(self, who: str, method: str, path: str, **request: Any) -> Any:
        """Ask what must be answered, and return the document."""
        answer = self.ask(who, method, path, **request)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json

    def rows(self) -> dict[str, set[tuple[Any, ...]]]:
        """Return all rows of the database, but those that say who called when, or tried to."""
        tables = MetaData()
        with self.services.database.reading() as session:
            tables.reflect(session.connection())
            return {
                table.name: {tuple(map(str, row)) for row in session.execute(select(table))}
                for table in tables.sorted_tables
                if table.name not in ("api_keys", "sessions", "failed_logins")
            }

    def close(self) -> None:
        self.services.database.close()


@contextmanager
def inhabited(folder: Path, **settings: Any) -> Iterator[Inhabited]:
    """Put an application together; it is closed at the end. ``settings`` are as `settings_for` takes them."""
    one = Inhabited(folder, **settings)
    try:
        yield one
    finally:
        one.close()


def some_name() -> str:
    """Return a name that nobody has."""
    return f"name-{secrets.token_hex(4)}"
