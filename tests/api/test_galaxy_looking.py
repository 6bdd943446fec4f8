"""A look into cloud storage over HTTP, by every way that an authorization can lead there."""

import json
from contextlib import closing
from urllib.parse import quote

import pytest
import requests

from app.accounts.caller import Role
from app.authorizations.contract import MASK
from app.storages.gcs.address import GcsAddress
from app.storages.registry import open_storage
from tests.support.azurite import ACCOUNT, client_of
from tests.support.browsing import put
from tests.support.buckets import Bucket
from tests.support.galaxy import UNKNOWN, Galaxy
from tests.support.gcs_keys import key_file
from tests.support.people import CANARY
from tests.support.servers import ACCESS_KEY, black_hole, scripted
from tests.support.service import running_service
from tests.support.trees import bucket_objects

LOOK = "/api/cloud/storage"
OBJECTS = {"a.bed": b"1", "b/c.bed": b"22", "b/d/e.bed": b"333", "f.bed": b"4444", "g h.bed": b""}
ROLE = {"role_arn": "arn:aws:iam::123456789012:role/reader", "id_token": "a.web.identity"}


@pytest.fixture(scope="module")
def lending(tmp_path_factory, rclone, moto):
    """A service that has keys lent by moto."""
    with running_service(tmp_path_factory.mktemp("lending"), rclone, STS_URL=moto.endpoint) as service:
        yield service


@pytest.fixture
def anna(lending, name):
    return Galaxy(lending, lending.person(f"anna-{name}"))


@pytest.fixture
def bucket(rclone, name):
    bucket = Bucket(rclone, f"look-{name}")
    bucket.put(OBJECTS)
    yield bucket
    bucket.drop()
    bucket.close()


@pytest.fixture
def rented(moto, name):
    """A bucket of moto's."""
    bucket = Bucket(moto, f"look-{name}")
    bucket.put(OBJECTS)
    yield bucket
    bucket.drop()
    bucket.close()


@pytest.fixture
def authz(anna, rclone):
    return anna.authorization(rclone)


@pytest.fixture
def authorize(anna):
    """Make an authorization and return its id."""

    def make(provider, **config):
        return anna.told("POST", "/api/cloud/authz", json={"provider": provider, "config": config})["id"]

    return make


@pytest.fixture
def look(anna):
    return lambda **query: anna.call("GET", LOOK, params=query)


def names(answer):
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["buckets"]]


