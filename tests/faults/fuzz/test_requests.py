"""What people send, as bytes of any kind: each reader of it takes it, or refuses it with the errors that it promises."""

import json
from contextlib import suppress

import pytest
from flask import Flask, request
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.dialects.cvat.logic import TERMS, FilterRefused, parse
from app.dialects.cvat.paging import NoSuchPage, page_address, page_asked
from app.dialects.cvat.selection import QueryRefused, ordered, wanted
from app.dialects.galaxy.translate_datasets import contents_query, dataset_query
from app.dialects.galaxy.translate_histories import history_query
from app.dialects.galaxy.translate_uploads import uploads_of_fetch, uploads_of_tool
from app.dialects.galaxy.tus import HeaderUnreadable, count_in, name_in
from app.dialects.sync.routes import _last_event_id
from app.errors import InvalidInput
from app.storages.azure.connection_string import is_sas_token, read_connection_string
from app.storages.gcs.key_file import read_key_file
from tests.support.mutations import anything, changed, damaged

APP = Flask(__name__)

AZURE = b"DefaultEndpointsProtocol=https;AccountName=ann;AccountKey=c2VjcmV0;BlobEndpoint=http://host:1/ann;EndpointSuffix=core.windows.net;SharedAccessSignature=sv=1&sig=2"
KEY_FILE = {"type": "service_account", "client_email": "a@b.c", "private_key": "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "private_key_id": "1", "project_id": "p"}  # fmt: skip


def outcome(read, given):
    """Return what is read, or None and why nothing is."""
    try:
        return read(given), None
    except ValueError as error:
        return None, error


@given(st.text() | damaged(AZURE).map(lambda data: data.decode(errors="surrogateescape")))
def test_a_connection_string_is_read_or_refused_without_a_quote(text):
    is_sas_token(text)
    found, refusal = outcome(read_connection_string, text)
    if found is None:
        assert type(refusal) is ValueError
        assert "c2VjcmV0" not in str(refusal)
    else:
        assert found.url.startswith(("http://", "https://"))
        assert found.account.isascii()


@given(st.binary() | damaged(json.dumps(KEY_FILE).encode()) | (changed(KEY_FILE) | anything()).map(lambda it: json.dumps(it).encode()))  # fmt: skip
def test_a_key_file_is_read_or_refused_without_a_quote(data):
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]+\.$") as caught:
        read_key_file(data)
    assert type(caught.value) is ValueError
    assert "MIIB" not in str(caught.value)


@given(
    st.text()
    | damaged(b"filename YS50eHQ=,filetype dGV4dA==, is_confidential").map(lambda data: data.decode("latin-1"))
)
def test_the_headers_of_an_upload_are_read_or_refused(text):
    for read in (name_in, lambda text: count_in("Upload-Length", text)):
        with suppress(HeaderUnreadable):
            assert str(read(text)).encode().decode() == str(read(text))


@given(st.binary(max_size=30) | damaged(b"12"))
def test_the_last_event_id_is_a_number_or_none_was_seen(data):
    text = data.decode("latin-1").replace("\r", "").replace("\n", "")
    with APP.test_request_context(headers={"Last-Event-ID": text}):
        found = _last_event_id()
    assert found == (int(text) if text.isdigit() and text.isascii() and len(text) < 10 else 0)


@given(st.binary(max_size=40) | damaged(b"bytes=0-4,6-"))
def test_the_range_of_a_download_is_read_or_ignored(data):
    with APP.test_request_context(headers={"Range": data.decode("latin-1").replace("\r", "").replace("\n", "")}):
        found = request.range
        assert found is None or found.range_for_length(10) is None or len(found.ranges) == 1


def row(number, **more):
    return {**dict.fromkeys(TERMS, ""), "owner": None, "id": number, **more}


ROWS = [
    row(1),
    row(2, name="Photos", owner="ann", description="a\0b", resource="photos"),
    row(2**62, name="\ud800", owner=""),
]
RULES = {"and": [{"==": [{"var": "name"}, "Photos"]}, {"<=": [1, {"var": "id"}, 5]}, {"in": ["a", {"var": "owner"}]}, {"!": {"or": [{"in": [{"var": "id"}, [1, "2"]]}, {">": [{"var": "resource"}, "b"]}]}}]}  # fmt: skip


@given(changed(RULES) | anything())
@example({"<": [{"var": "id"}, 1e308]})
def test_a_filter_of_any_json_tells_of_each_row_whether_it_fits(rules):
    with suppress(FilterRefused):
        fits = parse(json.dumps(rules))
        assert {fits(row) for row in ROWS} <= {True, False}


TEXTS = st.text(max_size=20) | st.sampled_from(
    ["last", "all", "٣", "²", "9" * 5000, "-1", "+1", "1_0", "0x1", "-name,id", 'a"b', "\0"]
)


@given(st.dictionaries(st.sampled_from(["page", "page_size", "search", "sort", "filter", "name", "owner"]), TEXTS))
def test_a_list_is_paged_searched_and_ordered_by_any_text_or_it_is_refused(query):
    with suppress(QueryRefused):
        fits = wanted(query)
        assert len(ordered(query.get("sort", ""), [row for row in ROWS if fits(row)])) <= len(ROWS)
    with suppress(NoSuchPage):
        page = page_asked(query)
        number = page.of(25)
        assert 0 <= page.first(number) < 25
        assert page_address("http://host/", [("page", "1")], number).startswith("http://host/")


WORDS = ["q", "qv", "order", "limit", "offset", "deleted", "visible", "purged", "all", "keys", "view", "types"]
FILTERS = ["name", "deleted", "create_time-ge", "update_time-lt", "state-in", "slug", "x-eq", "None", "true", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(WORDS), TEXTS | st.sampled_from(FILTERS)), max_size=6))
def test_the_lists_of_a_library_are_filtered_by_any_text_or_it_is_named(query):
    for read in (history_query, dataset_query, lambda given: contents_query(given, 1)):
        with suppress(InvalidInput):
            read(MultiDict(query))


FETCH = {"targets": [{"destination": {"type": "hdas"}, "elements": [{"src": "url", "url": "http://a/b", "name": "n", "ext": "txt", "tags": ["a"], "dbkey": "?"}, {"src": "pasted", "paste_content": "x"}, {"src": "files"}]}], "files_0|file_data": {"session_id": "1", "name": "n"}, "auto_decompress": True}  # fmt: skip
TOOL = {"files_0|url_paste": "http://a/b\nhttp://c", "files_0|NAME": "n", "files_0|file_type": "txt", "files_1|file_data": {"session_id": "1", "name": "n"}, "files_1|to_posix_lines": "Yes", "dbkey": "?", "file_type": "auto"}  # fmt: skip


@pytest.mark.fault(36)
@pytest.mark.parametrize(("read", "good"), [(uploads_of_fetch, FETCH), (uploads_of_tool, TOOL)], ids=["fetch", "tool"])
def test_what_an_upload_asks_for_is_read_or_what_is_wrong_is_named(read, good):
    assert read(good, {})

    @given(changed(good) | st.dictionaries(st.sampled_from([*good]), anything()))
    def any_body(body):
        with suppress(InvalidInput):
            assert read(body if isinstance(body, dict) else {}, {})

    any_body()
