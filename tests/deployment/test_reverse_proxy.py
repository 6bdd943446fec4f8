"""The example configurations for nginx and Caddy, as they are shipped, before a real Sluice."""

import http.client
import json
import os
import re
import secrets
import ssl
import subprocess
from base64 import b64encode
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from app.accounts.caller import Role
from app.accounts.service import AccountService
from app.db import SqliteDatabase
from tests.support.proxies import EXAMPLES, NAME, START, Upstream, caddy_environ, program
from tests.support.service import FINAL, eventually, running_service
from tests.support.trees import bucket_objects, make_tree, tree_objects

pytestmark = pytest.mark.slow

MB = 1 << 20
CADDYFILE = EXAMPLES / "Caddyfile"
CONFIGURATION = ["--config", str(CADDYFILE), "--adapter", "caddyfile"]
CLOSED = ["/runnings", "/events?id=01a1fc61-67ff-7d74-885f-b94bf4e51a73", "/sync?dry_run=1", "/session"]
USER = "someone"
PASSWORD = secrets.token_hex()
CANARY = "canary-in-a-query-string"
SPOOFED = [
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Proto",
    "X-Forwarded-Protocol", "X-Forwarded-Server", "X-Forwarded-Ssl", "X-Real-IP", "Forwarded", "SCRIPT_NAME",
]  # fmt: skip


def basic():
    return "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone):
    settings = {"TRUSTED_HOSTS": f"{NAME},127.0.0.1", "SYNC_AUTH": "required", "TRUSTED_PROXIES": 1}
    folder = tmp_path_factory.mktemp("service")
    with running_service(folder, rclone, **settings) as service:
        database = SqliteDatabase(folder / "var" / "sluice.db")
        AccountService(database).create_user(USER, Role.ADMIN, PASSWORD)
        database.close()
        service.session.auth = (USER, PASSWORD)
        make_tree(service.uploads, 60)
        yield service


@pytest.fixture(scope="module")
def upstream():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module", params=sorted(START))
def proxy(request, tmp_path_factory, service):
    """A proxy before the service."""
    address = urlsplit(service.url).netloc
    with START[request.param](tmp_path_factory.mktemp(request.param), address) as proxy:
        yield proxy


@pytest.fixture
def client(proxy):
    with proxy.client() as client:
        client.auth = (USER, PASSWORD)
        yield client


@pytest.fixture(scope="module", params=sorted(START))
def relay(request, tmp_path_factory, upstream):
    """A proxy before the tiny service."""
    with START[request.param](tmp_path_factory.mktemp(request.param), upstream.address) as relay:
        yield relay


@pytest.fixture
def user(relay):
    with relay.client() as client:
        client.auth = (USER, PASSWORD)
        yield client


def test_a_sync_works_through_the_proxy(proxy, client, service, rclone, request):
    bucket = f"proxied-{request.node.callspec.id}"
    job = client.post(f"{proxy.origin}/sync", json={"dest": bucket}).json()

    def finished():
        found = client.get(f"{proxy.origin}/get", params={"id": job["id"]}).json()
        return found if found["status"] in FINAL else None

    assert eventually(finished)["status"] == "succeeded"
    assert bucket_objects(rclone, bucket) == tree_objects(service.uploads)


