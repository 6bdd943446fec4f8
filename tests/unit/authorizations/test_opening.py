"""What an authorization opens for questions and for jobs, with whose rights, and what happens when all that changes."""

import threading
from dataclasses import replace

import pytest

from app.accounts.caller import Role
from app.authorizations.contract import AuthorizationChanges, NewAuthorization
from app.authorizations.service import AuthorizationService
from app.connections.contract import Changes
from app.connections.kind import Room
from app.errors import (
    AuthorizationUnusable,
    IdentityRefused,
    InvalidCredentials,
    KeysMissing,
    ProviderUnsupported,
    StorageMissing,
    StorageUnreachable,
    TooBusy,
)
from app.storages.s3.identity import TemporaryKeys
from tests.support.browsing import put
from tests.support.buckets import Bucket
from tests.support.people import new_connection
from tests.support.servers import ACCESS_KEY, black_hole

ROOM = Room(2)
ROLE = {"role_arn": "arn:aws:iam::123456789012:role/reader", "id_token": "a.web.identity"}


@pytest.fixture
def bucket(rclone):
    bucket = Bucket(rclone, "opened-by-authorization")
    bucket.put({"a": b"1", "b": b"22"})
    yield bucket
    bucket.drop()
    bucket.close()


@pytest.fixture
def keys(rclone):
    return {"access_key": ACCESS_KEY, "secret_key": rclone.secret_key, "endpoint": rclone.endpoint}


@pytest.fixture
def kept(service, anna, new, keys):
    return service.create(anna, new(**keys)).number


def listed(storage):
    try:
        return [entry.key for entry in storage.list()]
    finally:
        storage.close()


def test_a_job_opens_a_bucket_and_locks_what_a_connection_to_it_locks(service, anna, kept, bucket):
    storage = service.opened(kept, anna.user_id, bucket.name, ROOM, writes=True)
    target = service.target(kept, anna.user_id, bucket.name)

    assert listed(storage) == ["a", "b"]
    assert target == f"s3://{bucket.server.endpoint.removeprefix('http://')}/{bucket.name}"
    assert listed(service.opened(kept, anna.user_id, bucket.name, ROOM, writes=True, target=target)) == ["a", "b"]


def test_a_job_does_not_open_another_place_than_it_locks(service, anna, kept, bucket, keys):
    target = service.target(kept, anna.user_id, bucket.name)
    elsewhere = keys | {"endpoint": "http://127.0.0.1:9"}
    service.change(anna, kept, AuthorizationChanges(config=elsewhere))

    with pytest.raises(AuthorizationUnusable, match="leads elsewhere"):
        service.opened(kept, anna.user_id, bucket.name, ROOM, writes=True, target=target)


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        pytest.param(lambda _, people, anna, __: people.change(anna, disabled_at=1.0), "disabled", id="disabled"),
        pytest.param(lambda _, people, anna, __: people.remove(anna), "deleted", id="removed, and all he had with him"),
        pytest.param(lambda service, _, anna, kept: service.remove(anna, kept), "was deleted", id="it is removed"),
    ],
)
def test_what_cannot_be_used_any_more_opens_nothing_for_jobs(service, people, anna, kept, meanwhile, sentence):
    meanwhile(service, people, anna, kept)

    for ask in (
        lambda: service.opened(kept, anna.user_id, "bucket", ROOM, writes=False),
        lambda: service.target(kept, anna.user_id, "bucket"),
    ):
        with pytest.raises(AuthorizationUnusable, match=sentence):
            ask()


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        pytest.param(lambda _: None, "no user any more", id="nobody"),
        pytest.param(lambda people: people.user("bert").user_id, "bert.*may not use", id="somebody else"),
        pytest.param(lambda _: 10**6, "no user any more", id="who never was"),
    ],
)
def test_a_job_of_others_opens_nothing(service, people, kept, who, sentence):
    with pytest.raises(AuthorizationUnusable, match=sentence):
        service.opened(kept, who(people), "bucket", ROOM, writes=False)


def test_a_job_of_an_admin_opens_what_its_owner_may_while_both_are_there(service, people, anna, boss, kept, bucket):
    assert listed(service.opened(kept, boss.user_id, bucket.name, ROOM, writes=True)) == ["a", "b"]
    people.change(anna, disabled_at=1.0)

    with pytest.raises(AuthorizationUnusable, match="owner of this authorization is disabled"):
        service.opened(kept, boss.user_id, bucket.name, ROOM, writes=True)
    with pytest.raises(AuthorizationUnusable, match="owner of this authorization is disabled"):
        service.buckets(boss, kept)


