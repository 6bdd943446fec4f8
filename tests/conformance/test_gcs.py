"""What the gcs driver says to the server and makes of its answers, where the server is as strict as Google."""

import gzip
import json
import uuid
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from app.errors import (
    AccessDenied,
    FileChanged,
    InvalidInput,
    KeyRefused,
    ListingBroken,
    StorageFailure,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.base import Rights
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import WORKING, Api
from app.storages.gcs.authorisation import Authorisation
from app.storages.gcs.resumable import Session
from app.storages.gcs.storage import GcsStorage
from tests.conformance.contents import MIB, bytes_of, content, digest, fill, ordered
from tests.conformance.subjects import gcs_address
from tests.conformance.test_listing import keys_of
from tests.support.gcs_answers import Answer
from tests.support.gcs_fake import PERMISSIONS
from tests.support.gcs_keys import PROJECT
from tests.support.gcs_model import Bucket
from tests.support.servers import scripted

LARGE = 20 * MIB + 5


@pytest.fixture
def fake(fake_gcs):
    return fake_gcs


@pytest.fixture
def bucket(fake):
    name = "b" + uuid.uuid4().hex
    fake.buckets[name] = Bucket(name)
    return fake.buckets[name]


@pytest.fixture
def address(fake, bucket):
    return gcs_address(fake, bucket.name)


@pytest.fixture
def storage(address):
    with closing(GcsStorage(address, connections=8)) as storage:
        yield storage


def read_whole(storage, key):
    with storage.read(key) as opened:
        data = opened.read()
        opened.verify()
        return data


def asked(fake):
    return [(seen.method, seen.path.rpartition("/b/")[2].partition("/")[2], dict(seen.query)) for seen in fake.seen]


class TestAListing:
    def test_of_many_small_pages_is_complete(self, bucket, storage):
        bucket.page = 7
        keys = [f"{folder}/{number}" for folder in ("a", "é", "\U0001f600") for number in range(30)] + ["a", "a.b"]
        fill(storage, keys)
        assert keys_of(storage.list()) == ordered(keys)
        assert keys_of(storage.list("é/", "é/15")) == [key for key in ordered(keys) if "é/15" < key < "é0"]

    def test_begins_where_it_is_told_to(self, fake, storage):
        fill(storage, ["a", "b", "c"])
        fake.seen.clear()
        assert keys_of(storage.list(after="b")) == ["c"]
        ((_, _, query),) = asked(fake)
        assert (query["startOffset"], query["maxResults"]) == ("b", "1000")

    def test_that_is_left_early_fetches_no_more_than_the_next_page(self, fake, bucket, storage):
        bucket.page = 2
        fill(storage, list("abcdefghij"))
        fake.seen.clear()
        listing = storage.list()
        assert next(listing).key == "a"
        listing.close()
        assert len(fake.seen) <= 2

    @pytest.mark.parametrize("after", ["\udcff", "x" * 2000])
    def test_behind_what_is_no_key_is_cut_here(self, storage, after):
        fill(storage, ["a", "y"])
        assert keys_of(storage.list(after=after)) == [key for key in ("a", "y") if key > after]

    @pytest.mark.parametrize("prefix", ["\udcff", "x" * 1025, "a\nb"])
    def test_below_what_starts_no_key_is_empty_but_for_a_missing_bucket(self, fake, storage, prefix):
        fill(storage, ["a"])
        assert keys_of(storage.list(prefix)) == []
        with closing(GcsStorage(gcs_address(fake, "no-such-bucket"))) as absent, pytest.raises(StorageMissing):
            list(absent.list(prefix))

    def test_does_not_show_uploads_under_way(self, fake, bucket, storage):
        known = gcs_address(fake, bucket.name)
        api = Api(known, Authorisation(known), 1, WORKING)
        session = Session.begun(api, known, {"name": "under way"}, MIB)
        assert fake.open_sessions() == ["under way"]
        assert keys_of(storage.list()) == []
        session.cancel()
        session.cancel()
        api.close()


def page(*names, token="", kind="storage#objects"):
    items = ", ".join(
        f'{{"name": "{name}", "size": "1", "generation": "5", "timeCreated": "2026-01-01T00:00:00Z"}}' for name in names
    )
    return f'{{"kind": "{kind}", "items": [{items}], "nextPageToken": "{token}"}}'


@contextmanager
def answering(answer):
    """Give a bucket of a server that always answers the same."""
    with (
        scripted(lambda *_: (200, answer), "application/json") as endpoint,
        closing(GcsStorage(GcsAddress("bucket", endpoint))) as storage,
    ):
        yield storage


class TestABrokenListing:
    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(page("b", "a"), id="out of order"),
            pytest.param(page("a", "a"), id="twice the same"),
            pytest.param(page("x", token="t"), id="the same page for ever"),
            pytest.param(page(token="t"), id="empty pages for ever"),
            pytest.param(page("\\ud800"), id="half a character"),
            pytest.param(page(""), id="no name"),
            pytest.param(page("a").replace('"1"', '"-1"'), id="a negative size"),
            pytest.param(page("a").replace('"1"', f'"{2**63}"'), id="a size that no database holds"),
            pytest.param(page("a").replace('"1"', '"x"'), id="no size"),
            pytest.param(page("a").replace('"5"', '"5a"'), id="no generation"),
            pytest.param(page("a").replace("00Z", "00"), id="no zone"),
            pytest.param(page("a").replace('"2026', '"9999999'), id="no time"),
            pytest.param('{"kind": "storage#objects", "items": 7}', id="no list"),
            pytest.param('{"kind": "storage#objects", "items": [7]}', id="no objects"),
            pytest.param('{"kind": "storage#objects", "nextPageToken": 7}', id="no token"),
        ],
    )
    def test_is_told(self, answer):
        with answering(answer) as storage, pytest.raises(ListingBroken):
            list(storage.list())

    def test_of_another_prefix_is_told(self):
        with answering(page("b")) as storage:
            for ask in (lambda: list(storage.list("a")), lambda: storage.browse("a")):
                with pytest.raises(ListingBroken):
                    ask()

    @pytest.mark.parametrize(
        "answer",
        [
            page("a", kind="x"),
            "[]",
            "<html>",
            "",
            "[" * 200_000,
            '{"kind": "storage#objects", "pad": "' + "x" * (17 * MIB) + '"}',
        ],
        ids=["another kind", "a list", "HTML", "nothing", "nested", "endless"],
    )
    def test_of_another_server_is_told(self, answer):
        with answering(answer) as storage:
            for ask in (storage.check, lambda: list(storage.list()), lambda: storage.read("key"), storage.browse):
                with pytest.raises(StorageUnreachable, match="not as Google"):
                    ask()


