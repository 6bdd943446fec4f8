"""Authorizations and their users, with connections beside them, and without jobs."""

import pytest

from app.authorizations.contract import NewAuthorization
from app.authorizations.service import AuthorizationService
from app.connections.key_file import KEY_FILE
from app.connections.secrets import SecretBox
from app.connections.service import ConnectionService
from app.db import Database
from tests.support.jobs import settings_for
from tests.support.people import People


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path / "data")


@pytest.fixture
def database(settings):
    database = Database(settings.data_dir / "sluice.db")
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def people(database):
    return People(database)


@pytest.fixture
def anna(people):
    return people.user("anna")


@pytest.fixture
def bert(people):
    return people.user("bert")


@pytest.fixture
def boss(people):
    return people.user("boss", "admin")


@pytest.fixture
def box(settings, database):  # noqa: ARG001  # makes the folder
    return SecretBox.from_file(settings.data_dir / KEY_FILE)


@pytest.fixture
def connections(database, box, settings):
    return ConnectionService(database, box, settings)


@pytest.fixture
def service(database, box, settings, connections):
    return AuthorizationService(database, box, settings, connections)


@pytest.fixture
def new():
    """Return an authorization to be made."""

    def made(provider="aws", authn_id=None, description="", **config):
        return NewAuthorization(provider=provider, config=config, authn_id=authn_id, description=description)

    return made
