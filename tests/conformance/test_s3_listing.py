"""How the S3 driver lists: exactly, whatever the server, ahead of whoever takes the entries, and leaving nothing behind."""

import itertools
import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import (
    AccessDenied,
    InvalidCredentials,
    ListingBroken,
    StorageError,
    StorageFailure,
    StorageMissing,
    StorageUnreachable,
    Throttled,
)
from app.storages.s3 import S3Address, S3Storage
from app.storages.s3.ahead import PAGES_AHEAD, Lister
from app.storages.s3.requests import PAGE_BYTES
from tests.conformance.bucket_model import BucketModel
from tests.conformance.contents import content
from tests.support.hostile_s3 import ENDLESS, SECRET, always, error, memory, much, page, raw_server
from tests.support.proxies import make_certificate
from tests.support.servers import scripted
from tests.support.service import eventually


def at(endpoint, **details):
    return closing(Lister(S3Address(endpoint, "mybucket", "access-key", SECRET), 8, **details))


def keys_of(listing):
    return [listed.key for listed in listing]


def listing_threads():
    return [thread for thread in threading.enumerate() if thread.name == "listing"]


def wait_until_idle():
    """Return when no thread of a listing is left; fail when one stays."""
    deadline = time.monotonic() + 90
    while listing_threads():
        assert time.monotonic() < deadline, "a thread of a listing stays"
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    yield
    wait_until_idle()


@pytest.mark.parametrize(
    ("pages", "prefix"),
    [
        pytest.param([page("b", "a")], "", id="out of order"),
        pytest.param([page("a", "a")], "", id="twice"),
        pytest.param([page("a", "b", following="2"), page("b", "c")], "", id="twice across pages"),
        pytest.param([page("b", following="2"), page("a")], "", id="out of order across pages"),
        pytest.param([page("%F0%9F%98%80", "%EF%BF%AE")], "", id="ordered by UTF-16"),
        pytest.param([page("p/a", "q/b")], "p/", id="outside the prefix"),
        pytest.param([page("a", "p/b")], "p/", id="before the prefix"),
        pytest.param([page("p/a", following="2"), page("q/a")], "p/", id="outside the prefix on a later page"),
        pytest.param([page("a", truncated=True)], "", id="cut short without a token"),
        pytest.param([page("a", following="2"), page("b", following="2")], "", id="the same token again"),
        pytest.param([page(following=str(n % 2)) for n in range(200)], "", id="tokens in a circle, nothing listed"),
        pytest.param(
            [page("a", following="1"), *[page("b", following="2"), page("c", following="1")] * 2],
            "",
            id="tokens in a circle",
        ),
        pytest.param([page(following=str(n)) for n in range(200)], "", id="without end"),
        pytest.param(["<ListBucketResult/>"], "", id="without IsTruncated"),
        pytest.param([page("a").replace("<Size>1</Size>", "")], "", id="without a size"),
        pytest.param([page("")], "", id="an empty key"),
        pytest.param(["<html><body>Hello</body></html>"], "", id="a web page"),
        pytest.param([page("a")[:-20]] * 3, "", id="cut short"),
    ],
)
@pytest.mark.fault(18)
def test_a_listing_that_cannot_be_believed_raises(pages, prefix):
    answers = iter(pages)
    with scripted(lambda *_: (200, next(answers))) as endpoint, at(endpoint) as lister, pytest.raises(ListingBroken):
        list(lister.entries(prefix))


def test_pages_are_followed_and_keys_are_decoded():
    answers = iter([page("a+c", "a%2Bb", following="2"), page(following="3"), page("caf%C3%A9")])
    with scripted(lambda *_: (200, next(answers))) as endpoint, at(endpoint) as lister:
        assert keys_of(lister.entries()) == ["a c", "a+b", "café"]


def test_a_page_may_hold_more_keys_than_usual():
    names = [f"{number:05}" for number in range(3000)]
    with scripted(lambda *_: (200, page(*names))) as endpoint, at(endpoint) as lister:
        assert keys_of(lister.entries()) == names


FLAT = page("f/a", "f/b", following="the rest")


