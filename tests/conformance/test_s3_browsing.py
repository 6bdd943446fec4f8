"""What the S3 driver makes of servers that answer a look in their own way, or wrongly."""

from collections import deque
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from app.errors import (
    AccessDenied,
    InvalidCredentials,
    InvalidInput,
    ListingBroken,
    ObjectMissing,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.base import Entry, Folder, Rights
from app.storages.s3 import S3Address, S3Storage
from tests.conformance.contents import content
from tests.support.servers import scripted


def at(endpoint, access_key="access-key", secret_key="secret"):
    return closing(S3Storage(S3Address(endpoint, "mybucket", access_key, secret_key)))


def page(*names, following=None):
    """Return a page; names that end with ``/`` are folders, those in brackets objects whatever they end with."""
    told = "".join(map(_told, names))
    if following is not None:
        told += f"<NextContinuationToken>{following}</NextContinuationToken>"
    return f"<ListBucketResult><IsTruncated>{str(following is not None).lower()}</IsTruncated>{told}</ListBucketResult>"


def _told(name):
    if name.endswith("/"):
        return f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"
    key = name.strip("[]")
    return f"<Contents><Key>{key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"


def error(code):
    return f"<Error><Code>{code}</Code></Error>"


def ascii_start(text):
    return ascii(text[:2])


def names_of(storage, limit, prefix=""):
    token = None
    while True:
        level = storage.browse(prefix, limit, token)
        assert len(level.found) <= limit
        yield from (found.key for found in level.found)
        token = level.next_token
        if token is None:
            return


@pytest.fixture
def pages():
    """A server that gives the page that belongs to a token, and the storage there."""
    known = {}
    asked = []

    def answer(_, path):
        query = parse_qs(urlsplit(path).query)
        asked.append(query)
        return 200, known[query.get("continuation-token", [""])[0]]

    with scripted(answer) as endpoint, at(endpoint) as storage:
        yield storage, known, asked


class TestPages:
    def test_may_hold_more_names_than_were_asked_for(self, pages):
        storage, known, _ = pages
        known |= {"": page("a", "b", "c/", "d", "e", following="2"), "2": page("f", "g/", "h", "i")}
        for limit in (1, 2, 3, 4, 5, 6):
            assert list(names_of(storage, limit)) == ["a", "b", "c/", "d", "e", "f", "g/", "h", "i"]

    def test_may_know_no_folders(self, pages):
        storage, known, _ = pages
        known |= {
            "": page("a", "b/1", "b/2", following="2"),
            "2": page("b/3", "b/4/5", "b0", following="3"),
            "3": page("c/1"),
        }
        for limit in (1, 3, 10):
            assert list(names_of(storage, limit)) == ["a", "b/", "b0", "c/"]

    def test_may_tell_a_marker_as_an_object(self, pages):
        storage, known, _ = pages
        known[""] = page("[a/]", "[p/]", "[p/q/]")
        assert [type(found) for found in storage.browse().found] == [Folder, Folder]
        known[""] = page("[p/]", "[p/q/]")
        assert [(type(found), found.key) for found in storage.browse("p/").found] == [(Entry, "p/"), (Folder, "p/q/")]

    def test_are_put_in_order(self, pages):
        storage, known, _ = pages
        known[""] = page("a0", "a.txt", "b", "a/")
        assert list(names_of(storage, 10)) == ["a.txt", "a/", "a0", "b"]

    def test_may_be_empty_with_more_to_come(self, pages):
        storage, known, _ = pages
        known |= {"": page(following="2"), "2": page("a", following="3"), "3": page(following="4"), "4": page("b")}
        assert list(names_of(storage, 10)) == ["a", "b"]

    def test_may_begin_with_the_folder_that_the_last_one_ended_with(self, pages):
        storage, known, _ = pages
        known |= {"": page("a", "b/", following="2"), "2": page("b/", "c")}
        assert list(names_of(storage, 10)) == ["a", "b/", "c"]

    def test_with_names_outside_the_prefix_show_only_those_below_it(self, pages):
        storage, known, _ = pages
        known[""] = page("a", "b/", "p/x", "p/y/", "q")
        assert list(names_of(storage, 10, "p/")) == ["p/x", "p/y/"]

    @pytest.mark.parametrize(
        "second",
        [
            pytest.param(page("c", "d"), id="an object again"),
            pytest.param(page("b"), id="what should have come before"),
            pytest.param(page("a/", "c", "d"), id="a folder that should have come before"),
            pytest.param(page("d", following="2"), id="its own address"),
        ],
    )
    def test_that_do_not_go_on_where_the_last_one_ended_raise(self, pages, second):
        storage, known, _ = pages
        known |= {"": page("a", "c", following="2"), "2": second}
        with pytest.raises(ListingBroken):
            list(names_of(storage, 10))

    def test_cost_one_request_each_and_ask_for_no_more_than_is_wanted(self, pages):
        storage, known, asked = pages
        known |= {"": page("p/a", following="a+b/c="), "a+b/c=": page("p/b")}
        assert list(names_of(storage, 7, "p/")) == ["p/a", "p/b"]
        assert [(query["max-keys"], query["delimiter"], query["prefix"]) for query in asked] == [
            (["7"], ["/"], ["p/"])
        ] * 2


class TestTokens:
    @pytest.mark.parametrize("code", ["InvalidArgument", "InvalidToken"])
    def test_that_the_server_does_not_take_are_refused(self, code):
        def answer(_, path):
            return (400, error(code)) if "continuation-token" in path else (200, page("a", following="2"))

        with scripted(answer) as endpoint, at(endpoint) as storage:
            token = storage.browse("", 1).next_token
            with pytest.raises(InvalidInput) as raised:
                storage.browse("", 1, token)
        assert raised.value.field == "next_token"

    def test_are_not_blamed_for_keys_that_are_wrong(self):
        answers = deque([(200, page("a", following="2"))])

        def answer(*_):
            return answers.popleft() if answers else (400, error("InvalidToken"))

        with scripted(answer) as endpoint, at(endpoint) as storage:
            token = storage.browse("", 1).next_token
            with pytest.raises(InvalidCredentials):
                storage.browse("", 1, token)

    @pytest.mark.parametrize("key", ["\U0001f600" * 256, "b" + '"' * 1023, "é" * 512], ids=ascii_start)
    def test_hold_the_longest_keys(self, pages, key):
        storage, known, _ = pages
        theirs = "t" * 2000
        known |= {"": page("a", key.replace('"', "&quot;"), following=theirs), theirs: page("\U0010ffff")}
        assert list(names_of(storage, 2)) == ["a", key, "\U0010ffff"]


def server_of(head, listing, begun=(404, "")):
    """Answer each kind of request with a status and a body of its own."""

    def answer(method, _):
        if method == "HEAD":
            return head, ""
        if method == "GET":
            return listing
        return (204, "") if method == "DELETE" else begun

    return scripted(answer)


GOOD = (200, page())
NO_BUCKET = (404, error("NoSuchBucket"))
DENIED = (403, error("AccessDenied"))
WRONG_SECRET = (403, error("SignatureDoesNotMatch"))
EXPIRED = (400, error("ExpiredToken"))
BEGUN = (200, "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")


class TestOneObject:
    @pytest.mark.parametrize(
        ("head", "listing", "kind"),
        [
            pytest.param(404, GOOD, ObjectMissing, id="missing"),
            pytest.param(404, NO_BUCKET, StorageMissing, id="the bucket is missing"),
            pytest.param(404, DENIED, ObjectMissing, id="missing, and listing is not allowed"),
            pytest.param(403, GOOD, AccessDenied, id="not allowed"),
            pytest.param(403, DENIED, AccessDenied, id="nothing is allowed"),
            pytest.param(403, WRONG_SECRET, InvalidCredentials, id="a wrong secret"),
            pytest.param(400, EXPIRED, InvalidCredentials, id="expired keys"),
            pytest.param(400, GOOD, ObjectMissing, id="a key that the server cannot take"),
            pytest.param(503, GOOD, StorageUnreachable, id="not ready"),
            pytest.param(301, GOOD, StorageUnreachable, id="elsewhere"),
        ],
    )
    def test_that_a_head_does_not_tell_of_is_asked_about_once_more(self, head, listing, kind):
        with server_of(head, listing) as endpoint, at(endpoint) as storage, pytest.raises(kind):
            storage.stat("key")

    def test_whose_key_ends_with_a_slash_is_looked_for_in_a_listing(self, rclone):
        """rclone answers a HEAD of ``a/`` with the object ``a``."""
        with closing(S3Storage(rclone.bucket("slashes"))) as storage:
            storage.create()
            storage.write("a", content(b"data"))
            assert storage.stat("a").size == 4
            with pytest.raises(ObjectMissing):
                storage.stat("a/")


class TestRights:
    @pytest.mark.parametrize(
        ("listing", "head", "begun", "rights"),
        [
            pytest.param(GOOD, 404, BEGUN, Rights(reads=True, writes=True), id="all"),
            pytest.param(GOOD, 404, DENIED, Rights(reads=True, writes=False), id="reading"),
            pytest.param(DENIED, 403, BEGUN, Rights(reads=False, writes=True), id="writing"),
            pytest.param(DENIED, 403, DENIED, Rights(reads=False, writes=False), id="nothing"),
            pytest.param(DENIED, 404, DENIED, Rights(reads=True, writes=False), id="reading without listing"),
            pytest.param(
                GOOD, 404, (501, error("NotImplemented")), Rights(reads=True, writes=True), id="no such uploads"
            ),
        ],
    )
    def test_are_told_by_what_is_refused(self, listing, head, begun, rights):
        with server_of(head, listing, begun) as endpoint, at(endpoint) as storage:
            assert storage.rights() == rights

    def test_of_anybody_to_write_are_not_taken_for_granted(self):
        with server_of(404, GOOD, (501, error("NotImplemented"))) as endpoint, at(endpoint, "", "") as storage:
            assert storage.rights() == Rights(reads=True, writes=False)

    def test_to_write_are_found_out_without_writing_an_object(self):
        asked = []

        def answer(method, path):
            asked.append((method, urlsplit(path).path, *sorted(parse_qs(urlsplit(path).query, keep_blank_values=True))))
            return BEGUN if method == "POST" else (204, "") if method == "DELETE" else GOOD

        with scripted(answer) as endpoint, at(endpoint) as storage:
            assert storage.rights().writes
        begun, ended = asked[1:]
        assert begun == ("POST", "/mybucket/.sluice-nothing", "uploads")
        assert ended == ("DELETE", "/mybucket/.sluice-nothing", "uploadId")

    @pytest.mark.parametrize(
        ("listing", "kind"),
        [(NO_BUCKET, StorageMissing), (WRONG_SECRET, InvalidCredentials), ((502, ""), StorageUnreachable)],
    )
    def test_raise_where_there_is_nobody_to_ask(self, listing, kind):
        with server_of(404, listing) as endpoint, at(endpoint) as storage, pytest.raises(kind):
            storage.rights()
