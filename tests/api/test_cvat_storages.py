"""Cloud storages of the CVAT dialect over HTTP: made, shown, listed, changed and deleted, on a real S3 server."""

import base64
import io
import itertools
import json
import logging
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.connections.contract import CredentialsForm
from tests.support.buckets import Bucket
from tests.support.cvat import CANARY, JSON, MISSING, TEXT, World, made, refused
from tests.support.servers import ACCESS_KEY, scripted

KEYS = [
    "id", "owner", "manifests", "created_date", "updated_date", "provider_type", "resource", "display_name",
    "credentials_type", "specific_attributes", "description", "organization",
]  # fmt: skip

_ENDPOINT = "endpoint_url=http://127.0.0.1:9"

_numbers = itertools.count()


@pytest.fixture(scope="module")
def world(tmp_path_factory, rclone):
    with closing(World(tmp_path_factory.mktemp("cvat"), rclone)) as world:
        yield world


@pytest.fixture(scope="module")
def bucket(rclone):
    with closing(Bucket(rclone, f"cvat-{next(_numbers)}")) as bucket:
        bucket.put({"a.jsonl": b"{}\n{}\n", "sub/b.jsonl": b"{}\n{}\n"})
        yield bucket.name


@pytest.fixture
def storage(world, bucket):
    """The number of a storage that is there, of a test's own."""
    return made(world.send("POST", json=world.body(bucket)))["id"]


def test_a_new_storage_is_shown_with_its_twelve_keys_in_order(world, bucket):
    body = world.body(bucket, description="Of 2026", manifests=["sub/b.jsonl", "a.jsonl"], display_name=" Mine ")
    answer = world.send("POST", json=body)
    storage = made(answer)

    assert list(storage) == KEYS
    assert "Location" not in answer.headers
    user = world.caller("ann").user_id
    assert storage["owner"] == {"url": f"http://localhost/api/users/{user}", "id": user, "username": "ann", "first_name": "", "last_name": ""}  # fmt: skip
    assert storage["manifests"] == ["sub/b.jsonl", "a.jsonl"]
    assert storage["provider_type"] == "AWS_S3_BUCKET"
    assert storage["resource"] == bucket
    assert storage["display_name"] == "Mine"
    assert storage["credentials_type"] == "KEY_SECRET_KEY_PAIR"
    assert storage["specific_attributes"] == body["specific_attributes"]
    assert storage["description"] == "Of 2026"
    assert storage["organization"] is None
    assert storage["created_date"] == storage["updated_date"]
    assert len(storage["created_date"]) == len("2026-01-01T00:00:00.000000Z")
    shown = world.send("GET", f"/{storage['id']}")
    assert (shown.status_code, shown.content_type, shown.json) == (200, JSON, storage)


def test_what_is_made_here_is_seen_by_its_owner_elsewhere(world, storage):
    found = world.services.connections.list(world.caller("ann"))

    assert storage in {connection.number for connection in found}
    shown = world.client.get("/api/cloud/all", headers=world.people["ann"]).json
    assert [one for one in shown if one["endpoint"] == world.server.endpoint]


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html", None, JSON])
def test_json_is_answered_whatever_is_accepted(world, storage, accept):
    headers = {"Accept": accept} if accept else {}

    assert world.send("GET", f"/{storage}", headers=headers).content_type == JSON


UNKNOWN_WORDS = {"owner": {"username": "bob"}, "id": 5, "organization": 9, "no_such": []}


def test_the_owner_is_the_caller_whatever_the_body_says(world, bucket):
    storage = made(world.send("POST", json=world.body(bucket, **UNKNOWN_WORDS)))

    assert storage["owner"]["username"] == "ann"
    assert storage["organization"] is None


def lines(*found):
    return "".join(f"{line}\n" for line in found)


