"""Asking storages: before a connection is kept or changed, and for a moment afterwards."""

import threading
from contextlib import closing
from uuid import uuid4

import pytest

from app.connections.contract import OPERATOR, Changes, CredentialsForm
from app.connections.service import ConnectionService
from app.errors import (
    AccessDenied,
    CheckFailed,
    ConnectionUnusable,
    InvalidCredentials,
    InvalidInput,
    NotAllowed,
    NotFound,
    ObjectMissing,
    StorageMissing,
    StorageUnreachable,
    TooBusy,
)
from tests.support.people import CANARY, new_connection
from tests.support.servers import ACCESS_KEY, scripted
from tests.support.trees import bucket_client

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def bucket(rclone):
    name = f"asked-{uuid4().hex}"
    with closing(bucket_client(rclone)) as client:
        client.create_bucket(Bucket=name)
        client.put_object(Bucket=name, Key="a/m.jsonl", Body=b"{}")
    return name


@pytest.fixture
def there(rclone, bucket):
    """Return a connection to be made to a bucket that is there, changed as is given."""

    def new(secret_key=rclone.secret_key, **fields):
        keys = {"access_key": ACCESS_KEY, "secret_key": secret_key}
        return new_connection(credentials=keys, **({"endpoint": rclone.endpoint, "bucket": bucket} | fields))

    return new


@pytest.fixture
def made(service, there):
    return service.create(OPERATOR, there(manifests=["not/there.jsonl"]))


def test_what_is_there_is_kept(service, there):
    made = service.create(OPERATOR, there(manifests=["a/m.jsonl"]), checked=True)

    assert service.list(OPERATOR) == [made]


