"""The role `environment`, really run: what .env holds afterwards, and that nothing of a person's is lost."""

import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dotenv import dotenv_values

from app.settings import Settings
from tests.support.playbook import Played, play
from tests.support.service import ROOT

pytestmark = pytest.mark.slow

KEYS = ("MINIO_ACCESS_KEY", "MINIO_SECRET_KEY")
ODD = """# written by a person
 export API_PORT = "5050"  # theirs
MINIO_PORT=
FOO=bar # kept\r
MINIO_ACCESS_KEY=first
MINIO_ACCESS_KEY=""   # none yet
#MINIO_SECRET_KEY=old
MAX_DELETE=5
COMPOSE_PROFILES=tls
CAF\xe9=1
LAST=without a line end"""
ENFORCED = {"MAX_DELETE": "10%", "BUCKET_DELETE_ENABLED": False, "WEB_THREADS": 8, "SOMETHING_ODD": "$2a$14$x y"}


@dataclass(frozen=True)
class Environments:
    """What two runs of the role `environment` did to two folders.

    Attributes:
        before: the content of each .env after the first run.
    """

    first: Played
    second: Played
    odd: Path
    shared: Path
    before: dict[Path, bytes]

    def values(self, folder):
        return dotenv_values(folder / ".env", interpolate=False, encoding="latin-1")


@pytest.fixture(scope="module")
def environments(tmp_path_factory, facts):
    """A folder with an odd .env, which gets the profile `scale`, and one without, which the server has from this machine, as with Vagrant."""
    root = tmp_path_factory.mktemp("environments")
    odd, shared = root / "odd", root / "shared"
    odd.mkdir()
    (odd / ".env").write_text(ODD, encoding="latin-1", newline="")
    hosts = {
        "odd": {
            "sluice_home": str(odd),
            "sluice_environment": ENFORCED,
            "sluice_scale": True,
            "sluice_workers": 3,
        },
        "shared": {
            "sluice_home": str(root / "of the server alone"),
            "environment_delegate": "localhost",
            "environment_folder": str(shared),
        },
    }
    first = play(root, hosts, "--tags", "environment", "-vvv", facts=facts)
    before = {folder: (folder / ".env").read_bytes() for folder in (odd, shared)}
    return Environments(first, play(root, hosts, "--tags", "environment", facts=facts), odd, shared, before)


def test_a_new_environment_is_what_the_service_takes(environments):
    settings = Settings.load(environ={}, dotenv=environments.shared / ".env")

    assert environments.first.status == 0, environments.first.output
    assert (settings.api_port, settings.minio_port) == (5000, 9000)
    assert len(settings.minio_secret_key) >= 40
    assert (settings.minio_access_key + settings.minio_secret_key).isalnum()
    assert (environments.shared / "app/uploads").is_dir()


@pytest.mark.parametrize("folder", ["odd", "shared"])
def test_nobody_else_reads_the_environment(environments, folder):
    path = getattr(environments, folder) / ".env"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("folder", ["odd", "shared"])
def test_a_second_run_changes_nothing(environments, folder):
    path = getattr(environments, folder)

    assert environments.first.count(folder, "changed") > 0
    assert environments.second.count(folder, "changed") == 0, environments.second.output
    assert (path / ".env").read_bytes() == environments.before[path]


def test_what_a_person_wrote_stays_and_what_is_empty_is_filled(environments):
    lines = (environments.odd / ".env").read_bytes().split(b"\n")
    values = environments.values(environments.odd)

    assert lines[:2] == [b"# written by a person", b' export API_PORT = "5050"  # theirs']
    assert b"FOO=bar # kept\r" in lines
    assert b"MINIO_ACCESS_KEY=first" in lines
    assert b"#MINIO_SECRET_KEY=old" in lines
    assert b"CAF\xe9=1" in lines
    assert b"LAST=without a line end" in lines
    assert (values["API_PORT"], values["MINIO_PORT"]) == ("5050", "9000")
    assert values["MINIO_ACCESS_KEY"].startswith("sluice")
    assert len(values["MINIO_SECRET_KEY"]) >= 40


def test_what_the_operator_wants_wins_over_what_the_file_says(environments):
    values = environments.values(environments.odd)

    assert {name: values[name] for name in ENFORCED} == {
        "MAX_DELETE": "10%",
        "BUCKET_DELETE_ENABLED": "false",
        "WEB_THREADS": "8",
        "SOMETHING_ODD": "$2a$14$x y",
    }


def test_an_environment_on_another_machine_is_made_there_alone(environments):
    assert sorted(path.name for path in environments.shared.iterdir()) == [".env", "app"]
    assert not environments.shared.with_name("of the server alone").exists()
    assert "changed: [shared -> localhost]" in environments.first.output
    assert "changed: [shared]" not in environments.first.output


