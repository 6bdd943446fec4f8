"""One page of a listing: what is read from it, and what is refused."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.errors import ListingBroken
from app.storages.base import Entry
from app.storages.s3 import S3Address
from app.storages.s3.pages import CutShort, read_page, told_by

ADDRESS = S3Address("http://storage:9000", "mybucket", "access", "secret")
OBJECT = "<Contents><Key>a</Key><LastModified>2026-01-01T00:00:00Z</LastModified><ETag>&quot;e&quot;</ETag><Size>1</Size></Contents>"
JANUARY = 1767225600.0


def page(inner=OBJECT, before="", attributes="", truncated="false"):
    return f"{before}<ListBucketResult{attributes}><IsTruncated>{truncated}</IsTruncated>{inner}</ListBucketResult>"


def read(document, size=7):
    data = document if isinstance(document, bytes) else document.encode()
    return read_page(ADDRESS, (data[start : start + size] for start in range(0, len(data), size)))


def keys(document, size=7):
    return [entry.key for entry in read(document, size).entries]


@pytest.mark.parametrize("size", [1, 7, 100_000], ids="in chunks of {}".format)
@pytest.mark.parametrize(
    "document",
    [
        pytest.param(page(), id="without a namespace"),
        pytest.param(page(attributes=' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'), id="with S3's"),
        pytest.param(page(attributes=' xmlns="urn:another"'), id="with another"),
        pytest.param(page(before='<?xml version="1.0" encoding="utf-8"?>\n'), id="declared"),
        pytest.param("\ufeff" + page(before='<?xml version="1.0"?>'), id="with a byte order mark"),
        pytest.param(page(before="<!-- so --><?do this?>"), id="after a comment"),
        pytest.param(page("<Name>b</Name>" + OBJECT + "<Owner><ID>1</ID></Owner>"), id="among other elements"),
        pytest.param(page(OBJECT.replace("><", ">\n\t<")), id="indented"),
    ],
)
def test_an_object_is_read_however_the_page_is_written(document, size):
    assert read(document, size) == ([Entry("a", 1, JANUARY, "e")], [], None)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("a+b%20c", "a+b%20c", id="what looks encoded"),
        pytest.param("&lt;a&amp;b&gt;&#x26;&#233;", "<a&b>&é", id="escaped"),
        pytest.param("<![CDATA[<a&b>]]>", "<a&b>", id="character data"),
        pytest.param("a<!-- no -->b", "ab", id="around a comment"),
        pytest.param("日本語/\U0001f600\u2028", "日本語/\U0001f600\u2028", id="beyond ASCII"),
        pytest.param(" a\t&#13;&#10; ", " a\t\r\n ", id="white space"),
    ],
)
def test_a_key_that_is_not_encoded_is_kept_as_it_is(written, key):
    assert keys(page(OBJECT.replace("<Key>a<", f"<Key>{written}<"))) == [key]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("a+b%20c%2Bd", "a b c+d"),
        ("%41%2541", "A%41"),
        ("caf%C3%A9/%F0%9F%98%80", "café/\U0001f600"),
        ("%01%0A%0D%7F", "\x01\n\r\x7f"),
        ("100%", "100%"),
        ("é%20", "é "),
    ],
)
@pytest.mark.parametrize("where", ["before", "behind"])
def test_a_key_is_decoded_where_the_page_says_that_it_is_encoded(written, key, where):
    told, encoded = "<EncodingType>url</EncodingType>", OBJECT.replace("<Key>a<", f"<Key>{written}<")
    assert keys(page(told + encoded if where == "before" else encoded + told)) == [key]


def test_folders_are_decoded_like_keys():
    folders = "".join(f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>" for name in ("a%2Bb/", "c+d/"))
    assert read(page(folders)).folders == ["a%2Bb/", "c+d/"]
    assert read(page("<EncodingType>url</EncodingType>" + folders)).folders == ["a+b/", "c d/"]


@pytest.fixture
def _elsewhere(monkeypatch):
    """This machine keeps another time than UTC."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2026-01-01T00:00:00.250Z", JANUARY + 0.25),
        ("2026-01-01T00:00:00.123456789Z", JANUARY + 0.123456),
        ("2026-01-01T01:00:00+01:00", JANUARY),
        ("2026-01-01T00:00:00", JANUARY),
    ],
)
def test_a_time_is_read_as_utc_unless_it_says_otherwise(written, seconds):
    assert read(page(OBJECT.replace("2026-01-01T00:00:00Z", written))).entries[0].modified == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("first", "etag"),
    [
        pytest.param("<ETag>&quot;e-2&quot;</ETag>", "e-2", id="quoted"),
        pytest.param("<ETag>e</ETag>", "e", id="bare"),
        pytest.param("<ETag></ETag>", None, id="empty"),
        pytest.param("", None, id="absent, though another has one"),
    ],
)
def test_an_etag_has_no_quotes_and_stays_with_its_object(first, etag):
    inner = OBJECT.replace("<ETag>&quot;e&quot;</ETag>", first) + OBJECT.replace("<Key>a<", "<Key>b<")
    assert [(entry.key, entry.etag) for entry in read(page(inner)).entries] == [("a", etag), ("b", "e")]