class TestAPageOfALevel:
    def test_is_asked_for_behind_the_folder_before(self, fake, storage):
        fill(storage, ["a/1", "a/2", "b", "c"])
        first = storage.browse(limit=1)
        fake.seen.clear()
        assert [one.key for one in storage.browse(limit=1, token=first.next_token).found] == ["b"]
        assert asked(fake)[0][2]["startOffset"] == "a0"

    def test_follows_pages_of_the_server_that_are_empty(self, fake, storage):
        fill(storage, ["a"])
        empty = iter([True, True])

        def trouble(seen):
            if seen.path.endswith("/o") and next(empty, False):
                return Answer(
                    200, {"Content-Type": "application/json"}, page(token="").replace('""', '"IA=="').encode()
                )
            return None

        fake.trouble = trouble
        assert [one.key for one in storage.browse().found] == ["a"]

    def test_of_a_token_of_the_server_is_refused(self, bucket, storage):
        fill(storage, ["a", "b"])
        with pytest.raises(InvalidInput):
            storage.browse(token=bucket.list({"maxResults": "1"}).token)


class TestAnObject:
    @pytest.mark.parametrize("size", [0, 100, 8 * MIB, 8 * MIB + 1])
    def test_that_is_damaged_on_its_way_is_refused_and_the_old_one_stays(self, fake, bucket, storage, size):
        storage.write("key", content(b"old"))
        bucket.damages = True
        with pytest.raises(StorageFailure, match="refuses"):
            storage.write("key", content(bytes_of(size)))
        assert bucket.objects["key"].data == b"old"
        assert fake.open_sessions() == []

    @pytest.mark.parametrize("size", [100, 8 * MIB + 1])
    def test_that_a_server_kept_damaged_is_not_left_there(self, bucket, storage, size):
        bucket.damages, bucket.compares = True, False
        with pytest.raises(StorageFailure, match="damaged"):
            storage.write("key", content(bytes_of(size)))
        assert not bucket.objects

    def test_is_told_by_its_generation(self, storage):
        marks = [storage.write("key", content(b"same")).mark for _ in range(3)]
        assert len(set(marks)) == 3
        assert [entry.mark for entry in storage.list()] == [storage.stat("key").mark] == [marks[-1]]
        assert storage.read("key").mark == marks[-1]

    def test_keeps_its_type_and_its_time(self, bucket, storage):
        storage.write("a.png", content(b"x"))
        storage.write("b.json", content(bytes_of(LARGE)))
        for name, kind in (("a.png", "image/png"), ("b.json", "application/json")):
            told = bucket.objects[name].properties
            assert told["contentType"] == kind
            assert told["metadata"] == {"mtime": "2023-11-14T22:13:20.25Z", "goog-reserved-file-mtime": "1700000000"}
            assert storage.read(name).modified_ns == 1_700_000_000_250_000_000

    @pytest.mark.parametrize("size", [100, 20 * MIB])
    def test_that_google_would_unpack_is_read_as_it_is_stored(self, bucket, storage, size):
        packed = gzip.compress(bytes_of(size), mtime=0)
        bucket.put("key", packed, {"contentEncoding": "gzip"}, {})
        with storage.read("key") as opened:
            assert digest(opened.read()) == digest(packed)
            opened.verify()
            assert opened.size == len(packed)

    def test_that_is_large_is_sent_in_pieces_of_which_the_last_has_the_checksum(self, fake, storage):
        storage.write("key", content(bytes_of(LARGE)))
        sent = [
            (seen.headers["Content-Range"], "X-Goog-Hash" in seen.headers) for seen in fake.seen if seen.method == "PUT"
        ]
        size = LARGE
        assert sent == [
            (f"bytes 0-{8 * MIB - 1}/{size}", False),
            (f"bytes {8 * MIB}-{16 * MIB - 1}/{size}", False),
            (f"bytes {16 * MIB}-{size - 1}/{size}", True),
        ]

    def test_that_is_large_is_read_in_pieces_of_one_generation(self, fake, storage):
        written = storage.write("key", content(bytes_of(LARGE)))
        fake.seen.clear()
        with storage.read("key") as opened:
            assert digest(opened.read()) == digest(bytes_of(LARGE))
            opened.verify()
        media = [seen for seen in fake.seen if seen.query.get("alt") == "media"]
        assert len(media) == 6
        assert {seen.query["generation"] for seen in media} == {written.mark}

    def test_may_be_skipped_over(self, storage):
        storage.write("key", content(bytes_of(LARGE)))
        with storage.read("key") as opened:
            assert opened.read(5) == bytes_of(LARGE)[:5]
            opened.skip(17 * MIB)
            assert opened.read() == bytes_of(LARGE)[17 * MIB + 5 :]
            opened.verify()

    @pytest.mark.parametrize("how", ["replaced", "deleted"])
    def test_that_is_gone_while_it_is_read_has_changed(self, bucket, address, how):
        with closing(GcsStorage(address, connections=1)) as slow:  # so that only one piece is ahead
            slow.write("key", content(bytes_of(LARGE)))
            with slow.read("key") as opened:
                assert opened.read(10) == bytes_of(LARGE)[:10]
                if how == "replaced":
                    bucket.put("key", bytes(LARGE), {}, {})
                else:
                    bucket.delete("key", {})
                with pytest.raises(FileChanged):
                    opened.read()

    def test_that_is_replaced_between_the_two_requests_for_it_is_read_as_it_is_now(self, fake, bucket, storage):
        storage.write("key", content(b"old"))
        times = iter(range(1))

        def trouble(seen):
            if seen.query.get("alt") == "media" and next(times, None) is not None:
                bucket.put("key", b"new one", {}, {})

        fake.trouble = trouble
        assert storage.read("key").read() == b"new one"

    def test_that_is_replaced_again_and_again_has_changed(self, fake, bucket, storage):
        storage.write("key", content(b"old"))
        fake.trouble = lambda seen: bucket.put("key", b"new", {}, {}) and None if "alt" in seen.query else None
        with pytest.raises(FileChanged):
            storage.read("key")

    @pytest.mark.parametrize("size", [10, 20 * MIB])
    def test_that_arrives_damaged_is_never_taken_for_whole(self, bucket, storage, size):
        storage.write("key", content(bytes_of(size)))
        stored = bucket.objects["key"]
        told = stored.resource(bucket.name)["crc32c"]
        bucket.objects["key"] = replace(stored, data=bytes(size), told_crc32c=told)
        with pytest.raises(FileChanged, match="checksum"):
            read_whole(storage, "key")

    @pytest.mark.parametrize("key", [".", "..", "a\nb", "a\rb", ".well-known/acme-challenge/x", "é" * 513])
    def test_with_a_key_of_googles_own_is_refused_before_a_byte_is_sent(self, fake, storage, key):
        fake.seen.clear()
        with pytest.raises(KeyRefused):
            storage.write(key, content(b"x"))
        assert storage.delete([key]) == {}
        assert fake.seen == []

    @pytest.mark.parametrize(
        "key", ["/lead", "a//b", "a/../b", "./a", "tab\t", "nul\x00", "\uffff", "a%2Fb", "?x=y#z", "o/acl"]
    )
    def test_with_any_other_key_comes_back_as_it_was(self, bucket, storage, key):
        for data in (b"x", bytes_of(LARGE)):
            storage.write(key, content(data))
            assert list(bucket.objects) == [key]
            assert storage.read(key).read() == data
            assert storage.stat(key).key == key
        assert storage.delete([key]) == {}
        assert not bucket.objects


