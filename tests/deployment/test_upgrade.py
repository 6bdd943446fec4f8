"""Databases that earlier versions wrote, one per revision of the schema, upgraded to the newest and used.

A revision that is added adds its files: ``databases/write.py``.
"""

import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from app import create_app
from app.bootstrap import build_services
from app.connections.contract import OPERATOR
from app.db import SqliteDatabase
from app.db.database import MIGRATIONS
from app.jobs.contract import JobState
from tests.support.databases import revisions_until, rows
from tests.support.jobs import SUCCEEDED, Registry, eventually, settings_for
from tests.support.programs import run_flask

DATABASES = Path(__file__).parent / "databases"
REVISIONS = sorted(path.stem for path in DATABASES.glob("*.sql"))
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
STORAGE = {"STORAGE_URL": "http://127.0.0.1:9", "MINIO_ACCESS_KEY": "key", "MINIO_SECRET_KEY": "secret"}


@pytest.fixture(scope="module", params=REVISIONS)
def revision(request):
    return request.param


@pytest.fixture(scope="module")
def left(tmp_path_factory, revision):
    """A DATA_DIR as a version with this revision left it; nothing upgrades it."""
    folder = tmp_path_factory.mktemp(f"left-{revision}") / "data"
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "sluice.db")) as connection:
        connection.executescript((DATABASES / f"{revision}.sql").read_text())
    shutil.copyfile(DATABASES / f"{revision}.key", folder / "secret.key")
    return folder


@pytest.fixture
def data_dir(tmp_path, left):
    """The same, of one test alone."""
    return shutil.copytree(left, tmp_path / "data")


@pytest.fixture(scope="module")
def answers(revision):
    """What that version answered."""
    return json.loads((DATABASES / f"{revision}.json").read_text())


@pytest.fixture(scope="module")
def services(left, tmp_path_factory):
    """Those of the newest version on what was left; the tests only read."""
    folder = shutil.copytree(left, tmp_path_factory.mktemp("upgraded") / "data")
    services = build_services(settings_for(folder, **STORAGE))
    yield services
    services.database.close()


@pytest.fixture(scope="module")
def client(services):
    return create_app(services).test_client()


def as_before(now, before):
    """Leave out what that version did not answer yet."""
    return {name: now[name] for name in before}


def test_every_revision_has_its_database():
    revisions = [path.name.partition("_")[0] for path in sorted((MIGRATIONS / "versions").glob("*.py"))]

    assert revisions == REVISIONS


def test_no_revision_was_edited_after_databases_had_been_made_with_it(tmp_path, left, revision):
    anew = SqliteDatabase(tmp_path / "anew.db", migrations=revisions_until(revision, tmp_path / "revisions"))
    anew.upgrade()

    assert rows(anew.path, SCHEMA) == rows(left / "sluice.db", SCHEMA)
    assert rows(anew.path, "SELECT version_num FROM alembic_version") == [(revision,)]
    anew.close()


@pytest.fixture(scope="module")
def new_schema(tmp_path_factory):
    new = SqliteDatabase(tmp_path_factory.mktemp("new") / "new.db")
    new.upgrade()
    yield rows(new.path, SCHEMA)
    new.close()


def test_an_upgraded_database_has_the_schema_of_a_new_one(services, new_schema):
    assert rows(services.database, SCHEMA) == new_schema
    assert rows(services.database, "PRAGMA integrity_check") == [("ok",)]
    assert rows(services.database, "PRAGMA foreign_key_check") == []


def test_a_copy_is_kept_of_each_database_but_the_newest(services, revision):
    copies = list(services.database.path.parent.glob("sluice.db.*"))
    kept = [] if revision == REVISIONS[-1] else [f"sluice.db.{revision}-before-{REVISIONS[-1]}"]

    assert [path.name for path in copies] == kept
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in copies)


