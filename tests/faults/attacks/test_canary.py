"""No secret is told: one of each kind is brought to a service, and then looked for in all that it says, writes and keeps."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import fields
from pathlib import Path

import pytest

from app.monitoring.redaction import is_secret
from app.settings import Settings
from tests.support.aion import Aion, service_with
from tests.support.canaries import NAMED, NO_SECRETS, Canaries, bring_all, consent
from tests.support.documents import document_parameters
from tests.support.google_fake import google
from tests.support.otlp import collector
from tests.support.programs import run_flask
from tests.support.receivers import receiving
from tests.support.service import eventually
from tests.support.trees import contents

pytestmark = [pytest.mark.fault(38, "I8", "logs")]

SEALING = "s0Wf4cnrySEALINGcnrySEALINGcnrySEALINGcnry8="
METRICS = "cnryMETRICSTOKENcnry5e0c71"
OF_SETTINGS = {
    "sealing_keys": "the sealing key",
    "minio_secret_key": "the storage's key",
    "google_client_secret": "the client's secret",
    "metrics_token": "the token for metrics",
}
ELSEWHERE = {
    "google_api_key": "every page with a picker is told it",
    "database_url": "its password: test_redaction.py and test_statements.py",
    "celery_broker_url": "its password: test_redaction.py",
}
"""Secrets among the settings that are not tried here, with the reason."""


def test_a_canary_is_there_for_each_secret_among_the_settings_and_the_parameters(house):
    secret = {each.name for each in fields(Settings) if not each.repr}
    named = {each.last for each in document_parameters(house.app) if is_secret(each.last)}

    assert secret == OF_SETTINGS.keys() | ELSEWHERE.keys()
    assert named <= NAMED.keys() | NO_SECRETS


@pytest.fixture(scope="module")
def traces():
    with collector() as traces:
        yield traces


@pytest.fixture(scope="module")
def told(tmp_path_factory, rclone, traces):
    """A service to which everything was brought, and what came of it; what it logs as JSON is in test_watching.py."""
    folder = tmp_path_factory.mktemp("canary")
    settings = {
        "LOG_LEVEL": "debug",
        "SYNC_AUTH": "required",
        "SEALING_KEYS": SEALING,
        "METRICS_TOKEN": METRICS,
        "WEBHOOK_HOSTS_ALLOWED": "127.0.0.1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url,
    }
    with google() as fake, receiving() as receiver, service_with(fake, folder, rclone, **settings) as service:
        canaries = Canaries(service, fake)
        for kind, value in zip(
            OF_SETTINGS.values(), (SEALING, rclone.secret_key, fake.oauth.client_secret, METRICS), strict=True
        ):
            canaries.noted(kind, value)
        (service.uploads / "a.txt").write_text("a")
        person = service.person("ann")
        canaries.noted("a key", person.key)
        hook = {"url": f"{receiver.url}/", "states": ["failed", "partial", "succeeded"]}
        made = canaries.ask("POST", "/webhooks", headers=person.headers, json=hook, quiet=True)
        canaries.noted("a webhook's secret", made.json()["secret"])
        bring_all(canaries, person.headers, "ann")
        consent(canaries, Aion(service, fake))
        yield canaries, receiver


@pytest.mark.slow
def test_no_secret_is_answered_written_logged_traced_counted_or_sent(told, traces, tmp_path):
    canaries, receiver = told
    service = canaries.service
    data_dir = Path(service.environ["DATA_DIR"])
    eventually(lambda: receiver.messages, what="a message")
    metrics = canaries.ask("GET", "/metrics", headers={"Authorization": f"Bearer {METRICS}"}).text
    backup = run_flask("backup", str(tmp_path / "sluice.tar"), environ=service.environ)
    assert backup.returncode == 0, backup.stderr
    commands = "\n".join(command_lines(service))
    assert service.stop() == 0  # so all traces are sent, and the log and the files are whole
    with closing(sqlite3.connect(data_dir / "sluice.db")) as database:
        dump = "\n".join(database.iterdump())
    places = {
        "answers": "".join(canaries.shown),
        "metrics": metrics,
        "the log": service.log.read_text(),
        "the database": dump,
        "command lines": commands,
        "what the backup says": backup.stdout + backup.stderr,
    }
    raw = {
        **{name: text.encode() for name, text in places.items()},
        "files": b"\n".join(contents(data_dir).values()),
        "the backup": (tmp_path / "sluice.tar").read_bytes(),
        "traces": traces.raw,
        "webhooks": b"".join(b"%r %b" % (sorted(each.headers.items()), each.body) for each in receiver.messages),
    }

    assert all(raw.values()), [name for name in raw if not raw[name]]
    assert canaries.values.keys() >= {*NAMED.values(), *OF_SETTINGS.values(), "an access token", "a refresh token"}
    assert [(kind, [*raw][number]) for kind, number in canaries.found_in(*raw.values())] == []


def command_lines(service):
    """Return the command line of each process of the service."""
    group = os.getpgid(service.process.pid)
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(process.name)) == group:
                yield (process / "cmdline").read_text()


@pytest.mark.slow
def test_the_canaries_can_be_found(told):
    canaries, _ = told

    for kind, values in canaries.values.items():
        assert canaries.found_in(b"x " + values[0].encode() + b" x") != [], kind
