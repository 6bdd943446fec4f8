"""`flask connections`: what it prints, how it ends, and that it prints no secret."""

import json
from contextlib import closing
from uuid import uuid4

import pytest

from app import create_app
from app.bootstrap import build_services
from app.connections.contract import OPERATOR
from tests.support.empty_database import with_database
from tests.support.gcs_keys import key_file
from tests.support.jobs import settings_for
from tests.support.people import CANARY
from tests.support.servers import ACCESS_KEY, Server
from tests.support.trees import bucket_client

NOWHERE = Server("http://127.0.0.1:9", CANARY)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """The services and the application: to make them takes longer than a test."""
    data_dir = with_database(tmp_path_factory.mktemp("commands") / "data")
    settings = settings_for(
        data_dir, storage_url="http://127.0.0.1:9", minio_access_key="key", minio_secret_key="secret"
    )
    services = build_services(settings)
    services.accounts.create_user("anna", "user")
    services.accounts.create_user("wim", "worker")
    services.accounts.create_organisation("lab", "Laboratory", "anna")
    yield services, create_app(services)
    services.database.close()


@pytest.fixture
def services(standing):
    """What a test has of them: it begins without connections."""
    services, _ = standing
    yield services
    for each in services.connections.list(OPERATOR):
        services.connections.delete(OPERATOR, each.id)


@pytest.fixture
def run(standing, services):  # noqa: ARG001  # what is made goes with them
    runner = standing[1].test_cli_runner()

    def run(*arguments, given=""):
        ended = runner.invoke(args=["connections", *arguments], input=given)
        assert ended.exception is None or isinstance(ended.exception, SystemExit)
        assert CANARY not in ended.output
        return ended

    return run


@pytest.fixture
def add(run):
    def add(*options, server=NOWHERE, bucket="photos", secret_key=None):
        words = ["--endpoint", server.endpoint, "--bucket", bucket, "--access-key", ACCESS_KEY, "--secret-key-stdin"]
        return run("add", *words, *options, given=f"{server.secret_key if secret_key is None else secret_key}\n")

    return add


def test_what_was_added_is_listed_and_shown_without_its_credentials(run, add):
    made = add("--owner", "anna", "--org", "lab", "--name", "mine", "--region", "eu-central-1").stdout.strip()
    [listed] = json.loads(run("list", "--json").stdout)

    assert json.loads(run("show", made).stdout) == listed
    assert {name: value for name, value in listed.items() if not name.endswith("_at")} == {
        "id": made, "name": "mine", "kind": "s3", "endpoint": "http://127.0.0.1:9", "bucket": "photos",
        "region": "eu-central-1", "owner": "anna", "organisation": "lab",
        "form": "keys", "description": "", "manifests": [],
    }  # fmt: skip
    assert run("list").stdout == f"{made}  anna  s3  keys  mine  http://127.0.0.1:9/photos\n"


def test_without_an_owner_it_is_no_users(run, add):
    made = add().stdout.strip()

    assert run("list").stdout == f"{made}  -  s3  keys  photos  http://127.0.0.1:9/photos\n"


def test_the_credentials_are_those_that_were_given(services, add):
    made = add("--owner", "anna").stdout.strip()
    anna = services.authentication.caller_of(services.accounts.user("anna").id)

    assert services.connections.credentials(anna, made) == {"access_key": ACCESS_KEY, "secret_key": CANARY}


def test_what_was_deleted_is_gone(run, add):
    made = add().stdout.strip()

    assert run("delete", made).stdout == f"{made}  photos  deleted\n"
    assert (run("list").stdout, run("list").stderr) == ("", "No connections.\n")
    again = run("delete", made)
    assert (again.exit_code, again.stderr) == (1, f"Error: There is no connection '{made}'.\n")


