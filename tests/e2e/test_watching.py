"""A running service as those see it who watch it: Prometheus, probes, the log, a collector of traces."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import promql_parser
import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.support.children import is_stopped
from tests.support.otlp import attributes, collector
from tests.support.service import eventually, running_service

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations"
OF_OTHERS = {"up"}  # what Prometheus itself makes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def traces():
    with collector() as received:
        yield received


@pytest.fixture(scope="module")
def watched(tmp_path_factory, rclone, traces):
    """A service of two processes that writes JSON and sends traces, after a job that did well and one that did not."""
    settings = {"WEB_WORKERS": 2, "LOG_FORMAT": "json", "TRUSTED_PROXIES": 1, "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url}
    with running_service(tmp_path_factory.mktemp("watched"), rclone, **settings) as service:
        for number in range(30):
            (service.uploads / f"f{number}").write_text("x" * number)
        service.good = service.mirrored(dest="watched")
        (service.uploads / "f1").unlink()
        (service.uploads / "f1").mkdir()
        (service.uploads / "f1" / "inside").write_text("an object stands where the folder should be")
        service.bad = service.mirrored(dest="watched", delete="0")
        assert (service.good["status"], service.bad["status"]) == ("succeeded", "partial")
        yield service


def samples(service):
    """Everything that /metrics says; the numbers of the database are a second old at most, so it is asked until they are new."""

    def new():
        found = told(service)
        # A job is counted as ended after it can be seen that it has.
        names = ("sluice_jobs", "sluice_jobs_ended_total")
        return found if all(value(found, name, state="partial") == 1 for name in names) else None

    return eventually(new)


def told(service):
    answer = requests.get(service.url + "/metrics", timeout=30)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def value(found, name, **labels):
    return sum(number for key, number in found.items() if key[0] == name and set(labels.items()) <= set(key[1:]))


def test_what_jobs_did_is_counted_once_whichever_process_is_asked(watched):
    found = samples(watched)

    assert value(found, "sluice_files_total", kind="mirror", action="upload", status="done") == 30
    assert value(found, "sluice_bytes_total", kind="mirror", action="upload") == sum(range(30))
    assert value(found, "sluice_failures_total", action="upload", reason="storage_failure") == 1
    assert value(found, "sluice_jobs_ended_total", kind="mirror", state="succeeded", reason="ok") == 1
    assert value(found, "sluice_jobs_ended_total", kind="mirror", state="partial") == 1
    assert value(found, "sluice_jobs_started_total", kind="mirror") == 2
    assert value(found, "sluice_job_wait_seconds_count", kind="mirror") == 2
    assert value(found, "sluice_jobs", state="succeeded") == 1
    assert value(found, "sluice_jobs", state="partial") == 1
    assert value(found, "sluice_queue_oldest_seconds") == 0
    assert value(found, "sluice_database_up") == 1
    assert value(found, "sluice_storage_operation_seconds_count", storage="s3", operation="write", outcome="done") == 30
    assert value(found, "sluice_storage_errors_total", operation="write", reason="storage_failure") == 1
    assert value(found, "sluice_http_requests_total", dialect="sync", route="/sync", method="POST", status="202") == 2


def test_labels_hold_no_path_key_or_id(watched):
    requests.get(watched.url + "/nothing/like/that?secret_key=hidden", timeout=30)
    requests.request("ODD", watched.url + "/nothing", timeout=30)

    told = requests.get(watched.url + "/metrics", timeout=30).text

    assert 'method="(other)",route="(none)"' in told
    assert not re.search(r"nothing|hidden|inside|watched|ODD|" + watched.good["id"], told)


@pytest.mark.parametrize(
    ("header", "value_"),
    [
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "for=127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 proxy"),
    ],
)
@pytest.mark.fault("profiler")
def test_who_comes_through_a_proxy_gets_no_metrics_though_it_is_trusted(watched, header, value_):
    answer = requests.get(watched.url + "/metrics", headers={header: value_}, timeout=30)

    assert answer.status_code == 403
    assert "sluice_" not in answer.text


def expressions():
    dashboard = json.loads((OPERATIONS / "grafana" / "sluice.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")
    for group in yaml.safe_load((OPERATIONS / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def metrics_in(expression):
    """The names of the metrics in an expression, by a real parser of PromQL, with the labels that it asks for."""
    found = []

    def visit(node):
        if isinstance(node, promql_parser.VectorSelector):
            found.append((node.name, {matcher.name for matcher in node.matchers.matchers}))

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


def test_the_dashboard_and_the_alerts_ask_for_metrics_that_are_there_with_these_labels(watched):
    labels = {}
    for name, *pairs in samples(watched):
        labels.setdefault(name, {"job", "instance"}).update(label for label, _ in pairs)
    asked = {
        (where, name, label)
        for where, text in expressions()
        for name, wanted in metrics_in(text)
        for label in (*wanted, "job")
    }

    missing = {found for found in asked if found[1] not in OF_OTHERS and found[2] not in labels.get(found[1], ())}

    assert len({name for _, name, _ in asked}) > 20
    assert not missing


def not_ready(service):
    """What /readyz answers, once it answers that it is not ready."""
    answer = requests.get(service.url + "/readyz", timeout=30)
    return answer.json() if answer.status_code == 503 else None


def without_database(service):
    """The same, once it says what is wrong with the database; a check that takes long is not well either."""
    answer = not_ready(service)
    return answer if answer and answer["checks"]["database"] not in ("ok", "no answer yet") else None


def ready(service):
    """What /readyz answers, once it answers that it is ready."""
    answer = requests.get(service.url + "/readyz", timeout=30)
    return answer.json() if answer.ok else None


def test_probes_say_how_it_stands_and_why(watched):
    alive = requests.get(watched.url + "/healthz", timeout=30)
    well = eventually(lambda: ready(watched))
    with closing(sqlite3.connect(Path(watched.environ["DATA_DIR"]) / "sluice.db", isolation_level=None)) as database:
        (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        try:
            refused = eventually(lambda: without_database(watched))
        finally:
            database.execute("UPDATE alembic_version SET version_num = ?", (revision,))

    assert alive.json() == {"status": "ok"}
    assert well == {
        "status": "ok",
        "checks": dict.fromkeys(("database", "data_dir", "runner", "draining"), "ok"),
    }
    assert refused["status"] == "not ready"
    assert "another version of Sluice" in refused["checks"]["database"]
    assert eventually(lambda: ready(watched))


@contextmanager
def hanging(server):
    """Have PostgreSQL take connections and answer nothing, as on a machine that swaps or whose disk is gone."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    os.kill(server.process.pid, signal.SIGSTOP)
    eventually(lambda: is_stopped(server.process.pid))  # from now on it has no more children
    stopped = [server.process.pid, *map(int, children.read_text().split())]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_a_database_that_hangs_keeps_no_probe_and_no_thread(tmp_path, rclone, postgres):
    url = postgres.url(postgres.new())
    with running_service(tmp_path, rclone, DATABASE_URL=url, WEB_THREADS=4) as service:
        assert eventually(lambda: ready(service))
        with hanging(postgres):
            refused = eventually(lambda: not_ready(service))
            began = time.monotonic()
            with ThreadPoolExecutor(16) as pool:
                probes = [pool.submit(requests.get, service.url + "/readyz", timeout=30) for _ in range(32)]
                scrapes = [pool.submit(requests.get, service.url + "/metrics", timeout=30) for _ in range(16)]
                answers = [probe.result().status_code for probe in probes]
                told = [scrape.result().text for scrape in scrapes]
            alive = requests.get(service.url + "/healthz", timeout=30)
            took = time.monotonic() - began

        assert took < 20  # one question to the database alone takes longer
        assert alive.ok
        assert answers == [503] * 32
        assert refused["checks"] == dict.fromkeys(("database", "data_dir", "runner", "draining"), "no answer yet")
        assert all("sluice_database_up 0.0" in each and "sluice_build_info" in each for each in told)
        assert eventually(lambda: ready(service))


