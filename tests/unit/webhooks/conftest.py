"""Webhooks on a database file, a real receiver, a clock that a test moves, and no announcer but by its own steps."""

import time
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from app.connections.fetch_policy import FetchPolicy
from app.jobs.contract import JobRequest, JobState
from app.jobs.model import JobRow
from app.jobs.service import JobService
from app.jobs.states import transition
from app.webhooks.announcer import Announcer
from app.webhooks.contract import Draft
from app.webhooks.outbox import Outbox
from app.webhooks.sender import Sender
from app.webhooks.service import WebhookService
from tests.support.jobs import settings_for
from tests.support.receivers import receiving


class Clock:
    """The database's clock, as a test moves it."""

    def __init__(self):
        self.now = time.time()

    def __call__(self, _session):
        return self.now


class Ended:
    """Jobs that have ended, as runners leave them."""

    def __init__(self, database, box, settings):
        self._database = database
        self.service = JobService(database, box, settings)

    def __call__(self, owner=None, state=JobState.SUCCEEDED, kind="mirror", **more):
        owner_id = owner.user_id if owner else None
        job = self.service.submit(JobRequest(kind, {}, {"key": "canary-7d11"}, "s3://host/bucket", owner_id=owner_id))
        with self._database.writing() as session:
            row = session.query(JobRow).filter_by(id=job.id).one()
            transition(row, JobState.RUNNING, time.time(), None, "")
            row.progress = more.pop("progress", {})
            transition(row, state, time.time(), more.pop("reason", None), more.pop("message", "all done"))
        return self.service.get(job.id)


class Office:
    """What makes, announces and sends, one step after the other; everything of one process."""

    def __init__(self, database, box, settings, clock, seconds=60.0):
        policy = FetchPolicy.of_webhooks(settings)
        self.clock = clock
        self.service = WebhookService(database, box, settings, clock)
        self.outbox = Outbox(database, clock, lambda: 0.0)
        self.announcer = Announcer(self.outbox, Sender(policy, seconds=seconds), box)

    def webhook(self, caller, url, **more):
        return self.service.create(caller, Draft(url=url, **more)).webhook

    def look(self):
        """Announce, send what is due, and wait until that has ended."""
        self.announcer.look()
        assert self.announcer.wait_idle(30)

    def log(self, caller, webhook):
        return self.service.deliveries(caller, webhook.id)


def pile_up(database, many):
    """Have so many messages more wait, each as the one that there is."""
    columns = "webhook_number, job_id, event, body, state, attempts, due_at, message, created_at"
    with database.writing() as session:
        session.execute(
            text(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) INSERT INTO deliveries "
                f"(id, {columns}) SELECT 'more-' || i, {columns} FROM n, deliveries"
            ),
            {"many": many},
        )


@contextmanager
def transactions(database):
    """Note what each transaction does to deliveries: the verb and the table, once for each transaction."""
    written = []

    def note(_connection, _cursor, statement, *_):
        verb = statement.split()[0]
        if verb == "BEGIN":
            written.append(verb)
        elif verb in ("UPDATE", "DELETE") and "deliveries" in statement and written[-1] == "BEGIN":
            written[-1] = f"{verb} deliveries"

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path / "data", webhook_hosts_allowed="127.0.0.1")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(database, box, settings, clock):
    return Office(database, box, settings, clock)


@pytest.fixture
def another_office(database, box, settings, clock):
    """What a second process of the same database has."""
    return Office(database, box, settings, clock)


@pytest.fixture
def ended(database, box, settings):
    return Ended(database, box, settings)


@pytest.fixture
def ann(people):
    return people.user("ann")


@pytest.fixture
def bob(people):
    return people.user("bob")


@pytest.fixture
def root(people):
    return people.user("root", "admin")


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def registry_request():
    """A job to be made, of some user."""
    return lambda owner: JobRequest("mirror", {}, owner_id=owner.user_id)
