"""An application with users of every rank, and what they send to its CVAT dialect."""

from app import create_app
from app.accounts.caller import OrganisationRole, Role
from app.bootstrap import build_services
from app.connections.contract import NewConnection
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for
from tests.support.servers import ACCESS_KEY

JSON = "application/vnd.cvat+json"
TEXT = "text/plain; charset=utf-8"
NOT_ALLOWED = {"detail": "You do not have permission to perform this action."}
MISSING = {"detail": "No CloudStorage matches the given query."}
CANARY = "canary-4f1e"

PROVIDERS = "*.amazonaws.com,*.windows.net,*.googleapis.com"
"""Hosts that no test may ask."""


class World:
    """An application with users, and what they send.

    Attributes:
        people: what says who somebody is, by name.
    """

    def __init__(self, folder, server):
        self.server = server
        self.services = build_services(
            settings_for(with_database(folder), storage_hosts_allowed="127.0.0.1", storage_hosts_denied=PROVIDERS)
        )
        self.client = create_app(self.services).test_client()
        self.people, self.organisations = {}, {}
        for name, role in {"root": Role.ADMIN, "ann": Role.USER, "bob": Role.USER, "wim": Role.WORKER}.items():
            self.person(name, role)
        self.person("boss", Role.USER)
        for slug in ("team", "other"):
            self.organisations[slug] = self.services.accounts.create_organisation(slug, slug, "boss").id

    def person(self, name, role, **roles):
        """Make a user who has these roles in these organisations."""
        accounts = self.services.accounts
        accounts.create_user(name, role)
        self.people[name] = {"Authorization": f"Token {accounts.create_key(name).key}"}
        for slug, member in roles.items():
            accounts.set_member(slug, name, OrganisationRole(member))

    def caller(self, name):
        return self.services.authentication.by_key(self.people[name]["Authorization"].removeprefix("Token "))

    def send(self, method, path="", who="ann", headers=None, **named):
        headers = self.people[who] | (headers or {})
        return self.client.open("/api/cloudstorages" + path, method=method, headers=headers, **named)

    def body(self, bucket, **more):
        """What makes a storage of a bucket on the server."""
        return {
            "provider_type": "AWS_S3_BUCKET",
            "resource": bucket,
            "display_name": "Photos",
            "credentials_type": "KEY_SECRET_KEY_PAIR",
            "key": ACCESS_KEY,
            "secret_key": self.server.secret_key,
            "specific_attributes": f"endpoint_url={self.server.endpoint}",
        } | more

    def kept(self, who="ann", organisation=None, **more):
        """Keep a storage without asking it; return its number."""
        new = {
            "kind": "s3",
            "name": "kept",
            "address": {"endpoint": "http://127.0.0.1:9", "bucket": "photos"},
            "credentials": {"access_key": "AKIAEXAMPLE", "secret_key": CANARY},
            "organisation_id": self.organisations[organisation] if organisation else None,
        } | more
        return self.services.connections.create(self.caller(who), NewConnection(**new)).number

    def close(self):
        self.services.database.close()


def made(answer):
    """Return the storage that an answer shows that was made."""
    assert (answer.status_code, answer.content_type) == (201, JSON), answer.text
    return answer.json


def refused(answer, document, status=400, content_type=JSON):
    """Assert that an answer is this error."""
    assert (answer.status_code, answer.content_type) == (status, content_type), answer.text
    assert (answer.json if content_type == JSON else answer.text) == document