@pytest.mark.parametrize(
    ("fields", "found", "manifest"),
    [
        pytest.param({"bucket": "not-there"}, StorageMissing, None, id="no bucket"),
        pytest.param({"bucket": "not-there", "manifests": ["a/m.jsonl"]}, StorageMissing, None, id="no bucket, so no manifest either"),
        pytest.param({"secret_key": CANARY}, (InvalidCredentials, AccessDenied), None, id="wrong secret"),
        pytest.param({"endpoint": NOWHERE}, StorageUnreachable, None, id="nobody there"),
        pytest.param({"manifests": ["a/m.jsonl", "no.jsonl", "nor.jsonl"]}, ObjectMissing, "no.jsonl", id="no manifest"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_not_kept(service, there, fields, found, manifest):
    with pytest.raises(CheckFailed) as caught:
        service.create(OPERATOR, there(**fields), checked=True)

    assert isinstance(caught.value.found, found)
    assert caught.value.manifest == manifest
    assert CANARY not in str(caught.value)
    assert service.list(OPERATOR) == []


def test_a_storage_that_refuses_an_object_is_told_from_one_that_refuses_all(service):
    """To whoever may not list, S3 says of what is not there that it is refused."""

    def answer(method, path, *_):
        return (403 if path.partition("?")[0].endswith(".jsonl") else 200), LISTING if method == "GET" else ""

    with scripted(answer, "application/xml") as url:
        new = new_connection(endpoint=url, manifests=["m.jsonl"])
        with pytest.raises(CheckFailed) as caught:
            service.create(OPERATOR, new, checked=True)

    assert isinstance(caught.value.found, AccessDenied)
    assert caught.value.manifest == "m.jsonl"


LISTING = '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>photos</Name><IsTruncated>false</IsTruncated></ListBucketResult>'


def test_nobody_is_asked_for_who_may_not(service, people):
    with pytest.raises(NotAllowed):
        service.create(people.user("wim", "worker"), new_connection(), checked=True)
    with pytest.raises(InvalidInput):
        service.create(OPERATOR, new_connection(bucket="No_Bucket"), checked=True)


def test_only_new_manifests_are_looked_for(service, made):
    changed = service.change(OPERATOR, made.id, Changes(manifests=["not/there.jsonl", "a/m.jsonl"]), checked=True)
    assert changed.manifests == ("not/there.jsonl", "a/m.jsonl")

    with pytest.raises(CheckFailed) as caught:
        service.change(OPERATOR, made.id, Changes(manifests=["a/m.jsonl", "nor.jsonl"]), checked=True)
    assert caught.value.manifest == "nor.jsonl"
    assert service.get(OPERATOR, made.id) == changed


def test_the_storage_is_asked_as_it_would_be(service, made, rclone):
    wrong = {"secret_key": CANARY}
    for changes in (
        Changes(credentials=wrong),
        Changes(address=made.address | {"bucket": "not-there"}),
        Changes(form=CredentialsForm.ANONYMOUS),
    ):
        with pytest.raises(CheckFailed):
            service.change(OPERATOR, made.id, changes, checked=True)
        assert service.get(OPERATOR, made.id) == made
    service.change(OPERATOR, made.id, Changes(credentials=wrong))

    with pytest.raises(CheckFailed):
        service.change(OPERATOR, made.id, Changes(name="even a name alone"), checked=True)
    service.change(OPERATOR, made.id, Changes(credentials={"secret_key": rclone.secret_key}), checked=True)
    assert service.change(OPERATOR, made.id, Changes(name="other"), checked=True).name == "other"


def test_what_cannot_be_opened_is_not_asked_with(service, made, database):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE connections SET sealed = 'nonsense'")

    with pytest.raises(ConnectionUnusable):
        service.change(OPERATOR, made.id, Changes(name="other"), checked=True)


class Meddling:
    """A storage in which each request has a change made of the connection that leads to it."""

    def __init__(self, service, most):
        self.service, self.left, self.connection_id = service, most, None
        self.asked = 0

    def __call__(self, *_):
        self.asked += 1
        if self.connection_id and self.left:
            self.left -= 1
            self.service.change(OPERATOR, self.connection_id, Changes(description=f"{self.left} left"))
        return 200, LISTING


def test_who_changes_it_while_its_storage_is_asked_comes_first_and_nothing_is_lost(service):
    storage = Meddling(service, most=1)
    with scripted(storage, "application/xml") as url:
        storage.connection_id = service.create(OPERATOR, new_connection(endpoint=url)).id
        changed = service.change(OPERATOR, storage.connection_id, Changes(name="other"), checked=True)

    assert (changed.name, changed.description) == ("other", "0 left")
    assert storage.asked >= 2


def test_who_never_gets_a_turn_is_told_to_try_again(service):
    storage = Meddling(service, most=100)
    with scripted(storage, "application/xml") as url:
        storage.connection_id = service.create(OPERATOR, new_connection(endpoint=url)).id
        with pytest.raises(TooBusy):
            service.change(OPERATOR, storage.connection_id, Changes(name="other"), checked=True)

    assert service.get(OPERATOR, storage.connection_id).name == "photos"


def test_others_write_while_a_storage_is_asked(service, database, box, settings):
    """SQLite has one writer: who asked inside of a transaction would keep all others waiting."""
    other = ConnectionService(database, box, settings)

    def answer(*_):
        other.create(OPERATOR, new_connection(name="meanwhile"))
        return 200, LISTING

    with scripted(answer, "application/xml") as url:
        service.create(OPERATOR, new_connection(endpoint=url, name="asked"), checked=True)

    names = [one.name for one in service.list(OPERATOR)]
    assert names[-1] == "asked"
    assert names[0] == "meanwhile"


def test_an_answer_is_what_the_question_returns(service, made):
    assert service.ask(OPERATOR, made.id, lambda storage: [one.key for one in storage.list()]) == ["a/m.jsonl"]
    assert service.ask(OPERATOR, made.id, lambda _: threading.current_thread().name) != threading.current_thread().name


@pytest.mark.parametrize("error", [ObjectMissing("gone"), CheckFailed(ObjectMissing("gone")), ZeroDivisionError("x")])
def test_what_a_question_raises_is_raised(service, made, error):
    def question(_):
        raise error

    with pytest.raises(type(error)) as caught:
        service.ask(OPERATOR, made.id, question)
    assert caught.value is error


def test_an_answer_is_waited_for_no_longer_than_said(service, made):
    enough = threading.Event()
    try:
        with pytest.raises(StorageUnreachable, match="no complete answer"):
            service.ask(OPERATOR, made.id, lambda _: enough.wait(), seconds=0.05)
    finally:
        enough.set()


def test_who_asks_storages_that_never_answer_keeps_nobody_else_from_asking(service, made, people):
    member, other, enough = people.user("carl", lab="owner"), people.user("dora", lab="owner"), threading.Event()
    theirs = service.create(OPERATOR, new_connection(people.organisation("lab"), endpoint=NOWHERE))
    refused = StorageUnreachable
    try:
        while refused is StorageUnreachable:  # ends, for his share does
            with pytest.raises((StorageUnreachable, TooBusy)) as caught:
                service.ask(member, theirs.id, lambda _: enough.wait(), seconds=0.01)
            refused = caught.type
        assert refused is TooBusy
        assert service.ask(other, theirs.id, lambda _: 1) == 1
        assert service.ask(OPERATOR, made.id, lambda _: 1) == 1
    finally:
        enough.set()


def test_only_who_may_see_it_asks(service, made, people):
    supervisor, stranger = people.user("susi", lab="supervisor"), people.user("bert")
    with pytest.raises(NotFound):
        service.ask(stranger, made.id, lambda _: 1)
    theirs = service.create(OPERATOR, new_connection(people.organisation("lab"), endpoint=NOWHERE))
    assert service.ask(supervisor, theirs.id, lambda _: 1) == 1


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(new_connection(endpoint=NOWHERE), id="s3"),
        pytest.param(new_connection(endpoint=NOWHERE, form="anonymous", credentials={}), id="s3, anonymous"),
        pytest.param(new_connection(kind="azure", form="anonymous", credentials={}, account="mystore"), id="azure"),
        pytest.param(new_connection(kind="gcs", form="anonymous", credentials={}), id="gcs"),
    ],
)
def test_a_storage_of_any_kind_that_is_not_there_is_not_found_within_seconds(service, new):
    found = service.check(OPERATOR, service.create(OPERATOR, new).id)

    assert (found.status, found.reason) == ("not_found", "storage_unreachable")
