"""A connection to Google Drive, as the dialects meet it that know nothing of Drive, and over the command line."""

import json
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from app import create_app
from app.accounts.caller import Role
from app.bootstrap import build_services
from app.connections.key_file import KEY_FILE
from app.connections.secrets import SecretBox
from tests.support.cvat import MISSING, NOT_ALLOWED, refused
from tests.support.databases import rows
from tests.support.empty_database import with_database
from tests.support.google_fake import google
from tests.support.jobs import settings_for
from tests.support.people import new_connection

PROVIDER = "google_drive"
PEOPLE = {"root": Role.ADMIN, "ann": Role.USER, "bob": Role.USER}


class World:
    """An application whose user ann has connected her Drive, and has a bucket beside it."""

    def __init__(self, folder, fake, **settings):
        self.services = build_services(settings_for(with_database(folder), **fake.settings, **settings))
        self.application = create_app(self.services)
        self.client = self.application.test_client()
        self.callers, self.keys = {}, {}
        for name, role in PEOPLE.items():
            self.services.accounts.create_user(name, role)
            self.keys[name] = self.services.accounts.create_key(name).key
            self.callers[name] = self.services.authentication.by_key(self.keys[name])
        self.bucket = self.services.connections.create(self.callers["ann"], new_connection())
        self.drive = self.services.connections.get(self.callers["ann"], self._connected(fake).connection_id)

    def _connected(self, fake):
        grants, ann = self.services.grants, self.callers["ann"]
        fake.redirect_uris.add(f"{self.services.settings.own_url}/api/v2/cloud-storage/auth/{PROVIDER}/callback")
        told = parse_qs(urlsplit(fake.consent(grants.begin(ann, PROVIDER, None, None).url)).query)
        return grants.complete(ann, PROVIDER, told["code"][0], told["state"][0]).grant

    def ask(self, method, path, who="ann", **named):
        headers = {"Authorization": f"Bearer {self.keys[who]}", "X-Api-Key": self.keys[who]}
        return self.client.open(path, method=method, headers=headers, **named)

    def run(self, *words):
        ended = self.application.test_cli_runner().invoke(args=["connections", *words])
        assert ended.exception is None or isinstance(ended.exception, SystemExit)
        return ended


