"""Webhooks over real HTTP: a running service, real jobs, a receiver that answers as it likes, and the page in docs/."""

import re
import sqlite3
import subprocess
import uuid
from contextlib import closing
from json import dumps, loads
from pathlib import Path

import pytest
import requests
from standardwebhooks import Webhook, WebhookVerificationError

from app.accounts.caller import Role
from tests.support.receivers import answer, receiving, silence
from tests.support.service import ROOT, eventually, running_service

PAGE = (ROOT / "docs" / "webhooks.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def blocks(language):
    return [block for name, block in BLOCKS if name == language]


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone):
    folder = tmp_path_factory.mktemp("webhooks")
    with running_service(folder, rclone, SYNC_AUTH="required", WEBHOOK_HOSTS_ALLOWED="127.0.0.1") as service:
        yield service


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


class Asking:
    """What one person asks of the routes of webhooks."""

    def __init__(self, service, person):
        self.service, self.person = service, person

    def __call__(self, method, path="", status=200, json=None):
        url, headers = f"{self.service.url}/webhooks{path}", self.person.headers | {"Content-Type": "application/json"}
        got = requests.request(method, url, headers=headers, timeout=30, data=None if json is None else dumps(json))
        assert got.status_code == status, got.text
        return got.json() if got.content else None

    def log(self, webhook):
        return self("GET", f"/{webhook['id']}/deliveries")

    def mirrored(self, **parameters):
        """Run a job of this person to its end."""
        self.service.session.headers.update(self.person.headers)
        try:
            return self.service.mirrored(**parameters)
        finally:
            self.service.session.headers.clear()


@pytest.fixture
def ask(service, name):
    return Asking(service, service.person(name))


@pytest.fixture
def folder(service, name):
    folder = service.uploads / name
    folder.mkdir()
    for number in range(3):
        (folder / f"f{number}.txt").write_text(f"content {number}")
    return folder


@pytest.mark.usefixtures("folder")
def test_the_end_of_a_job_arrives_signed(ask, receiver, name):
    made = ask("POST", status=201, json={"url": receiver.url + "/in"})
    job = ask.mirrored(source=name, dest=name)
    [message] = eventually(lambda: receiver.messages)

    said = Webhook(made["secret"]).verify(message.body, message.headers)
    assert said["type"] == "job.succeeded"
    assert said["data"]["job"]["id"] == job["id"]
    assert said["data"]["job"]["owner"] == ask.person.name
    assert said["data"]["job"]["counters"]["done"] == job["done"]
    assert (said["data"]["job"]["message"], said["data"]["job"]["finished_at"]) == (job["message"], job["finished_at"])
    [entry] = eventually(lambda: [each for each in ask.log(made) if each["state"] == "delivered"])
    assert (entry["id"], entry["job"], entry["attempts"], entry["status"]) == (message.id, job["id"], 1, 204)


def test_a_webhook_is_made_shown_changed_and_deleted(ask, name):
    made = ask("POST", status=201, json={"url": "http://127.0.0.1:9/a", "description": "mine", "states": ["failed"]})
    secret = made.pop("secret")
    path = f"/{made['id']}"

    assert secret.startswith("whsec_")
    assert (made["owner"], made["states"], made["enabled"]) == (name, ["failed"], True)
    assert ask("GET") == [made] == [ask("GET", path)]
    changed = ask("PATCH", path, json={"states": ["failed", "partial"], "enabled": False})
    assert (changed["states"], changed["enabled"], changed["description"]) == (["partial", "failed"], False, "mine")
    assert ask("POST", f"{path}/secret")["secret"] not in ("", secret)
    assert ask("DELETE", path, status=204) is None
    assert ask("GET") == []
    ask("GET", path, status=404)


@pytest.mark.parametrize(
    ("method", "body", "field"),
    [
        pytest.param("POST", {}, "url", id="nothing"),
        pytest.param("POST", {"url": 5}, "url", id="a number for an address"),
        pytest.param("POST", {"url": "http://10.0.0.1/"}, "url", id="an address inside"),
        pytest.param("POST", {"url": "http://127.0.0.1/", "secret": "mine"}, "secret", id="a field that there is not"),
        pytest.param("PATCH", {"url": "http://[::1]/"}, "url", id="changed to an address inside"),
        pytest.param("PATCH", {"states": []}, "states", id="changed to no end"),
        pytest.param("PATCH", {"states": ["running"]}, "states", id="changed to what is no end"),
        pytest.param("PATCH", {"description": "\udc80"}, "description", id="changed to half a character"),
    ],
)
def test_what_cannot_be_is_said_by_field(ask, method, body, field):
    path = f"/{ask('POST', status=201, json={'url': 'http://127.0.0.1:9/'})['id']}" if method == "PATCH" else ""
    refused = ask(method, path, status=422, json=body)

    assert [*refused["errors"]["json"]] == [field]


