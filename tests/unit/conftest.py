"""What tests of several packages begin with: a database of this version, people in it, and the box of its key."""

import pytest

from app.connections.key_file import KEY_FILE
from app.connections.secrets import SecretBox
from tests.support.empty_database import opened_database
from tests.support.jobs import settings_for
from tests.support.people import People


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path / "data")


@pytest.fixture
def database(settings):
    database = opened_database(settings)
    yield database
    database.close()


@pytest.fixture
def people(database):
    return People(database)


@pytest.fixture
def box(settings, database):  # noqa: ARG001  # makes the folder
    return SecretBox.from_file(settings.data_dir / KEY_FILE)