def test_who_is_admin_no_more_opens_nothing_of_others(service, people, boss, kept):
    people.change(boss, role=Role.USER)

    with pytest.raises(AuthorizationUnusable, match="may not use"):
        service.opened(kept, boss.user_id, "bucket", ROOM, writes=False)


@pytest.mark.parametrize("bucket_name", ["x", "No Bucket", "a/../b", "\ud800", ""])
def test_a_bucket_that_cannot_be_there_is_not_there_and_a_job_locks_something_nonetheless(
    service, anna, kept, bucket_name
):
    number = service.get(anna, kept)

    for ask in (
        lambda: service.opened(kept, anna.user_id, bucket_name, ROOM, writes=False),
        lambda: service.ask(anna, kept, bucket_name, lambda storage: storage.check()),
    ):
        with pytest.raises(StorageMissing):
            ask()
    assert service.target(kept, anna.user_id, bucket_name) == f"authorization://{number.id}"


@pytest.mark.parametrize(
    ("provider", "config", "error"),
    [
        pytest.param("openstack", {}, ProviderUnsupported, id="another provider"),
        pytest.param("aws", {}, KeysMissing, id="no keys"),
        pytest.param("aws", {"access_key": "a", "secret_key": "b", "endpoint": "ftp://h"}, AuthorizationUnusable, id="no endpoint"),
        pytest.param("aws", {"access_key": "a\nb", "secret_key": "b"}, AuthorizationUnusable, id="a key of two lines"),
        pytest.param("azure", {"storage_account": "A!", "account_key": "a2V5"}, AuthorizationUnusable, id="no account"),
        pytest.param("azure", {"storage_account": "acc", "account_key": "no base64!"}, AuthorizationUnusable, id="no account key"),
        pytest.param("gcp", {"private_key": "no key", "private_key_id": "i", "client_email": "a@b"}, AuthorizationUnusable, id="no private key"),
        pytest.param("aws", {"connection": "none"}, AuthorizationUnusable, id="no such connection"),
        pytest.param("aws", {"connection": ["none"]}, AuthorizationUnusable, id="a connection that is a list"),
    ],
)  # fmt: skip
def test_of_what_nothing_can_be_made_nothing_is_opened(service, anna, provider, config, error):
    number = service.create(anna, NewAuthorization(provider=provider, config=config)).number
    for ask in (
        lambda: service.opened(number, anna.user_id, "bucket", ROOM, writes=True),
        lambda: service.target(number, anna.user_id, "bucket"),
        lambda: service.buckets(anna, number),
        lambda: service.ask(anna, number, "bucket", lambda storage: storage.check()),
    ):
        with pytest.raises(error):
            ask()


def test_a_metadata_service_is_not_asked(service, anna, new):
    number = service.create(anna, new(access_key="a", secret_key="b", endpoint="http://169.254.169.254")).number

    with pytest.raises(AuthorizationUnusable, match="endpoint"):
        service.opened(number, anna.user_id, "bucket", ROOM, writes=False)


def test_the_resolver_is_asked_before_anything_is_opened(service, anna, new):
    number = service.create(anna, new(access_key="a", secret_key="b", endpoint="http://no-such-host.invalid")).number
    for ask in (
        lambda: service.opened(number, anna.user_id, "bucket", ROOM, writes=False),
        lambda: service.buckets(anna, number),
    ):
        with pytest.raises(StorageUnreachable, match=r"host name .* is unknown"):
            ask()


def test_use_is_noted_once_a_minute(service, anna, kept, bucket, database):
    def used_at():
        return service.get(anna, kept).used_at

    at_first = used_at()
    service.buckets(anna, kept)
    assert used_at() == at_first
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE authorizations SET used_at = used_at - 61")
    service.ask(anna, kept, bucket.name, lambda storage: storage.check())
    assert used_at() > at_first