class TestRights:
    @pytest.mark.parametrize("knows", [True, False], ids=["asked for", "tried out"])
    @pytest.mark.parametrize(
        ("allowed", "expected"),
        [
            pytest.param(PERMISSIONS, Rights(True, True), id="all"),
            pytest.param({"storage.objects.list", "storage.objects.get"}, Rights(True, False), id="reading"),
            pytest.param({"storage.objects.create"}, Rights(False, True), id="writing"),
            pytest.param(set(), Rights(False, False), id="nothing"),
        ],
    )
    def test_are_told_and_nothing_is_left(self, fake, bucket, storage, knows, allowed, expected):
        fake.allowed, fake.knows_permissions = frozenset(allowed), knows
        assert storage.rights() == expected
        assert (fake.open_sessions(), bucket.objects) == ([], {})

    @pytest.mark.parametrize("knows", [True, False], ids=["asked for", "tried out"])
    @pytest.mark.parametrize(
        ("public", "expected"),
        [(PERMISSIONS - {"storage.objects.create"}, Rights(True, False)), (frozenset(), Rights(False, False))],
        ids=["public", "private"],
    )
    def test_of_the_anonymous_are_those_of_everybody(self, fake, bucket, address, knows, public, expected):
        bucket.public, fake.knows_permissions = frozenset(public), knows
        with closing(GcsStorage(replace(address, key_file=None))) as storage:
            assert storage.rights() == expected

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 501])
    def test_are_tried_out_where_a_server_does_not_tell_them(self, fake, bucket, address, status):
        bucket.public = PERMISSIONS
        fake.trouble = lambda seen: Answer(status, {}, b"") if "permissions" in seen.query else None
        with closing(GcsStorage(replace(address, key_file=None))) as storage:
            assert storage.rights() == Rights(True, True)
        assert fake.open_sessions() == []

    def test_in_a_missing_bucket_are_not_told(self, fake, address):
        for fake.knows_permissions in (True, False):
            with (
                closing(GcsStorage(replace(address, bucket="no-such-bucket"))) as storage,
                pytest.raises(StorageMissing),
            ):
                storage.rights()