def refused(answer):
    told = answer.json()
    return answer.status_code, told["err_code"], told["err_msg"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_bucket_is_shown_level_by_level(anna, authz, bucket, slash):
    def shown(**query):
        return anna.told("GET", LOOK + slash, params={"authz_id": authz, "bucket": bucket.name, **query})

    top, below = shown(), shown(prefix="b/")

    assert (top["bucket"], top["prefix"], top["next_token"]) == (bucket.name, "", None)
    assert top["folders"] == ["b/"]
    assert [(each["name"], each["size"]) for each in top["objects"]] == [("a.bed", 1), ("f.bed", 4), ("g h.bed", 0)]
    assert all(len(each["update_time"]) == len("2026-01-01T00:00:00.000000") for each in top["objects"])
    assert (below["prefix"], below["folders"], [each["name"] for each in below["objects"]]) == (
        "b/",
        ["b/d/"],
        ["b/c.bed"],
    )
    assert shown(prefix="nothing")["objects"] == []


def test_a_bucket_is_shown_page_by_page(look, authz, bucket):
    found, token = [], None
    for _ in range(4):
        page = look(authz_id=authz, bucket=bucket.name, limit=1, token=token).json()
        found += page["folders"] + [each["name"] for each in page["objects"]]
        token = page["next_token"]

    assert found == ["a.bed", "b/", "f.bed", "g h.bed"]
    assert token is None


def every_name(look, authz):
    """Return the names of all buckets, those of other tests too, which may be more than a page."""
    token = ""
    while token is not None:
        page = look(authz_id=authz, token=token)
        yield from names(page)
        token = page.json()["next_token"]


def test_buckets_are_shown_page_by_page_and_by_how_their_names_start(look, authz, rclone, name):
    made = [Bucket(rclone, f"{name}-{letter}") for letter in "abc"]
    try:
        assert set(every_name(look, authz)) >= {one.name for one in made}
        first = look(authz_id=authz, prefix=f"{name}-", limit=2)
        rest = look(authz_id=authz, prefix=f"{name}-", limit=2, token=first.json()["next_token"])
        assert names(first) + names(rest) == [one.name for one in made]
        assert rest.json()["next_token"] is None
    finally:
        for one in made:
            one.drop()
            one.close()


def test_a_role_that_is_taken_on_with_a_web_identity_opens_its_buckets(look, authorize, moto, rented):
    role = authorize("aws", **ROLE, token_ttl=900, role_session_name="a look", endpoint=moto.endpoint)

    assert rented.name in names(look(authz_id=role))
    assert look(authz_id=role, bucket=rented.name, prefix="b/").json()["folders"] == ["b/d/"]


@pytest.mark.slow
def test_a_role_opens_its_bucket_for_jobs_too(anna, authorize, moto, rented):
    role, history = authorize("aws", **ROLE, endpoint=moto.endpoint), anna.history()
    place = {"history_id": history, "authz_id": role, "bucket": rented.name}
    got = anna.told("POST", "/api/cloud/storage/get", json=place | {"objects": ["f.bed", "b/c.bed"]})
    assert [anna.ended_dataset(one["id"])["state"] for one in got] == ["ok", "ok"]
    assert [anna.content(one["id"]) for one in got] == [b"4444", b"22"]

    sent = anna.told("POST", "/api/cloud/storage/send", json=place | {"overwrite_existing": True})
    labels = [json.loads(label) for label in sent["sent_dataset_labels"]]
    assert sorted(label["object"] for label in labels) == ["b/c.bed", "f.bed"]
    assert [anna.ended_job(label["job_id"])["state"] for label in labels] == ["ok", "ok"]
    assert bucket_objects(rented.server, rented.name) == OBJECTS


@pytest.mark.slow
@pytest.mark.parametrize("form", ["account key", "SAS token", "connection string"])
def test_a_container_of_azure_is_looked_into(look, authorize, azurite, name, form):
    address = azurite.container(f"look-{name}")
    with client_of(address) as container:
        container.create_container()
        for key, data in OBJECTS.items():
            container.upload_blob(key, data)
    endpoint = {"storage_account": ACCOUNT, "endpoint": azurite.url}
    config = {
        "account key": endpoint | {"account_key": azurite.account_key},
        "SAS token": endpoint | {"sas_token": azurite.shared(address.container, "rl").sas_token},
        "connection string": {
            "connection_string": f"BlobEndpoint={azurite.url};AccountName={ACCOUNT};AccountKey={azurite.account_key}"
        },
    }[form]
    authz_id = authorize("azure", **config)
    told = look(authz_id=authz_id, bucket=address.container).json()

    assert (told["folders"], [each["name"] for each in told["objects"]]) == (["b/"], ["a.bed", "f.bed", "g h.bed"])
    if form == "SAS token":  # it is for one container
        assert refused(look(authz_id=authz_id))[:2] == (403, 403002)
    else:
        assert address.container in names(look(authz_id=authz_id))
    with client_of(address) as container:
        container.delete_container()


def test_a_bucket_of_google_is_looked_into(look, authorize, fake_gcs):
    documented = ("project_id", "private_key_id", "private_key", "client_email", "client_id")
    config = {field: value for field, value in key_file().items() if field in documented}
    with closing(open_storage("gcs", address=GcsAddress("photos", fake_gcs.endpoint, key_file()))) as storage:
        storage.create()
        for key, data in OBJECTS.items():
            put(storage, key, data)
    fake_gcs.allowed |= {"storage.buckets.list"}
    authz_id = authorize("gcp", **config, endpoint=fake_gcs.endpoint)
    told = look(authz_id=authz_id, bucket="photos").json()

    assert (told["folders"], [each["name"] for each in told["objects"]]) == (["b/"], ["a.bed", "f.bed", "g h.bed"])
    assert names(look(authz_id=authz_id)) == ["photos"]


def test_a_connection_opens_its_own_bucket_and_no_other(anna, rclone, bucket, look, authorize, name):
    body = {
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "display_name": f"photos {name}",
        "provider_type": "AWS_S3_BUCKET",
        "resource": bucket.name,
        "key": ACCESS_KEY,
        "secret_key": rclone.secret_key,
        "specific_attributes": f"endpoint_url={quote(rclone.endpoint, safe='')}",
    }
    assert anna.call("POST", "/api/cloudstorages", json=body).status_code == 201
    authz_id = authorize("aws", connection=f"photos {name}")

    assert names(look(authz_id=authz_id)) == [bucket.name]
    assert look(authz_id=authz_id, bucket=bucket.name).json()["folders"] == ["b/"]
    other = refused(look(authz_id=authz_id, bucket="other"))
    assert other == (403, 403002, "Could not get the bucket `other`: The bucket `other` not found.")


@pytest.mark.parametrize("bucket", ["not-there", "x", "No Bucket", "a/b", "ä" * 300])
def test_a_bucket_that_is_not_there_is_told_as_galaxy_does(look, authz, bucket):
    sentence = f"Could not get the bucket `{bucket}`: The bucket `{bucket}` not found."

    assert refused(look(authz_id=authz, bucket=bucket)) == (403, 403002, sentence)


NO_KEYS = "The following required key(s) are missing from the provided credentials object: {}"


@pytest.mark.parametrize(
    ("provider", "config", "status", "code", "sentence"),
    [
        pytest.param("aws", {}, 400, 400007, NO_KEYS.format(["access_key", "secret_key"]), id="no keys"),
        pytest.param("aws", {"role_arn": "arn"}, 400, 400007, NO_KEYS.format(["id_token"]), id="a role that nothing proves"),
        pytest.param("azure", {"tenant_id": "t", "client_id": "c", "client_secret": "s"}, 400, 400007, NO_KEYS.format(["storage_account", "account_key"]), id="what is documented for Azure"),
        pytest.param("gcp", {"project_id": "p"}, 400, 400007, NO_KEYS.format(["private_key_id", "private_key", "client_email"]), id="no key file"),
        pytest.param("openstack", {"username": "u"}, 400, 400008, "Authorization flow for the provider `openstack` is not implemented.", id="another provider"),
        pytest.param("aws", {"access_key": "a", "secret_key": "s", "endpoint": "ftp://h"}, 400, 400008, None, id="no endpoint"),
        pytest.param("aws", {"access_key": "a", "secret_key": "s", "endpoint": "http://169.254.169.254"}, 400, 400008, None, id="a metadata service"),
        pytest.param("aws", {"connection": "none"}, 400, 400008, None, id="a connection that is not there"),
        pytest.param("aws", {"access_key": "a", "secret_key": "s", "endpoint": "http://127.0.0.1:9"}, 403, 403002, None, id="nobody answers"),
        pytest.param("aws", {"access_key": "a", "secret_key": "s", "endpoint": "http://no-such-host"}, 403, 403002, None, id="an unknown host"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("what", [{"bucket": "photos"}, {}])
def test_why_there_is_nothing_to_see_is_told(look, authorize, provider, config, status, code, sentence, what):
    told = refused(look(authz_id=authorize(provider, **config), **what))

    assert told[:2] == (status, code)
    assert told[2] == sentence or (sentence is None and told[2])


@pytest.mark.parametrize("what", [{"bucket": "photos"}, {}])
def test_wrong_keys_are_told_without_them(look, anna, rclone, what):
    wrong = anna.authorization(rclone, secret_key=CANARY)
    status, code, told = refused(look(authz_id=wrong, **what))

    assert (status, code) == (403, 403002)
    assert CANARY not in told


@pytest.mark.slow
def test_an_identity_that_is_not_accepted_is_told(tmp_path, rclone):
    refusal = "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>canary</Message></Error></ErrorResponse>"
    with (
        scripted(lambda *_: (400, refusal), "text/xml") as sts,
        running_service(tmp_path, rclone, STS_URL=sts) as service,
    ):
        anna = Galaxy(service, service.person("anna"))
        made = anna.told(
            "POST", "/api/cloud/authz", json={"provider": "aws", "config": ROLE | {"endpoint": rclone.endpoint}}
        )
        for what in ({}, {"bucket": "photos"}):
            status, code, told = refused(anna.call("GET", LOOK, params={"authz_id": made["id"], **what}))
            assert (status, code) == (401, 401001)
            assert "canary" not in told
            assert ROLE["id_token"] not in told


@pytest.mark.slow
def test_what_never_answers_is_given_up_within_seconds(look, anna, rclone):
    with black_hole() as endpoint:
        status, code, told = refused(look(authz_id=anna.authorization(rclone, endpoint=endpoint), bucket="photos"))

    assert (status, code) == (403, 403002)
    assert "photos" in told


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        pytest.param({}, 400, 400007, id="no authorization"),
        pytest.param({"authz_id": "x"}, 400, 400009, id="no id"),
        pytest.param({"authz_id": UNKNOWN}, 400, 400009, id="an id that is rubbish"),
        pytest.param({"limit": "0"}, 400, 400008, id="no limit"),
        pytest.param({"limit": "1001"}, 400, 400008, id="too many"),
        pytest.param({"limit": "-1"}, 400, 400008, id="less than nothing"),
        pytest.param({"limit": "ten"}, 400, 400008, id="no number"),
        pytest.param({"token": "not-ours"}, 400, 400008, id="a token that nobody made"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(look, authz, bucket, query, status, code):
    base = {} if not query or "authz_id" in query else {"authz_id": authz, "bucket": bucket.name}

    assert refused(look(**base | query))[:2] == (status, code)


def test_what_somebody_else_has_is_refused_and_what_nobody_has_is_not_found(anna, lending, authz, bucket, name):
    bert = Galaxy(lending, lending.person(f"bert-{name}"))
    boss = Galaxy(lending, lending.person(f"boss-{name}", Role.ADMIN))

    for what in ({}, {"bucket": bucket.name}):
        assert refused(bert.call("GET", LOOK, params={"authz_id": authz, **what}))[:2] == (403, 403002)
        missing = {"authz_id": anna.encoded(10**6), **what}
        assert refused(anna.call("GET", LOOK, params=missing)) == (
            404,
            404001,
            "An authorization configuration with given ID not found.",
        )
        assert boss.told("GET", LOOK, params={"authz_id": authz, **what})


def test_who_is_nobody_sees_nothing(lending, authz):
    answer = requests.get(lending.url + LOOK, params={"authz_id": authz}, timeout=30)

    assert refused(answer)[:2] == (403, 403008)


def test_a_change_counts_at_once(anna, look, authorize, moto, rented, rclone):
    role = authorize("aws", **ROLE, endpoint=moto.endpoint)
    assert look(authz_id=role, bucket=rented.name).status_code == 200
    used = anna.told("GET", f"/api/cloud/authz/{role}")["last_activity"]
    anna.told(
        "PUT", f"/api/cloud/authz/{role}", json={"config": ROLE | {"id_token": MASK, "endpoint": rclone.endpoint}}
    )

    assert refused(look(authz_id=role, bucket=rented.name))[0] == 403
    assert used >= anna.told("GET", f"/api/cloud/authz/{role}")["last_update"]