class TestConnections:
    """An authorization that names a connection: its own bucket, with what its owner may do there."""

    @pytest.fixture
    def connection(self, connections, anna, keys, bucket):
        credentials = {"access_key": keys["access_key"], "secret_key": keys["secret_key"]}
        return connections.create(
            anna, new_connection(endpoint=keys["endpoint"], bucket=bucket.name, credentials=credentials)
        )

    @pytest.mark.parametrize("by", ["id", "name"])
    def test_it_opens_its_own_bucket_and_no_other(self, service, anna, new, connection, bucket, by):
        number = service.create(anna, new("anything", connection=getattr(connection, by))).number

        assert service.buckets(anna, number) == [bucket.name]
        assert listed(service.opened(number, anna.user_id, bucket.name, ROOM, writes=True)) == ["a", "b"]
        assert service.target(number, anna.user_id, bucket.name).endswith(f"/{bucket.name}")
        with pytest.raises(StorageMissing):
            service.opened(number, anna.user_id, "other", ROOM, writes=True)

    def test_a_name_that_two_have_is_none(self, service, anna, new, connections, connection):
        number = service.create(anna, new(connection=connection.name)).number
        connections.create(anna, new_connection(name=connection.name))

        with pytest.raises(AuthorizationUnusable, match="More than one"):
            service.buckets(anna, number)

    def test_what_the_owner_may_not_see_is_not_there(self, service, bert, boss, new, connection):
        for named in (connection.id, connection.name):
            number = service.create(bert, new(connection=named)).number
            for caller in (bert, boss):
                with pytest.raises(AuthorizationUnusable, match="None of your connections"):
                    service.buckets(caller, number)

    def test_who_may_only_see_it_reads_and_does_not_write(self, service, people, connections, new, keys, bucket):
        maintainer, supervisor = people.user("max", lab="maintainer"), people.user("susi", lab="supervisor")
        credentials = {"access_key": keys["access_key"], "secret_key": keys["secret_key"]}
        made = new_connection(
            people.organisation("lab"), endpoint=keys["endpoint"], bucket=bucket.name, credentials=credentials
        )
        number = service.create(supervisor, new(connection=connections.create(maintainer, made).id)).number

        assert listed(service.opened(number, supervisor.user_id, bucket.name, ROOM, writes=False)) == ["a", "b"]
        with pytest.raises(AuthorizationUnusable, match="susi"):
            service.opened(number, supervisor.user_id, bucket.name, ROOM, writes=True)

    def test_a_change_of_the_connection_counts_at_once(self, service, anna, new, connections, connection, bucket):
        number = service.create(anna, new(connection=connection.id)).number
        connections.change(anna, connection.id, Changes(address={**connection.address, "bucket": "other"}))
        assert service.buckets(anna, number) == ["other"]
        connections.delete(anna, connection.id)

        with pytest.raises(AuthorizationUnusable):
            service.target(number, anna.user_id, bucket.name)


class Lender:
    """Lends the keys of a server that knows no session tokens, for seconds that a test sets; counts how often."""

    def __init__(self, keys):
        self.keys = keys
        self.asked = 0
        self.fault = None
        self.now = 1000.0

    def __call__(self, *_):
        self.asked += 1
        if self.fault:
            raise self.fault
        return TemporaryKeys(self.keys["access_key"], self.keys["secret_key"], "", float("inf"))


