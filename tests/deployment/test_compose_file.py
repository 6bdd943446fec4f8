"""The Compose file and the Dockerfile as files: what they accept, refuse and pass on. No engine is needed."""

import os
import re
import subprocess

import pytest
import yaml

from app import __version__
from app.settings import Settings
from tests.support.engine import compose_command
from tests.support.service import ROOT

KEYS = {"MINIO_ACCESS_KEY": "abcdef", "MINIO_SECRET_KEY": "0123456789abcdef"}
ALTERNATIVES = sorted((ROOT / "docs/operations/storage").glob("*.yml"))
FIXED = {"API_HOST", "API_PORT", "DATA_DIR", "UPLOADS_DIR"}  # the image's own
OURS_ALONE = {"MINIO_PORT"}  # of the embedded server, which the image has not


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


def config(tmp_path, *arguments, values=KEYS):
    done = compose(tmp_path, *arguments, "config", values=values)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


@pytest.mark.parametrize("files", [[], *([path] for path in ALTERNATIVES)], ids=lambda f: f[0].stem if f else "MinIO")
@pytest.mark.parametrize("profile", [[], ["--profile", "tls"]], ids=["default", "tls"])
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


def test_every_setting_of_the_service_can_be_given_in_the_compose_env_file(tmp_path):
    names = set(Settings.names()) - FIXED - OURS_ALONE
    given = {name: KEYS.get(name, f"given-{name.lower()}") for name in names}

    passed_on = config(tmp_path, values=given)["services"]["api"]["environment"]

    assert {name for name in names if given[name] not in str(passed_on.get(name))} == set()


def test_without_values_the_services_settings_are_its_defaults(tmp_path):
    passed_on = config(tmp_path)["services"]["api"]["environment"]

    settings = Settings.load(environ={name: str(value) for name, value in passed_on.items()}, dotenv=tmp_path / "none")

    assert settings == Settings.load(
        environ={**KEYS, "STORAGE_URL": "http://minio:9000", "TRUSTED_HOSTS": "localhost,localhost"},
        dotenv=tmp_path / "none",
    )


def test_the_images_of_others_are_pinned_by_a_release_and_their_digest_is_told():
    for path in [ROOT / "docker-compose.yml", *ALTERNATIVES]:
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
