"""The gcs driver and a network or server that fails: what may pass is tried again, and nothing is left behind."""

import json
import socket
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import pytest

from app.errors import AccessDenied, InvalidInput, StorageError, StorageFailure, StorageUnreachable
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import WORKING, Api
from app.storages.gcs.authorisation import Authorisation
from app.storages.gcs.storage import GcsStorage
from app.storages.http_api.exchange import Request
from tests.conformance.contents import MIB, bytes_of, content, digest
from tests.conformance.subjects import gcs_address
from tests.support.gcs_answers import Answer
from tests.support.gcs_fake import gcs_fake
from tests.support.gcs_keys import PRIVATE_KEY
from tests.support.gcs_model import QUANTUM, Bucket
from tests.support.places import place
from tests.support.servers import free_port, scripted

LARGE = 16 * MIB + 5
"""Three pieces."""

OPERATIONS = {
    "a check": lambda storage: storage.check(),
    "a listing": lambda storage: list(storage.list()),
    "a level": lambda storage: storage.browse(),
    "an entry": lambda storage: storage.stat("small"),
    "rights": lambda storage: storage.rights(),
    "a small upload": lambda storage: storage.write("new", content(b"data")),
    "a large upload": lambda storage: storage.write("new", content(bytes_of(LARGE))),
    "a small download": lambda storage: storage.read("small").read(),
    "a large download": lambda storage: storage.read("large").read(),
    "a copy": lambda storage: storage.copy("small", "new"),
    "a deletion": lambda storage: storage.delete(["small", "large"]),
    "making the bucket": lambda storage: storage.create(),
}


def filled(fake):
    name = "b" + uuid.uuid4().hex
    fake.buckets[name] = bucket = Bucket(name)
    bucket.put("small", b"data", {}, {})
    bucket.put("large", bytes_of(LARGE), {}, {})
    return bucket


@pytest.fixture
def bucket(fake_gcs):
    return filled(fake_gcs)


@pytest.fixture
def storage(fake_gcs, bucket):
    with closing(GcsStorage(gcs_address(fake_gcs, bucket.name), connections=8)) as storage:
        yield storage


def opened(endpoint):
    return closing(GcsStorage(GcsAddress("bucket", endpoint)))


def once(what, when=lambda _: True):
    """Trouble for the first request that ``when`` is true of, and for no other."""
    seen = set()

    def trouble(request):
        if "had" in seen or not when(request):
            return None
        seen.add("had")
        return what

    return trouble


def failing(status):
    return Answer(status, {"Content-Type": "application/json"}, b'{"error": {"errors": [{"reason": "backendError"}]}}')


def at_once(ask):
    """Have every operation asked by a thread of its own, since each waits between its attempts."""
    with ThreadPoolExecutor(len(OPERATIONS)) as pool:
        asked = {name: pool.submit(ask, operation) for name, operation in OPERATIONS.items()}
    return {name: one.exception() or one.result() for name, one in asked.items()}


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param("drop", id="no answer"),
        pytest.param("lose", id="an answer that is lost"),
        *(pytest.param(failing(status), id=str(status)) for status in (408, 429, 500, 502, 503, 504)),
        pytest.param(Answer(200, {"Content-Length": "9000"}, b"{"), id="half an answer"),
    ],
)
@pytest.mark.fault(9)
def test_what_passes_is_survived_by_every_operation(trouble):
    def ask(operation):
        with gcs_fake() as fake, closing(GcsStorage(gcs_address(fake, filled(fake).name))) as storage:
            fake.trouble = once(trouble)
            operation(storage)
            return "survived" if trouble == "lose" else fake.open_sessions() or "survived"

    assert at_once(ask) == dict.fromkeys(OPERATIONS, "survived")


def test_what_stays_is_told_by_every_operation(fake_gcs, storage):
    fake_gcs.trouble = lambda _: failing(503)
    for name, error in at_once(lambda operation: operation(storage)).items():
        assert isinstance(error, StorageUnreachable), name
        assert "not ready" in str(error), name


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("drop", id="no answer"),
        pytest.param("lose", id="a lost answer"),
        pytest.param(failing(503), id="503"),
    ],
)
@pytest.mark.parametrize("number", [1, 2, 3], ids=["the first", "one in the middle", "the last"])
@pytest.mark.fault(11)
def test_a_piece_that_fails_goes_on_where_the_server_is(fake_gcs, bucket, storage, what, number):
    pieces = iter(range(1, 100))
    is_the_one = lambda seen: seen.method == "PUT" and seen.body and next(pieces) == number  # noqa: E731
    fake_gcs.trouble = once(what, is_the_one)
    storage.write("new", content(bytes_of(LARGE)))
    assert digest(bucket.objects["new"].data) == digest(bytes_of(LARGE))
    assert fake_gcs.open_sessions() == []