CREATE_ERRORS = [
    pytest.param({"resource": ...}, "resource: This field is required.", id="missing required"),
    pytest.param({"resource": ""}, "resource: This field may not be blank.", id="empty resource"),
    pytest.param({"display_name": ""}, "display_name: This field may not be blank.", id="empty display_name"),
    pytest.param({"display_name": None}, "display_name: This field may not be null.", id="null"),
    pytest.param({"display_name": "x" * 64}, "display_name: Ensure this field has no more than 63 characters.", id="too long"),
    pytest.param({"provider_type": "X"}, 'provider_type: "X" is not a valid choice.', id="bad enum"),
    pytest.param({"provider_type": "\ud800"}, 'provider_type: "?" is not a valid choice.', id="bad enum of half a character"),
    pytest.param({"key_file": "{}"}, "key_file: The submitted data was not a file. Check the encoding type on the form.", id="key_file not a file"),
    pytest.param({"specific_attributes": "x"}, "specific_attributes: Invalid specific attributes", id="specific_attributes malformed"),
    pytest.param({"provider_type": "AZURE_CONTAINER"}, "non_field_errors: Account name or connection string for Azure container was not specified", id="AZURE_CONTAINER with neither"),
    pytest.param({"resource": "aB!"}, "resource: Invalid characters (!,B) were found.", id="illegal characters in resource"),
    pytest.param({"specific_attributes": "prefix=/a"}, 'specific_attributes: Prefix cannot start with forward slash ("/").', id="prefix with a slash"),
    pytest.param({"specific_attributes": "prefix=a//b"}, "specific_attributes: Prefix cannot contain multiple slashes in a row.", id="prefix with an empty segment"),
    pytest.param({"manifests": "m"}, 'manifests: Expected a list of items but got type "str".', id="manifests is not a list"),
    pytest.param({"manifests": ["a", None]}, "manifests: This field may not be null.", id="a manifest is null"),
    pytest.param({"secret_key": "wrong"}, "credentials: Cannot create resource {bucket} with specified credentials. Access forbidden.", id="bucket answers 403"),
    pytest.param({"resource": "no-such-bucket"}, "resource: The resource no-such-bucket not found. It may have been deleted.", id="bucket missing"),
    pytest.param({"specific_attributes": _ENDPOINT}, "resource: The resource {bucket} not found. It may have been deleted.", id="endpoint unreachable"),
    pytest.param({"manifests": ["a.jsonl", "no"]}, "manifests: The 'no' file does not exist on '{bucket}' cloud storage", id="manifest object missing"),
    pytest.param({"resource": "ab"}, "resource: Not a bucket name: ", id="a bucket that cannot be"),
    pytest.param({"specific_attributes": "endpoint_url=minio"}, "specific_attributes: ", id="an endpoint that is none"),
    pytest.param({"specific_attributes": "endpoint_url=http://169.254.169.254"}, "specific_attributes: ", id="an endpoint that is refused"),
    pytest.param({"specific_attributes": "region=a b"}, "specific_attributes: Use letters", id="a region that is none"),
    pytest.param({"specific_attributes": ""}, "specific_attributes: The host s3.us-east-1.amazonaws.com is among", id="no endpoint: Amazon's, which is denied here"),
    pytest.param({"display_name": "a\nb"}, "display_name: Use 1 to 63 characters", id="a line break in a name"),
    pytest.param({"credentials_type": "CONNECTION_STRING"}, 'credentials_type: "CONNECTION_STRING" is not for this provider.', id="credentials of another provider"),
    pytest.param({"provider_type": "AZURE_CONTAINER", "account_name": "ann", "credentials_type": "ACCOUNT_NAME_TOKEN_PAIR"}, "session_token: ", id="no token"),
    pytest.param({"provider_type": "AZURE_CONTAINER", "account_name": "A", "credentials_type": "ANONYMOUS_ACCESS"}, "account_name: ", id="an account that cannot be"),
    pytest.param({"provider_type": "AZURE_CONTAINER", "connection_string": "x", "credentials_type": "CONNECTION_STRING"}, "connection_string: ", id="a connection string that is none"),
    pytest.param({"provider_type": "GOOGLE_CLOUD_STORAGE", "credentials_type": "KEY_FILE_PATH"}, "key_file: ", id="no key file"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "line"), CREATE_ERRORS)
