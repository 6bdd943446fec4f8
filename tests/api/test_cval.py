"""The cval dialect over plain HTTP: what its own client cannot send, and the form of every answer."""

import uuid
from contextlib import closing
from itertools import cycle

import pytest
import requests

from app.accounts.caller import OrganisationRole, Role
from app.bootstrap import build_services
from app.settings import Settings
from tests.support.people import CANARY, new_connection
from tests.support.service import running_service

STORAGE = {
    "access_key": "reader",
    "secret_key": "s3cret-of-this-test",
    "endpoint": "http://127.0.0.1:9",
    "bucket": "pictures",
}
UNKNOWN = str(uuid.UUID(int=4, version=4))


@pytest.fixture
def send(service, name):
    """A function that sends a request of a user whom no other test has; it follows no redirect."""
    headers = service.person(name).headers

    def request(method, path, **named):
        given = headers | named.pop("headers", {})
        return requests.request(method, service.url + path, headers=given, timeout=60, allow_redirects=False, **named)

    return request


@pytest.fixture
def storage_id(send):
    return send("POST", "/api/cloud", json=STORAGE | {"synchronize": False}).json()["id"]


def detail_of(response, status):
    """Return the sentence of an error, which is all that its body holds."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/json"
    assert [*response.json()] == ["detail"]
    assert len(response.json()["detail"]) > 5
    return response.json()["detail"]


@pytest.mark.parametrize("mount", ["", "/api"])
def test_a_storage_lives_as_the_seed_tells(send, mount):
    made = send("POST", f"{mount}/api/cloud", json=STORAGE | {"synchronize": False})
    storage_id = made.json()["id"]
    shown = STORAGE | {"id": storage_id, "secret_key": "************", "synchronize": False}

    assert made.status_code == 200
    assert made.json() == {"id": storage_id}
    assert send("GET", f"{mount}/api/cloud/{storage_id}").json() == shown
    assert send("GET", f"{mount}/api/clouds/all").json() == [shown]
    assert send("GET", f"{mount}/api/cloud/all").json() == [shown]
    assert send("PUT", f"{mount}/api/cloud/{storage_id}?synchronize=true").json() == {"id": storage_id}
    assert send("GET", f"{mount}/api/cloud/{storage_id}").json()["synchronize"] is True
    assert send("DELETE", f"{mount}/api/cloud/{storage_id}").json() == {"id": storage_id}
    assert send("GET", f"{mount}/api/clouds/all").json() == []


def test_a_storage_is_synchronised_unless_that_is_declined(send):
    made = send("POST", "/api/cloud", json=STORAGE)

    assert send("GET", f"/api/cloud/{made.json()['id']}").json()["synchronize"] is True
    send("DELETE", f"/api/cloud/{made.json()['id']}")


@pytest.mark.slow
def test_secrets_are_shown_where_the_operator_says_so(tmp_path, rclone):
    with running_service(tmp_path, rclone, CVAL_SECRETS="clear") as service:
        headers = service.person("reader").headers
        requests.post(f"{service.url}/api/cloud", json=STORAGE | {"synchronize": False}, headers=headers, timeout=60)
        (shown,) = requests.get(f"{service.url}/api/cloud/all", headers=headers, timeout=60).json()

    assert shown == STORAGE | {"id": shown["id"], "synchronize": False}


@pytest.mark.slow
def test_secrets_of_an_organisation_are_shown_to_no_other_member(tmp_path, rclone):
    with running_service(tmp_path, rclone, CVAL_SECRETS="clear") as service:
        owner, member = service.person("owner"), service.person("member")
        with service.accounts() as accounts:
            team = accounts.create_organisation("team", "Team", "owner")
            accounts.set_member("team", "member", OrganisationRole.SUPERVISOR)
        services = build_services(Settings.load(service.environ, tmp_path / "no.env"))
        with closing(services.database):
            ann = services.authentication.by_key(owner.key)
            made = services.connections.create(ann, new_connection(team.id))
        shown = [
            requests.get(f"{service.url}/api/cloud/{made.id}", headers=one.headers, timeout=60).json()["secret_key"]
            for one in (owner, member)
        ]

    assert shown == [CANARY, "*" * 12]


NAMES = ["synchronize", "synchronization", "syncronization"]
ON = ["true", "True", "TRUE", "tRuE", "1", "yes", "Yes", "on", "ON"]
OFF = ["false", "False", "FALSE", "0", "no", "NO", "off"]


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(lambda name, word: {"params": {name: word}}, id="query"),
        pytest.param(lambda name, word: {"data": {name: word}}, id="form"),
        pytest.param(lambda name, word: {"files": {name: (None, word)}}, id="multipart form"),
        pytest.param(lambda name, word: {"json": {name: word}}, id="JSON"),
    ],
)
def test_the_flag_is_taken_in_every_spelling(send, storage_id, place):
    words = [word for pair in zip(ON, cycle(OFF), strict=False) for word in pair]  # so each of them changes something
    for name_of_flag, word in zip(cycle(NAMES), words, strict=False):
        answer = send("PUT", f"/api/cloud/{storage_id}", **place(name_of_flag, word))
        assert answer.json() == {"id": storage_id}, word
        assert send("GET", f"/api/cloud/{storage_id}").json()["synchronize"] is (word in ON), word
    send("DELETE", f"/api/cloud/{storage_id}")


@pytest.mark.parametrize("value", [True, False, 1, 0])
def test_the_flag_is_taken_as_a_value_of_json(send, storage_id, value):
    send("PUT", f"/api/cloud/{storage_id}", params={"synchronize": not value})
    assert send("PUT", f"/api/cloud/{storage_id}", json={"synchronize": value}).status_code == 200
    assert send("GET", f"/api/cloud/{storage_id}").json()["synchronize"] is bool(value)
    send("DELETE", f"/api/cloud/{storage_id}")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="none"),
        pytest.param({"params": {"synchronise": "false"}}, id="a name that is none"),
        pytest.param({"params": {"synchronize": ""}}, id="empty"),
        pytest.param({"params": {"synchronize": "perhaps"}}, id="neither"),
        pytest.param({"params": {"synchronize": "2"}}, id="another number"),
        pytest.param({"params": {"synchronize": ["true", "false"]}}, id="twice"),
        pytest.param({"params": {"synchronize": "true", "syncronization": "false"}}, id="by two names"),
        pytest.param({"params": {"synchronize": "true"}, "json": {"synchronize": False}}, id="in two places"),
        pytest.param({"json": {"synchronize": None}}, id="null"),
        pytest.param({"json": {"synchronize": []}}, id="an empty list"),
        pytest.param({"json": {"synchronize": {"on": True}}}, id="an object"),
        pytest.param({"json": {"synchronize": 1.0}}, id="a fraction"),
        pytest.param({"json": [True]}, id="JSON, but no object"),
        pytest.param({"json": "true"}, id="JSON, but a text"),
    ],
)
def test_a_flag_that_is_none_changes_nothing(send, storage_id, given):
    detail_of(send("PUT", f"/api/cloud/{storage_id}", **given), 422)
    assert send("GET", f"/api/cloud/{storage_id}").json()["synchronize"] is False


def without(name):
    return {key: value for key, value in STORAGE.items() if key != name}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        *[pytest.param(without(name), name, id=f"no {name}") for name in STORAGE],
        *[pytest.param(STORAGE | {name: ""}, name, id=f"empty {name}") for name in STORAGE],
        *[pytest.param(STORAGE | {name: None}, name, id=f"null {name}") for name in STORAGE],
        *[pytest.param(STORAGE | {name: 5}, name, id=f"{name} a number") for name in STORAGE],
        *[pytest.param(STORAGE | {name: ["a"]}, name, id=f"{name} a list") for name in STORAGE],
        *[pytest.param(STORAGE | {name: "x" * 1025}, name, id=f"{name} too long") for name in STORAGE],
        *[pytest.param(STORAGE | {name: "a\x00b"}, name, id=f"{name} with NUL") for name in STORAGE],
        *[pytest.param(STORAGE | {name: "a\ud800b"}, name, id=f"{name} with half a character") for name in STORAGE],
        pytest.param(STORAGE | {"synchronize": None}, "synchronize", id="null synchronize"),
        pytest.param(STORAGE | {"synchronize": "maybe"}, "synchronize", id="a bad flag"),
        pytest.param(STORAGE | {"synchronise": False}, "synchronise", id="a misspelt name"),
        pytest.param(STORAGE | {"syncronization": False}, "syncronization", id="the misspelling of another route"),
        pytest.param(STORAGE | {"endpoint": "minio:9000"}, "endpoint", id="no scheme"),
        pytest.param(STORAGE | {"endpoint": "http://minio:9000/base"}, "endpoint", id="a path"),
        pytest.param(STORAGE | {"endpoint": "http://u:p@minio:9000"}, "endpoint", id="a user in the address"),
        pytest.param(STORAGE | {"endpoint": "http://minio:9000?x=1"}, "endpoint", id="a query"),
        pytest.param(STORAGE | {"endpoint": "file:///etc/passwd"}, "endpoint", id="a file"),
        pytest.param(STORAGE | {"endpoint": "http://[fd00:ec2::254]"}, "endpoint", id="metadata over IPv6"),
        pytest.param(STORAGE | {"endpoint": "http://2852039166"}, "endpoint", id="metadata as one number"),
        pytest.param(STORAGE | {"bucket": "../other"}, "bucket", id="a bucket that climbs"),
        pytest.param([STORAGE], "Invalid input type.", id="a list of storages"),
        pytest.param("text", "Invalid input type.", id="a text"),
    ],
)
def test_a_storage_that_cannot_be_is_named_and_not_made(send, given, named):
    answer = send("POST", "/api/cloud", json=given)

    assert named in detail_of(answer, 422)
    assert STORAGE["secret_key"] not in answer.text
    assert send("GET", "/api/cloud/all").json() == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param("{bad", "application/json", 400, id="malformed JSON"),
        pytest.param("", "application/json", 400, id="nothing"),
        pytest.param('{"access_key": "a"}', "text/plain", 415, id="text"),
        pytest.param('{"access_key": "a"}', "", 415, id="no type"),
        pytest.param("access_key=a&secret_key=b", "application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param("<x/>", "text/xml", 415, id="XML"),
        pytest.param("x" * 2_000_000, "application/json", 413, id="too large"),
        pytest.param(b'{"access_key": "\xff"}', "application/json", 400, id="not UTF-8"),
        pytest.param("[" * 100_000, "application/json", 400, id="too deep"),
        pytest.param('{"bucket": ' + "1" * 5000 + "}", "application/json", 400, id="too long a number"),
    ],
)
@pytest.mark.parametrize("path", ["/api/cloud", "/dataset"])
def test_a_body_that_cannot_be_read_is_refused(send, path, body, content_type, status):
    detail_of(send("POST", path, data=body, headers={"Content-Type": content_type}), status)


def test_secrets_are_not_taken_from_the_address(send):
    assert "secret_key" in detail_of(send("POST", "/api/cloud", params=STORAGE, json={}), 422)


HOSTILE = [
    "None", "null", "5", "-1", "all.", "%00", "a%00b", "..%2f..", "%2e%2e", "'%20or%201=1--", "x" * 4000, "%ff%fe", "é", "%E2%80%AE",
    "{storage_id}", "%7B%7D", "*", "%25", "a%0D%0ASet-Cookie:x", "00000000-0000-0000-0000-000000000000", UNKNOWN, UNKNOWN.upper(),
    "{" + UNKNOWN + "}", "urn:uuid:" + UNKNOWN, UNKNOWN.replace("-", ""), UNKNOWN + "%20", UNKNOWN + "%0A",
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/cloud/{}"),
        ("PUT", "/api/cloud/{}?synchronize=1"),
        ("DELETE", "/api/cloud/{}"),
        ("GET", "/dataset/{}"),
        ("DELETE", "/api/dataset/{}"),
        ("PUT", "/dataset/{}/synchronize"),
        ("GET", "/dataset/{}/training/frames/meta"),
    ],
)
def test_an_id_that_is_none_is_not_found(send, method, path):
    for record_id in HOSTILE:
        answer = send(method, path.replace("{}", record_id))
        detail_of(answer, 404)
        assert "Set-Cookie" not in answer.headers, record_id


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/cloud", 405),
        ("PATCH", "/api/cloud/all", 405),
        ("POST", "/api/clouds/all", 405),
        ("GET", "/api/cloud/x/y", 404),
        ("GET", "/api/clouds", 404),
        ("GET", "/api/api/cloud/x/y", 404),
        ("GET", "/dataset", 405),
        ("GET", "/datasets", 404),
        ("GET", "/dataset/x/y/z", 404),
        ("GET", f"/dataset/{UNKNOWN}/train/frames/meta", 404),
        ("GET", f"/dataset/{UNKNOWN}/training/annotation/captions", 404),
        ("GET", f"/dataset/{UNKNOWN}/training/frames/meta?limit=-1", 422),
        ("GET", f"/dataset/{UNKNOWN}/training/frames/meta?limit=many", 422),
        ("GET", f"/dataset/{UNKNOWN}/training/frames/meta?limit=1000001", 422),
        ("GET", f"/dataset/{UNKNOWN}/training/frames/meta?limit=1&limit=2", 422),
    ],
)
def test_every_error_has_the_one_form(send, method, path, status):
    detail_of(send(method, path), status)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/dataset/{}/training/blob"),
        ("POST", "/dataset/{}/frames/linked"),
        ("POST", "/dataset/{}/annotation/classification"),
        ("POST", "/dataset/{}/training/annotation/detection"),
        ("DELETE", "/dataset/{}/training/annotation/segmentation"),
        ("PUT", "/dataset/{}/test/frame/7"),
        ("POST", "/dataset/{}/validation/embeddings"),
        ("GET", "/dataset/{}/validation/embeddings/meta"),
        ("DELETE", "/api/dataset/{}/validation/embedding/7/all"),
    ],
)
def test_what_would_write_into_a_dataset_is_told_where_to_write(send, method, path):
    answer = send(method, path.format(UNKNOWN), json={})

    assert "bucket" in detail_of(answer, 405)
    assert answer.headers["Allow"] == ""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no key"),
        pytest.param({"Authorization": ""}, 401, id="an empty header"),
        pytest.param({"Authorization": "user_api_key"}, 401, id="no colon"),
        pytest.param({"Authorization": "user_api_key:"}, 401, id="no key after the colon"),
        pytest.param({"Authorization": "user_api_key:" + "sluice_" + "0" * 64}, 403, id="an unknown key"),
        pytest.param({"Authorization": "user_api_key:nonsense"}, 403, id="no key at all"),
        pytest.param({"Authorization": "Bearer nonsense"}, 403, id="another form"),
        pytest.param({"Authorization": "user_api_key:" + "x" * 5000}, 403, id="a long one"),
        pytest.param({"Authorization": b"user_api_key:\xff\xfe"}, 403, id="bytes"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/cloud/all"),
        ("POST", "/api/cloud"),
        ("DELETE", f"/api/api/cloud/{UNKNOWN}"),
        ("GET", "/datasets/all"),
        ("POST", f"/dataset/{UNKNOWN}/training/blob"),
    ],
)
def test_who_has_no_key_gets_nothing(service, headers, status, method, path):
    answer = requests.request(method, service.url + path, headers=headers, timeout=60)

    detail_of(answer, status)
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


def test_a_key_that_may_only_read_changes_nothing(service, send, storage_id, name):
    with service.accounts() as accounts:
        key = accounts.create_key(name, read_only=True).key
    headers = {"Authorization": f"user_api_key:{key}"}

    assert send("GET", f"/api/cloud/{storage_id}", headers=headers).status_code == 200
    detail_of(send("PUT", f"/api/cloud/{storage_id}?synchronize=true", headers=headers), 403)
    detail_of(send("DELETE", f"/api/cloud/{storage_id}", headers=headers), 403)
    detail_of(send("POST", "/api/cloud", json=STORAGE, headers=headers), 403)


def test_a_worker_may_make_nothing(service, name):
    headers = service.person(name, Role.WORKER).headers

    for path, given in (("/api/cloud", STORAGE), ("/dataset", {"dataset_name": "flowers"})):
        detail_of(requests.post(service.url + path, json=given, headers=headers, timeout=60), 403)
    assert requests.get(f"{service.url}/api/cloud/all", headers=headers, timeout=60).json() == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_foreign_page_changes_nothing(send, storage_id, method):
    path = "/api/cloud" if method == "POST" else f"/api/cloud/{storage_id}"
    detail_of(send(method, path, json={"synchronize": True}, headers={"Origin": "https://evil.example"}), 403)
    assert send("GET", f"/api/cloud/{storage_id}").json()["synchronize"] is False


@pytest.mark.parametrize("body", [b'{"secret_key": "s3cret-of-this-test"}', b"{bad", b"x" * 2_000_000])
def test_a_body_where_none_is_meant_is_ignored(send, storage_id, body):
    headers = {"Content-Type": "application/json"}

    assert send("GET", "/api/cloud/all", data=body, headers=headers).status_code == 200
    assert send("GET", f"/api/cloud/{storage_id}", data=body, headers=headers).status_code == 200
    assert send("GET", "/datasets/all?storage_config=a&storage_config=b", data=body, headers=headers).json() == []
    assert send("DELETE", f"/api/cloud/{storage_id}", data=body, headers=headers).json() == {"id": storage_id}


@pytest.mark.parametrize("path", ["/api/cloud/all/", "/api/api/clouds/all/", "/datasets/all/", "/api/cloud/all"])
def test_answers_are_neither_redirected_nor_packed(send, path):
    answer = send("GET", path, headers={"Accept-Encoding": "gzip, br"})

    assert (answer.status_code, answer.json()) == (200, [])
    assert answer.headers["Content-Type"] == "application/json"
    assert "Content-Encoding" not in answer.headers


def test_two_slashes_lead_nowhere(send):
    assert send("POST", "/api//cloud", json=STORAGE).status_code == 404


def test_a_dataset_can_be_removed(send):
    dataset_id = send("POST", "/dataset", json={}).json()["dataset_id"]

    assert send("DELETE", f"/dataset/{dataset_id}").json() == {"dataset_id": dataset_id}
    assert send("GET", "/datasets/all").json() == []


@pytest.mark.parametrize(
    ("given", "status", "named"),
    [
        pytest.param({"dataset_name": "x" * 33}, 422, "dataset_name", id="a long name"),
        pytest.param({"dataset_description": "x" * 257}, 422, "dataset_description", id="a long description"),
        pytest.param({"dataset_name": 5}, 422, "dataset_name", id="a number"),
        pytest.param({"name": "x"}, 422, "name", id="an unknown field"),
        pytest.param({"storage_config": []}, 422, "storage_config", id="a config that is a list"),
        pytest.param({"storage_config": {"bucket": "b"}}, 422, "storage_config.bucket", id="an unknown field in it"),
        pytest.param(
            {"storage_config": {"dataset_name_in_storage": "../x"}}, 422, "in_storage", id="a folder that climbs"
        ),
        pytest.param({"storage_config": {"cloud_storage_id": UNKNOWN}}, 404, "", id="no such storage"),
        pytest.param({"storage_config": {"cloud_storage_id": "None"}}, 404, "", id="no id of a storage"),
        pytest.param({"storage_config": {"cloud_storage_id": "\ud800"}}, 404, "", id="half a character as an id"),
        pytest.param({"dataset_name": "\ud800"}, 422, "name", id="half a character as a name"),
        pytest.param({"dataset_description": "a\x00b"}, 422, "description", id="a description with NUL"),
    ],
)
def test_a_dataset_that_cannot_be_is_not_made(send, given, status, named):
    assert named in detail_of(send("POST", "/dataset", json=given), status)
    assert send("GET", "/datasets/all").json() == []


def test_an_unbound_dataset_says_how_to_bind_it(send):
    dataset_id = send("POST", "/dataset", json={"dataset_name": "flowers"}).json()["dataset_id"]

    detail_of(send("PUT", f"/dataset/{dataset_id}/synchronize"), 422)
    assert send("GET", f"/dataset/{dataset_id}/problems").json() == []


def test_the_openapi_document_names_each_route_once(service):
    document = requests.get(service.url + "/openapi/cval.json", timeout=60).json()

    assert sorted(document["paths"]) == [
        "/api/cloud", "/api/cloud/all", "/api/cloud/{storage_id}", "/api/clouds/all", "/dataset", "/dataset/{dataset_id}",
        "/dataset/{dataset_id}/problems", "/dataset/{dataset_id}/synchronize",
        "/dataset/{dataset_id}/{part}/annotation/{form}", "/dataset/{dataset_id}/{part}/frames/meta", "/datasets/all",
    ]  # fmt: skip
    fields = document["components"]["schemas"]["NewStorage"]
    assert sorted(fields["required"]) == ["access_key", "bucket", "endpoint", "secret_key"]
    assert fields["properties"]["synchronize"]["type"] == "boolean"
    assert [one["name"] for one in document["paths"]["/api/cloud/{storage_id}"]["put"]["parameters"]] == ["synchronize"]
