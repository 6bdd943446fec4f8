"""What storages answer, as bytes of any kind: each driver takes it, or fails with errors of the product and soon."""

import gc
import json
import re
import warnings
from contextlib import closing, suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.browsing.manifest import names_in
from app.errors import ListingBroken, ManifestUnusable, StorageError
from app.storages.azure.address import AzureAddress
from app.storages.azure.storage import AzureStorage
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.buckets import list_buckets
from app.storages.gcs.storage import GcsStorage
from app.storages.http_api.google_words import oauth_word_of, words_of
from app.storages.s3 import S3Address, S3Storage
from app.storages.s3.notes import Opened
from app.storages.s3.pages import read_page, told_by
from tests.conformance.contents import content
from tests.support.any_answer import any_answer
from tests.support.drive import drive_files
from tests.support.google_fake import google as fake_google
from tests.support.mutations import anything, changed, damaged

TIME = "2026-01-01T00:00:00Z"
STATUSES = st.sampled_from([200, 200, 200, 200, 204, 206, 400, 403, 404, 409, 412, 416])
MOST_REQUESTS = 12
HALF_AS_MANY = max(1, settings().max_examples // 2)
HALF = "\ud800"

OBJECT = (
    f"<Contents><Key>a/b</Key><LastModified>{TIME}</LastModified><ETag>&quot;e&quot;</ETag><Size>1</Size></Contents>"
)
PAGE = f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType>{OBJECT}{OBJECT.replace("a/b", "c%20+")}<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes><IsTruncated>false</IsTruncated></ListBucketResult>'.encode()
ERROR = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message><Region>eu-west-1</Region></Error>'
DELETED = b'<?xml version="1.0"?><DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>'
COPIED = f'<?xml version="1.0"?><CopyObjectResult><LastModified>{TIME}</LastModified><ETag>&quot;e&quot;</ETag></CopyObjectResult>'.encode()
BLOBS = b"""<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="c"><Blobs><Blob><Name>a</Name><Properties><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>1</Content-Length><BlobType>BlockBlob</BlobType><Content-MD5>x</Content-MD5></Properties><Metadata><mtime>1.5</mtime></Metadata></Blob><BlobPrefix><Name>d/</Name></BlobPrefix></Blobs><NextMarker /></EnumerationResults>"""
RESOURCE = {
    "kind": "storage#object",
    "name": "a",
    "size": "1",
    "generation": "1",
    "timeCreated": TIME,
    "crc32c": "AAAAAA==",
    "metadata": {"mtime": "1.5"},
}
OBJECTS = {"kind": "storage#objects", "items": [RESOURCE], "prefixes": ["d/"]}
PERMITTED = {
    "kind": "x",
    "permissions": ["storage.objects.list"],
    "name": "bucket",
    "error": {"errors": [{"reason": "forbidden"}], "status": "X"},
}
FILE = {
    "id": "1abc",
    "name": "a.txt",
    "mimeType": "text/plain",
    "size": "1",
    "md5Checksum": "0" * 32,
    "modifiedTime": TIME,
    "createdTime": TIME,
    "version": "7",
    "parents": ["0root"],
    "trashed": False,
    "capabilities": {"canDownload": True},
}
FILES = {
    "files": [
        FILE,
        {**FILE, "id": "2", "mimeType": "application/vnd.google-apps.shortcut", "shortcutDetails": {"targetId": "3"}},
    ],
    "nextPageToken": "",
    "incompleteSearch": False,
}
# fmt: off
HEADERS = {"ETag": '"e"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "x-amz-meta-mtime": "1.5", "Content-Range": "bytes 0-0/1", "x-ms-meta-mtime": "1", "x-ms-blob-type": "BlockBlob", "Content-Type": "text/plain", "x-ms-error-code": "BlobNotFound", "x-amz-bucket-region": "eu-west-1"}
# fmt: on
ODD_HEADERS = st.sampled_from(
    ["", "-1", "x", "9" * 400, "\xff", "nan", "1e999", "bytes 0-9/*", "Thu, 99 Jan 9999 99:99:99 GMT", "a" * 3000]
)


def json_of(good):
    """JSON that is nearly right, and bytes that are nearly JSON."""
    return (changed(good) | anything()).map(lambda found: json.dumps(found).encode()) | damaged(
        json.dumps(good).encode()
    )


HEADER_SETS = st.dictionaries(st.sampled_from([*HEADERS]), ODD_HEADERS, max_size=3).map(lambda odd: {**HEADERS, **odd})


@given(damaged(PAGE) | st.binary(), st.sampled_from([1, 7, 100_000]))
def test_a_page_of_an_s3_listing_is_read_or_the_listing_is_broken(page, size):
    address = S3Address("http://storage:9000", "bucket", "access", "secret")
    with suppress(ListingBroken):
        found = read_page(address, (page[start : start + size] for start in range(0, len(page), size)))
        assert all(entry.key.encode() and entry.size >= 0 for entry in found.entries)


@given(damaged(ERROR) | st.binary())
def test_an_error_of_s3_has_a_code_or_none(document):
    assert [type(word) for word in told_by(document)] == [str, str]


NOTE = json.dumps(
    {
        "endpoint": "h",
        "bucket": "b",
        "key": "k",
        "upload_id": "u",
        "size": 1,
        "part_size": 1,
        "mark": "m",
        "started": 1.0,
    }
)


@given((damaged(NOTE.encode()) | json_of(json.loads(NOTE))).map(lambda data: data.decode(errors="replace")))
def test_a_note_of_an_upload_is_read_or_is_none(line):
    with suppress(ValueError, RecursionError):
        assert json.loads(Opened.parsed(line).line)


@given(
    json_of({"error": {"errors": [{"reason": "r"}], "details": [{"reason": "d"}], "status": "S"}})
    | json_of({"error": "invalid_grant"})
)
def test_the_words_of_google_are_plain_words(body):
    for word in [*(words_of(body) or ()), oauth_word_of(body) or "none"]:
        assert re.fullmatch(r"\w{1,64}", word, re.ASCII)


MANIFEST = b'{"version": "1.1"}\n{"type": "images"}\n{"name": "a", "extension": ".jpg", "width": 1}\n\n{"name": "b/c", "extension": ".png"}\n'


@given(damaged(MANIFEST) | st.binary() | json_of({"name": "a", "extension": ".jpg"}).map(lambda line: b"\n\n" + line))
def test_a_manifest_names_what_objects_can_be_called_or_cannot_be_used(document):
    with suppress(ManifestUnusable):
        assert all(len(name.encode()) > 0 for name in names_in(content(document)))


def raised(kept):
    """Raise what stood in the way of a deletion."""
    for error in kept.values():
        raise error


LOOKING = {
    "check": lambda storage: storage.check(),
    "list": lambda storage: list(storage.list()),
    "browse": lambda storage: storage.browse(),
    "stat": lambda storage: storage.stat("a"),
    "rights": lambda storage: storage.rights(),
    "read": lambda storage: storage.read("a").read(),
}
CHANGING = {
    "delete": lambda storage: raised(storage.delete(["a", "b", "c\r"])),
    "create": lambda storage: storage.create(),
    "drop": lambda storage: storage.drop(),
    "copy": lambda storage: storage.copy("a", "b"),
    "write": lambda storage: storage.write("a", content(b"x")),
}
OPERATIONS = LOOKING | CHANGING


@pytest.fixture(scope="module")
def answer():
    with any_answer() as answer:
        yield answer


def fuzz(answer, storage, documents):
    """Ask a storage for anything, whatever is answered."""

    @settings(max_examples=HALF_AS_MANY)
    @given(st.sampled_from([*OPERATIONS]), STATUSES, documents, HEADER_SETS)
    def anything_answered(operation, status, body, headers):
        answer.becomes(status, body, headers)
        with suppress(StorageError):
            OPERATIONS[operation](storage)
        assert answer.asked <= MOST_REQUESTS, operation

    anything_answered()


@pytest.mark.fault(19)
def test_whatever_an_s3_server_answers_fails_as_a_storage_does(answer):
    with closing(S3Storage(S3Address(answer.url, "bucket", "access", "secret"), 2)) as storage:
        fuzz(answer, storage, damaged(PAGE) | damaged(ERROR) | damaged(DELETED) | damaged(COPIED) | st.binary())


@pytest.mark.fault(19)
def test_whatever_an_azure_answers_fails_as_a_storage_does(answer):
    address = AzureAddress(answer.url, "account", "container", sas_token="sv=2024-11-04&sig=c2VjcmV0")
    with closing(AzureStorage(address)) as storage:
        fuzz(answer, storage, damaged(BLOBS) | damaged(ERROR) | st.binary())


@pytest.mark.fault(19)
def test_a_blob_whose_headers_nobody_can_read_leaves_no_connection_open(answer):
    address = AzureAddress(answer.url, "account", "container", sas_token="sv=2024-11-04&sig=c2VjcmV0")
    answer.becomes(206, b"a", HEADERS | {"Content-Range": "none"})
    gc.collect()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with closing(AzureStorage(address)) as storage:
            for _ in range(3):
                with pytest.raises(StorageError):
                    storage.read("a")
        gc.collect()
    assert [str(each.message) for each in told] == []


@pytest.mark.fault(19)
def test_whatever_a_google_answers_fails_as_a_storage_does(answer):
    with closing(GcsStorage(GcsAddress("bucket", answer.url))) as storage:
        fuzz(
            answer,
            storage,
            json_of(OBJECTS) | json_of(RESOURCE) | json_of(PERMITTED) | json_of({"done": True, "resource": RESOURCE}),
        )


def asked(operation):
    """Return what asks a bucket of an address for this."""

    def ask(address):
        with closing(GcsStorage(address)) as storage:
            operation(storage)

    return ask


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        pytest.param(
            asked(lambda storage: storage.copy("a", "b")), RESOURCE | {"rewriteToken": HALF}, id="leads on in a copy"
        ),
        pytest.param(
            asked(lambda storage: list(storage.list())), OBJECTS | {"nextPageToken": HALF}, id="leads on in a listing"
        ),
        pytest.param(list_buckets, {"kind": "storage#buckets", "nextPageToken": HALF}, id="leads on among buckets"),
        pytest.param(list_buckets, {"kind": "storage#buckets", "items": [{"name": HALF}]}, id="is a bucket"),
    ],
)
def test_half_a_character_of_a_google_goes_no_further(answer, ask, told):
    answer.becomes(200, json.dumps(told).encode())
    with pytest.raises(StorageError):
        ask(GcsAddress("bucket", answer.url, project="project"))


@pytest.mark.fault(19)
def test_whatever_a_drive_answers_fails_as_a_storage_does(answer):
    asking = {
        "children": lambda files: list(files.children("root")),
        "named": lambda files: files.named("root", "a.txt"),
    }
    with fake_google() as fake, closing(drive_files(fake, endpoint=answer.url + "/drive/v3")) as files:

        @settings(max_examples=HALF_AS_MANY)
        @given(st.sampled_from([*asking]), STATUSES, json_of(FILES) | json_of(FILE))
        @example("children", 200, json.dumps({**FILES, "nextPageToken": HALF}).encode())
        def anything_answered(operation, status, body):
            answer.becomes(status, body)
            with suppress(StorageError):
                asking[operation](files)

        anything_answered()
