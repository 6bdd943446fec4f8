"""Mirrors with a connection: who may start them, and what becomes of them when it changes before they run."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from app.bootstrap import build_services
from app.connections.contract import OPERATOR, Changes
from app.errors import CallerUnknown, NotAllowed, NotFound
from app.mirrors.request import MirrorRequest
from tests.support.empty_database import with_database
from tests.support.jobs import eventually, settings_for
from tests.support.people import CANARY, People, new_connection


@pytest.fixture
def services(tmp_path):
    (tmp_path / "uploads").mkdir()
    settings = settings_for(
        with_database(tmp_path / "data"), uploads_dir=tmp_path / "uploads", storage_url="http://127.0.0.1:9",
        minio_access_key="key", minio_secret_key="secret",
    )  # fmt: skip
    services = build_services(settings)
    yield services
    services.runner.drain(10)
    services.database.close()


@pytest.fixture
def people(services):
    return People(services.database)


@pytest.fixture
def anna(people):
    return people.user("anna")


@pytest.fixture
def kept(services, anna):
    return services.connections.create(anna, new_connection())


def ended(services, job):
    """Let it run, and return it at its end."""
    services.runner.start()
    return eventually(lambda: (now := services.jobs.get(job.id)).state.is_final and now)


def test_the_job_is_its_callers_and_holds_no_secret(services, anna, kept):
    job = services.mirrors.submit(MirrorRequest(connection=kept.id), caller=anna)

    assert job.owner_id == anna.user_id
    assert (job.arguments["connection"], job.arguments["dest"]) == (kept.id, "photos")
    assert job.arguments["storage_url"] == "http://127.0.0.1:9"
    with closing(sqlite3.connect(services.database.path)) as connection:
        assert connection.execute("SELECT secrets FROM jobs").fetchall() == [(None,)]
        assert CANARY not in "\n".join(connection.iterdump())


@pytest.mark.parametrize(
    ("new", "url", "target"),
    [
        pytest.param(
            new_connection(kind="azure", form="anonymous", credentials={}, endpoint="http://127.0.0.1:9/mystore", account="mystore"),
            "http://127.0.0.1:9/mystore", "s3://127.0.0.1:9/mystore/photos", id="azure",
        ),
        pytest.param(
            new_connection(kind="gcs", form="anonymous", credentials={}), "http://127.0.0.1:9", "s3://127.0.0.1:9/photos", id="gcs"
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("direction", ["upload", "download"])
def test_a_job_with_any_kind_of_storage_names_its_place_and_gets_as_far_as_that(
    services, anna, new, url, target, direction
):
    kept = services.connections.create(anna, new)
    job = services.mirrors.submit(MirrorRequest(connection=kept.id, direction=direction), caller=anna)

    assert (job.arguments["storage_url"], job.arguments["dest"], job.target) == (url, "photos", target)
    assert ended(services, job).reason == "storage_unreachable"


def test_nobody_may_use_a_connection_and_everybody_may_mirror_without(services, kept):
    with pytest.raises(CallerUnknown):
        services.mirrors.submit(MirrorRequest(connection=kept.id))

    assert services.mirrors.submit(MirrorRequest()).owner_id is None


def test_the_command_line_owns_no_job(services, kept):
    assert services.mirrors.submit(MirrorRequest(connection=kept.id), caller=OPERATOR).owner_id is None


def test_a_worker_starts_nothing(services, people):
    with pytest.raises(NotAllowed, match="worker"):
        services.mirrors.submit(MirrorRequest(), caller=people.user("wim", "worker"))


def test_a_key_that_may_only_read_starts_nothing(services, anna):
    with pytest.raises(NotAllowed, match="read"):
        services.mirrors.submit(MirrorRequest(), caller=replace(anna, read_only=True))


@pytest.mark.parametrize("connection_id", ["", "00000000-0000-4000-8000-000000000000", "' OR 1=1", "é\0"])
def test_a_connection_that_is_none_is_not_found(services, anna, connection_id):
    with pytest.raises(NotFound):
        services.mirrors.submit(MirrorRequest(connection=connection_id), caller=anna)


def test_anothers_connection_is_not_found(services, people, kept):
    with pytest.raises(NotFound):
        services.mirrors.submit(MirrorRequest(connection=kept.id), caller=people.user("bert"))
    assert services.jobs.list(include_finished=True, limit=9) == []


def test_who_may_only_see_it_downloads_and_does_not_upload(services, people):
    maintainer, supervisor = people.user("max", lab="maintainer"), people.user("susi", lab="supervisor")
    kept = services.connections.create(maintainer, new_connection(people.organisation("lab")))

    with pytest.raises(NotAllowed, match="download"):
        services.mirrors.submit(MirrorRequest(connection=kept.id), caller=supervisor)
    assert services.mirrors.submit(MirrorRequest(connection=kept.id, direction="download"), caller=supervisor)
    assert services.mirrors.submit(MirrorRequest(connection=kept.id), caller=maintainer)


def test_deleting_a_connection_cancels_what_waits_for_it_and_nothing_else(services, anna, kept):
    waiting = services.mirrors.submit(MirrorRequest(connection=kept.id), caller=anna)
    other = services.mirrors.submit(MirrorRequest(), caller=anna)
    services.connections.delete(anna, kept.id)

    assert services.jobs.get(waiting.id).state == "cancelled"
    assert services.jobs.get(other.id).state == "queued"


def delete_behind_the_service(services, people, anna, kept):  # noqa: ARG001
    """As by a process that died before it could cancel the jobs."""
    with services.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM connections WHERE id = ?", (kept.id,))


def move(services, people, anna, kept):  # noqa: ARG001
    moved = Changes(address={"endpoint": "http://127.0.0.1:9", "bucket": "elsewhere"})
    services.connections.change(anna, kept.id, moved)


def copy_ciphertext(services, people, anna, kept):  # noqa: ARG001
    other = services.connections.create(anna, new_connection())
    with services.database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE connections SET sealed = (SELECT sealed FROM connections WHERE id = ?) WHERE id = ?",
            (other.id, kept.id),
        )


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        pytest.param(delete_behind_the_service, "was deleted", id="deleted"),
        pytest.param(move, "leads to another bucket", id="leads elsewhere"),
        pytest.param(copy_ciphertext, "belong to another record", id="credentials of another row"),
        pytest.param(lambda _s, people, anna, _k: people.change(anna, disabled_at=1.0), "disabled", id="disabled"),
        pytest.param(lambda _s, people, anna, _k: people.remove(anna), "no user any more", id="removed"),
    ],
)
def test_a_job_that_waited_does_not_run_with_what_may_not_be_used_any_more(
    services, people, anna, kept, meanwhile, sentence
):
    job = services.mirrors.submit(MirrorRequest(connection=kept.id), caller=anna)
    meanwhile(services, people, anna, kept)
    job = ended(services, job)

    assert (job.state, job.reason) == ("failed", "connection_unusable")
    assert sentence in job.message
    assert CANARY not in repr(job)


@pytest.mark.parametrize("direction", ["upload", "download"])
def test_who_left_the_organisation_while_the_job_waited_gets_nothing_done(services, people, direction):
    maintainer = people.user("max", lab="maintainer")
    kept = services.connections.create(maintainer, new_connection(people.organisation("lab")))
    job = services.mirrors.submit(MirrorRequest(connection=kept.id, direction=direction), caller=maintainer)
    people.leaves(maintainer, "lab")
    job = ended(services, job)

    assert (job.state, job.reason) == ("failed", "connection_unusable")
    assert "max" in job.message


def test_new_credentials_are_those_that_a_waiting_job_uses(services, anna, kept):
    """It fails on the way to a closed port, which shows that nothing held it up before."""
    job = services.mirrors.submit(MirrorRequest(connection=kept.id), caller=anna)
    new = Changes(credentials={"access_key": "other", "secret_key": "other"})
    services.connections.change(anna, kept.id, new)

    assert ended(services, job).reason == "storage_unreachable"