@pytest.mark.parametrize(
    ("options", "changed", "sentence"),
    [
        pytest.param([], {"bucket": "No_Bucket"}, "bucket: Not a bucket name", id="no bucket name"),
        pytest.param([], {"server": Server("http://169.254.169.254", CANARY)}, "endpoint: ", id="refused address"),
        pytest.param([], {"secret_key": ""}, "secret_key: Give this too", id="empty secret"),
        pytest.param(["--owner", "nobody"], {}, "There is no user 'nobody'", id="unknown owner"),
        pytest.param(["--owner", "wim"], {}, "worker", id="an owner who may not"),
        pytest.param(["--org", "nowhere"], {}, "nowhere", id="unknown organisation"),
        pytest.param(["--name", "x" * 64], {}, "name: Use 1 to 63", id="long name"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(run, add, options, changed, sentence):
    ended = add(*options, **changed)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Error: ")
    assert sentence in ended.stderr
    assert run("list").stdout == ""


def test_a_disabled_user_gets_none(services, add):
    services.accounts.create_user("bert", "user")
    services.accounts.disable("bert")
    ended = add("--owner", "bert")

    assert (ended.exit_code, ended.stderr) == (1, "Error: bert is disabled. Enable the user first.\n")


def test_without_a_terminal_the_secret_key_is_not_asked_for(run):
    ended = run("add", "--endpoint", "http://127.0.0.1:9", "--bucket", "photos", "--access-key", "k", given="secret\n")

    assert ended.exit_code == 2
    assert "Use --secret-key-stdin." in ended.stderr


AZURE = ["add", "--kind", "azure", "--bucket", "images"]
GCS = ["add", "--kind", "gcs", "--bucket", "images"]
S3 = ["add", "--bucket", "photos"]
STRING = "BlobEndpoint=http://127.0.0.1:10000/mystore;AccountName=mystore;AccountKey=Y2FuYXJ5LTVlMGM3MQ=="


@pytest.mark.parametrize(
    ("words", "given", "form", "place"),
    [
        pytest.param([*S3, "--anonymous"], "", "anonymous", "https://s3.us-east-1.amazonaws.com/photos", id="s3, anonymous"),
        pytest.param([*AZURE, "--account", "mystore", "--token-stdin"], f"sv=1&sig={CANARY}\n", "account_token", "https://mystore.blob.core.windows.net/images", id="azure, a token"),
        pytest.param([*AZURE, "--connection-string-stdin"], STRING, "connection_string", "http://127.0.0.1:10000/mystore/images", id="azure, a connection string"),
        pytest.param([*AZURE, "--account", "mystore", "--anonymous"], "", "anonymous", "https://mystore.blob.core.windows.net/images", id="azure, anonymous"),
        pytest.param([*GCS, "--key-file", "-"], json.dumps(key_file()), "key_file", "https://storage.googleapis.com/images", id="gcs, a key file"),
        pytest.param([*GCS, "--anonymous", "--endpoint", "http://127.0.0.1:9023"], "", "anonymous", "http://127.0.0.1:9023/images", id="gcs, anonymous"),
    ],
)  # fmt: skip
def test_each_kind_is_added_listed_and_shown(run, words, given, form, place):
    made = run(*words, "--description", "of mine", "--prefix", "a/", given=given).stdout.strip()
    kind = words[2] if "--kind" in words else "s3"
    shown = json.loads(run("show", made).stdout)

    assert run("list").stdout == f"{made}  -  {kind}  {form}  {shown['bucket']}  {place}\n"
    assert (shown["kind"], shown["form"], shown["description"], shown["prefix"]) == (kind, form, "of mine", "a/")
    assert "private_key" not in json.dumps(shown)


def test_a_key_file_is_read_from_where_it_is(run, tmp_path):
    (tmp_path / "key.json").write_text(json.dumps(key_file()))

    assert run(*GCS, "--key-file", str(tmp_path / "key.json"), "--project", "my-project-1").exit_code == 0
    (tmp_path / "key.json").write_bytes(b"\xff\xfe")
    assert "key_file: Not a text" in run(*GCS, "--key-file", str(tmp_path / "key.json")).stderr
    assert run(*GCS, "--key-file", str(tmp_path / "none.json")).exit_code == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param([*S3], "Use --access-key, or --anonymous", id="s3 without a key"),
        pytest.param([*S3, "--account", "mystore"], "--account is for --kind azure", id="s3 with an account"),
        pytest.param([*S3, "--anonymous", "--access-key", "k"], "either --anonymous or --access-key", id="anonymous with a key"),
        pytest.param([*AZURE, "--region", "eu"], "--region is for --kind s3", id="azure with a region"),
        pytest.param([*AZURE, "--token-stdin"], "Use --account together with --token-stdin", id="a token of no account"),
        pytest.param([*AZURE, "--token-stdin", "--connection-string-stdin"], "either --token-stdin or", id="two secrets"),
        pytest.param([*AZURE, "--connection-string-stdin", "--account", "mystore"], "Leave out --account", id="a connection string beside an account"),
        pytest.param([*AZURE, "--connection-string-stdin", "--endpoint", "http://127.0.0.1:9"], "Leave out --endpoint", id="a connection string beside an endpoint"),
        pytest.param([*AZURE, "--account", "mystore"], "Use --token-stdin.", id="no terminal for a token"),
        pytest.param([*AZURE], "Use --connection-string-stdin.", id="no terminal for a connection string"),
        pytest.param([*GCS], "Use --key-file, or --anonymous", id="gcs without a key file"),
        pytest.param([*GCS, "--secret-key-stdin"], "--secret-key-stdin is for --kind s3", id="gcs with a secret key"),
        pytest.param(["add", "--kind", "ftp", "--bucket", "b"], "is not one of", id="no kind"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_are_a_mistake_of_usage(run, words, sentence):
    ended = run(*words)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert sentence in ended.stderr
    assert run("list").stdout == ""


@pytest.fixture
def bucket(rclone):
    name = f"commands-{uuid4().hex}"
    with closing(bucket_client(rclone)) as client:
        client.create_bucket(Bucket=name)
    return name


@pytest.mark.parametrize(
    ("changed", "status", "word"),
    [
        pytest.param({}, 0, "available", id="available"),
        pytest.param({"bucket": "there-is-no-such-bucket"}, 1, "not_found", id="no bucket"),
        pytest.param({"secret_key": CANARY}, 1, "forbidden", id="wrong secret"),
        pytest.param({"server": NOWHERE}, 1, "not_found", id="nobody there"),
    ],
)
def test_a_check_says_how_it_stands_and_exits_accordingly(run, add, rclone, bucket, changed, status, word):
    made = add(**({"server": rclone, "bucket": bucket} | changed)).stdout.strip()
    ended = run("check", made)

    assert (ended.exit_code, ended.stdout.partition(":")[0]) == (status, word)
    assert rclone.secret_key not in ended.output
