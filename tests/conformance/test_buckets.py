"""Which buckets the credentials of a connection show, on each kind of storage, and what stands in the way."""

import json
import socket
import uuid
from contextlib import closing

import pytest

from app.connections.address import AddressPolicy
from app.connections.azure_kind import AzureKind
from app.connections.gcs_kind import GcsKind
from app.connections.s3_kind import S3Kind
from app.errors import AccessDenied, InvalidCredentials, ListingBroken, StorageFailure, StorageUnreachable
from app.storages.azure.storage import AzureStorage
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.storage import GcsStorage
from app.storages.registry import buckets_of
from app.storages.s3 import S3Address, S3Storage
from tests.support.gcs_answers import Answer
from tests.support.gcs_keys import OTHER_PRIVATE_KEY, PROJECT, key_file
from tests.support.gcs_model import Bucket
from tests.support.places import place, resolver
from tests.support.servers import ACCESS_KEY, scripted

SECRET = "c2VjcmV0c2VjcmV0"
ANYWHERE = AddressPolicy()


def names(letter):
    return [f"{letter}{uuid.uuid4().hex}" for _ in range(3)]


def s3_place(endpoint):
    return {"endpoint": endpoint, "bucket": "any-bucket", "region": "us-east-1"}


def azure_place(url, account):
    endpoint, _, path = url.rpartition("/")
    return {"endpoint": endpoint, "path": f"/{path}", "account": account, "bucket": "any-bucket"}


def gcs_place(endpoint, **other):
    return {"endpoint": endpoint, "bucket": "any-bucket", **other}


def gcs_credentials(**other):
    return {"key_file": json.dumps(key_file(**other))}


def test_s3_shows_every_bucket_in_order(server):
    made = names("b")
    for name in reversed(made):
        with closing(S3Storage(server.bucket(name))) as storage:
            storage.create()
    credentials = {"access_key": ACCESS_KEY, "secret_key": server.secret_key}
    found = S3Kind(ANYWHERE, "us-east-1").buckets(s3_place(server.endpoint), credentials)
    assert [name for name in found if name in made] == sorted(made)
    assert list(found) == sorted(found)


@pytest.mark.slow
def test_azure_shows_every_container_in_order(azurite):
    made = names("c")
    for name in reversed(made):
        with closing(AzureStorage(azurite.container(name))) as storage:
            storage.create()
    address = azurite.container("any")
    found = AzureKind(ANYWHERE).buckets(azure_place(azurite.url, address.account), {"token": azurite.account_key})
    assert [name for name in found if name in made] == sorted(made)
    assert list(found) == sorted(found)


def test_gcs_shows_every_bucket_in_order(emulated_gcs):
    made = names("b")
    for name in reversed(made):
        with closing(GcsStorage(GcsAddress(name, emulated_gcs))) as storage:
            storage.create()
    found = GcsKind(ANYWHERE).buckets(gcs_place(emulated_gcs), {})
    assert [name for name in found if name in made] == sorted(made)
    assert list(found) == sorted(found)


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_gcs_shows_the_buckets_of_the_key_files_project_over_all_pages(fake_gcs, at_once):
    fake_gcs.buckets_at_once = at_once
    fake_gcs.buckets |= {name: Bucket(name) for name in ("b3", "b1", "b2")}
    found = GcsKind(ANYWHERE).buckets(gcs_place(fake_gcs.endpoint), gcs_credentials())
    assert list(found) == ["b1", "b2", "b3"]
    assert {seen.query["project"] for seen in fake_gcs.seen} == {PROJECT}


def test_gcs_asks_for_the_project_that_is_named(fake_gcs):
    place_of_another = gcs_place(fake_gcs.endpoint, project="another-project")
    assert list(GcsKind(ANYWHERE).buckets(place_of_another, gcs_credentials())) == []
    assert fake_gcs.seen[0].query["project"] == "another-project"


def s3_listing(*found, token=""):
    buckets = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in found)
    more = f"<ContinuationToken>{token}</ContinuationToken>" if token else ""
    return f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets>{more}</ListAllMyBucketsResult>"


def azure_listing(*found, marker=""):
    containers = "".join(
        f"<Container><Name>{name}</Name><Properties><Last-Modified>Mon, 01 Jan 2024 00:00:00 GMT</Last-Modified>"
        "<Etag>x</Etag></Properties></Container>"
        for name in found
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://x/">'
        f"<Containers>{containers}</Containers><NextMarker>{marker}</NextMarker></EnumerationResults>"
    )


def s3(endpoint):
    return buckets_of("s3", address=S3Address(endpoint, "bucket", "AKIAEXAMPLE", SECRET))


def azure(endpoint):
    address = {"endpoint": endpoint, "account": "account", "bucket": "any-bucket"}
    return AzureKind(ANYWHERE).buckets(address, {"token": SECRET})


def gcs(endpoint):
    return buckets_of("gcs", address=GcsAddress("bucket", endpoint))


KINDS = {"s3": s3, "azure": azure, "gcs": gcs}
EVERY_KIND = pytest.mark.parametrize("ask", KINDS.values(), ids=KINDS)


def test_pages_of_s3_and_azure_are_followed():
    def of_s3(_, path):
        return 200, s3_listing("b1") if "continuation-token=next" in path else s3_listing("b2", token="next")

    def of_azure(_, path):
        return 200, azure_listing("c1") if "marker=next" in path else azure_listing("c2", marker="next")

    with scripted(of_s3) as endpoint:
        assert s3(endpoint) == ["b1", "b2"]
    with scripted(of_azure) as endpoint:
        assert azure(endpoint) == ["c1", "c2"]


