"""``flask users quota`` and ``flask users usage``."""

import json

import pytest

from app import create_app
from app.bootstrap import build_services
from app.cli.quotas import byte_text
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for

STORAGE = {"storage_url": "http://127.0.0.1:9", "minio_access_key": "key", "minio_secret_key": "secret"}


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(with_database(tmp_path / "var"), library_quota="1.5G", **STORAGE))
    yield services
    services.database.close()


@pytest.fixture
def run(services):
    """Run a command in this process; return its standard output, or what it says on standard error."""
    runner = create_app(services).test_cli_runner()

    def run(*arguments, status=0):
        result = runner.invoke(args=["users", *arguments])
        assert result.exit_code == status, result.output
        return result.stderr if status else result.stdout

    run("create", "ann", "--no-password")
    return run


@pytest.mark.parametrize(
    ("given", "said", "limit", "quota"),
    [
        pytest.param("100G", "a quota of 100 GiB", "of 100 GiB", 100 * 2**30, id="bytes"),
        pytest.param("1500", "a quota of 1.5 KiB", "of 1.5 KiB", 1500, id="an odd number"),
        pytest.param("0", "a quota of 0 bytes", "of 0 bytes", 0, id="nothing"),
        pytest.param("none", "no quota", "no limit", None, id="no limit"),
        pytest.param("default", "the quota of the installation", "of 1.5 GiB", 3 * 2**29, id="as everybody"),
    ],
)
def test_a_user_gets_a_quota(run, given, said, limit, quota):
    run("quota", "ann", "7")

    assert run("quota", "Ann", given) == f"ann  {said}\n"
    assert run("usage", "ann") == f"ann                       0 bytes  {limit}\n"
    assert json.loads(run("usage", "--json")) == [{"name": "ann", "used": 0, "quota": quota}]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        pytest.param(["quota", "ann", "much"], 2, "use a number of bytes such as 500M, 10G or 1.5T", id="no number"),
        pytest.param(["quota", "ann", "-5"], 2, "No such option", id="less than nothing"),
        pytest.param(
            ["quota", "ann", "999999999999999T"], 1, "quota: use a number of bytes", id="more than can be kept"
        ),
        pytest.param(["quota", "bob", "1G"], 1, "no user 'bob'", id="nobody"),
        pytest.param(["usage", "bob"], 1, "no user 'bob'", id="nobody's"),
    ],
)
def test_what_is_no_quota_is_said_in_a_sentence(run, arguments, status, sentence):
    run("quota", "ann", "7")

    assert sentence in run(*arguments, status=status)
    assert json.loads(run("usage", "--json")) == [{"name": "ann", "used": 0, "quota": 7}]


def test_a_quota_of_a_users_own_is_listed(run):
    assert json.loads(run("list", "--json"))[0]["quota"] is None
    run("quota", "ann", "10M")
    assert run("list") == "ann                       user    keys only, a quota of 10 MiB\n"
    assert json.loads(run("list", "--json"))[0]["quota"] == 10 * 2**20
    run("quota", "ann", "none")
    assert run("list") == "ann                       user    keys only, no quota\n"
    assert json.loads(run("list", "--json"))[0]["quota"] == "none"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 bytes"), (1, "1 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (2**20 - 1, "1024 KiB"), (2**63, "8 EiB")],
)
def test_bytes_are_said_in_the_largest_unit_that_they_fill(number, text):
    assert byte_text(number) == text


def test_a_backup_says_that_the_files_of_the_library_are_not_in_it(services, tmp_path):
    runner = create_app(services).test_cli_runner()
    library = services.settings.data_dir / "library"
    before = runner.invoke(args=["backup", str(tmp_path / "before.tar")]).stdout
    library.mkdir()

    after = runner.invoke(args=["backup", str(tmp_path / "after.tar")]).stdout

    assert before == f"{tmp_path / 'before.tar'} holds the database and the keys.\n"
    assert after == f"{tmp_path / 'after.tar'} holds the database and the keys, not the files in {library}.\n"