class TestRoles:
    """An authorization whose keys are lent."""

    @pytest.fixture
    def lender(self, keys):
        return Lender(keys)

    @pytest.fixture
    def service(self, database, box, settings, connections, lender):
        return AuthorizationService(database, box, settings, connections, lender, lambda: lender.now)

    @pytest.fixture
    def role(self, service, anna, new, keys):
        return service.create(anna, new(**ROLE, endpoint=keys["endpoint"])).number

    def test_its_keys_are_lent_once_for_questions_and_jobs(self, service, anna, role, bucket, lender):
        assert bucket.name in service.buckets(anna, role)
        assert service.ask(anna, role, bucket.name, lambda storage: storage.stat("b").size) == 2
        assert listed(service.opened(role, anna.user_id, bucket.name, ROOM, writes=True)) == ["a", "b"]
        assert lender.asked == 1

    def test_they_are_lent_again_once_it_is_changed(self, service, anna, role, lender):
        service.buckets(anna, role)
        service.change(anna, role, AuthorizationChanges(description="other"))
        service.buckets(anna, role)

        assert lender.asked == 2

    def test_what_a_job_locks_is_known_without_asking(self, service, anna, role, bucket, lender):
        assert service.target(role, anna.user_id, bucket.name).endswith(f"/{bucket.name}")
        assert lender.asked == 0

    @pytest.fixture
    def storage(self, service, anna, role, bucket):
        storage = service.opened(role, anna.user_id, bucket.name, ROOM, writes=True)
        yield storage
        storage.close()

    def test_a_job_that_lasts_gets_new_ones(self, storage, lender):
        for lender.now in (1400, 1500, 5000):
            assert storage.stat("b").size == 2
        assert lender.asked == 3

    @pytest.mark.parametrize("fault", [IdentityRefused("no"), StorageUnreachable("down")])
    def test_a_job_goes_on_until_the_last_ones_are_over(self, storage, lender, fault):
        lender.fault, lender.now = fault, 1800
        assert storage.stat("b").size == 2
        lender.now = 1901
        with pytest.raises(type(fault)):
            storage.stat("b")

    @pytest.mark.parametrize(
        ("meanwhile", "sentence"),
        [
            pytest.param(lambda _, people, anna, __: people.change(anna, disabled_at=1.0), "disabled", id="disabled"),
            pytest.param(lambda service, _, anna, role: service.remove(anna, role), "was deleted", id="removed"),
            pytest.param(
                lambda service, _, anna, role: service.change(
                    anna, role, AuthorizationChanges(config=ROLE | {"endpoint": "http://127.0.0.1:9"})
                ),
                "leads elsewhere",
                id="led elsewhere",
            ),
        ],
    )
    def test_a_job_gets_no_new_ones_once_it_may_not(
        self, service, people, anna, role, storage, lender, meanwhile, sentence
    ):
        meanwhile(service, people, anna, role)
        assert storage.stat("b").size == 2
        lender.now = 1500

        for _ in range(2):
            with pytest.raises(AuthorizationUnusable, match=sentence):
                storage.stat("b")

    @pytest.mark.parametrize("fault", [IdentityRefused("no"), StorageUnreachable("down")])
    def test_a_refusal_is_told(self, service, anna, role, lender, fault):
        lender.fault = fault
        for ask in (
            lambda: service.opened(role, anna.user_id, "bucket", ROOM, writes=True),
            lambda: service.buckets(anna, role),
        ):
            with pytest.raises(type(fault)):
                ask()


def test_a_role_of_motos_opens_its_buckets(settings, database, box, connections, anna, new, moto):
    service = AuthorizationService(database, box, replace(settings, sts_url=moto.endpoint), connections)
    number = service.create(anna, new(**ROLE, endpoint=moto.endpoint)).number
    storage = service.opened(number, anna.user_id, "lent-by-moto", ROOM, writes=True)
    storage.create()
    put(storage, "a", b"1")
    assert storage.copy("a", "b") is not None
    assert [entry.key for entry in storage.list()] == ["a", "b"]
    assert "lent-by-moto" in service.buckets(anna, number)
    assert storage.delete(["a", "b"]) == {}
    storage.drop()
    storage.close()


def test_wrong_keys_are_refused_by_the_storage(service, anna, new, keys, bucket):
    number = service.create(anna, new(**keys | {"secret_key": "wrong"})).number

    with pytest.raises(InvalidCredentials):
        service.ask(anna, number, bucket.name, lambda storage: storage.check())


def test_questions_to_connections_and_to_authorizations_share_a_persons_places(
    service, connections, anna, new, keys, bucket
):
    number = service.create(anna, new(**keys)).number
    with black_hole() as endpoint:
        connection = connections.create(anna, new_connection(endpoint=endpoint))

        def ask():
            with pytest.raises(StorageUnreachable):
                connections.ask(anna, connection.id, lambda storage: storage.check(), seconds=0.3)

        waiting = [threading.Thread(target=ask) for _ in range(8)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
        with pytest.raises(TooBusy):
            service.ask(anna, number, bucket.name, lambda storage: storage.check(), seconds=0.3)


def test_nobody_waits_longer_than_he_says_and_nobody_takes_all_places(service, anna, bert, new, keys, bucket):
    with black_hole() as endpoint:
        number = service.create(anna, new(**keys | {"endpoint": endpoint})).number

        def ask():
            with pytest.raises(StorageUnreachable):
                service.ask(anna, number, "bucket", lambda storage: storage.check(), seconds=0.3)

        waiting = [threading.Thread(target=ask) for _ in range(8)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
        with pytest.raises(TooBusy):
            service.ask(anna, number, "bucket", lambda storage: storage.check(), seconds=0.3)
        others = service.create(bert, new(**keys)).number
        assert service.ask(bert, others, bucket.name, lambda storage: storage.stat("a").size) == 1
