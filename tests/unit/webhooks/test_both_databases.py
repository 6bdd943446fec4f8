"""Webhooks on SQLite and on PostgreSQL, by the clock of the database: announced, leased, retried, pruned."""

import pytest
from sqlalchemy import text

from app.db import open_database
from app.webhooks.contract import Draft
from app.webhooks.timing import PAUSES
from tests.support.jobs import settings_for
from tests.support.receivers import answer


@pytest.fixture
def settings(tmp_path, each_database):  # noqa: ARG001  # says which database
    return settings_for(tmp_path / "data", webhook_hosts_allowed="127.0.0.1")


@pytest.fixture
def database(settings):
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def clock(database):
    """The database's own."""
    return database.now


def test_a_delivery_goes_its_way(office, another_office, ended, ann, receiver, database):
    webhook = office.webhook(ann, receiver.url, description="b\u00fccher")
    receiver.answers = [answer(500, b"\x00 no")]
    jobs = [ended(ann).id for _ in range(2)]
    office.look()
    another_office.look()

    first, second = office.log(ann, webhook)[::-1]
    assert [first.job_id, second.job_id] == jobs
    assert (first.state, first.status, first.message) == ("waiting", 500, "It answered 500: no")
    assert first.due_at - first.created_at >= PAUSES[0]
    assert (second.state, second.attempts) == ("delivered", 1)
    office.service.redeliver(ann, webhook.id, first.id)
    office.look()
    assert [message.id for message in receiver.messages] == [first.id, second.id, first.id]
    office.service.change(ann, webhook.id, Draft(states=["failed"], enabled=False))
    with database.writing() as session:
        session.execute(text("UPDATE deliveries SET finished_at = 1"))
    office.service.prune()
    assert office.log(ann, webhook) == []


def test_what_waits_is_given_up_where_a_receiver_is_gone(office, ended, ann, people, receiver, database):
    webhook = office.webhook(ann, receiver.url)
    receiver.answers = [answer(410)]
    ended(ann)
    ended(ann)
    office.look()
    office.look()

    assert {entry.state for entry in office.log(ann, webhook)} == {"failed"}
    assert not office.service.get(ann, webhook.id).enabled
    people.remove(ann)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM deliveries")).scalar() == 0