SCALE_KEYS = ("POSTGRES_PASSWORD", "VALKEY_PASSWORD")


@dataclass(frozen=True)
class Deployments:
    """What two runs did to a new server that lets workers in, and to its workers."""

    first: Played
    second: Played
    root: Path
    before: dict[str, bytes]

    def values(self, host):
        return dotenv_values(self.root / host / ".env", interpolate=False)


@pytest.fixture(scope="module")
def deployments(tmp_path_factory, facts):
    root = tmp_path_factory.mktemp("deployments")
    for folder in ("shared", "uploads", "not mounted"):
        (root / folder).mkdir()
    shared = {"sluice_shared_address": "10.0.0.1", "sluice_data_dir": str(root / "shared")}
    hosts = {
        "server": {"sluice_scale": True, "sluice_environment": {"UPLOADS_DIR": str(root / "uploads")}} | shared,
    }
    workers = {
        "worker": {"sluice_workers": 2, "sluice_environment": {"WORKER_PROCESSES": 8}},
        "unmounted": {
            "sluice_data_dir": str(root / "not mounted"),
            "sluice_environment": {"UPLOADS_DIR": str(root / "gone")},
        },
        "elsewhere": {"sluice_environment": {"STORAGE_URL": "http://minio:9000", "JOB_RUNNER": "threads"}},
    }
    for name, variables in (hosts | workers).items():
        variables["sluice_home"] = str(root / name)
    for name in workers:
        (root / name).mkdir()
    first = play(root, hosts, "--tags", "environment", "-vv", workers=workers, facts=facts)
    before = {name: (root / name / ".env").read_bytes() for name in ("server", "worker")}
    mounted = {"worker": workers["worker"]}
    second = play(root, hosts, "--tags", "environment", workers=mounted, facts=facts)
    return Deployments(first, second, root, before)


@pytest.mark.parametrize("host", ["server", "worker"])
def test_a_second_run_changes_nothing_on_several_machines(deployments, host):
    assert deployments.first.count(host, "changed") > 0
    assert deployments.second.count(host, "changed") == 0, deployments.second.output
    assert (deployments.root / host / ".env").read_bytes() == deployments.before[host]


def test_the_profile_scale_gets_keys_of_its_own_and_what_follows_from_them(environments, tmp_path):
    values = environments.values(environments.odd)
    settings = Settings.load(environ=values, dotenv=tmp_path / "none")

    assert settings.job_runner == "celery"
    assert settings.database_url == f"postgresql+psycopg://sluice:{values['POSTGRES_PASSWORD']}@postgres:5432/sluice"
    assert settings.celery_broker_url == f"redis://:{values['VALKEY_PASSWORD']}@valkey:6379/0"
    assert (values["COMPOSE_PROFILES"], values["WORKERS"]) == ("tls,scale", "3")
    assert "COMPOSE_FILE" not in values


def test_no_key_is_used_twice_or_shown_however_much_ansible_tells(environments, deployments):
    odd, shared = environments.values(environments.odd), environments.values(environments.shared)
    scaled = [values[key] for values in (odd, deployments.values("server")) for key in (*KEYS, *SCALE_KEYS)]
    keys = [*scaled, *(shared[key] for key in KEYS)]

    assert len(set(keys)) == len(keys)
    assert min(map(len, keys)) >= 20
    assert [key for key in keys if key in environments.first.output + deployments.first.output] == []


def test_a_server_that_lets_workers_in_says_where_everything_is(deployments):
    values = deployments.values("server")

    assert {urlsplit(values[name]).hostname for name in ("DATABASE_URL", "CELERY_BROKER_URL", "STORAGE_URL")} == {
        "10.0.0.1"
    }
    assert values["COMPOSE_FILE"].split(":")[0] == "docker-compose.yml"
    assert all((ROOT / path).is_file() for path in values["COMPOSE_FILE"].split(":"))
    assert len(values["COMPOSE_FILE"].split(":")) == 3


def test_a_worker_takes_the_environment_of_its_server_and_adds_its_own(deployments):
    server, worker = deployments.values("server"), deployments.values("worker")

    assert worker == server | {"WORKERS": "2", "WORKER_PROCESSES": "8"}
    assert stat.S_IMODE((deployments.root / "worker/.env").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("unmounted", "not mounted, is not the folder that server has at"),
        ("unmounted", "gone, is not the folder that server has at"),
        ("elsewhere", "STORAGE_URL, JOB_RUNNER must name what elsewhere reaches too"),
    ],
)
def test_a_worker_without_what_it_shares_is_refused_and_left_as_it_was(deployments, host, sentence):
    assert deployments.first.count(host, "failed") == 1
    assert sentence in deployments.first.output
    assert not (deployments.root / host / ".env").exists()