class TestABucket:
    def test_of_the_anonymous_is_read_where_it_is_public_and_denied_where_not(self, bucket, storage, address):
        storage.write("key", content(b"data"))
        with closing(GcsStorage(replace(address, key_file=None))) as anybody:
            with pytest.raises(AccessDenied, match="key file"):
                anybody.check()
            bucket.public = frozenset({"storage.objects.get", "storage.objects.list"})
            anybody.check()
            assert anybody.read("key").read() == b"data"
            with pytest.raises(AccessDenied):
                anybody.write("key", content(b"other"))

    @pytest.mark.parametrize(
        ("values", "project", "body"),
        [
            pytest.param({}, PROJECT, {}, id="the key file's project"),
            pytest.param({"project": "other-project"}, "other-project", {}, id="a project of its own"),
            pytest.param({"location": "EU"}, PROJECT, {"location": "EU"}, id="a location"),
        ],
    )
    def test_is_made_in_its_project_and_location(self, fake, values, project, body):
        with closing(GcsStorage(replace(gcs_address(fake, "made-here"), **values))) as storage:
            storage.create()
            storage.create()
        made = fake.seen[0]
        assert made.query["project"] == project
        assert json.loads(made.body) == {"name": "made-here"} | body

    def test_of_someone_else_cannot_be_made_ours(self, fake, storage):
        fake.allowed = frozenset({"storage.buckets.create"})
        with pytest.raises(AccessDenied, match="belongs to someone else"):
            storage.create()

    def test_that_lets_pay_who_asks_needs_a_project_in_every_request(self, fake, bucket, storage, address):
        bucket.pays = True
        with pytest.raises(AccessDenied, match="Name the project"):
            storage.check()
        fake.seen.clear()
        with closing(GcsStorage(replace(address, project="who-pays"))) as paying:
            paying.check()
            paying.write("key", content(b"x"))
            paying.write("large", content(bytes_of(LARGE)))
            assert paying.read("large").read() == bytes_of(LARGE)
            assert len(list(paying.list())) == len(paying.browse().found) == 2
            paying.rights()
            assert paying.stat("key").size == 1
            assert paying.delete(["key", "large"]) == {}
            paying.drop()
        assert {seen.query.get("userProject") for seen in fake.seen} == {"who-pays"}


class TestDeleting:
    def test_2500_objects_deletes_them_all(self, bucket, storage):
        for number in range(2500):
            bucket.put(str(number), b"", {}, {})
        assert storage.delete([str(number) for number in range(3000)]) == {}
        assert not bucket.objects

    def test_what_is_denied_is_told_by_its_key(self, fake, storage):
        fill(storage, ["a", "b"])
        fake.allowed = frozenset(PERMISSIONS - {"storage.objects.delete"})
        kept = storage.delete(["a", "b"])
        assert {key: type(error) for key, error in kept.items()} == {"a": AccessDenied, "b": AccessDenied}