@pytest.mark.parametrize(
    "folders",
    [
        pytest.param(page("f/", "e/"), id="out of order"),
        pytest.param(page("f/", "f/"), id="twice"),
        pytest.param(page("f/", "f/g/"), id="too deep"),
        pytest.param(page("f/").replace("f/", "f"), id="not ending in the delimiter"),
        pytest.param(page("f/", "g/").replace("<Prefix>g/", "<Prefix>"), id="empty"),
        pytest.param(page("b", "a", "f/"), id="keys beside them out of order"),
    ],
)
def test_folders_that_cannot_be_believed_raise(folders):
    with (
        scripted(lambda _, path: (200, folders if "delimiter" in path else FLAT)) as endpoint,
        at(endpoint, keys_per_folder=1) as lister,
    ):
        entries = lister.entries()
        assert [next(entries).key, next(entries).key] == ["f/a", "f/b"]
        with pytest.raises(ListingBroken):
            list(entries)


def test_folders_outside_the_prefix_raise():
    with (
        scripted(
            lambda _, path: (200, page("f/g/", "h/") if "delimiter" in path else page("f/g/a", following="2"))
        ) as endpoint,
        at(endpoint, keys_per_folder=1) as lister,
        pytest.raises(ListingBroken, match="does not start with"),
    ):
        list(lister.entries("f/"))


@pytest.mark.parametrize(
    "folders",
    [
        pytest.param(page("f/", "g/", following="more"), id="not all of them"),
        pytest.param(page("f/a", "f/b"), id="what is in them"),
        pytest.param(page("f/c", "f/", "g"), id="what is in them beside them"),
        pytest.param(page("e/", "g/"), id="not the one that was seen"),
        pytest.param(page(), id="none"),
    ],
)
def test_the_listing_goes_on_page_by_page_where_the_folders_are_not_told(folders):
    def answer(_, path):
        if "delimiter" in path:
            return 200, folders
        return 200, page("f/c", "g") if "continuation-token" in path else FLAT

    with scripted(answer) as endpoint, at(endpoint, keys_per_folder=1) as lister:
        assert keys_of(lister.entries()) == ["f/a", "f/b", "f/c", "g"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "requests"),
    [
        pytest.param(403, error("AccessDenied"), AccessDenied, 1, id="denied"),
        pytest.param(404, error("NoSuchBucket"), StorageMissing, 1, id="no bucket"),
        pytest.param(403, error("InvalidAccessKeyId"), InvalidCredentials, 1, id="unknown key"),
        pytest.param(403, error("SignatureDoesNotMatch"), InvalidCredentials, 1, id="wrong secret"),
        pytest.param(400, error("InvalidArgument"), StorageFailure, 1, id="a request that it does not understand"),
        pytest.param(500, error("InternalError"), StorageFailure, 3, id="failed"),
        pytest.param(503, error("SlowDown"), Throttled, 3, id="too busy"),
        pytest.param(429, error("SlowDown"), Throttled, 3, id="too busy, said otherwise"),
        pytest.param(429, error("TooManyRequests"), Throttled, 3, id="too busy, as Cloudflare says it"),
        pytest.param(429, "", Throttled, 3, id="too busy, without a word"),
        pytest.param(200, error("InternalError"), StorageFailure, 3, id="failed, with a good status"),
        pytest.param(200, error("AccessDenied"), AccessDenied, 1, id="an error with a good status"),
        pytest.param(503, "", StorageUnreachable, 3, id="a gateway without a server"),
        pytest.param(404, "<!doctype html><p>Not found", StorageUnreachable, 1, id="a web server"),
        pytest.param(404, "x" * 1_000_000, StorageUnreachable, 1, id="a long error"),
        pytest.param(204, "", StorageFailure, 1, id="nothing"),
        pytest.param(400, "<!DOCTYPE l [<!ENTITY a 'AccessDenied'>]><Error><Code>&a;</Code></Error>", StorageUnreachable, 1,
                     id="an error with an entity"),
    ],
)  # fmt: skip
@pytest.mark.fault(9)
def test_an_error_is_what_it_says_and_is_asked_again_only_where_that_may_help(status, body, kind, requests):
    asked = []
    with (
        scripted(lambda _, path: (asked.append(path), (status, body))[1]) as endpoint,
        at(endpoint) as lister,
        pytest.raises(StorageError) as raised,
    ):
        list(lister.entries())
    assert type(raised.value) is kind
    assert SECRET not in str(raised.value)
    assert len(asked) == requests


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", id="busy"),
        pytest.param(b"HTTP/1.1 500 Failed\r\nContent-Length: 0\r\n\r\n", id="failed"),
        pytest.param(b"", id="closed"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + page("a", "b").encode()[:-30], id="cut short"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + page("a", "b").encode(), id="shorter than told"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + page("a", "b").encode()[:-30], id="cut short, no length told"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + page("a").encode()[:50],
            id="cut in a chunk",
        ),
    ],
)
@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.fault(9, 11)
def test_a_page_is_asked_for_three_times_and_yields_its_entries_once(bad, times):
    good = [page("a", "b", following="2").encode(), page("c").encode()]
    asked = itertools.count()

    def answer(head):
        number = next(asked)
        body = good["continuation-token" in head]
        yield bad if number < times else b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    with raw_server(answer) as endpoint, at(endpoint) as lister:
        if times == 2:
            assert keys_of(lister.entries()) == ["a", "b", "c"]
        else:
            with pytest.raises(StorageError):
                list(lister.entries())
            assert next(asked) == 3