def test_the_api_answers_what_it_answered_before(client, answers):
    jobs = client.get("/runnings?all=1&limit=1000").get_json()

    assert {job["status"] for job in jobs} == set(JobState)
    assert [as_before(*pair) for pair in zip(jobs, answers["jobs"], strict=True)] == answers["jobs"]
    for before in answers["jobs"]:
        assert as_before(client.get(f"/get?id={before['id']}").get_json(), before) == before
        expected = answers["steps"][before["id"]]
        steps = client.get(f"/steps?id={before['id']}&limit=1000").get_json()
        assert [as_before(*pair) for pair in zip(steps, expected, strict=True)] == expected


@pytest.mark.fault(46)
def test_users_keys_and_connections_are_what_they_were(services, client, answers, revision):
    if "key" not in answers:
        assert revision == "0001"  # there were none
        return

    for path, before in answers["mine"].items():
        now = client.get(path, headers={"X-Api-Key": answers["key"]}).get_json()
        assert now == before if isinstance(before, list) else as_before(now, before) == before
    assert answers["connections"]
    for connection_id, credentials in answers["connections"].items():
        assert services.connections.credentials(OPERATOR, connection_id) == credentials
    assert services.schedules.enabled([f"connection:{connection_id}" for connection_id in answers["connections"]])


def test_the_secrets_of_authorizations_open_and_quotas_and_usage_are_what_they_were(services, answers, revision):
    if "authorizations" not in answers:
        assert revision < "0004"  # there were none
        return
    sealed = dict(rows(services.database, "SELECT id, sealed FROM authorizations WHERE sealed IS NOT NULL"))
    usage = services.library.usage(services.accounts.user("anna").id)

    assert {each: services.box.open(token, each) for each, token in sealed.items()} == answers["authorizations"] != {}
    assert asdict(usage) == answers["usage"]
    assert usage.used > 0


def test_the_tokens_of_grants_open(services, answers, revision):
    if "grants" not in answers:
        assert revision < "0005"  # there were none
        return
    sealed = dict(rows(services.database, "SELECT connection_id, sealed FROM grants"))

    assert {each: services.box.open(token, each) for each, token in sealed.items()} == answers["grants"]
    assert any("refresh_token" in each for each in answers["grants"].values())


def test_the_secrets_of_webhooks_open(services, answers, revision):
    if "webhooks" not in answers:
        assert revision < "0007"  # there were none
        return
    sealed = dict(rows(services.database, "SELECT id, sealed FROM webhooks"))

    assert {each: services.box.open(token, each) for each, token in sealed.items()} == answers["webhooks"]
    assert all(each["secret"].startswith("whsec_") for each in answers["webhooks"].values())


def test_the_command_line_shows_what_was_there_before(data_dir, answers):
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **STORAGE}
    shown = run_flask("jobs", "--all", "--limit", "1000", "--json", environ=environ)

    assert shown.returncode == 0, shown.stderr
    assert [as_before(*pair) for pair in zip(json.loads(shown.stdout), answers["jobs"], strict=True)] == answers["jobs"]


@pytest.mark.slow  # it is sure of a death only after a while
@pytest.mark.fault(46)
def test_unfinished_jobs_go_on_with_the_secrets_that_they_were_given(data_dir, answers):
    registry = Registry(data_dir, history_days=36_500, stale_seconds=3, heartbeat_seconds=1)
    unfinished = [job["id"] for job in answers["jobs"] if job["status"] in ("queued", "running")]
    got = {}

    def handler(context):
        got[context.job_id] = context.secrets
        return SUCCEEDED

    registry.runner({"mirror": handler})
    eventually(lambda: not registry.service.list(include_finished=False, limit=9))
    ended = {job_id: registry.service.get(job_id).state for job_id in unfinished}
    registry.close()

    assert ended == dict.fromkeys(unfinished, "succeeded")
    assert got == {job_id: answers["secrets"].get(job_id, {}) for job_id in unfinished}
    assert len(answers["secrets"]) == 2
