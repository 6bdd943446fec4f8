"""Connections and their users, without jobs."""

import pytest

from app.connections.service import ConnectionService


@pytest.fixture
def service(database, box, settings):
    return ConnectionService(database, box, settings)