@pytest.mark.fault(20)
def test_a_redirect_is_not_followed():
    asked = []

    def elsewhere(_method, path):
        asked.append(path)
        return 200, page("a")

    with scripted(elsewhere) as other:
        head = f"HTTP/1.1 307 There\r\nLocation: {other}/mybucket\r\nContent-Length: 0\r\n\r\n".encode()
        with raw_server(always(head)) as endpoint, at(endpoint) as lister, pytest.raises(StorageError):
            list(lister.entries())
    assert asked == []


def test_a_request_says_who_asks_and_does_not_ask_for_compression():
    heads = []

    def answer(head):
        heads.append(head.lower())
        return [b"HTTP/1.1 200 OK\r\n\r\n" + page().encode()]

    with raw_server(answer) as endpoint, at(endpoint) as lister:
        list(lister.entries("a b+c/é", "ä"))
    assert heads[0].startswith(
        "get /mybucket?encoding-type=url&list-type=2&prefix=a%20b%2bc%2f%c3%a9&start-after=%c3%a4 http/1.1\r\n"
    )
    assert "user-agent: sluice\r\n" in heads[0]
    assert "accept-encoding: identity\r\n" in heads[0]
    assert "accept-encoding" not in heads[0].split("signedheaders=")[1].split(",")[0]


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.fault(10)
def test_the_authorities_that_boto3_is_told_of_are_trusted_and_no_others(tmp_path, monkeypatch, variable):
    make_certificate(tmp_path / "certificate", tmp_path / "key")
    sends = always(b"HTTP/1.1 200 OK\r\n\r\n" + page("a").encode())
    with raw_server(sends, (tmp_path / "certificate", tmp_path / "key")) as endpoint:
        with at(endpoint) as lister, pytest.raises(StorageUnreachable, match="secure"):
            list(lister.entries())
        monkeypatch.setenv(variable, str(tmp_path / "certificate"))
        with at(endpoint) as lister:
            assert keys_of(lister.entries()) == ["a"]


@pytest.mark.fault(17)
def test_the_region_that_a_server_wants_is_learnt():
    regions = []

    def answer(head):
        regions.append(head.split("Credential=access-key/")[1].split("/")[1])
        if regions[-1] == "eu-west-1":
            return [b"HTTP/1.1 200 OK\r\n\r\n" + page("a").encode()]
        body = b"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"
        return [b"HTTP/1.1 400 Bad\r\n\r\n" + body]

    with raw_server(answer) as endpoint, at(endpoint) as lister:
        assert keys_of(lister.entries()) == ["a"]
        assert keys_of(lister.entries()) == ["a"]
    assert regions == ["us-east-1", "eu-west-1", "eu-west-1"]


