"""What may be asked of a mirror, as tables."""

import pytest

from app.connections.address import AddressPolicy
from app.connections.buckets import bucket_name
from app.connections.contract import Connection
from app.errors import InvalidInput
from app.mirrors.request import MirrorRequest, key_prefix, source_folder
from app.mirrors.request import job_request as job_request_of
from app.settings import Settings
from app.transfer.filters import Rule


@pytest.fixture
def settings(tmp_path):
    return Settings.load({"DATA_DIR": str(tmp_path)}, tmp_path / "no.env")


def job_request(request, settings, connection=None):
    return job_request_of(request, settings, AddressPolicy.of(settings), connection)


CONNECTION = Connection(
    number=1, id="c0ffee", kind="s3", name="photos", owner_id=7, organisation_id=None, created_at=1.0, updated_at=1.0,
    address={"endpoint": "http://127.0.0.1:9999", "bucket": "photos", "region": "eu-central-1"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        (".", ""),
        ("photos", "photos"),
        ("./photos//2026/", "photos/2026"),
        ("a b", "a b"),
        ("..x", "..x"),
        ("a⧵09", "a⧵09"),
        ("a‛09", "a⧵09"),
    ],
)
def test_a_source_is_a_folder_in_the_uploads_folder(given, expected):
    assert source_folder(given) == expected


@pytest.mark.parametrize(
    "given", ["/etc", "..", "../x", "a/../../x", "a/..", "a\x00b", "a\nb", "//x", "‛zz", "⧵zz", "‛2E‛2E", "a‛2Fb"]
)
def test_a_source_outside_or_of_no_name_is_refused(given):
    with pytest.raises(InvalidInput, match="source"):
        source_folder(given)


@pytest.mark.parametrize(("given", "expected"), [("", ""), ("a", "a/"), ("a/", "a/"), ("a/b", "a/b/")])
def test_a_prefix_is_a_folder_of_the_bucket(given, expected):
    assert key_prefix(given) == expected


@pytest.mark.parametrize("given", ["/", "/a", "a//b", "../a", "a/./b", "a\x01", "x" * 901])
def test_a_prefix_that_is_no_folder_is_refused(given):
    with pytest.raises(InvalidInput, match="prefix"):
        key_prefix(given)


@pytest.mark.parametrize("given", ["abc", "my-bucket", "a.b.c", "0bucket0", "x" * 63])
def test_a_bucket_name_of_amazons_rules_is_accepted(given):
    assert bucket_name(given) == given


@pytest.mark.parametrize(
    "given",
    ["", "ab", "x" * 64, "MyBucket", "a_b", "-abc", "abc-", ".abc", "a..b", "192.168.0.1", "a/b", "äbc", "abc\n"],
)
def test_other_bucket_names_are_refused(given):
    with pytest.raises(InvalidInput, match="dest"):
        bucket_name(given)


def test_a_request_becomes_a_job_without_secrets_in_its_arguments(settings):
    request = MirrorRequest(
        source="a/", access_key="AKIAEXAMPLE", secret_key="canary", rules=[Rule("exclude", "*.tmp")]
    )
    job = job_request(request, settings)

    assert job.arguments["source"] == "a"
    assert job.arguments["rules"] == [["exclude", "*.tmp"]]
    assert job.secrets == {"access_key": "AKIAEXAMPLE", "secret_key": "canary"}
    assert job.target == "s3://127.0.0.1:9000/mybucket"
    assert "canary" not in repr(job)
    assert "canary" not in repr(request)


def test_a_dry_run_writes_no_target(settings):
    assert job_request(MirrorRequest(dry_run=True), settings).target == ""


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"wait": -1.0}, "wait"),
        ({"wait": float("nan")}, "wait"),
        ({"wait": float("inf")}, "wait"),
        ({"max_delete": "many"}, "max_delete"),
        ({"check": "md5"}, "check"),
        ({"direction": "sideways"}, "direction"),
        ({"direction": ""}, "direction"),
        ({"access_key": "AKIA"}, "secret_key"),
        ({"secret_key": "s"}, "access_key"),
        ({"rules": [Rule("include", "")]}, "include"),
        ({"storage_url": "gopher://x"}, "storage_url"),
        ({"storage_url": "http://127.0.0.1:9001"}, "access_key"),
        ({"storage_url": "http://127.0.0.1"}, "access_key"),
        ({"storage_url": "https://127.0.0.1:9000"}, "access_key"),
        ({"storage_url": "http://127.0.0.2:9000"}, "access_key"),
        ({"storage_url": "http://localhost:9000"}, "access_key"),
        ({"storage_url": "http://127.0.0.1.example.org:9000"}, "access_key"),
        ({"storage_url": "http://127.0.0.1:9001", "dry_run": True}, "access_key"),
        ({"storage_url": "http://127.0.0.1:9001", "direction": "download"}, "access_key"),
        ({"access_key": "AKIA\r\nX: y", "secret_key": "s"}, "access_key"),
        ({"access_key": "AKIA", "secret_key": "a\0b"}, "secret_key"),
        ({"access_key": "AKIA", "secret_key": "a\udcffb"}, "secret_key"),
        ({"access_key": "A" * 1_025, "secret_key": "s"}, "access_key"),
        ({"access_key": "AKIA", "secret_key": "s" * 1_025}, "secret_key"),
        ({"rules": [Rule("exclude", "a")] * 1_000 + [Rule("include", "b")]}, "include"),
        ({"rules": [Rule("include", "b" * 32_768), Rule("include", "b" * 32_768), Rule("exclude", "a")]}, "exclude"),
        ({"rules": [Rule("exclude", "é" * 32_769)]}, "exclude"),
    ],
)
def test_the_parameter_that_cannot_be_accepted_is_named(settings, fields, named):
    with pytest.raises(InvalidInput) as caught:
        job_request(MirrorRequest(**fields), settings)
    assert caught.value.field == named