def test_others_see_nothing_of_it_and_admins_all(service, ask, name):
    path = f"/{ask('POST', status=201, json={'url': 'http://127.0.0.1:9/'})['id']}"
    stranger = Asking(service, service.person(f"{name}-b"))
    admin = Asking(service, service.person(f"{name}-c", Role.ADMIN))
    worker = Asking(service, service.person(f"{name}-d", Role.WORKER))
    reader = Asking(service, service.person(f"{name}-e", read_only=True))

    for method, below in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/secret")):
        stranger(method, path + below, status=404, json={} if method == "PATCH" else None)
    assert path[1:] in [each["id"] for each in admin("GET")]
    for refused in (worker, reader):
        refused("POST", status=403, json={"url": "http://127.0.0.1:9/"})
    ask("PATCH", path, status=403, json={"every_owner": True})
    assert requests.get(service.url + "/webhooks", timeout=60).status_code == 401


def test_a_test_is_sent_at_once_and_its_answer_is_in_the_log(ask, receiver):
    receiver.usual = answer(404, b"nothing here")
    made = ask("POST", status=201, json={"url": receiver.url})
    sent = ask("POST", f"/{made['id']}/test", status=202)
    [entry] = eventually(lambda: [each for each in ask.log(made) if each["state"] == "failed"])

    assert (entry["id"], entry["type"], entry["job"]) == (sent["id"], "webhook.test", None)
    assert (entry["status"], entry["message"]) == (404, "It answered 404: nothing here")
    receiver.usual = answer(200)
    ask("POST", f"/{made['id']}/deliveries/{entry['id']}/redeliver", status=202)
    eventually(lambda: ask.log(made)[0]["state"] == "delivered")
    assert len({message.id for message in receiver.messages}) == 1
    ask("POST", f"/{made['id']}/deliveries/{uuid.uuid4()}/redeliver", status=404)


@pytest.mark.fault(40)
def test_a_service_that_is_killed_while_it_sends_sends_again_with_the_same_id(tmp_path, rclone, receiver, name):
    with running_service(tmp_path, rclone, WEBHOOK_HOSTS_ALLOWED="127.0.0.1") as service:
        ask = Asking(service, service.person(name))
        made = ask("POST", status=201, json={"url": receiver.url})
        receiver.answers = [silence]
        ask.mirrored(dest=name, source=_folder(service, name))
        eventually(lambda: receiver.messages)
        service.kill()
        _let_leases_run_out(Path(service.environ["DATA_DIR"]) / "sluice.db")
        service.start()
        eventually(lambda: len(receiver.messages) == 2)
        [entry] = eventually(lambda: [each for each in ask.log(made) if each["state"] == "delivered"])

    assert {message.id for message in receiver.messages} == {entry["id"]}
    assert entry["attempts"] == 1


def _folder(service, name):
    (service.uploads / name).mkdir()
    (service.uploads / name / "a.txt").write_text("a")
    return name


def _let_leases_run_out(path):
    """Have two minutes go by for the database."""
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("UPDATE deliveries SET leased_until = leased_until - 120").rowcount == 1


def test_the_document_names_every_route(service):
    document = requests.get(service.url + "/openapi/webhooks.json", timeout=60).json()

    assert {path: sorted(set(found) - {"parameters"}) for path, found in document["paths"].items()} == {
        "/webhooks": ["get", "post"],
        "/webhooks/{webhook_id}": ["delete", "get", "patch"],
        "/webhooks/{webhook_id}/deliveries": ["get"],
        "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": ["post"],
        "/webhooks/{webhook_id}/secret": ["post"],
        "/webhooks/{webhook_id}/test": ["post"],
    }


class TestThePageInDocs:
    def test_its_command_makes_a_webhook(self, service, ask, receiver):
        [command] = blocks("sh")
        command = command.replace("http://localhost:5000", service.url)
        command = command.replace("https://example.org/hooks/sluice", receiver.url)
        ran = subprocess.run(
            ["sh", "-c", command.replace("curl ", "curl -sS ")],
            env={"KEY": ask.person.key, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )

        made = loads(ran.stdout)
        assert (made["states"], made["secret"][:6]) == (["partial", "failed"], "whsec_")

    @pytest.mark.parametrize("program", blocks("python"), ids=["with the package", "without any package"])
    def test_its_programs_verify_what_arrives_and_nothing_else(self, ask, receiver, program):
        made = ask("POST", status=201, json={"url": receiver.url})
        ask("POST", f"/{made['id']}/test", status=202)
        [message] = eventually(lambda: receiver.messages)
        names = {}
        exec(program.replace("whsec_...", made["secret"]), names)

        assert names["received"](message.headers, message.body) == {"webhook": made["id"]}
        with pytest.raises((ValueError, WebhookVerificationError)):
            names["received"](message.headers, message.body + b" ")

    @pytest.mark.usefixtures("folder")
    def test_what_it_says_arrives_is_what_arrives(self, ask, receiver, name):
        ask("POST", status=201, json={"url": receiver.url})
        ask.mirrored(source=name, dest=name)
        [message] = eventually(lambda: receiver.messages)
        [shown] = blocks("json")

        assert _shape(message.json()) == _shape(loads(shown))


def _shape(document):
    return {name: _shape(value) for name, value in document.items()} if isinstance(document, dict) else None