def test_a_stranger_is_not_told_which_database_cannot_be_reached(tmp_path, rclone, postgres):
    name = postgres.new()
    with running_service(tmp_path, rclone, DATABASE_URL=postgres.url(name)) as service:
        assert eventually(lambda: ready(service))
        postgres.drop(name)
        refused = eventually(lambda: without_database(service))

        assert refused["checks"]["database"] == "The job database cannot be used; the log says why."
        assert name in service.log.read_text()


def lines(service):
    return [json.loads(line) for line in service.log.read_text().splitlines()]


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        pytest.param("0193a1b2-from-the-proxy", True, id="one that looks like an id"),
        pytest.param("short", False, id="a short one"),
        pytest.param("x" * 200, False, id="a long one"),
        pytest.param("with spaces and = signs {}", False, id="one of other characters"),
    ],
)
def test_a_request_has_an_id_in_its_answer_and_in_the_log(watched, given, is_taken):
    answer = requests.get(watched.url + "/get", params={"id": "0" * 36}, headers={"X-Request-ID": given}, timeout=30)

    told = answer.headers["X-Request-ID"]
    assert (told == given) is is_taken
    (line,) = eventually(lambda: [line for line in lines(watched) if line.get("request_id") == told])
    assert (line["logger"], line["path"], line["status"], line["dialect"]) == (
        "gunicorn.access",
        "/get",
        str(answer.status_code),
        "sync",
    )


def test_a_job_can_be_followed_through_the_log_from_its_request_to_its_end(watched):
    of_the_job = [line for line in lines(watched) if line.get("job_id") == watched.good["id"]]

    made, ended = of_the_job[0], of_the_job[-1]
    assert "was asked for" in made["event"]
    assert [
        line["path"] for line in lines(watched) if line.get("request_id") == made["request_id"] and "path" in line
    ] == ["/sync"]
    assert "succeeded" in ended["event"]