def test_what_cannot_be_made_is_told_in_a_line_and_not_kept(world, bucket, more, line):
    before = world.send("GET").json["count"]
    body = {name: value for name, value in world.body(bucket, **more).items() if value is not ...}
    answer = world.send("POST", data=json.dumps(body), content_type="application/json")

    assert (answer.status_code, answer.content_type) == (400, TEXT), answer.text
    assert answer.text.startswith(line.format(bucket=bucket))
    assert answer.text.count("\n") == 1
    assert answer.text.endswith("\n")
    assert world.send("GET").json["count"] == before


def test_all_that_is_wrong_with_the_fields_is_told_in_their_order(world):
    body = {"manifests": 5, "key": [], "resource": "", "provider_type": "X"}

    refused(
        world.send("POST", json=body),
        lines(
            'provider_type: "X" is not a valid choice.',
            "resource: This field may not be blank.",
            "display_name: This field is required.",
            "credentials_type: This field is required.",
            "key: Not a valid string.",
            'manifests: Expected a list of items but got type "int".',
        ),
        content_type=TEXT,
    )


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"key": ...}, id="a secret alone"),
        pytest.param({"secret_key": ""}, id="a key alone"),
        pytest.param({"key": "", "secret_key": "", "session_token": "x"}, id="a session token alone"),
        pytest.param({"key": "", "secret_key": ""}, id="nothing"),
    ],
)
def test_half_a_key_pair_is_told_in_bare_text(world, bucket, more):
    body = {name: value for name, value in world.body(bucket, **more).items() if value is not ...}

    refused(world.send("POST", json=body), "Insufficient data for authentication", content_type=TEXT)


LISTING = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated></ListBucketResult>'


def forbids_objects(_method, path):
    return (403, "") if "m.jsonl" in path else (200, LISTING)


def breaks(*_):
    return 501, "<Error><Code>NotImplemented</Code><Message>No.</Message></Error>"


def test_a_manifest_that_is_forbidden_is_told(world):
    with scripted(forbids_objects) as url:
        body = world.body("photos", specific_attributes=f"endpoint_url={url}", manifests=["m.jsonl"])
        answer = world.send("POST", json=body)

    said = "manifests: The 'm.jsonl' file does not available on 'photos' cloud storage. Access denied\n"
    refused(answer, said, content_type=TEXT)


def test_any_other_failure_of_a_storage_is_told_in_bare_text(world):
    with scripted(breaks) as url:
        answer = world.send("POST", json=world.body("photos", specific_attributes=f"endpoint_url={url}"))

    assert (answer.status_code, answer.content_type) == (400, TEXT)
    assert not answer.text.startswith(("resource:", "credentials:"))
    assert answer.text


UNREADABLE = [
    pytest.param("{bad", "application/json", 400, "JSON parse error - Expecting property name", id="malformed JSON"),
    pytest.param('{"key": NaN}', "application/json", 400, "JSON parse error - Out of range float values", id="NaN"),
    pytest.param(b'"\xff"', "application/json", 400, "JSON parse error - 'utf-8' codec", id="not UTF-8"),
    pytest.param("[" * 100_000, "application/json", 400, "JSON parse error - ", id="too deep"),
    pytest.param("9" * 5000, "application/json", 400, "JSON parse error - ", id="too long a number"),
    pytest.param("x", "text/plain", 415, 'Unsupported media type "text/plain" in request.', id="text"),
    pytest.param("a=b", "application/x-www-form-urlencoded", 415, "Unsupported media type", id="a form in an address"),
    pytest.param("x", "", 415, 'Unsupported media type "" in request.', id="no type"),
    pytest.param("x", "multipart/form-data", 400, "Multipart form parse error", id="multipart without a boundary"),
]


