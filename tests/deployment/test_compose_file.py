"""The Compose file and the Dockerfile as files: what they accept, refuse and pass on. No engine is needed."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
import yaml
from dotenv import dotenv_values

from app import __version__
from app.settings import Settings
from tests.support.broker import redis_program
from tests.support.engine import compose_command
from tests.support.servers import free_port
from tests.support.service import ROOT, eventually

KEYS = {"MINIO_ACCESS_KEY": "abcdef", "MINIO_SECRET_KEY": "0123456789abcdef"}
ALTERNATIVES = sorted((ROOT / "docs/operations/storage").glob("*.yml"))
FIXED = {"API_HOST", "API_PORT", "METRICS_HOST", "METRICS_PORT", "DATA_DIR", "UPLOADS_DIR"}  # the image's own
OURS_ALONE = {"MINIO_PORT"}  # of the embedded server, which the image has not
REDIS_CLI = Path(sys.executable).with_name("redis-cli")
OURS = ["api", "worker", "scheduler"]
OF_SCALE = {"worker", "scheduler", "postgres", "valkey"}
SHARED = {"SHARED_ADDRESS": "10.0.0.1", "DATA_DIR": "/mnt/sluice"}
OVERLAYS = sorted((ROOT / "docs/operations/several-machines").glob("*.yml"))


def compose(tmp_path, *arguments, values=KEYS):
    env = tmp_path / "env"
    env.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return subprocess.run(
        [*compose_command(), "--env-file", str(env), "--project-directory", str(ROOT), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )


_READ: dict[tuple[str, ...], object] = {}


def config(tmp_path, *arguments, values=KEYS):
    """Return what Compose makes of the files; asked once for the same, since each question takes it a second."""
    asked = (arguments, tuple(sorted(values.items())))
    if asked not in _READ:
        done = compose(tmp_path, *arguments, "config", values=values)
        assert done.returncode == 0, done.stderr
        _READ[asked] = yaml.safe_load(done.stdout)
    return _READ[asked]


@pytest.mark.parametrize("files", [[], *([path] for path in ALTERNATIVES)], ids=lambda f: f[0].stem if f else "MinIO")
@pytest.mark.parametrize("profile", [[], ["--profile", "tls"], ["--profile", "scale"]], ids=["default", "tls", "scale"])
def test_compose_accepts_every_profile_with_every_storage(tmp_path, files, profile):
    named = [part for path in [ROOT / "docker-compose.yml", *files] for part in ("-f", str(path))]

    services = config(tmp_path, *named, *profile)["services"]

    assert services["minio"]["image"].rpartition(":")[2] not in {"", "latest"}
    assert services["api"]["environment"]["STORAGE_URL"] == "http://minio:9000"


def test_two_storages_stand_ready_in_the_place_of_minio():
    assert len(ALTERNATIVES) == 2


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_there_are_no_default_keys(tmp_path, name, value):
    values = {**KEYS, name: value}
    done = compose(tmp_path, "config", values={key: given for key, given in values.items() if given is not None})

    assert done.returncode != 0
    assert "make env" in done.stderr


def published(ports):
    """Return each port as `address:port`, whichever form this Compose prints."""
    return {p.rpartition(":")[0] if isinstance(p, str) else f"{p['host_ip']}:{p['published']}" for p in ports}


def test_ports_are_published_on_this_machine_alone(tmp_path):
    services = config(tmp_path)["services"]

    assert published(services["api"]["ports"]) == {"127.0.0.1:5000"}
    assert published(services["minio"]["ports"]) == {"127.0.0.1:9000"}


def test_ports_and_their_address_come_from_the_environment(tmp_path):
    given = KEYS | {"API_PORT": "5055", "MINIO_PORT": "9055", "PUBLISH_ADDRESS": "0.0.0.0"}
    services = config(tmp_path, values=given)["services"]

    assert published(services["api"]["ports"]) == {"0.0.0.0:5055"}
    assert published(services["minio"]["ports"]) == {"0.0.0.0:9055"}


@pytest.mark.parametrize("service", OURS)
def test_every_setting_of_the_service_can_be_given_in_the_compose_env_file(tmp_path, service):
    names = set(Settings.names()) - FIXED - OURS_ALONE
    given = {name: KEYS.get(name, f"given-{name.lower()}") for name in names}

    passed_on = config(tmp_path, "--profile", "scale", values=given)["services"][service]["environment"]

    assert {name for name in names if given[name] not in str(passed_on.get(name))} == set()


@pytest.mark.parametrize("service", OURS)
def test_without_values_the_services_settings_are_its_defaults(tmp_path, service):
    passed_on = config(tmp_path, "--profile", "scale")["services"][service]["environment"]

    settings = Settings.load(environ={name: str(value) for name, value in passed_on.items()}, dotenv=tmp_path / "none")

    assert settings == Settings.load(
        environ={**KEYS, "STORAGE_URL": "http://minio:9000", "TRUSTED_HOSTS": "localhost,localhost"},
        dotenv=tmp_path / "none",
    )


def active(services):
    """Return the services that run without a profile; the old Compose prints the others too."""
    return {name for name, service in services.items() if not service.get("profiles")}


def test_without_the_profile_the_service_runs_as_ever(tmp_path):
    assert active(config(tmp_path)["services"]) == {"api", "minio"}


def test_the_profile_scale_runs_a_database_a_broker_workers_and_a_scheduler(tmp_path):
    services = config(tmp_path, "--profile", "scale")["services"]

    assert {name for name, service in services.items() if service.get("profiles") == ["scale"]} == OF_SCALE
    assert {services[name]["image"] for name in OURS} == {"sluice:local"}
    assert all("healthcheck" in services[name] for name in OF_SCALE)


def test_what_the_profile_scale_adds_is_reached_from_inside_alone(tmp_path):
    services = config(tmp_path, "--profile", "scale")["services"]

    assert [name for name in OF_SCALE if services[name].get("ports")] == []


@pytest.mark.parametrize("service", [*OURS, "postgres", "valkey"])
def test_every_container_of_the_profile_scale_is_confined(tmp_path, service):
    found = config(tmp_path, "--profile", "scale")["services"][service]

    assert (found["read_only"], found["cap_drop"]) == (True, ["ALL"])
    assert found["security_opt"] == ["no-new-privileges:true"]


def test_docker_waits_longer_than_workers_take_to_stop(tmp_path):
    services = config(tmp_path, "--profile", "scale")["services"]
    seconds = {services[name]["stop_grace_period"] for name in OURS}

    assert seconds <= {"60s", "1m0s"}
    assert int(Settings.names()["SHUTDOWN_SECONDS"]) < 60


def test_the_number_of_workers_comes_from_the_environment(tmp_path):
    services = config(tmp_path, "--profile", "scale", values=KEYS | {"WORKERS": "4"})["services"]

    assert services["worker"]["scale"] == 4


def test_there_are_no_default_keys_of_the_database_and_the_broker(tmp_path):
    services = config(tmp_path, "--profile", "scale")["services"]

    assert not services["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert not services["valkey"]["environment"]["REDISCLI_AUTH"]


def scaled_environment(tmp_path, *lines):
    """Return the .env that `make env SCALE=1` makes of these lines, and what it said."""
    env = tmp_path / ".env"
    if lines:
        env.write_text("".join(f"{line}\n" for line in lines))
    command = ["make", "--file", str(ROOT / "Makefile"), "env", "SCALE=1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    return done, env


def test_make_env_writes_what_the_profile_scale_needs_and_the_services_take_it(tmp_path):
    done, env = scaled_environment(tmp_path)
    values = dotenv_values(env)
    services = config(tmp_path, values=values)["services"]

    passed_on = {name: str(value) for name, value in services["worker"]["environment"].items()}
    settings = Settings.load(environ=passed_on, dotenv=tmp_path / "none")

    assert done.returncode == 0, done.stderr
    assert settings.job_runner == "celery"
    assert urlsplit(settings.database_url).password == services["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert urlsplit(settings.celery_broker_url).password == services["valkey"]["environment"]["REDISCLI_AUTH"]
    assert {urlsplit(settings.database_url).hostname, urlsplit(settings.celery_broker_url).hostname} <= set(services)
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_make_env_adds_to_an_environment_that_is_there_once(tmp_path):
    _, env = scaled_environment(tmp_path, "MAX_DELETE=5")
    before = env.read_text()
    done, _ = scaled_environment(tmp_path)

    assert before.startswith("MAX_DELETE=5\n")
    assert "POSTGRES_PASSWORD=" in before
    assert (done.returncode, env.read_text()) == (0, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("COMPOSE_PROFILES=tls", "tls,scale", id="another profile"),
        pytest.param('export COMPOSE_PROFILES="tls,x"  # ours', "tls,x,scale", id="quoted"),
        pytest.param("COMPOSE_PROFILES=", "scale", id="empty"),
        pytest.param("COMPOSE_PROFILES=scale,tls", "scale,tls", id="there already"),
        pytest.param("COMPOSE_PROFILES=tls,upscale", "tls,upscale,scale", id="one that ends like it"),
        pytest.param("#COMPOSE_PROFILES=tls", "scale", id="commented out"),
    ],
)
def test_make_env_adds_the_profile_to_those_that_are_used(tmp_path, before, after):
    scaled_environment(tmp_path, before)
    once = (tmp_path / ".env").read_bytes()
    done, env = scaled_environment(tmp_path)

    assert dotenv_values(env)["COMPOSE_PROFILES"] == after
    assert dotenv_values(env)["JOB_RUNNER"] == "celery"
    assert (done.returncode, env.read_bytes()) == (0, once), done.stderr


def test_make_env_mixes_no_keys_of_its_own_with_those_of_others(tmp_path):
    done, env = scaled_environment(tmp_path, "DATABASE_URL=postgresql+psycopg://a:b@c/d")

    assert done.returncode != 0
    assert "It has DATABASE_URL, but all of these belong together" in done.stderr
    assert env.read_text() == "DATABASE_URL=postgresql+psycopg://a:b@c/d\n"


def test_other_machines_are_let_in_at_one_address(tmp_path):
    named = [part for path in [ROOT / "docker-compose.yml", *OVERLAYS] for part in ("-f", str(path))]
    services = config(tmp_path, *named, "--profile", "scale", values=KEYS | SHARED)["services"]

    assert published(services["postgres"]["ports"]) == {"10.0.0.1:5432"}
    assert published(services["valkey"]["ports"]) == {"10.0.0.1:6379"}
    assert published(services["minio"]["ports"]) == {"127.0.0.1:9000", "10.0.0.1:9000"}


@pytest.mark.parametrize("service", OURS)
def test_a_shared_folder_takes_the_place_of_the_volume_and_is_never_made_up(tmp_path, service):
    named = [part for path in [ROOT / "docker-compose.yml", *OVERLAYS] for part in ("-f", str(path))]
    services = config(tmp_path, *named, "--profile", "scale", values=KEYS | SHARED)["services"]

    [data] = [
        mount
        for mount in services[service]["volumes"]
        if "/data" in (mount if isinstance(mount, str) else mount["target"])
    ]
    assert (data["type"], data["source"]) == ("bind", "/mnt/sluice")
    assert "create_host_path" not in str(data)


@pytest.mark.parametrize("name", SHARED)
def test_overlays_ask_for_what_they_need(tmp_path, name):
    named = [part for path in [ROOT / "docker-compose.yml", *OVERLAYS] for part in ("-f", str(path))]
    values = KEYS | {key: value for key, value in SHARED.items() if key != name}

    assert compose(tmp_path, *named, "config", values=values).returncode != 0


@pytest.fixture
def broker_of_the_profile(tmp_path):
    """What the profile runs as broker, with Redis in the place of Valkey: its command, its health check, and where they find both."""
    services = config(tmp_path, "--profile", "scale")["services"]
    (_, _, script), (_, check) = services["valkey"]["command"], services["valkey"]["healthcheck"]["test"]
    port, programs = free_port(), tmp_path / "bin"
    programs.mkdir()
    commands = {"valkey-server": f'{redis_program()} "$@" --port {port}', "valkey-cli": f'{REDIS_CLI} -p {port} "$@"'}
    for name, command in commands.items():
        (programs / name).write_text(f"#!/bin/sh\nexec {command}\n")
        (programs / name).chmod(0o700)
    script = script.replace("$$", "$").replace("/tmp/valkey.conf", str(tmp_path / "valkey.conf"))
    return script, check, {"PATH": f"{programs}:{os.environ['PATH']}"}, port


def test_the_broker_refuses_to_start_without_a_password(broker_of_the_profile):
    script, _, environ, _ = broker_of_the_profile
    done = subprocess.run(
        ["sh", "-c", script],
        env=environ | {"REDISCLI_AUTH": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode != 0
    assert "put VALKEY_PASSWORD into .env" in done.stderr


def test_the_broker_wants_its_password_and_its_health_check_knows_it(broker_of_the_profile):
    script, check, environ, port = broker_of_the_profile

    def is_healthy(password):
        given = environ | {"REDISCLI_AUTH": password}
        return (
            subprocess.run(["sh", "-c", check], env=given, capture_output=True, timeout=30, check=False).returncode == 0
        )

    with subprocess.Popen(["sh", "-c", script], env=environ | {"REDISCLI_AUTH": "secret"}) as server:
        try:
            eventually(lambda: is_healthy("secret"), what="the health of the broker")
            with redis.Redis(port=port, password="secret") as client:
                kept = client.config_get("maxmemory-policy") | client.config_get("save")
            assert not is_healthy("")
        finally:
            server.terminate()
    assert kept == {"maxmemory-policy": "noeviction", "save": ""}


def test_the_images_of_others_are_pinned_by_a_release_and_their_digest_is_told():
    for path in [ROOT / "docker-compose.yml", *ALTERNATIVES]:  # the overlays name no image
        text = path.read_text()
        images = re.findall(r"^ +image: (?!sluice:)(.+)$", text, re.MULTILINE)
        digests = re.findall(r"# sha256:[0-9a-f]{64}\b", text)

        assert images
        assert len(digests) == len(images), path
        assert all(re.search(r":[A-Za-z]*[.v]?\d[\w.-]+\}?$", image) for image in images), images


def test_the_version_stands_in_one_place_and_in_the_changelog():
    image = subprocess.run(
        ["make", "--dry-run", "image"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert f"--tag sluice:{__version__} " in image
    assert f"VERSION={__version__} " in image
    assert headings[0] == "Unreleased"
    assert any(heading.startswith(__version__) for heading in headings)