def test_a_piece_of_which_only_some_arrived_is_completed(fake_gcs, bucket, storage):
    def trouble(seen):
        if seen.method == "PUT" and seen.headers["Content-Range"].startswith("bytes 0-"):
            (session,) = bucket.sessions.values()
            session.data += seen.body[: 3 * QUANTUM]
            return Answer(308, {"Range": f"bytes=0-{3 * QUANTUM - 1}"}, b"")
        return None

    fake_gcs.trouble = trouble
    storage.write("new", content(bytes_of(LARGE)))
    assert digest(bucket.objects["new"].data) == digest(bytes_of(LARGE))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(308, {}, b""), id="nothing ever arrives"),
        pytest.param(Answer(308, {"Range": "bytes=0-99999999999"}, b""), id="more arrived than was sent"),
        pytest.param(Answer(308, {"Range": "bytes=5-9"}, b""), id="a range that is none"),
        pytest.param(Answer(200, {}, b"{}"), id="complete too early"),
        pytest.param(failing(404), id="the upload is gone"),
        pytest.param(failing(410), id="the upload has expired"),
    ],
)
def test_an_upload_that_does_not_go_on_is_cancelled(fake_gcs, bucket, storage, answer):
    fake_gcs.trouble = lambda seen: answer if seen.method == "PUT" else None
    with pytest.raises(StorageError):
        storage.write("new", content(bytes_of(LARGE)))
    assert fake_gcs.open_sessions() == []
    assert "new" not in bucket.objects


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/upload/storage/v1/b/{bucket}/o?upload_id=x",
        "//127.0.0.1:{port}/",
        "",
        "/elsewhere?upload_id=x",
        "http://[",
        "{ours}/other?upload_id=1",
    ],
    ids=["another port", "another host", "none", "a path", "no address", "another path"],
)
def test_an_upload_is_never_sent_elsewhere(fake_gcs, bucket, storage, location):
    with place() as elsewhere:
        told = location.format(port=elsewhere.port, bucket=bucket.name, ours=fake_gcs.endpoint)
        fake_gcs.trouble = lambda seen: Answer(200, {"Location": told}, b"") if seen.method == "POST" else None
        with pytest.raises(StorageUnreachable):
            storage.write("new", content(bytes_of(LARGE)))
        assert elsewhere.arrivals() == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.fault(20)
def test_no_redirect_is_followed_by_any_operation(fake_gcs, storage, status):
    with place() as elsewhere:
        target = {"Location": f"http://127.0.0.1:{elsewhere.port}/"}
        fake_gcs.trouble = lambda _: Answer(status, target, b"")
        for name, error in at_once(lambda operation: operation(storage)).items():
            assert isinstance(error, StorageUnreachable), name
        assert elsewhere.arrivals() == []


def test_a_place_where_nobody_listens_cannot_be_reached_by_any_operation():
    with opened(f"http://127.0.0.1:{free_port()}") as storage:
        told = at_once(lambda operation: operation(storage))
    for name, error in told.items():
        assert isinstance(error, StorageUnreachable), name
        assert "cannot be reached" in str(error), name


@pytest.mark.parametrize(
    "endpoint", ["http://[", "https://127.0.0.1:99999", "nonsense"], ids=["half", "a port", "a word"]
)
def test_what_is_no_address_is_told_by_every_operation(endpoint):
    with closing(GcsStorage(GcsAddress("bucket", endpoint))) as storage:
        for name, error in at_once(lambda operation: operation(storage)).items():
            assert isinstance(error, StorageUnreachable | InvalidInput), name


@pytest.mark.parametrize("size", [1, 20 * MIB])
def test_an_object_that_ends_early_or_never_is_not_taken(fake_gcs, bucket, storage, size):
    for sent in (b"", bytes(size + 1), bytes(33 * MIB)):
        bucket.put("key", bytes_of(size), {}, {})
        fake_gcs.trouble = lambda seen, sent=sent: (
            Answer(206 if "Range" in seen.headers else 200, {"Content-Range": seen.headers.get("Range", "")}, sent)
            if "alt" in seen.query
            else None
        )
        with pytest.raises((StorageFailure, StorageUnreachable)), storage.read("key") as opened:
            opened.read()


CHANGES = {
    "making the bucket": lambda storage: storage.create(),
    "removing the bucket": lambda storage: storage.drop(),
    "an upload": lambda storage: storage.write("k", content(b"x")),
    "a deletion": lambda storage: storage.delete(["k"]),
}