@pytest.mark.parametrize(
    "url",
    [
        None,
        "http://127.0.0.1:9000",
        " HTTP://127.0.0.1:9000/ ",
        "http://2130706433:9000",
        "http://[::ffff:127.0.0.1]:9000",
    ],
)
def test_the_configured_storage_needs_no_keys_however_it_is_spelt(settings, url):
    job = job_request(MirrorRequest(storage_url=url), settings)

    assert job.arguments["storage_url"] == "http://127.0.0.1:9000"
    assert not job.secrets


def test_another_storage_may_be_named_with_keys(settings):
    job = job_request(
        MirrorRequest(storage_url="http://s3.example", access_key="A" * 1_024, secret_key="é ü"), settings
    )

    assert job.arguments["storage_url"] == "http://s3.example"
    assert job.secrets == {"access_key": "A" * 1_024, "secret_key": "é ü"}


def test_as_many_rules_are_taken_as_are_promised(settings):
    many = [Rule("exclude", f"{number:065d}") for number in range(1_000)]
    long = [Rule("exclude", "x" * 65_536)]

    assert len(job_request(MirrorRequest(rules=many), settings).arguments["rules"]) == 1_000
    assert job_request(MirrorRequest(rules=long), settings).arguments["rules"] == [["exclude", "x" * 65_536]]


def test_the_deletion_limit_of_the_settings_holds_where_a_request_names_none(tmp_path):
    settings = Settings.load({"DATA_DIR": str(tmp_path), "MAX_DELETE": "10%"}, tmp_path / "no.env")

    assert job_request(MirrorRequest(), settings).arguments["max_delete"] == "10%"
    assert job_request(MirrorRequest(max_delete="5"), settings).arguments["max_delete"] == "5"


@pytest.mark.parametrize(
    ("fields", "deletes"),
    [
        pytest.param({}, True, id="an upload"),
        pytest.param({"delete": False}, False, id="an upload that shall not"),
        pytest.param({"direction": "download"}, False, id="a download"),
        pytest.param({"direction": "download", "delete": False}, False, id="a download that shall not"),
        pytest.param({"direction": "download", "delete": True}, True, id="a download that shall"),
    ],
)
def test_a_download_deletes_only_when_it_is_told_to(settings, fields, deletes):
    assert job_request(MirrorRequest(**fields), settings).arguments["delete"] is deletes


def test_a_download_holds_the_bucket_as_an_upload_does_and_a_dry_run_holds_nothing(settings):
    upload = job_request(MirrorRequest(prefix="a"), settings)
    download = job_request(MirrorRequest(prefix="a", direction="download"), settings)
    dry_run = job_request(MirrorRequest(direction="download", dry_run=True), settings)

    assert (download.target, download.target_prefix) == (upload.target, upload.target_prefix)
    assert (upload.arguments["direction"], download.arguments["direction"]) == ("upload", "download")
    assert dry_run.target == ""


def test_a_connection_brings_endpoint_and_bucket_and_leaves_its_credentials_out_of_the_job(settings):
    job = job_request(MirrorRequest(connection="c0ffee", prefix="a"), settings, CONNECTION)

    assert {name: job.arguments[name] for name in ("connection", "storage_url", "dest", "prefix")} == {
        "connection": "c0ffee",
        "storage_url": "http://127.0.0.1:9999",
        "dest": "photos",
        "prefix": "a/",
    }
    assert job.secrets == {}
    assert job.target == "s3://127.0.0.1:9999/photos"


def test_without_a_connection_the_job_names_none(settings):
    assert job_request(MirrorRequest(), settings).arguments["connection"] is None


@pytest.mark.parametrize("name", ["storage_url", "dest", "access_key", "secret_key"])
def test_what_a_connection_brings_cannot_be_given_beside_it(settings, name):
    with pytest.raises(InvalidInput, match="brings its own") as caught:
        job_request(MirrorRequest(connection="c0ffee", **{name: "given"}), settings, CONNECTION)
    assert caught.value.field == name