@pytest.mark.parametrize("path", CLOSED)
def test_the_service_asks_strangers_who_they_are(proxy, path):
    with proxy.client() as stranger:
        answer = stranger.get(proxy.origin + path)

    assert answer.status_code == 401
    assert 'realm="Sluice"' in answer.headers["WWW-Authenticate"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_wrong_password_is_refused(proxy):
    with proxy.client() as stranger:
        stranger.auth = (USER, PASSWORD + "x")
        assert stranger.get(f"{proxy.origin}/runnings").status_code == 401


def test_the_cookies_of_a_session_are_for_https_only(proxy):
    with proxy.client() as browser:
        answer = browser.post(f"{proxy.origin}/session", json={"username": USER, "password": PASSWORD})

        cookies = {cookie.name: cookie.secure for cookie in answer.cookies}
        assert cookies == {"sessionid": True, "csrftoken": True}
        assert browser.get(f"{proxy.origin}/runnings").status_code == 200


def test_plain_http_is_sent_to_https(proxy):
    asked = f"http://{NAME}:{proxy.http_port}/sync?dest=a%20b"
    answer = requests.post(asked, data={"wait": 1}, allow_redirects=False, timeout=60)
    there = urlsplit(answer.headers["Location"])

    assert answer.status_code == 308  # a browser repeats a POST as a POST
    assert (there.scheme, there.hostname, there.path, there.query) == ("https", NAME, "/sync", "dest=a%20b")


def test_old_versions_of_tls_are_refused(proxy):
    old = ssl.create_default_context(cafile=str(proxy.certificate))
    old.set_ciphers("ALL:@SECLEVEL=0")  # or this side would refuse
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    connection = http.client.HTTPSConnection(NAME, proxy.https_port, context=old, timeout=60)

    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        connection.connect()
    connection.close()


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_events_arrive_one_by_one_while_the_job_runs(proxy, client, service, request, version):
    bucket = f"watched-{request.node.callspec.id.replace('.', '-')}"
    job_id = client.post(f"{proxy.origin}/sync", json={"dest": bucket, "wait": 0.3}).json()["id"]
    with curl(proxy, f"--http{version}", f"/events?id={job_id}") as lines:
        assert next(lines).split()[:2] == [f"HTTP/{version}", "200"]
        events = (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        for _ in range(2):
            next(events)
            # The job would take 18 seconds: whatever holds events back holds them longer than this.
            assert service.get("/get", id=job_id)["status"] not in FINAL
        client.post(f"{proxy.origin}/cancel", json={"id": job_id})

        assert [event["status"] for event in events][-1] == "cancelled"


@contextmanager
def curl(proxy, *arguments):
    """Yield the lines of an answer, its headers first, as they come."""
    *options, path = arguments
    command = [program("curl"), "-siN", "--cacert", str(proxy.certificate), "-u", f"{USER}:{PASSWORD}", *options]
    with subprocess.Popen([*command, proxy.origin + path], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield iter(process.stdout.readline, "")
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": "https://elsewhere.example"}, 403, id="a page of another site"),
        pytest.param({"Origin": f"https://{NAME}:1"}, 403, id="a page of another port"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="a link of another site"),
        pytest.param({"Origin": "own", "Sec-Fetch-Site": "same-origin"}, 202, id="a page of the service"),
        pytest.param({}, 202, id="a program"),
    ],
)
def test_the_guard_against_other_sites_works_behind_the_proxy(proxy, client, headers, status):
    headers = {name: value.replace("own", proxy.origin) for name, value in headers.items()}
    answer = client.post(f"{proxy.origin}/sync", data={"dest": "guarded", "dry_run": 1}, headers=headers)

    assert answer.status_code == status
    assert ("Refused" in answer.text) == (status == 403)  # the service's word, not the proxy's


def test_another_host_name_starts_nothing(proxy, client, service):
    jobs = len(service.get("/runnings", all=1, limit=1000))
    client.post(f"{proxy.origin}/sync", data={"dest": "rebound"}, headers={"Host": "elsewhere.example"})

    assert len(service.get("/runnings", all=1, limit=1000)) == jobs


def test_the_longest_request_line_of_the_service_passes(proxy, client):
    start = "/sync?dry_run=1&dest=filtered&exclude="
    path = start + "x" * (8190 - len(f"GET {start} HTTP/1.1"))

    assert client.get(proxy.origin + path).status_code == 202
    assert client.get(proxy.origin + path + 100 * "x").status_code == 414  # so the service's limit was at hand


def test_an_upload_of_200_mb_streams_through_and_is_not_stored_on_the_way(relay, upstream):
    upstream.received = 0
    upstream.body_begins.clear()
    trusting = ssl.create_default_context(cafile=str(relay.certificate))
    connection = http.client.HTTPSConnection(NAME, relay.https_port, context=trusting, timeout=30)
    connection.putrequest("POST", "/upload")
    connection.putheader("Authorization", basic())
    connection.putheader("Content-Length", str(200 * MB))
    connection.endheaders()

    connection.send(bytes(MB))
    assert upstream.body_begins.wait(60)
    for _ in range(198):
        connection.send(bytes(MB))
    stored = relay.stored_bytes()
    connection.send(bytes(MB))

    assert connection.getresponse().read() == b"received"
    connection.close()
    assert upstream.received == 200 * MB
    assert stored < MB


def test_no_log_holds_a_query_string_or_a_password(relay, user):
    user.get(f"http://{NAME}:{relay.http_port}/redirected?secret_key={CANARY}", allow_redirects=False)
    user.get(f"{relay.origin}/sync?secret_key={CANARY}", headers={"Referer": f"{relay.origin}/?{CANARY}"})
    assert user.get(f"{relay.origin}/dies?secret_key={CANARY}").status_code == 502

    eventually(lambda: all(path in relay.logs() for path in ("/redirected", "/sync", "/dies")))
    assert CANARY not in relay.logs()
    assert basic().split()[1] not in relay.logs()


def test_what_a_client_claims_about_itself_is_not_passed_on(relay, user, upstream):
    user.get(relay.origin, headers=dict.fromkeys(SPOOFED, "spoofed.example"))
    seen = upstream.headers

    assert [name for name, value in seen.items() if "spoofed" in value] == []
    assert seen["X-Forwarded-For"] in ("127.0.0.1", "::1")
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["X-Forwarded-Host"] == seen["Host"] == f"{NAME}:{relay.https_port}"


@pytest.mark.parametrize(
    "header", [basic(), "Bearer key", "Token key", "user_api_key:Key"], ids=["basic", "bearer", "token", "cval"]
)
def test_who_somebody_is_reaches_the_service_whatever_its_form(relay, upstream, header):
    with relay.client() as client:
        client.get(relay.origin, headers={"Authorization": header, "X-Api-Key": "key", "Cookie": "sessionid=1"})

    assert upstream.headers["Authorization"] == header
    assert (upstream.headers["X-Api-Key"], upstream.headers["Cookie"]) == ("key", "sessionid=1")


def test_a_get_whose_answer_breaks_off_is_not_sent_again(relay, user, upstream):
    user.get(relay.origin)  # from here on there may be a connection to use again, which is when clients repeat
    before = len(upstream.served_by)

    assert user.get(f"{relay.origin}/dies").status_code == 502
    assert len(upstream.served_by) == before + 1


@pytest.mark.parametrize("relay", ["nginx"], indirect=True)
def test_nginx_keeps_connections_for_a_next_request_but_not_until_the_service_closes_them(relay, user, upstream):
    def two_share_one():
        for _ in range(2):
            user.get(relay.origin)
        return upstream.served_by[-1] == upstream.served_by[-2]

    eventually(two_share_one)
    eventually(lambda: not upstream.connections, seconds=30)  # nginx itself would wait for a minute


def test_certbot_can_renew_the_certificate_of_nginx(tmp_path):
    with START["nginx"](tmp_path, "127.0.0.1:9") as proxy:
        proof = tmp_path / "web" / ".well-known" / "acme-challenge" / "proof"
        proof.parent.mkdir(parents=True)
        proof.write_text("the name is ours")

        there = f"http://{NAME}:{proxy.http_port}/.well-known/acme-challenge/proof"
        assert requests.get(there, timeout=60).text == "the name is ours"


def caddy(command, environ, *options):
    whole = [program("caddy"), command, *options]
    environ = {"PATH": os.environ["PATH"]} | environ
    return subprocess.run(whole, env=environ, capture_output=True, text=True, timeout=30, check=False)


def test_the_caddyfile_is_valid_with_nothing_but_its_variables(tmp_path):
    assert caddy("validate", caddy_environ(tmp_path), *CONFIGURATION).returncode == 0


def test_the_caddyfile_is_formatted_as_caddy_has_it():
    assert caddy("fmt", {}, str(CADDYFILE)).stdout.rstrip() == CADDYFILE.read_text().rstrip()


@pytest.mark.parametrize("given", [False, True], ids=["missing", "empty"])
def test_caddy_does_not_start_without_a_name(tmp_path, given):
    environ = caddy_environ(tmp_path) | {"SLUICE_DOMAIN": ""}
    if not given:
        del environ["SLUICE_DOMAIN"]

    assert caddy("validate", environ, *CONFIGURATION).returncode != 0


@pytest.mark.parametrize("given", ["", "open", "Required "])
def test_caddy_passes_nothing_on_while_the_service_would_ask_nobody(tmp_path, upstream, given):
    before = len(upstream.served_by)
    with START["caddy"](tmp_path, upstream.address, SYNC_AUTH=given) as proxy, proxy.client() as client:
        answer = client.get(f"{proxy.origin}/sync")

    assert (answer.status_code, len(upstream.served_by)) == (503, before)
    assert "SYNC_AUTH=required" in answer.text


def test_the_page_explains_every_variable_of_the_caddyfile():
    page = (EXAMPLES.parent / "reverse-proxy.md").read_text()

    assert [name for name in re.findall(r"\{\$(\w+)", CADDYFILE.read_text()) if f"`{name}`" not in page] == []