@pytest.mark.parametrize(
    "page",
    [
        *(pytest.param((status, "<html>Hello</html>"), id=f"a page, {status}") for status in (200, 400, 404, 405, 500)),
        pytest.param((200, ""), id="nothing"),
        pytest.param((200, '{"name": "other"}'), id="another bucket"),
    ],
)
@pytest.mark.parametrize(
    "operation", (CHANGES | {"a check": OPERATIONS["a check"]}).values(), ids=[*CHANGES, "a check"]
)
def test_no_other_web_server_is_taken_for_googles(operation, page):
    refused = pytest.raises(StorageUnreachable, match="not as Google")
    with scripted(lambda *_: page, "text/html") as endpoint, opened(endpoint) as storage, refused:
        operation(storage)


@pytest.mark.parametrize("operation", ["a deletion", "removing the bucket"])
def test_what_is_there_yet_was_not_removed(fake_gcs, bucket, storage, operation):
    bucket.put("k", b"data", {}, {})
    fake_gcs.trouble = lambda seen: Answer(200, {}, b"") if seen.method == "DELETE" else None
    with pytest.raises(StorageUnreachable, match="not as Google"):
        CHANGES[operation](storage)


@contextmanager
def dripping(head):
    """Give an endpoint that answers each request by a byte now and then, 20 in all."""

    def answer(connection):
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(f"HTTP/1.1 {head}\r\nContent-Length: 20\r\n\r\n".encode())
            for _ in range(20):
                connection.sendall(b"x")
                threading.Event().wait(0.05)

    def serve():
        with suppress(OSError):
            while True:
                answer(listener.accept()[0])

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            serving.join()


@contextmanager
def hurried(endpoint):
    """Give what jobs ask with, but for its patience with a body."""
    address = GcsAddress("bucket", endpoint)
    with closing(Api(address, Authorisation(address), 1, WORKING._replace(whole=0.1))) as api:
        yield api


@pytest.mark.parametrize(
    ("head", "is_media"),
    [
        pytest.param("200 OK", False, id="a good answer"),
        pytest.param("404 Missing", False, id="a refusal"),
        pytest.param("404 Missing", True, id="a refusal of an object"),
    ],
)
@pytest.mark.fault(12)
def test_an_answer_that_drips_is_not_waited_for_by_jobs_either(head, is_media):
    request = Request("GET", "/storage/v1/b/bucket/o/key", is_media=is_media)
    slow = pytest.raises(StorageUnreachable, match="too slowly")
    with dripping(head) as endpoint, hurried(endpoint) as api, slow:
        api.ask(request)
    assert WORKING.whole <= 30


def test_an_object_may_take_as_long_as_its_bytes_keep_coming():
    request = Request("GET", "/storage/v1/b/bucket/o/key", is_media=True)
    with dripping("200 OK") as endpoint, hurried(endpoint) as api:
        assert api.ask(request).data == b"x" * 20


def test_connections_are_given_back_whatever_happens(fake_gcs, storage):
    """Each of these would keep one of eight for itself if its answer was not read to its end."""
    for number in range(20):
        body = b"x" * (17 * MIB if number == 0 else 10)
        fake_gcs.trouble = lambda _, body=body: Answer(400, {}, body)
        with pytest.raises(StorageError):
            storage.read("small")
    fake_gcs.trouble = lambda _: None
    assert storage.read("small").read() == b"data"


def test_no_secret_is_in_any_message_or_representation(fake_gcs, bucket):
    address = gcs_address(fake_gcs, bucket.name)
    assert "PRIVATE" not in repr(address)
    told = []
    with closing(GcsStorage(address)) as storage:
        for status in (400, 401, 403, 404, 409, 412):
            fake_gcs.trouble = lambda seen, status=status: Answer(
                status, {}, json.dumps({"error": {"message": str(seen.headers), "errors": []}}).encode()
            )
            for operation in OPERATIONS.values():
                try:
                    told.append(str(operation(storage)))
                except StorageError as error:
                    told.append(f"{error!r} {error.__cause__!r}")
    token = fake_gcs.seen[0].headers["Authorization"]
    assert any("401" in one for one in told)
    assert not any(word in one for one in told for word in (token, token.split(".")[2], "Bearer", PRIVATE_KEY[40:80]))


@pytest.mark.parametrize(
    ("operation", "attempts"), [("a small download", 4), ("a small upload", 4), ("a check", 2), ("an entry", 2)]
)
@pytest.mark.fault(9)
def test_there_are_so_many_attempts_and_no_more(fake_gcs, storage, operation, attempts):
    fake_gcs.trouble = lambda _: failing(503)
    with pytest.raises(StorageUnreachable):
        OPERATIONS[operation](storage)
    assert len(fake_gcs.seen) == attempts


def test_what_will_not_pass_is_not_tried_again(fake_gcs, storage):
    fake_gcs.trouble = lambda _: Answer(403, {}, b'{"error": {"errors": [{"reason": "forbidden"}]}}')
    with pytest.raises(AccessDenied):
        storage.read("small")
    assert len(fake_gcs.seen) == 1