def test_the_address_of_the_next_page_counts_only_where_there_is_one():
    token = "<NextContinuationToken>a+b%20&amp;</NextContinuationToken>"
    assert read(page(token + "<EncodingType>url</EncodingType>", truncated="true")).token == "a+b%20&"
    assert read(page(token)).token is None


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("", id="nothing"),
        pytest.param("<!doctype html><p>Hello", id="a web page"),
        pytest.param("<html><body>ListBucketResult</body></html>", id="a web page that is XML"),
        pytest.param('{"ListBucketResult": {"IsTruncated": false}}', id="JSON"),
        pytest.param(f"<Answer>{page()}</Answer>", id="a listing in something else"),
        pytest.param("<Error><Code>SlowDown</Code></Error>", id="an error"),
        pytest.param("<ListBucketResult/>", id="an empty listing"),
        pytest.param(page(truncated=""), id="complete or not: no word"),
        pytest.param(page(truncated="1"), id="complete or not: no such word"),
        pytest.param(page(truncated="true"), id="no way to the next page"),
        pytest.param(page("<NextContinuationToken/>", truncated="true"), id="an empty way to the next page"),
        pytest.param(page(OBJECT.replace("<Key>a</Key>", "")), id="no key"),
        pytest.param(page(OBJECT.replace("<Key>a<", "<Key><")), id="an empty key"),
        pytest.param(page(OBJECT.replace("<Size>1</Size>", "")), id="no size"),
        pytest.param(page(OBJECT + OBJECT.replace("<Size>1</Size>", "")), id="no size of one object"),
        pytest.param(page(OBJECT.replace("<Size>1<", "<Size><")), id="an empty size"),
        *(
            pytest.param(page(OBJECT.replace("<Size>1<", f"<Size>{size}<")), id=f"a size of {size!a}")
            for size in ("-1", "+1", "1.0", "1e3", "0x10", "1_000", " 1", "one", "٣", "9" * 19)
        ),
        pytest.param(page(OBJECT.replace("LastModified", "Modified")), id="no time"),
        pytest.param(page(OBJECT.replace("2026-01-01", "yesterday")), id="a time that is none"),
        pytest.param(
            page("<EncodingType>url</EncodingType>" + OBJECT.replace(">a<", ">%ff<")), id="no UTF-8 when decoded"
        ),
        pytest.param(page("<EncodingType>url</EncodingType>" + OBJECT.replace(">a<", ">%ED%A0%80<")), id="a surrogate"),
        pytest.param(page(OBJECT.replace(">a<", ">&#1;<")), id="a character that XML cannot carry"),
        pytest.param(page(OBJECT.replace(">a<", ">&nbsp;<")), id="an unknown entity"),
        pytest.param(page().encode().replace(b">a<", b">\xe9<"), id="another encoding than it says"),
        pytest.param(
            page(OBJECT.replace(">a<", ">é<"), before='<?xml version="1.0" encoding="ISO-8859-1"?>').encode("latin-1"),
            id="Latin-1",
        ),
        pytest.param(page(before='<?xml version="1.0" encoding="UTF-7"?>'), id="UTF-7"),
        pytest.param(page().encode("utf-16"), id="UTF-16"),
        pytest.param(page(before="<!DOCTYPE ListBucketResult>"), id="a document type"),
        pytest.param(page(before='<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">'), id="a document type elsewhere"),
        pytest.param(page(OBJECT.replace(">a<", ">&i;<"), before=LAUGHS), id="a billion laughs"),
        pytest.param(page(before=LAUGHS, attributes=' a="&i;"'), id="a billion laughs in an attribute"),
        pytest.param(page("<a>" * 300 + "</a>" * 300), id="too deep"),
        pytest.param(page("<a/>" * 250_000), id="too many elements"),
        pytest.param(
            page("<a " + " ".join(f"a{number}=''" for number in range(250_000)) + "/>"), id="too many attributes"
        ),
        pytest.param(page().replace("</Key>", "</Kye>"), id="crossed elements"),
        pytest.param(page() + page(), id="two listings"),
    ],
)
@pytest.mark.fault(18, 19)
def test_a_page_that_cannot_be_believed_is_refused(document):
    with pytest.raises(ListingBroken, match="listing of 'mybucket'"):
        read(document, 65536)


@pytest.mark.parametrize("length", range(20, len(page()), 13))
def test_a_page_that_ends_in_the_middle_is_told_from_a_wrong_one(length):
    with pytest.raises(CutShort):
        read(page()[:length])


@pytest.fixture
def visits():
    """The address of a web server, and what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("kind", ["entity", "parameter entity", "document type"])
def test_nothing_is_fetched_for_a_page(visits, tmp_path, kind):
    url, asked = visits
    (tmp_path / "secret").write_text("a secret")
    for target in (f"{url}/entity", (tmp_path / "secret").as_uri()):
        before = {
            "entity": f'<!DOCTYPE l [<!ENTITY x SYSTEM "{target}">]>',
            "parameter entity": f'<!DOCTYPE l [<!ENTITY % x SYSTEM "{target}"> %x;]>',
            "document type": f'<!DOCTYPE l SYSTEM "{target}">',
        }[kind]
        with pytest.raises(ListingBroken) as raised:
            read(page(OBJECT.replace(">a<", ">&x;<") if kind == "entity" else OBJECT, before))
        assert "secret" not in str(raised.value).replace(str(tmp_path), "")
    assert asked == []


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("<Error><Code>AccessDenied</Code><Message>no</Message></Error>", ("AccessDenied", "")),
        ('<Error xmlns="urn:x"><Region>eu-west-1</Region><Code>AuthorizationHeaderMalformed</Code></Error>',
         ("AuthorizationHeaderMalformed", "eu-west-1")),
        ("<html><body>no</body></html>", ("", "")),
        ("", ("", "")),
        ("<Error><Code>Cut", ("", "")),
        ('<!DOCTYPE l [<!ENTITY a "AccessDenied">]><Error><Code>&a;</Code></Error>', ("", "")),
        (LAUGHS + "<Error><Code>&i;</Code></Error>", ("", "")),
    ],
)  # fmt: skip
def test_an_error_document_is_asked_for_its_code_and_region_only(document, told):
    assert told_by(document.encode()) == told