@pytest.mark.parametrize(("data", "content_type", "status", "said"), UNREADABLE)
def test_a_body_that_cannot_be_read_is_told_as_the_original_does(world, storage, data, content_type, status, said):
    headers = {"Content-Type": content_type}
    answer = world.send("POST", data=data, headers=headers)
    changed = world.send("PATCH", f"/{storage}", data=data, headers=headers)

    assert (answer.status_code, answer.content_type) == (status, JSON)
    assert answer.json["message"].startswith(said)
    assert answer.json["code"] == {400: "parse_error", 415: "unsupported_media_type"}[status]
    assert (changed.status_code, changed.content_type) == (status, JSON)
    assert changed.json["detail"].startswith(said)


def test_a_body_of_more_than_a_mebibyte_is_refused(world, storage):
    for method, path in (("POST", ""), ("PATCH", f"/{storage}")):
        assert world.send(method, path, json={"description": "x" * 1_100_000}).status_code == 413


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_no_body_is_no_fields(world, storage, content_type):
    answer = world.send("POST", data=b"", headers={"Content-Type": content_type})

    assert (answer.status_code, answer.content_type) == (400, TEXT)
    assert answer.text.count("This field is required.") == 4
    assert world.send("PATCH", f"/{storage}", data=b"", headers={"Content-Type": content_type}).status_code == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[]", "Invalid data. Expected a dictionary, but got list."),
        ("null", "No data provided"),
        ("5", "Invalid data. Expected a dictionary, but got int."),
    ],
)
def test_a_body_that_is_no_object_is_told(world, storage, body, said):
    sent = {"data": body, "content_type": "application/json"}

    refused(world.send("POST", **sent), f"non_field_errors: {said}\n", content_type=TEXT)
    refused(world.send("PATCH", f"/{storage}", **sent), {"non_field_errors": [said]})


def test_a_form_of_parts_makes_a_storage(world, bucket):
    fields = world.body(bucket) | {"manifests[1]": "sub/b.jsonl", "manifests[0]": "a.jsonl", "manifests[no]": "x"}
    storage = made(world.send("POST", data=fields, content_type="multipart/form-data"))

    assert storage["manifests"] == ["a.jsonl", "sub/b.jsonl"]


def test_a_form_can_name_its_manifests_as_the_openapi_document_says(world, bucket):
    fields = world.body(bucket) | {"manifests": ["sub/b.jsonl", "", "a.jsonl"]}
    storage = made(world.send("POST", data=fields, content_type="multipart/form-data"))

    assert storage["manifests"] == ["sub/b.jsonl", "a.jsonl"]


def test_the_openapi_document_says_what_is_answered_and_how_an_organisation_is_named(world):
    paths = world.client.get("/openapi/cvat.json").json["paths"]
    listing = paths["/api/cloudstorages"]

    for operation, status in ((listing["get"], "200"), (listing["post"], "201")):
        assert [*operation["responses"][status]["content"]] == [JSON]
        named = {(parameter["in"], parameter["name"]) for parameter in operation["parameters"]}
        assert named >= {("query", "org"), ("query", "org_id"), ("header", "X-Organization")}
    assert {parameter["name"] for parameter in paths["/api/users"]["get"]["parameters"]} == {
        "page",
        "page_size",
        "username",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "key_file: The submitted file is empty.\n", id="empty"),
        pytest.param(b"\xff\xfe", "key_file: The file is no text in UTF-8.\n", id="not UTF-8"),
        pytest.param(b"x" * 70_000, "key_file: Use a file of at most 65536 bytes.\n", id="too large"),
        pytest.param(b"no JSON", "key_file: ", id="no JSON"),
        pytest.param(b'{"type": "authorized_user"}', "key_file: ", id="of another kind"),
    ],
)
def test_a_key_file_that_is_none_is_told(world, content, said):
    fields = {
        "provider_type": "GOOGLE_CLOUD_STORAGE",
        "resource": "photos",
        "display_name": "Photos",
        "credentials_type": "KEY_FILE_PATH",
        "specific_attributes": "endpoint_url=http://127.0.0.1:9",
        "key_file": (io.BytesIO(content), "key.json"),
    }
    answer = world.send("POST", data=fields, content_type="multipart/form-data")

    assert (answer.status_code, answer.content_type) == (400, TEXT)
    assert answer.text.startswith(said)


# What changes


