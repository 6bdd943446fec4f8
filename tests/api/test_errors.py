"""What bad input gets: always JSON, always the documented status, and nothing is started."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.support.service import eventually, running_service
from tests.support.trees import contents


def newest_job(service):
    return [job["id"] for job in service.get("/runnings", all=1, limit=1)]


UNKNOWN = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("wait=-1", "wait"),
        ("wait=abc", "wait"),
        ("wait=nan", "wait"),
        ("wait=1&wait=2", "wait"),
        ("source=../etc", "source"),
        ("source=a/../../b", "source"),
        ("source=/etc", "source"),
        ("source=%2e%2e%2fetc", "source"),
        ("source=a%00b", "source"),
        ("dest=My_Bucket", "dest"),
        ("dest=ab", "dest"),
        ("dest=", "dest"),
        ("dest=192.168.1.1", "dest"),
        ("storage_url=ftp://x", "storage_url"),
        ("storage_url=nonsense", "storage_url"),
        ("storage_url=http://169.254.169.254", "storage_url"),
        ("storage_url=http://user:pw@minio", "storage_url"),
        ("access_key=AKIA", "secret_key"),
        ("prefix=../x", "prefix"),
        ("max_delete=lots", "max_delete"),
        ("check=md5", "check"),
        ("delete=perhaps", "delete"),
        ("dry_run=2", "dry_run"),
        ("exclude=!x", "exclude"),
        ("no_such_parameter=1", "no_such_parameter"),
    ],
)
@pytest.mark.fault(32)
def test_a_bad_parameter_is_named_and_nothing_starts(service, query, named):
    before = newest_job(service)
    response = requests.get(f"{service.url}/sync?{query}", timeout=60)
    body = response.json()

    assert response.status_code == 422
    assert (body["code"], body["status"]) == (422, "Unprocessable Entity")
    assert body["message"]
    assert [*body["errors"]["query"]] == [named]
    assert newest_job(service) == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param(f"/get?id={UNKNOWN}", 404, id="unknown job"),
        pytest.param(f"/cancel?id={UNKNOWN}", 404, id="cancel an unknown job"),
        pytest.param(f"/steps?id={UNKNOWN}", 404, id="steps of an unknown job"),
        pytest.param("/get?id=1", 422, id="malformed id"),
        pytest.param("/get", 422, id="no id"),
        pytest.param("/runnings?limit=0", 422, id="limit below 1"),
        pytest.param("/runnings?limit=x", 422, id="limit is no number"),
        pytest.param(f"/steps?id={UNKNOWN}&status=odd", 422, id="unknown status"),
        pytest.param("/no/such/route", 404, id="unknown route"),
        pytest.param("/sync/", 404, id="a slash too many"),
        pytest.param("/sync/..%2f", 404, id="odd path"),
    ],
)
def test_every_error_is_json_with_a_sentence(service, path, status):
    response = requests.get(service.url + path, timeout=60)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["code"] == status
    assert len(response.json()["message"]) > 10


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "/sync", 405),
        ("PUT", "/get", 405),
        ("HEAD", "/sync", 405),
        ("HEAD", "/cancel", 405),
        ("PATCH", "/nope", 404),
    ],
)
def test_other_methods_are_refused(service, method, path, status):
    response = requests.request(
        method, service.url + path, params={"id": UNKNOWN} if "cancel" in path else {}, timeout=60
    )

    assert response.status_code == status
    if method != "HEAD" and status == 405:
        assert response.json()["code"] == 405
        assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param("{bad", "application/json", 400, id="malformed JSON"),
        pytest.param("[" * 100_000, "application/json", 400, id="nested too deeply"),
        pytest.param("[1]", "application/json", 422, id="JSON, but no object"),
        pytest.param('{"wait": [1, 2]}', "application/json", 422, id="two values for one"),
        pytest.param('{"wait": true}', "application/json", 422, id="a boolean for a number"),
        pytest.param('{"source": 5}', "application/json", 422, id="a number for a string"),
        pytest.param('{"source": null}', "application/json", 422, id="null"),
        pytest.param("<x/>", "text/xml", 415, id="XML"),
        pytest.param("x" * 2_000_000, "application/json", 413, id="too large"),
    ],
)
@pytest.mark.fault(36)
def test_a_bad_body_is_refused(service, body, content_type, status):
    response = requests.post(service.url + "/sync", data=body, headers={"Content-Type": content_type}, timeout=60)

    assert response.status_code == status
    assert response.json()["code"] == status
    assert response.json()["message"]


@pytest.mark.parametrize("path", ["/sync?dest=never-made", f"/cancel?id={UNKNOWN}"])
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="an image or link on another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="an image or link on another port or a sister host"),
        pytest.param({"Origin": "https://evil.example"}, id="a script or form of another origin"),
        pytest.param({"Origin": "null"}, id="a sandboxed page"),
        pytest.param({"Origin": "http://localhost:1"}, id="another port of this machine"),
        pytest.param({"Referer": "http://evil.example/page"}, id="a link, in a browser that tells no more"),
        pytest.param({"Sec-Purpose": "prefetch;prerender"}, id="a browser that guesses"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.fault(36, "origins")
def test_a_foreign_page_changes_nothing(service, path, headers, method):
    before = newest_job(service)
    response = requests.request(method, service.url + path, headers=headers, timeout=60)

    assert response.status_code == 403
    assert response.json()["code"] == 403
    assert newest_job(service) == before


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "SELF"}, {"Referer": "SELF"}],
    ids=["a program", "the address bar", "our own page", "our own form", "our own link"],
)
@pytest.mark.usefixtures("folder")
def test_the_user_may(service, name, headers):
    headers = {key: service.url if value == "SELF" else value for key, value in headers.items()}
    response = requests.post(service.url + "/sync", json={"source": name, "dest": name}, headers=headers, timeout=60)

    assert response.status_code == 202
    service.finished(response.json()["id"])


def test_reading_is_open_to_links_from_elsewhere(service):
    assert requests.get(service.url + "/runnings", headers={"Sec-Fetch-Site": "cross-site"}, timeout=60).ok


@pytest.mark.fault(36)
def test_a_host_name_that_is_not_ours_is_refused(service):
    response = requests.get(service.url + "/runnings", headers={"Host": "rebound.example"}, timeout=60)

    assert response.status_code == 400
    assert "TRUSTED_HOSTS" in response.json()["message"]


@pytest.mark.usefixtures("folder")
@pytest.mark.fault(38, "I8")
def test_no_secret_is_ever_shown_or_kept(service, name):
    canary, access = "canary-SECRET-0123456789", "AKIACANARYKEY"
    given = {"source": name, "dest": name, "access_key": access, "secret_key": canary}
    answers = [
        requests.get(service.url + "/sync", params=given, timeout=60),
        requests.post(service.url + "/sync", data=given, timeout=60),
        requests.get(service.url + "/sync", params=given | {"wait": "x"}, timeout=60),
        requests.get(service.url + "/nope", params=given, timeout=60),
        requests.get(service.url + "/get", params=given, timeout=60),
    ]
    jobs = [service.finished(answer.json()["id"]) for answer in answers[:2]]

    assert [(job["status"], job["reason"]) for job in jobs] == [("failed", "access_denied")] * 2
    shown = "".join(answer.text for answer in answers) + str(jobs) + service.log.read_text()
    shown += str([service.get("/steps", id=job["id"]) for job in jobs])
    data_dir = Path(service.environ["DATA_DIR"])
    with closing(sqlite3.connect(data_dir / "sluice.db")) as database:
        shown += "\n".join(database.iterdump())
    kept = b"".join(contents(data_dir).values())
    assert canary not in shown
    assert access not in shown
    assert canary.encode() not in kept


def test_a_full_queue_answers_429(tmp_path, rclone):
    with running_service(tmp_path, rclone, JOBS_RUNNING_LIMIT=1, JOBS_QUEUED_LIMIT=2) as service:
        (service.uploads / "a").write_text("a")
        (service.uploads / "b").write_text("b")
        running = service.sync(dest="full-queue-0", wait=60)
        eventually(lambda: service.get("/get", id=running["id"])["status"] == "running")
        waiting = [service.sync(dest=f"full-queue-{i}") for i in (1, 2)]
        refused = requests.get(service.url + "/sync?dest=full-queue-3", timeout=60)

        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.json()["code"] == 429
        for job in [*waiting, running]:
            service.session.get(service.url + "/cancel", params={"id": job["id"]}, timeout=60)
        assert {service.finished(job["id"])["status"] for job in waiting} == {"cancelled"}
