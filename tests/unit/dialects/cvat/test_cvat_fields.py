"""The fields of a storage as they come in: judged as Django REST framework does it, and what they mean as an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connections.contract import Connection, CredentialsForm
from app.dialects.cvat.attributes import LONGEST, PrefixRefused, address_fields, attributes_of
from app.dialects.cvat.fields import Invalid, Upload
from app.dialects.cvat.file_types import mime_type_of
from app.dialects.cvat.looking import LookRefused, actions_text, content_query
from app.dialects.cvat.organisations import OrganisationRefused, organisation_named
from app.dialects.cvat.storage_fields import changed_fields, new_fields
from app.dialects.cvat.translate import changes, new_connection, storage_document
from app.storages.base import Rights

GOOD = {
    "provider_type": "AWS_S3_BUCKET",
    "resource": "photos",
    "display_name": "Photos",
    "credentials_type": "ANONYMOUS_ACCESS",
}
AZURE = GOOD | {"provider_type": "AZURE_CONTAINER", "account_name": "ann"}
REQUIRED = ["This field is required."]
BLANK = ["This field may not be blank."]
NULL = ["This field may not be null."]
NO_TEXT = ["Not a valid string."]
NO_FILE = ["The submitted data was not a file. Check the encoding type on the form."]


def without(name):
    return {other: value for other, value in GOOD.items() if other != name}


def longest(number):
    return [f"Ensure this field has no more than {number} characters."]


NO_ACCOUNT = ["Account name or connection string for Azure container was not specified"]

WRONG_TEXTS: list[object] = [True, [], {}]

WRONG = [
    *[pytest.param(without(name), {name: REQUIRED}, id=f"{name} missing") for name in GOOD],
    pytest.param({}, dict.fromkeys(GOOD, REQUIRED), id="all missing"),
    pytest.param(GOOD | {"resource": ""}, {"resource": BLANK}, id="resource empty"),
    pytest.param(GOOD | {"display_name": " \t"}, {"display_name": BLANK}, id="display_name of white space"),
    *[pytest.param(GOOD | {name: None}, {name: NULL}, id=f"{name} null") for name in [*GOOD, "session_token", "account_name", "key", "secret_key", "connection_string", "key_file", "specific_attributes", "description", "manifests"]],
    *[pytest.param(GOOD | {name: value}, {name: NO_TEXT}, id=f"{name} a {type(value).__name__}") for name in ("resource", "key", "description") for value in WRONG_TEXTS],
    *[pytest.param(GOOD | {name: "a" * (most + 1)}, {name: longest(most)}, id=f"{name} too long") for name, most in [("resource", 222), ("display_name", 63), ("session_token", 440), ("account_name", 24), ("key", 40), ("secret_key", 64), ("connection_string", 1024)]],
    pytest.param(GOOD | {"specific_attributes": "a=" + "a" * 1023}, {"specific_attributes": longest(1024)}, id="specific_attributes too long"),
    pytest.param(GOOD | {"key": "a\0"}, {"key": ["Null characters are not allowed."]}, id="NUL"),
    pytest.param(GOOD | {"key": "a\ud83d"}, {"key": ["Surrogate characters are not allowed: U+D83D."]}, id="half a character"),
    pytest.param(GOOD | {"provider_type": "X"}, {"provider_type": ['"X" is not a valid choice.']}, id="provider none"),
    pytest.param(GOOD | {"provider_type": ["X"]}, {"provider_type": ['"[\'X\']" is not a valid choice.']}, id="provider a list"),
    pytest.param(GOOD | {"credentials_type": ""}, {"credentials_type": ['"" is not a valid choice.']}, id="credentials empty"),
    pytest.param([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}, id="a list"),
    pytest.param("x", {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}, id="a text"),
    pytest.param(5, {"non_field_errors": ["Invalid data. Expected a dictionary, but got int."]}, id="a number"),
    pytest.param(None, {"non_field_errors": ["No data provided"]}, id="null"),
    pytest.param(GOOD | {"key_file": "{}"}, {"key_file": NO_FILE}, id="key file a text"),
    pytest.param(GOOD | {"key_file": Upload(b"")}, {"key_file": ["The submitted file is empty."]}, id="key file empty"),
    pytest.param(GOOD | {"key_file": Upload(b"\xff")}, {"key_file": ["The file is no text in UTF-8."]}, id="key file no UTF-8"),
    pytest.param(GOOD | {"key_file": Upload(b"x" * 65537)}, {"key_file": ["Use a file of at most 65536 bytes."]}, id="key file too large"),
    pytest.param(GOOD | {"resource": Upload(b"x")}, {"resource": NO_TEXT}, id="a file for a text"),
    pytest.param(GOOD | {"specific_attributes": "a"}, {"specific_attributes": ["Invalid specific attributes"]}, id="attributes without ="),
    pytest.param(GOOD | {"specific_attributes": "a=1&"}, {"specific_attributes": ["Invalid specific attributes"]}, id="attributes with an & at the end"),
    pytest.param(GOOD | {"specific_attributes": "a=b=c"}, {"specific_attributes": ["Invalid specific attributes"]}, id="attributes with two ="),
    pytest.param(GOOD | {"manifests": "m"}, {"manifests": {"non_field_errors": ['Expected a list of items but got type "str".']}}, id="manifests a text"),
    pytest.param(GOOD | {"manifests": {}}, {"manifests": {"non_field_errors": ['Expected a list of items but got type "dict".']}}, id="manifests an object"),
    pytest.param(GOOD | {"manifests": ["m", "", None]}, {"manifests": {"1": BLANK, "2": NULL}}, id="manifests empty or null"),
    pytest.param(GOOD | {"manifests": ["m" * 1025]}, {"manifests": {"0": longest(1024)}}, id="manifest too long"),
    pytest.param(GOOD | {"manifests": ["m"] * 101}, {"manifests": {"non_field_errors": ["Ensure this field has no more than 100 elements."]}}, id="too many manifests"),
    pytest.param(AZURE | {"account_name": ""}, {"non_field_errors": NO_ACCOUNT}, id="Azure without an account"),
    pytest.param(AZURE | {"account_name": "", "resource": "B!"}, {"non_field_errors": NO_ACCOUNT}, id="the account comes before the characters"),
    pytest.param(GOOD | {"resource": "aB!"}, {"resource": ["Invalid characters (!,B) were found."]}, id="characters of S3"),
    pytest.param(GOOD | {"resource": "a_b"}, {"resource": ["Invalid characters (_) were found."]}, id="_ of S3"),
    pytest.param(AZURE | {"resource": "a.b"}, {"resource": ["Invalid characters (.) were found."]}, id=". of Azure"),
    pytest.param(GOOD | {"provider_type": "GOOGLE_CLOUD_STORAGE", "resource": "a/b"}, {"resource": ["Invalid characters (/) were found."]}, id="/ of Google"),
    pytest.param(GOOD | {"resource": "B", "display_name": ""}, {"display_name": BLANK}, id="fields come before what is between them"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "errors"), WRONG)
def test_what_is_wrong_with_a_new_storage_is_told_by_field(body, errors):
    with pytest.raises(Invalid) as invalid:
        new_fields(body)

    assert invalid.value.found == errors
    assert list(invalid.value.found) == list(errors)


@pytest.mark.parametrize(
    ("more", "values"),
    [
        pytest.param({}, {}, id="the least"),
        pytest.param({"display_name": " Photos "}, {"display_name": "Photos"}, id="white space at the ends"),
        pytest.param({"display_name": 5}, {"display_name": "5"}, id="a number"),
        pytest.param({"display_name": 1.5}, {"display_name": "1.5"}, id="a fraction"),
        pytest.param({"key": ""}, {"key": ""}, id="a blank secret"),
        pytest.param({"resource": "a.b-1"}, {"resource": "a.b-1"}, id=". of S3"),
        pytest.param({"specific_attributes": ""}, {"specific_attributes": ""}, id="no attributes"),
        pytest.param({"specific_attributes": "a="}, {"specific_attributes": "a="}, id="an attribute of nothing"),
        pytest.param({"manifests": ["b", "a", "b"]}, {"manifests": ("b", "a")}, id="manifests, each once"),
        pytest.param({"key_file": Upload(b"{}")}, {"key_file": "{}"}, id="a key file"),
    ],
)
def test_the_values_of_a_new_storage_are_read(more, values):
    assert new_fields(GOOD | more) == GOOD | values


@pytest.mark.parametrize("name", ["owner", "id", "organization", "created_date", "no_such"])
def test_what_is_no_field_is_passed_over(name):
    assert new_fields(GOOD | {name: {"any": "thing"}}) == GOOD


@pytest.mark.parametrize(
    ("body", "provider", "errors"),
    [
        pytest.param({"resource": "a_b"}, "GOOGLE_CLOUD_STORAGE", None, id="the characters of the stored provider"),
        pytest.param({"resource": "a_b"}, "AWS_S3_BUCKET", {"resource": ["Invalid characters (_) were found."]}, id="and not of another"),
        pytest.param({"resource": "a_b", "provider_type": "GOOGLE_CLOUD_STORAGE"}, "AWS_S3_BUCKET", {"resource": ["Invalid characters (_) were found."]}, id="nor of the one that is named"),
        pytest.param({"provider_type": "AZURE_CONTAINER"}, "AZURE_CONTAINER", {"non_field_errors": NO_ACCOUNT}, id="who names Azure names an account"),
        pytest.param({"provider_type": "AZURE_CONTAINER", "connection_string": "x"}, "AZURE_CONTAINER", None, id="or a connection string"),
        pytest.param({"provider_type": "X"}, "AWS_S3_BUCKET", {"provider_type": ['"X" is not a valid choice.']}, id="a provider that is none"),
        pytest.param({}, "AWS_S3_BUCKET", None, id="nothing"),
        pytest.param({"display_name": ""}, "AWS_S3_BUCKET", {"display_name": BLANK}, id="blank"),
    ],
)  # fmt: skip
def test_a_change_is_judged_by_what_it_holds(body, provider, errors):
    if errors is None:
        assert changed_fields(body, provider) == body
    else:
        with pytest.raises(Invalid) as invalid:
            changed_fields(body, provider)
        assert invalid.value.found == errors


@pytest.mark.parametrize(
    ("kind", "text", "fields"),
    [
        pytest.param("s3", "", {}, id="nothing"),
        pytest.param(
            "s3",
            "region=eu-central-1&endpoint_url=http%3A%2F%2Fminio%3A9000&prefix=sub%2F",
            {"region": "eu-central-1", "endpoint": "http://minio:9000", "prefix": "sub/"},
            id="S3",
        ),
        pytest.param("s3", "endpoint_url=http://minio:9000", {"endpoint": "http://minio:9000"}, id="not encoded"),
        pytest.param("s3", "prefix=a+b", {"prefix": "a b"}, id="+ is a space"),
        pytest.param("s3", "region=&prefix=a", {"prefix": "a"}, id="blank ones are dropped"),
        pytest.param("s3", "region=a&region=b", {"region": "b"}, id="the last one counts"),
        pytest.param("s3", "location=EU&no_such=1", {}, id="what is not known of S3"),
        pytest.param("azure", "prefix=a&region=b", {"prefix": "a"}, id="Azure"),
        pytest.param("gcs", "project=p&location=EU&prefix=a", {"project": "p", "location": "EU", "prefix": "a"}, id="Google"),
    ],
)  # fmt: skip
def test_attributes_say_where_a_storage_is(kind, text, fields):
    assert address_fields(kind, text) == fields


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        ("%2Fa", 'Prefix cannot start with forward slash ("/").'),
        ("a%2F%2Fb", "Prefix cannot contain multiple slashes in a row."),
    ],
)
def test_a_default_prefix_that_cannot_be_is_refused(prefix, message):
    with pytest.raises(PrefixRefused, match=r"^Prefix cannot") as refused:
        address_fields("s3", f"prefix={prefix}")

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("kind", "address", "text"),
    [
        pytest.param("s3", {"endpoint": "http://minio:9000", "region": "us-east-1"}, "region=us-east-1&endpoint_url=http%3A%2F%2Fminio%3A9000", id="S3"),
        pytest.param("s3", {"endpoint": "https://s3.eu-west-1.amazonaws.com", "region": "eu-west-1"}, "region=eu-west-1", id="Amazon's own"),
        pytest.param("azure", {"endpoint": "https://ann.blob.core.windows.net", "account": "ann", "prefix": "a/b c"}, "prefix=a%2Fb%20c", id="Microsoft's own"),
        pytest.param("azure", {"endpoint": "http://127.0.0.1:1", "path": "/ann", "account": "ann"}, "endpoint_url=http%3A%2F%2F127.0.0.1%3A1%2Fann", id="an emulator"),
        pytest.param("gcs", {"endpoint": "https://storage.googleapis.com"}, "", id="Google's own"),
        pytest.param("gcs", {"endpoint": "http://g:1", "project": "p", "location": "EU"}, "project=p&location=EU&endpoint_url=http%3A%2F%2Fg%3A1", id="Google's emulator"),
        pytest.param("gcs", {"endpoint": "http://g:1", "prefix": "ü" * 500}, "endpoint_url=http%3A%2F%2Fg%3A1", id="what would be too long is left out"),
    ],
)  # fmt: skip
def test_an_address_of_other_words_is_told_as_attributes(kind, address, text):
    told = attributes_of(kind, {"bucket": "photos"} | address)

    assert told == text
    assert len(told) <= LONGEST


@given(st.text(max_size=60), st.sampled_from(["s3", "azure", "gcs"]))
def test_any_attributes_are_an_address_or_are_refused(text, kind):
    try:
        new_fields(AZURE | {"specific_attributes": text})
        found = address_fields(kind, text)
    except (Invalid, PrefixRefused):
        return
    assert set(found) <= {"endpoint", "region", "prefix", "project", "location"}
    assert all(found.values())


def connection(kind="s3", form=CredentialsForm.KEYS, attributes=None, **address):
    place = (
        {"endpoint": "http://minio:9000", "bucket": "photos", "region": "us-east-1"}
        if kind == "s3"
        else {"bucket": "photos"}
    )
    return Connection(7, "id", kind, "Photos", place | address, 3, None, 0.0, 1.5, form, attributes=attributes)  # fmt: skip


def test_a_new_storage_is_a_new_connection():
    new = new_connection(
        new_fields(
            GOOD
            | {"credentials_type": "KEY_SECRET_KEY_PAIR", "key": "k", "secret_key": "s", "session_token": ""}
            | {"specific_attributes": "endpoint_url=http://m:1&prefix=a", "manifests": ["m"], "account_name": "x"}
        ),
        5,
    )

    assert new.address == {"bucket": "photos", "endpoint": "http://m:1", "prefix": "a"}
    assert new.credentials == {"access_key": "k", "secret_key": "s"}
    assert (new.kind, new.form, new.organisation_id, new.manifests) == ("s3", CredentialsForm.KEYS, 5, ("m",))
    assert new.attributes == "endpoint_url=http://m:1&prefix=a"


@pytest.mark.parametrize(
    ("credentials_type", "credentials"),
    [
        ("KEY_SECRET_KEY_PAIR", {"access_key": "k", "secret_key": "s", "session_token": "t"}),
        ("ACCOUNT_NAME_TOKEN_PAIR", {"token": "t"}),
        ("CONNECTION_STRING", {"connection_string": "c"}),
        ("KEY_FILE_PATH", {"key_file": "f"}),
        ("ANONYMOUS_ACCESS", {}),
    ],
)
def test_credentials_of_another_type_are_passed_over(credentials_type, credentials):
    every = {"key": "k", "secret_key": "s", "session_token": "t", "connection_string": "c", "key_file": Upload(b"f")}

    assert (
        new_connection(new_fields(AZURE | every | {"credentials_type": credentials_type}), None).credentials
        == credentials
    )


EMULATOR = connection("azure", CredentialsForm.ACCOUNT_TOKEN, endpoint="http://127.0.0.1:1", path="/ann", account="ann")
MICROSOFTS = connection("azure", CredentialsForm.ACCOUNT_TOKEN, "prefix=a", endpoint="https://ann.blob.core.windows.net", account="ann", prefix="a")  # fmt: skip


@pytest.mark.parametrize(
    ("before", "body", "address", "attributes"),
    [
        pytest.param(connection(), {"display_name": "x"}, None, None, id="another name alone"),
        pytest.param(connection(), {"account_name": "x"}, None, None, id="S3 has no account"),
        pytest.param(connection(attributes="a=b"), {"resource": "other"}, {"endpoint": "http://minio:9000", "bucket": "other", "region": "us-east-1"}, "a=b", id="another bucket"),
        pytest.param(connection(), {"resource": "other"}, {"endpoint": "http://minio:9000", "bucket": "other", "region": "us-east-1"}, None, id="another bucket, made elsewhere"),
        pytest.param(connection(), {"specific_attributes": "prefix=p"}, {"bucket": "photos", "prefix": "p"}, "prefix=p", id="other attributes replace all"),
        pytest.param(EMULATOR, {"account_name": "bob"}, {"endpoint": "http://127.0.0.1:1", "path": "/bob", "account": "bob", "bucket": "photos"}, None, id="another account of an emulator"),
        pytest.param(MICROSOFTS, {"account_name": "bob"}, {"account": "bob", "bucket": "photos", "prefix": "a"}, "prefix=a", id="another account of Microsoft's"),
        pytest.param(MICROSOFTS, {"specific_attributes": ""}, {"account": "ann", "bucket": "photos"}, "", id="no attributes any more"),
    ],
)  # fmt: skip
def test_a_change_of_the_place_is_a_whole_address(before, body, address, attributes):
    found = changes(body, before)

    assert (found.address, found.attributes) == (address, attributes)


@pytest.mark.parametrize(
    ("body", "form", "credentials"),
    [
        pytest.param({}, None, None, id="nothing"),
        pytest.param({"secret_key": "s"}, None, {"secret_key": "s"}, id="the secret alone"),
        pytest.param({"secret_key": ""}, None, {"secret_key": ""}, id="an empty one replaces too"),
        pytest.param({"connection_string": "s"}, None, None, id="of another type"),
        pytest.param({"credentials_type": "ANONYMOUS_ACCESS", "key": "k"}, CredentialsForm.ANONYMOUS, None, id="anonymous from now on"),
    ],
)  # fmt: skip
def test_a_change_of_credentials_is_what_belongs_to_their_type(body, form, credentials):
    found = changes(body, connection())

    assert (found.form, found.credentials) == (form, credentials)


def test_manifests_stay_where_a_change_does_not_name_them():
    assert changes({}, connection()).manifests is None
    assert changes({"manifests": ()}, connection()).manifests == ()


def test_a_storage_is_shown_with_twelve_keys_and_no_more():
    assert storage_document(connection(), None, "http://host/") == {
        "id": 7,
        "owner": None,
        "manifests": [],
        "created_date": "1970-01-01T00:00:00.000000Z",
        "updated_date": "1970-01-01T00:00:01.500000Z",
        "provider_type": "AWS_S3_BUCKET",
        "resource": "photos",
        "display_name": "Photos",
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "specific_attributes": "region=us-east-1&endpoint_url=http%3A%2F%2Fminio%3A9000",
        "description": "",
        "organization": None,
    }


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *[
            (f"a{suffix}", "image")
            for suffix in (".png", ".PNG", ".jpg", ".jpeg", ".tif", ".gif", ".bmp", ".webp", ".heic")
        ],
        *[(f"a{suffix}", "video") for suffix in (".mp4", ".avi", ".mov", ".mkv", ".webm")],
        *[
            (f"a{suffix}", "archive")
            for suffix in (".zip", ".tar", ".gz", ".tar.gz", ".bz2", ".rar", ".7z", ".cpio", ".png.gz")
        ],
        ("a.pdf", "pdf"),
        *[(name, "unknown") for name in ("a.jsonl", "a.svg", "a.txt", "a", ".png", "data:image/png,a", "a.png/", "")],
    ],
)
def test_a_file_is_of_the_type_that_its_suffix_says(name, word):
    assert mime_type_of(name) == word


def test_a_folder_is_a_folder_whatever_it_is_called():
    assert mime_type_of("a.png", is_folder=True) == "DIR"


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ({}, 500),
        ({"page_size": "1"}, 1),
        ({"page_size": "007"}, 7),
        ({"page_size": "501"}, 500),
        ({"page_size": "9" * 5000}, 500),
    ],
)
def test_a_page_of_content_is_of_the_size_asked_for(given, limit):
    assert content_query(given).limit == limit


@pytest.mark.parametrize("size", ["", "0", "-1", "x", "1.5", "+1", " 1", "١"])
def test_a_size_that_is_no_number_is_refused(size):
    with pytest.raises(LookRefused, match="Wrong value for page_size was found"):
        content_query({"page_size": size})


@pytest.mark.parametrize(("rights", "text"), [((True, True), "GET,PUT"), ((True, False), "GET"), ((False, True), "PUT"), ((False, False), "")])  # fmt: skip
def test_rights_are_told_in_words(rights, text):
    assert actions_text(Rights(*rights)) == text


@pytest.mark.parametrize(
    ("query", "header", "named"),
    [
        pytest.param({}, None, None, id="not said"),
        pytest.param({"org": ""}, None, "", id="an empty slug"),
        pytest.param({}, "", "", id="an empty header"),
        pytest.param({"org_id": ""}, None, "", id="an empty id"),
        pytest.param({"org": "team"}, None, "team", id="a slug"),
        pytest.param({}, "team", "team", id="a header"),
        pytest.param({"org": "team"}, "team", "team", id="twice the same"),
        pytest.param({"org_id": "7"}, None, 7, id="an id"),
    ],
)
def test_an_organisation_is_named(query, header, named):
    assert organisation_named(query, header) == named


@pytest.mark.parametrize(
    ("query", "header", "message"),
    [
        pytest.param({"org_id": "7", "org": ""}, None, 'You cannot specify "org_id" query', id="id and slug"),
        pytest.param({"org_id": "7"}, "", 'You cannot specify "org_id" query', id="id and an empty header"),
        pytest.param({"org": "team"}, "", 'You cannot specify "org" query', id="slug and an empty header"),
        pytest.param({"org": "a"}, "b", 'You cannot specify "org" query', id="two slugs"),
        pytest.param({"org_id": "x"}, None, 'The "org_id" query parameter must be a number', id="no number"),
        pytest.param(
            {"org_id": "1" * 30}, None, 'The "org_id" query parameter must be a number', id="too long a number"
        ),
    ],
)
def test_an_organisation_named_twice_is_refused(query, header, message):
    with pytest.raises(OrganisationRefused) as refused:
        organisation_named(query, header)

    assert str(refused.value).startswith(message)