def test_a_change_is_answered_with_the_whole_storage(world, storage):
    before = world.send("GET", f"/{storage}").json
    answer = world.send("PATCH", f"/{storage}", json={"display_name": "Other", "description": "New"})

    assert (answer.status_code, answer.content_type) == (200, JSON)
    assert list(answer.json) == KEYS
    changed = before | {"display_name": "Other", "description": "New", "updated_date": answer.json["updated_date"]}
    assert answer.json == changed == world.send("GET", f"/{storage}").json


@pytest.mark.parametrize(
    "named", [{"json": {}}, {"data": b"", "headers": {"Content-Type": "application/json"}}, {"data": {}, "content_type": "multipart/form-data"}]
)  # fmt: skip
def test_a_change_of_nothing_bumps_the_time_alone(world, storage, named):
    before = world.send("GET", f"/{storage}").json
    changed = world.send("PATCH", f"/{storage}", **named).json

    assert changed["updated_date"] > before["updated_date"]
    assert changed | {"updated_date": 0} == before | {"updated_date": 0}


def test_provider_owner_and_organisation_stay(world, storage):
    body = UNKNOWN_WORDS | {"provider_type": "GOOGLE_CLOUD_STORAGE", "organization": world.organisations["team"]}
    before = world.send("GET", f"/{storage}").json
    changed = world.send("PATCH", f"/{storage}", json=body).json

    assert changed | {"updated_date": 0} == before | {"updated_date": 0}


def test_manifests_stay_when_left_out_and_only_new_ones_are_looked_for(world, rclone):
    with closing(Bucket(rclone, f"cvat-{next(_numbers)}")) as own:
        own.put({"m": b"", "n": b""})
        storage = made(world.send("POST", json=world.body(own.name, manifests=["m"])))["id"]
        assert world.send("PATCH", f"/{storage}", json={"display_name": "x"}).json["manifests"] == ["m"]
        own.delete("m")
        assert world.send("PATCH", f"/{storage}", json={"manifests": ["m", "n"]}).json["manifests"] == ["m", "n"]
        assert world.send("PATCH", f"/{storage}", json={"manifests": []}).json["manifests"] == []


CHANGE_ERRORS = [
    pytest.param({"display_name": ""}, {"display_name": ["This field may not be blank."]}, id="blank"),
    pytest.param({"display_name": None}, {"display_name": ["This field may not be null."]}, id="null"),
    pytest.param({"credentials_type": "X"}, {"credentials_type": ['"X" is not a valid choice.']}, id="bad enum"),
    pytest.param({"resource": "a_b"}, {"resource": ["Invalid characters (_) were found."]}, id="characters"),
    pytest.param({"manifests": "m"}, {"manifests": {"non_field_errors": ['Expected a list of items but got type "str".']}}, id="manifests not a list"),
    pytest.param({"specific_attributes": "x"}, {"specific_attributes": ["Invalid specific attributes"]}, id="attributes"),
    pytest.param({"specific_attributes": "prefix=/a"}, ['Prefix cannot start with forward slash ("/").'], id="prefix"),
    pytest.param({"provider_type": "AZURE_CONTAINER"}, {"non_field_errors": ["Account name or connection string for Azure container was not specified"]}, id="Azure without an account"),
    pytest.param({"secret_key": "wrong"}, {"credentials": "Cannot update resource {bucket} with specified credentials. Access forbidden."}, id="forbidden"),
    pytest.param({"resource": "no-such-bucket"}, {"resource": "The resource no-such-bucket not found. It may have been deleted."}, id="bucket missing"),
    pytest.param({"specific_attributes": _ENDPOINT}, {"resource": "The resource {bucket} not found. It may have been deleted."}, id="unreachable"),
    pytest.param({"manifests": ["a.jsonl", "no"]}, {"manifests": "The 'no' file does not exist on '{bucket}' cloud storage"}, id="manifest missing"),
    pytest.param({"key": ""}, ["Insufficient data for authentication"], id="half a key pair"),
    pytest.param({"credentials_type": "CONNECTION_STRING", "connection_string": "x"}, {"credentials_type": ['"CONNECTION_STRING" is not for this provider.']}, id="credentials of another provider"),
    pytest.param({"resource": "ab"}, "resource", id="a bucket that cannot be"),
    pytest.param({"specific_attributes": "endpoint_url=x"}, "specific_attributes", id="an endpoint that is none"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "document"), CHANGE_ERRORS)