@pytest.fixture
def fake():
    with google() as fake:
        yield fake


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A world in which nothing is changed."""
    with google() as fake:
        world = World(tmp_path_factory.mktemp("shared"), fake)
        with closing(world.services.database):
            yield world


@pytest.fixture
def world(tmp_path, fake):
    world = World(tmp_path / "data", fake)
    with closing(world.services.database):
        yield world


@pytest.mark.parametrize("who", ["ann", "root"])
@pytest.mark.parametrize(
    "query", ["", "?search=ann", "?sort=name", "?sort=provider_type", '?filter={"!":{"==":[{"var":"name"},"x"]}}']
)
def test_cvat_lists_what_it_knows_and_nothing_else(shared, who, query):
    answer = shared.ask("GET", f"/api/cloudstorages{query}", who)

    assert answer.status_code == 200
    assert [one["id"] for one in answer.json["results"]] == [shared.bucket.number]
    assert answer.json["count"] == 1


@pytest.mark.parametrize("who", ["ann", "bob", "root"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "", id="itself"),
        pytest.param("PATCH", "", id="change"),
        pytest.param("DELETE", "", id="delete"),
        pytest.param("GET", "/status", id="status"),
        pytest.param("GET", "/actions", id="actions"),
        pytest.param("GET", "/content-v2", id="content"),
        pytest.param("GET", "/preview", id="preview"),
        pytest.param("GET", "?provider_type=GOOGLE_CLOUD_STORAGE", id="by a provider"),
    ],
)
def test_cvat_has_no_storage_of_this_number(shared, who, method, path):
    body = {} if method == "PATCH" else None
    answer = shared.ask(method, f"/api/cloudstorages/{shared.drive.number}{path}", who, json=body)

    refused(answer, MISSING, 404)
    assert shared.services.connections.get(shared.callers["ann"], shared.drive.id)


def test_cvat_still_says_of_a_bucket_that_somebody_may_not_see_it(shared):
    refused(shared.ask("GET", f"/api/cloudstorages/{shared.bucket.number}", "bob"), NOT_ALLOWED, 403)


@pytest.mark.parametrize("secrets", ["masked", "clear"])
def test_cval_shows_where_it_is(tmp_path, fake, secrets):
    world = World(tmp_path / "data", fake, cval_secrets=secrets)
    with closing(world.services.database):
        shown = world.ask("GET", "/api/clouds/all").json
        one = world.ask("GET", f"/api/cloud/{world.drive.id}").json

    assert [storage["id"] for storage in shown] == [world.bucket.id, world.drive.id]
    assert one == shown[1]
    assert one["endpoint"] == f"{fake.settings['GOOGLE_DRIVE_URL']}/{fake.person.sub}"
    assert (one["bucket"], one["access_key"], one["synchronize"]) == ("Sluice", fake.person.sub, False)
    assert one["secret_key"] == ("" if secrets == "clear" else "*" * 12)


def test_cval_deletes_it_and_its_grant(world, fake):
    assert world.ask("DELETE", f"/api/cloud/{world.drive.id}").status_code == 200
    assert fake.oauth.grants == {}


def test_an_authorization_of_galaxy_opens_it(world):
    made = world.ask("POST", "/api/cloud/authz", json={"provider": "gcp", "config": {"connection": world.drive.id}})
    [kept] = world.services.authorizations.list(world.callers["ann"])

    assert made.status_code == 200, made.text
    assert kept.config == {"connection": world.drive.id}
    assert world.services.authorizations.buckets(world.callers["ann"], kept.number) == ["Sluice"]


def test_the_command_line_shows_what_was_granted_and_no_secret(world, fake):
    shown = world.run("show", world.drive.id)
    document = json.loads(shown.stdout)
    held = [*fake.oauth.grants[fake.person.sub].refresh_tokens, *fake.oauth.access_tokens]

    assert (document["kind"], document["form"], document["bucket"]) == ("gdrive", "oauth", "Sluice")
    assert document["grant"] == {
        "account": fake.person.sub,
        "email": "ann@example.com",
        "display_name": "Ann Example",
        "scopes": document["grant"]["scopes"],
        "is_active": True,
        "last_used_at": None,
    }
    assert "https://www.googleapis.com/auth/drive.file" in document["grant"]["scopes"]
    assert not any(token in shown.output + world.run("list").output for token in held)
    assert "ann@example.com" in world.run("list").output


def test_a_bucket_shows_no_grant(world):
    assert "grant" not in json.loads(world.run("show", world.bucket.id).stdout)


@pytest.mark.parametrize(
    ("words", "bucket", "drive"),
    [
        pytest.param(["Photos/2026"], "Photos/2026", None, id="a folder"),
        pytest.param(["/Photos/"], "Photos", None, id="with slashes around it"),
        pytest.param(["Photos", "--drive", "0AbCdEf"], "Photos", "0AbCdEf", id="of a shared drive"),
    ],
)
def test_the_command_line_moves_a_connection_to_another_folder(world, words, bucket, drive):
    moved = world.run("folder", world.drive.id, *words)
    after = world.services.connections.get(world.callers["ann"], world.drive.id)

    assert moved.exit_code == 0, moved.output
    assert moved.stdout == f"{world.drive.id}  ann@example.com  {bucket}\n"
    assert (after.bucket, after.address.get("drive")) == (bucket, drive)
    assert after.address["account"] == world.drive.address["account"]
    assert world.services.grants.get(world.callers["ann"], world.drive.id).is_active


def test_a_shared_drive_is_left_by_naming_none(world):
    world.run("folder", world.drive.id, "Photos", "--drive", "0AbCdEf")
    world.run("folder", world.drive.id, "Photos")

    assert "drive" not in world.services.connections.get(world.callers["ann"], world.drive.id).address


def test_what_can_be_no_folder_is_refused_and_a_bucket_has_none(world):
    assert world.run("folder", world.drive.id, "a//b").exit_code != 0
    assert world.run("folder", world.bucket.id, "a").exit_code != 0
    assert world.run("folder", "unknown", "a").exit_code != 0
    assert world.services.connections.get(world.callers["ann"], world.drive.id) == world.drive


def test_whoever_deletes_it_on_the_command_line_has_it_revoked(world, fake):
    assert world.run("delete", world.drive.id).exit_code == 0
    assert fake.oauth.grants == {}


def test_a_rotation_of_the_key_seals_tokens_and_verifiers_again(world):
    begun = world.services.grants.begin(world.callers["ann"], PROVIDER, None, None)
    ended = world.application.test_cli_runner().invoke(args=["rotate-key"])
    data_dir = world.services.settings.data_dir
    only_new = SecretBox.from_file(data_dir / KEY_FILE)
    [[tokens]] = rows(data_dir / "sluice.db", "SELECT sealed FROM grants")
    [[verifier, digest]] = rows(data_dir / "sluice.db", "SELECT sealed, digest FROM consents")

    assert ended.exit_code == 0, ended.output
    assert "sealed again with it: 2" in ended.output  # the keys of the bucket, and the tokens
    assert [*only_new.open(tokens, world.drive.id)] == ["access_token", "refresh_token"]
    assert [*only_new.open(verifier, digest)] == ["verifier"]
    assert world.services.grants.landing(PROVIDER, begun.state)


def test_whoever_disconnects_has_the_jobs_of_the_connection_cancelled(tmp_path, fake):
    (tmp_path / "uploads" / "photos").mkdir(parents=True)
    world = World(tmp_path / "data", fake, uploads_dir=tmp_path / "uploads")
    with closing(world.services.database):
        begun = world.ask("GET", f"/sync?source=photos&connection={world.drive.id}")
        assert begun.status_code == 202, begun.text
        [job] = world.services.jobs.list(include_finished=True, limit=10)
        world.services.grants.disconnect(world.callers["ann"], world.drive.id)

        assert world.services.jobs.get(job.id).state == "cancelled"