NAMES = st.text(st.sampled_from("ab/.+ é\uffee\U0001f600"), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def model():
    """A bucket to fill anew for each example, and its address."""
    held = []

    def answer(method, path):
        return held[-1](method, path)

    with scripted(answer) as endpoint:
        yield held.append, endpoint


@settings(max_examples=150, deadline=None)
@given(
    keys=st.sets(NAMES, max_size=40),
    prefix=st.one_of(st.just(""), NAMES),
    after=st.one_of(st.just(""), NAMES),
    page_size=st.integers(1, 5),
    knows=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    folders_at_once=st.integers(1, 4),
    keys_per_folder=st.integers(1, 3),
)
def test_every_bucket_comes_out_whole_and_in_order(
    model, keys, prefix, after, page_size, knows, folders_at_once, keys_per_folder
):
    fill, endpoint = model
    fill(BucketModel(sorted(keys), page_size, *knows))
    with at(endpoint, folders_at_once=folders_at_once, keys_per_folder=keys_per_folder) as lister:
        listed = keys_of(lister.entries(prefix, after))
    assert listed == sorted(key for key in keys if key.startswith(prefix) and key > after)


TREE = [f"{folder}/{sub}/{number}" for folder in "abcdef" for sub in "xy" for number in range(25)]
TREE += ["a", "b.txt", "d/", "e/x.txt", "zz"]


@pytest.fixture
def tree(model):
    """A bucket with folders in folders, and its address."""
    bucket = BucketModel(TREE, page=10)
    model[0](bucket)
    return bucket, model[1]


def test_large_folders_are_asked_for_one_by_one_and_only_those_of_interest(tree):
    bucket, endpoint = tree
    with at(endpoint, keys_per_folder=1) as lister:
        assert keys_of(lister.entries(after="c/y/3")) == sorted(key for key in TREE if key > "c/y/3")
    asked = {query["prefix"] for query in bucket.asked if "prefix" in query}
    assert {"d/", "d/x/", "d/y/", "e/", "f/"} <= asked
    assert not any(prefix.startswith(("a", "b", "c/x")) for prefix in asked)


def test_folders_that_hold_little_are_not_asked_for(tree):
    bucket, endpoint = tree
    with at(endpoint, keys_per_folder=11) as lister:
        assert keys_of(lister.entries()) == sorted(TREE)
    assert not any("delimiter" in query for query in bucket.asked)


@pytest.mark.fault(14)
def test_a_folder_that_fails_raises_in_its_place(tree):
    bucket, endpoint = tree
    bucket.refused = ("c/",)
    with at(endpoint, keys_per_folder=1) as lister:
        entries = lister.entries()
        before = sum(key < "c" for key in TREE)
        assert keys_of(itertools.islice(entries, before)) == sorted(TREE)[:before]
        with pytest.raises(AccessDenied):
            next(entries)


@pytest.mark.parametrize("folders_at_once", [1, 2, 4])
@pytest.mark.parametrize("keys_per_folder", [pytest.param(1, id="by folders"), pytest.param(1000, id="page by page")])
def test_what_is_fetched_ahead_is_bounded(tree, keys_per_folder, folders_at_once):
    bucket, endpoint = tree
    with at(endpoint, keys_per_folder=keys_per_folder, folders_at_once=folders_at_once) as lister:
        entries = lister.entries()
        for _ in range(2):
            next(entries)
            wait_until_idle()
        pages = [query for query in bucket.asked if "delimiter" not in query]
        assert 1 + 1 <= len(pages) <= 1 + PAGES_AHEAD * folders_at_once
        entries.close()


@pytest.mark.parametrize("taken", [0, 1, 4, 40])
def test_a_listing_that_nobody_goes_on_with_stops(tree, taken):
    bucket, endpoint = tree
    with at(endpoint, keys_per_folder=1) as lister:
        entries = lister.entries()
        assert len(list(itertools.islice(entries, taken))) == taken
        entries.close()
        wait_until_idle()
        asked = len(bucket.asked)
        assert keys_of(lister.entries("zz")) == ["zz"]
    assert len(bucket.asked) == asked + 1


def test_whoever_takes_the_entries_may_raise(tree):
    with at(tree[1], keys_per_folder=1) as lister, pytest.raises(ValueError, match="invalid literal"):
        sum(int(entry.key) for entry in lister.entries())
    wait_until_idle()


def test_a_listing_is_left_at_once_though_an_answer_is_still_to_come():
    may_answer, heads = threading.Event(), []

    def answer(head):
        heads.append(head)
        if len(heads) > 1:
            may_answer.wait(60)
        yield b"HTTP/1.1 200 OK\r\n\r\n" + page(str(len(heads)), following=str(len(heads))).encode()

    with raw_server(answer) as endpoint, at(endpoint) as lister:
        entries = lister.entries()
        assert next(entries).key == "1"
        assert len(listing_threads()) == 1
        eventually(lambda: len(heads) == 2)
        entries.close()
        assert not may_answer.is_set()
        may_answer.set()
        wait_until_idle()
    assert len(heads) == 2


def test_many_listings_run_at_once(tree):
    with at(tree[1], keys_per_folder=1) as lister, ThreadPoolExecutor(6) as pool:
        assert all(keys == sorted(TREE) for keys in pool.map(lambda _: keys_of(lister.entries()), range(12)))


def test_a_closed_lister_connects_again(tree):
    with at(tree[1]) as lister:
        lister.close()
        assert keys_of(lister.entries()) == sorted(TREE)


@pytest.mark.slow
def test_the_folders_of_a_real_server_come_out_as_one_listing(server, caplog):
    """Pages of real servers hold 1,000 keys, so that many are needed for a second one, which begins in the second folder."""
    address = server.bucket("b" + uuid.uuid4().hex)
    sizes = {"a b": 510, "c+d": 510, "é": 120, "z": 120}
    keys = [f"{folder}/{number % 3}/{number}" for folder, size in sizes.items() for number in range(size)]
    keys += ["a b.txt", "c", "c+d-", "zz"]
    with closing(S3Storage(address)) as storage, ThreadPoolExecutor(8) as pool:
        storage.create()
        list(pool.map(lambda key: storage.write(key, content(b"x")), keys))
    caplog.set_level(logging.DEBUG, "urllib3.connectionpool")
    with closing(Lister(address, 8, keys_per_folder=100)) as lister:
        assert keys_of(lister.entries()) == sorted(keys)
        assert keys_of(lister.entries(after="c+d/1/4")) == [key for key in sorted(keys) if key > "c+d/1/4"]
    for folder in ("c%2Bd%2F&start-after=c%2Bd%2F", "%C3%A9%2F", "z%2F"):
        assert f"list-type=2&prefix={folder}" in caplog.text


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"", id="no length"),
        pytest.param(b"Content-Length: %d\r\n" % ENDLESS, id="the true length"),
        pytest.param(b"Content-Length: lots\r\n", id="a length that is no number"),
    ],
)
@pytest.mark.parametrize(
    "filling",
    [
        pytest.param(b" " * 65536, id="nothing"),
        pytest.param(b"<a>" + b"x" * 65529 + b"</a>", id="text"),
        pytest.param(page("x" * 900).encode()[50:-19] * 50, id="keys"),
        pytest.param(b"<a/>" * 16384, id="elements"),
    ],
)
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory by /proc")
@pytest.mark.fault(18)
def test_an_endless_page_is_refused_before_it_fills_the_memory(header, filling):
    sent = []

    def answer(_):
        yield b"HTTP/1.1 200 OK\r\n" + header + b"\r\n"
        for chunk in much(filling):
            sent.append(len(chunk))
            yield chunk

    with raw_server(answer) as endpoint, at(endpoint) as lister:
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM, proc(5)
        with pytest.raises(ListingBroken, match=r"longer than|too many elements|no well-formed XML"):
            list(lister.entries())
        assert memory("VmHWM") - before < 3 * PAGE_BYTES  # the text and the tree that it becomes
    assert sum(sent) < PAGE_BYTES + 16 * 1024 * 1024  # what fits into the buffers of two sockets goes on top


def test_a_page_that_promises_to_be_endless_is_refused_before_it_comes():
    is_refused = threading.Event()

    def answer(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % ENDLESS
        is_refused.wait(20)

    with raw_server(answer) as endpoint, at(endpoint) as lister:
        with pytest.raises(ListingBroken, match="longer than"):
            list(lister.entries())
        is_refused.set()


def test_of_an_endless_error_only_the_start_is_read():
    sent = []

    def answer(_):
        yield b"HTTP/1.1 403 No\r\n\r\n" + b"<Error><Code>AccessDenied</Code></Error>".ljust(65536)
        for chunk in much(b" " * 65536):
            sent.append(len(chunk))
            yield chunk

    with raw_server(answer) as endpoint, at(endpoint) as lister, pytest.raises(AccessDenied):
        list(lister.entries())
    assert sum(sent) < ENDLESS // 4
