"""What many tests need and one makes: the images, the composed service, and what Ansible knows of this machine."""

from pathlib import Path

import pytest

from app.storages.embedded.server import find_rclone
from tests.support.engine import base_image, composed, require_engine, stand_in_image
from tests.support.playbook import gathered
from tests.support.service import eventually


@pytest.fixture(scope="session")
def images(tmp_path_factory):
    """What the variables BASE_IMAGE and MINIO_IMAGE hold in tests."""
    require_engine()
    folder = tmp_path_factory.mktemp("images")
    base = base_image(folder)
    return {"BASE_IMAGE": base, "MINIO_IMAGE": stand_in_image(base, folder, Path(find_rclone()))}


@pytest.fixture(scope="session")
def version():
    return "0.0.0-test"


@pytest.fixture(scope="session")
def service(tmp_path_factory, images, version):
    """The composed service, up and healthy; its uploads folder is shared by the tests."""
    with composed(
        tmp_path_factory.mktemp("composed"), SLUICE_VERSION=version, TRUSTED_HOSTS="sluice.example", **images
    ) as made:
        made.compose("up", "--detach", "--build")
        eventually(made.is_healthy, 60, "the health of the api")
        yield made


@pytest.fixture(scope="session")
def facts(tmp_path_factory):
    """What Ansible gathers about this machine, which is every host of these tests."""
    return gathered(tmp_path_factory.mktemp("facts"))
