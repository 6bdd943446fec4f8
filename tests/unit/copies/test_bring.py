"""Uploads and files of the web come into a history."""

import gzip
import hashlib

import pytest

from app.copies.contract import Conversion, CopyKind, CopyState, Import
from app.errors import AddressRefused, InvalidInput, NotFound, QuotaExceeded, UploadRefused
from app.library.contract import ItemState
from tests.support.servers import scripted


def bring(here, *imports):
    """Bring these, and return the items at the end, and their copies."""
    items = here.arrived([item for item, _ in here.copies.bring(here.anna, here.history, imports)])
    return items, [here.made_by(item) for item in items]


def test_uploads_become_items_and_are_used_up(here):
    items, copies = bring(
        here,
        Import(name="one", upload=here.upload(b"first"), attributes={"dbkey": "hg38"}, tags=["t"]),
        Import(name="two", upload=here.upload(b"")),
    )

    assert [(item.name, item.state, here.data(item)) for item in items] == [
        ("one", ItemState.READY, b"first"),
        ("two", ItemState.READY, b""),
    ]
    assert (items[0].attributes, items[0].tags) == ({"dbkey": "hg38"}, ("t",))
    assert [(copy.kind, copy.state, copy.size, copy.sha256) for copy in copies] == [
        (CopyKind.IMPORT, CopyState.DONE, len(data), hashlib.sha256(data).hexdigest()) for data in (b"first", b"")
    ]
    assert here.leftovers() == []
    assert here.library.usage(here.anna.user_id).used == 5
    assert [step.record.key for step in here.jobs.steps(copies[0].job_id)] in (["one", "two"], ["two", "one"])


def test_an_upload_is_converted_as_was_asked_for(here):
    conversion = Conversion(posix_lines=True, tabs=True, file_type="tabular")
    (item,), _ = bring(here, Import(name="a", upload=here.upload(b"a  b\r\nc d"), conversion=conversion))

    assert (here.data(item), item.file_type) == (b"a\tb\nc\td\n", "tabular")
    assert here.leftovers() == []


def test_a_file_of_the_web_becomes_an_item(start):
    here = start(FETCH_HOSTS_ALLOWED="127.0.0.1")
    here.run()
    with scripted(lambda *_: (200, "from the web"), "text/plain") as address:
        (item,), (copy,) = bring(here, Import(name="web", url=f"{address}/file?token=abc"))

    assert (item.state, here.data(item)) == (ItemState.READY, b"from the web")
    assert (copy.state, copy.source) == (CopyState.DONE, f"{address}/file?token=abc")
    assert "abc" not in str(here.jobs.steps(copy.job_id)) + str(here.jobs.get(copy.job_id))


def test_an_address_that_gives_no_file_fails_alone_and_does_not_tell_its_token(start):
    here = start(FETCH_HOSTS_ALLOWED="127.0.0.1")
    here.run()
    with scripted(lambda _, path: (200, "fine") if path == "/fine" else (404, "no"), "text/plain") as address:
        items, copies = bring(
            here, Import(name="none", url=f"{address}/x?token=abc"), Import(name="fine", url=f"{address}/fine")
        )

    assert [item.state for item in items] == [ItemState.FAILED, ItemState.READY]
    assert (copies[0].state, copies[0].reason) == (CopyState.FAILED, "fetch_failed")
    assert "404" in copies[0].message
    assert "abc" not in copies[0].message
    assert here.job_of(copies[0]).state == "partial"


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        pytest.param(lambda _: Import(name="a", url="http://127.0.0.1/"), AddressRefused, id="an address inside"),
        pytest.param(lambda _: Import(name="a", url="http://localhost/"), AddressRefused, id="a name that leads inside"),
        pytest.param(lambda _: Import(name="a", url="ftp://example.org/"), AddressRefused, id="no web address"),
        pytest.param(lambda _: Import(name="a"), InvalidInput, id="neither upload nor address"),
        pytest.param(lambda _: Import(name="a", url="http://x.org", upload="y"), InvalidInput, id="both"),
        pytest.param(lambda _: Import(name="a", upload="no-upload"), NotFound, id="no such upload"),
        pytest.param(lambda here: Import(name="a", upload=here.upload(b"b", caller=here.people.user("bert"))), NotFound, id="somebody else's upload"),
        pytest.param(lambda here: Import(name="a", upload=here.library.uploads.create(here.anna, 5).id), UploadRefused, id="an unfinished upload"),
    ],
)  # fmt: skip
def test_what_cannot_be_brought_is_refused_before_anything_is_made(waiting, refused, error):
    fine = Import(name="fine", upload=waiting.upload(b"fine"))
    with pytest.raises(error):
        waiting.copies.bring(waiting.anna, waiting.history, [fine, refused(waiting)])

    assert waiting.unfinished() == []
    assert waiting.library.contents([waiting.history])[waiting.history].states == {}


def test_what_is_unpacked_to_more_than_the_quota_fails_and_leaves_nothing(start):
    here = start(LIBRARY_QUOTA="10K")
    here.run()
    packed = Import(
        name="a.gz", upload=here.upload(gzip.compress(bytes(20_000))), conversion=Conversion(decompress=True)
    )
    (item,), (copy,) = bring(here, packed)

    assert (item.state, copy.reason) == (ItemState.FAILED, QuotaExceeded.reason)
    assert here.leftovers() == []
    assert here.library.usage(here.anna.user_id).used == 0


def test_an_upload_fills_the_quota_to_the_last_byte(start):
    here = start(LIBRARY_QUOTA="1K")
    here.run()
    (item,), _ = bring(here, Import(name="a", upload=here.upload(bytes(1024))))

    assert item.state is ItemState.READY


def test_a_small_import_is_waited_for(here):
    made = here.imported(("one", b"1"))

    assert [copy.state for copy in here.copies.settled([copy for _, copy in made], 30)] == [CopyState.DONE]


def test_nobody_waits_for_longer_than_he_says(waiting):
    made = waiting.imported(("one", b"1"))

    assert [copy.state for copy in waiting.copies.settled([copy for _, copy in made], 0.01)] == [CopyState.WAITING]
    assert waiting.copies.settled([], 10) == []


def test_nothing_to_bring_is_no_job(waiting):
    assert waiting.copies.bring(waiting.anna, waiting.history, []) == []
    assert waiting.unfinished() == []