def test_what_cannot_be_changed_is_told_as_json_and_changes_nothing(world, bucket, storage, body, document):
    before = world.send("GET", f"/{storage}").json
    answer = world.send("PATCH", f"/{storage}", json=body)

    if isinstance(document, str):
        assert list(answer.json) == [document]
        assert [type(said) for said in answer.json[document]] == [str]
        document = answer.json
    refused(answer, json.loads(json.dumps(document).replace("{bucket}", bucket)))
    assert world.send("GET", f"/{storage}").json == before


def test_every_change_asks_the_storage_again(world, rclone):
    with closing(Bucket(rclone, f"cvat-{next(_numbers)}")) as own:
        storage = made(world.send("POST", json=world.body(own.name)))["id"]
        own.drop()
        answer = world.send("PATCH", f"/{storage}", json={"display_name": "x"})

    refused(answer, {"resource": f"The resource {own.name} not found. It may have been deleted."})
    assert world.send("DELETE", f"/{storage}").status_code == 204


def test_the_secret_alone_can_be_another(world, storage):
    connection = world.services.connections.numbered(world.caller("ann"), storage)
    answer = world.send("PATCH", f"/{storage}", json={"secret_key": world.server.secret_key, "session_token": ""})

    assert answer.status_code == 200
    kept = world.services.connections.credentials(world.caller("ann"), connection.id)
    assert kept == {"access_key": ACCESS_KEY, "secret_key": world.server.secret_key}


def test_the_credentials_of_another_type_are_forgotten(world):
    with scripted(lambda *_: (200, LISTING)) as url:
        body = world.body("photos", specific_attributes=f"endpoint_url={url}")
        storage = made(world.send("POST", json=body))["id"]
        changed = world.send("PATCH", f"/{storage}", json={"credentials_type": "ANONYMOUS_ACCESS", "key": "x"})
        back = world.send("PATCH", f"/{storage}", json={"credentials_type": "KEY_SECRET_KEY_PAIR", "key": "x"})

    assert changed.json["credentials_type"] == "ANONYMOUS_ACCESS"
    refused(back, ["Insufficient data for authentication"])


def test_a_storage_is_deleted_once(world, storage):
    gone = world.send("DELETE", f"/{storage}")

    assert (gone.status_code, gone.data) == (204, b"")
    for method in ("DELETE", "GET", "PATCH"):
        refused(world.send(method, f"/{storage}"), MISSING, 404)


@pytest.mark.parametrize("suffix", ["", "/status", "/actions", "/content-v2", "/preview"])
@pytest.mark.parametrize(
    ("number", "document"),
    [
        ("9999", MISSING),
        ("-1", MISSING),
        ("0", MISSING),
        ("9" * 40, MISSING),
        ("abc", {"detail": "Not found."}),
        ("1.5", {"detail": "Not found."}),
        ("%00", {"detail": "Not found."}),
    ],
)
def test_a_storage_that_is_none_is_not_found(world, number, document, suffix):
    refused(world.send("GET", f"/{number}{suffix}"), document, 404)


@pytest.mark.parametrize(("path", "status"), [("/", 404), ("/1/", 404), ("/1/content", 404)])
def test_an_address_that_is_none_is_not_found(world, path, status):
    assert world.send("GET", path).status_code == status


def test_a_method_that_is_none_is_told_with_those_that_are(world, storage):
    answer = world.send("PUT", f"/{storage}", json={})

    refused(answer, {"detail": 'Method "PUT" not allowed.'}, 405)
    assert "PATCH" in answer.headers["Allow"]