@pytest.mark.parametrize(
    ("ask", "page", "content_type"),
    [
        pytest.param(s3, s3_listing("b", token="again"), "application/xml", id="s3"),
        pytest.param(azure, azure_listing("c", marker="again"), "application/xml", id="azure"),
        pytest.param(gcs, '{"kind": "storage#buckets", "nextPageToken": "again"}', "application/json", id="gcs"),
    ],
)
def test_pages_that_do_not_end_are_told(ask, page, content_type):
    asked = []
    endless = scripted(lambda *_: asked.append(1) or (200, page), content_type)
    with endless as endpoint, pytest.raises(ListingBroken, match="does not end"):
        ask(endpoint)
    assert len(asked) == 100


@pytest.mark.parametrize("made", ["1e300", "inf", "some day"])
def test_a_bucket_of_s3_that_was_made_beyond_all_time_is_none(made):
    page = s3_listing("b").replace("</Name>", f"</Name><CreationDate>{made}</CreationDate>")
    with scripted(lambda *_: (200, page)) as endpoint, pytest.raises(StorageUnreachable, match="not as"):
        s3(endpoint)


@EVERY_KIND
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((200, "<html>Hello</html>"), id="a page"),
        pytest.param((200, "{}"), id="another API"),
        pytest.param((200, ""), id="nothing"),
        pytest.param((404, "<html>Missing</html>"), id="no such page"),
    ],
)
def test_no_other_web_server_is_taken_for_a_storage(ask, answer):
    with scripted(lambda *_: answer, "text/html") as endpoint, pytest.raises(StorageUnreachable, match="not as"):
        ask(endpoint)


@EVERY_KIND
def test_what_is_refused_is_told_without_secrets(ask):
    refusals = {
        s3: "<Error><Code>AccessDenied</Code><Message>of AKIAEXAMPLE</Message></Error>",
        azure: "<Error><Code>AuthorizationFailure</Code><Message>sig=secret</Message></Error>",
        gcs: json.dumps({"error": {"errors": [{"reason": "forbidden", "message": "of me"}]}}),
    }
    with scripted(lambda *_: (403, refusals[ask])) as endpoint, pytest.raises(AccessDenied) as refused:
        ask(endpoint)
    assert "the list of" in str(refused.value)
    assert not any(word in str(refused.value) for word in (SECRET, "AKIAEXAMPLE", "sig=", "of me"))


def test_wrong_keys_are_told_by_rclone(rclone):
    credentials = {"access_key": ACCESS_KEY, "secret_key": "not the secret key"}
    with pytest.raises(InvalidCredentials):
        S3Kind(ANYWHERE, "us-east-1").buckets(s3_place(rclone.endpoint), credentials)


@pytest.mark.slow
def test_wrong_keys_and_tokens_for_one_container_are_told_by_azurite(azurite):
    address = azurite.container("any")
    where = azure_place(azurite.url, address.account)
    shared = azurite.shared("any", "rl")
    for token in (SECRET, shared.sas_token):
        with pytest.raises((InvalidCredentials, AccessDenied)):
            AzureKind(ANYWHERE).buckets(where, {"token": token})


def test_an_unknown_account_and_one_without_the_right_are_told_by_the_fake(fake_gcs):
    where = gcs_place(fake_gcs.endpoint)
    with pytest.raises(InvalidCredentials):
        GcsKind(ANYWHERE).buckets(where, gcs_credentials(private_key=OTHER_PRIVATE_KEY))
    with pytest.raises(AccessDenied):
        GcsKind(ANYWHERE).buckets(where, {})
    fake_gcs.allowed = frozenset()
    with pytest.raises(AccessDenied, match="the list of buckets"):
        GcsKind(ANYWHERE).buckets(where, gcs_credentials())


def test_a_project_that_is_not_there_is_no_missing_bucket(fake_gcs):
    told = json.dumps({"error": {"errors": [{"reason": "notFound"}]}}).encode()
    fake_gcs.trouble = lambda _: Answer(404, {}, told)
    with pytest.raises(StorageFailure, match="no such project"):
        GcsKind(ANYWHERE).buckets(gcs_place(fake_gcs.endpoint), gcs_credentials())


@pytest.mark.parametrize(
    ("kind", "address", "credentials"),
    [
        pytest.param(
            lambda policy: S3Kind(policy, "us-east-1"),
            {"bucket": "any-bucket", "region": "us-east-1"},
            {"access_key": ACCESS_KEY, "secret_key": SECRET},
            id="s3",
        ),
        pytest.param(AzureKind, {"bucket": "any-bucket", "account": "account"}, {"token": SECRET}, id="azure"),
        pytest.param(GcsKind, {"bucket": "any-bucket"}, {}, id="gcs"),
    ],
)
def test_a_name_that_leads_to_a_forbidden_place_is_not_followed(monkeypatch, kind, address, credentials):
    with place("127.0.0.2") as forbidden:
        monkeypatch.setattr(socket, "getaddrinfo", resolver("storage.invalid", lambda: ["127.0.0.2"]))
        where = {**address, "endpoint": f"http://storage.invalid:{forbidden.port}"}
        with pytest.raises(StorageUnreachable, match="refused here"):
            kind(AddressPolicy(denied=["127.0.0.2/32"])).buckets(where, credentials)
        assert forbidden.arrivals() == []