def test_probes_and_scrapes_that_found_all_well_are_not_in_the_access_log(watched):
    for path in ("/health", "/healthz", "/readyz", "/metrics"):
        assert eventually(lambda path=path: requests.get(watched.url + path, timeout=30).ok)

    assert not [
        line
        for line in lines(watched)
        if line.get("path") in ("/health", "/healthz", "/readyz", "/metrics") and line["status"] == "200"
    ]


@pytest.mark.fault(38, "I8", "logs")
def test_no_secret_comes_into_the_log_or_a_trace_whichever_way_it_is_sent(watched, traces):
    url, canary = watched.url, "canary"
    asks = [
        lambda: requests.get(f"{url}/sync", params={"secret_key": f"{canary}1", "dest": "x" * 90}, timeout=30),
        lambda: requests.post(
            f"{url}/sync", data={"secret_key": f"{canary}2", "dest": "a", "storage_url": "nonsense"}, timeout=30
        ),
        lambda: requests.post(
            f"{url}/sync", json={"access_key": f"{canary}3", "secret_key": f"{canary}4", "dest": "canaries"}, timeout=30
        ),
        lambda: requests.post(f"{url}/sync", json={"dest": "a", "storage_url": f"http://user:{canary}5@h"}, timeout=30),
        lambda: requests.get(
            f"{url}/get", headers={"Authorization": f"Bearer {canary}6", "X-Api-Key": f"{canary}7"}, timeout=30
        ),
        lambda: requests.get(
            f"{url}/get", cookies={"sessionid": f"{canary}8"}, auth=("admin", f"{canary}9"), timeout=30
        ),
        lambda: requests.post(f"{url}/connections", json={"kind": "s3", "secret_key": f"{canary}10"}, timeout=30),
        lambda: requests.get(f"{url}/nothing?key={canary}11", headers={"Referer": f"http://x/?{canary}12"}, timeout=30),
    ]
    answers = [ask() for ask in asks]
    watched.finished(answers[2].json()["id"])
    eventually(lambda: traces.named("GET /sync"))
    eventually(lambda: [line for line in lines(watched) if line.get("path") == "/nothing"])

    assert canary not in watched.log.read_text().replace("canaries", "")
    assert canary.encode() not in traces.raw.replace(b"canaries", b"")


def test_requests_jobs_and_what_storages_do_are_traced(watched, traces):
    job = watched.good["id"]

    (planned,) = eventually(
        lambda: [span for span in traces.named("job mirror") if attributes(span)["sluice.job_id"] == job]
    )
    asked = eventually(
        lambda: [span for span in traces.named("POST /sync") if attributes(span).get("sluice.job_id") == job]
    )
    written = [span for span in traces.named("storage write") if span.trace_id == planned.trace_id]

    assert len(asked) == 1
    assert len(written) == 30
    assert {span.parent_span_id for span in written} == {planned.span_id}
    assert not [span for span in traces.spans if "/metrics" in span.name or "/readyz" in span.name]


def test_without_the_setting_nothing_of_opentelemetry_is_imported(tmp_path):
    looking = (
        "import sys; from app import create_app; create_app(); from app.monitoring.tracing import *; from app.settings import Settings\n"
        "assert not start_tracing(Settings.load(), '1')\n"
        "with job_span('mirror', '1'), operation_span('s3', 'h', 'read'): note_job('1')\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'google.protobuf'))])"
    )
    environ = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin"}

    done = subprocess.run(
        [sys.executable, "-c", looking], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_the_dashboard_is_one_that_grafana_can_load():
    dashboard = json.loads((OPERATIONS / "grafana" / "sluice.json").read_text())

    ids = [panel["id"] for panel in dashboard["panels"]]
    places = [(place["x"], place["y"]) for panel in dashboard["panels"] for place in (panel["gridPos"],)]
    shown = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    assert {dashboard[name] is not None for name in ("title", "uid", "schemaVersion", "time", "templating")} == {True}
    assert len(ids) == len(set(ids))
    assert len(places) == len(set(places))
    assert all(place["x"] + place["w"] <= 24 for panel in dashboard["panels"] for place in (panel["gridPos"],))
    assert {variable["name"]: variable["type"] for variable in dashboard["templating"]["list"]} == {
        "datasource": "datasource",
        "job": "query",
    }
    assert all(
        target["datasource"] == panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        for panel in shown
        for target in panel["targets"]
    )
    assert all(panel["title"] and panel["targets"] for panel in shown)


def test_each_alert_says_what_is_wrong_how_bad_it_is_and_what_to_do():
    (group,) = yaml.safe_load((OPERATIONS / "alerts.yml").read_text())["groups"]

    names = [rule["alert"] for rule in group["rules"]]
    assert len(names) == len(set(names)) > 12
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "0m"))
