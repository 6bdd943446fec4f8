"""Authorizations and their users, with connections beside them, and without jobs."""

import pytest

from app.authorizations.contract import NewAuthorization
from app.authorizations.service import AuthorizationService
from app.connections.service import ConnectionService


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