@pytest.mark.parametrize("query", ["?provider_type=X", "?provider_type=x&page=2"])
@pytest.mark.parametrize("suffix", ["", "/{}", "/{}/status"])
def test_a_provider_that_is_none_is_refused_everywhere(world, storage, suffix, query):
    refused(world.send("GET", suffix.format(storage) + query), ["Unsupported type of cloud provider"])


def test_a_storage_of_another_provider_than_named_is_not_found(world, storage):
    refused(world.send("GET", f"/{storage}?provider_type=AZURE_CONTAINER"), MISSING, 404)
    assert world.send("GET", f"/{storage}?provider_type=AWS_S3_BUCKET").status_code == 200


# Other providers


def service_account():
    """Return a key file as Google makes them, with a key of its own."""
    key = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    names = {"type": "service_account", "client_email": "sluice@project.iam.gserviceaccount.com", "private_key_id": "1"}
    return json.dumps(names | {"private_key": key.decode()}).encode()


ACCOUNT_KEY = base64.b64encode(b"k" * 64).decode()
AZURE = {"provider_type": "AZURE_CONTAINER", "account_name": "devstore"}
GOOGLE = {"provider_type": "GOOGLE_CLOUD_STORAGE"}
STRING = f"DefaultEndpointsProtocol=http;AccountName=devstore;AccountKey={ACCOUNT_KEY};BlobEndpoint=http://127.0.0.1:9/devstore"

OTHERS = [
    pytest.param({"credentials_type": "ANONYMOUS_ACCESS"}, id="S3, anonymous"),
    pytest.param(AZURE | {"credentials_type": "ANONYMOUS_ACCESS"}, id="Azure, anonymous"),
    pytest.param(AZURE | {"credentials_type": "ACCOUNT_NAME_TOKEN_PAIR", "session_token": "sv=2024-01-01&sig=c2ln"}, id="Azure, token"),
    pytest.param(AZURE | {"credentials_type": "ACCOUNT_NAME_TOKEN_PAIR", "session_token": ACCOUNT_KEY}, id="Azure, account key"),
    pytest.param(AZURE | {"credentials_type": "CONNECTION_STRING", "connection_string": STRING}, id="Azure, connection string"),
    pytest.param(GOOGLE | {"credentials_type": "ANONYMOUS_ACCESS"}, id="Google, anonymous"),
    pytest.param(GOOGLE | {"credentials_type": "KEY_FILE_PATH", "key_file": ...}, id="Google, key file"),
]  # fmt: skip


@pytest.mark.parametrize("more", OTHERS)
def test_the_storage_of_every_kind_of_credentials_is_asked(world, more):
    body = {
        "resource": "photos",
        "display_name": "x",
        "provider_type": "AWS_S3_BUCKET",
        "specific_attributes": _ENDPOINT,
    }
    body |= {
        name: (io.BytesIO(service_account()), "key.json") if value is ... else value for name, value in more.items()
    }
    answer = world.send("POST", data=body, content_type="multipart/form-data")

    refused(answer, "resource: The resource photos not found. It may have been deleted.\n", content_type=TEXT)


# Secrets and hostile input


def test_no_secret_that_was_sent_is_told_again(world, bucket, caplog):
    caplog.set_level(logging.INFO)
    keys = world.body(bucket, key=f"{CANARY}-key", secret_key=f"{CANARY}-secret", session_token=f"{CANARY}-token")
    azure = {"provider_type": "AZURE_CONTAINER", "account_name": "ann", "specific_attributes": "endpoint_url=http://127.0.0.1:9"}  # fmt: skip
    secrets = {
        "session_token": f"sv=2026&sig={CANARY}",
        "connection_string": f"AccountName=ann;AccountKey={CANARY};BlobEndpoint=http://127.0.0.1:9",
    }
    file = {"key_file": (io.BytesIO(f'{{"private_key": "{CANARY}"}}'.encode()), "key.json")}
    google = {"provider_type": "GOOGLE_CLOUD_STORAGE", "credentials_type": "KEY_FILE_PATH", "resource": "photos", "display_name": "x"}  # fmt: skip
    storage = made(world.send("POST", json=world.body(bucket)))["id"]
    answers = [
        world.send("POST", json=keys),
        world.send("POST", json=keys | {"provider_type": "X"}),
        world.send("POST", json=keys | azure | secrets | {"credentials_type": "ACCOUNT_NAME_TOKEN_PAIR"}),
        world.send("POST", json=keys | azure | secrets | {"credentials_type": "CONNECTION_STRING"}),
        world.send("POST", data=google | file, content_type="multipart/form-data"),
        world.send("POST", data=f'{{"secret_key": "{CANARY}", bad', content_type="application/json"),
        world.send("PATCH", f"/{storage}", json={"key": f"{CANARY}-key", "secret_key": f"{CANARY}-secret"}),
        world.send("PATCH", f"/{storage}", json={"secret_key": CANARY * 50}),
        world.send("PATCH", f"/{storage}", json={"session_token": CANARY}),
        *[world.send("GET", path) for path in ("", f"/{storage}", f"/{storage}/status", f"/{storage}/actions")],
    ]

    assert {answer.status_code for answer in answers} <= {200, 400, 403, 404}
    assert [answer.text for answer in answers if CANARY in answer.text] == []
    assert CANARY not in caplog.text


def test_a_secret_that_is_kept_is_in_no_answer_no_job_and_no_file(world, storage):
    connection = world.services.connections.numbered(world.caller("ann"), storage)
    job = world.client.post("/sync", json={"connection": connection.id}, headers=world.people["ann"])
    shown = [world.send("GET", path).text for path in ("", f"/{storage}")]
    kept = [file.read_bytes() for file in world.services.settings.data_dir.rglob("*") if file.is_file()]

    assert job.status_code == 202, job.text
    assert [text for text in [*shown, job.text] if world.server.secret_key in text] == []
    assert [content for content in kept if world.server.secret_key.encode() in content] == []


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(st.text(max_size=60) | st.from_regex(r'\{"(and|or|!|==|in|<=|var)":[\[\]{}",:0-9a-z]{0,30}\}', fullmatch=True))
def test_any_filter_is_answered(world, text):
    assert world.send("GET", query_string={"filter": text, "page_size": "1"}).status_code in (200, 400)


@FUZZ
@given(st.dictionaries(st.sampled_from(["org", "org_id", "page", "page_size", "sort", "search", "name", "credentials_type"]), st.text(max_size=8)))  # fmt: skip
def test_any_query_is_answered(world, query):
    assert world.send("GET", query_string=query).status_code in (200, 400, 403, 404)


@FUZZ
@given(st.text(max_size=40) | st.lists(st.sampled_from(["prefix=", "region=", "endpoint_url=", "%2F", "&", "=", "a", "//", _ENDPOINT]), max_size=8).map("".join))  # fmt: skip
def test_any_attributes_are_answered(world, text):
    assert world.send("POST", json=world.body("photos", specific_attributes=text)).status_code == 400


@FUZZ
@given(st.binary(max_size=200) | st.lists(st.sampled_from([b"--x", b"--x--", b"\r\n", b'Content-Disposition: form-data; name="key_file"', b'; filename="a"', b"manifests[0]", b"\xff", b"a"]), max_size=12).map(b"".join))  # fmt: skip
def test_any_form_is_answered(world, body):
    answer = world.send("POST", data=body, headers={"Content-Type": "multipart/form-data; boundary=x"})

    assert answer.status_code == 400


@FUZZ
@given(st.dictionaries(st.sampled_from(["resource", "display_name", "key", "manifests", "description"]), st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5)))  # fmt: skip
def test_any_value_is_answered(world, values):
    assert world.send("POST", json=world.body("photos", specific_attributes=_ENDPOINT) | values).status_code == 400


def test_a_connection_made_elsewhere_is_shown_in_these_words(world):
    number = world.kept(form=CredentialsForm.ANONYMOUS, credentials={})
    shown = world.send("GET", f"/{number}").json

    assert shown["specific_attributes"] == "region=us-east-1&endpoint_url=http%3A%2F%2F127.0.0.1%3A9"
    assert shown["credentials_type"] == "ANONYMOUS_ACCESS"
