"""One application with people in it, for all tests here that change nothing of it."""

import pytest

from app.accounts.caller import Role
from tests.support.belongings import belongings
from tests.support.inhabited import inhabited


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """An application in which ann is a user like others, and root an admin with a password."""
    with inhabited(tmp_path_factory.mktemp("house")) as house:
        house.person("root", Role.ADMIN, "password-root")
        house.person("ann")
        yield house


@pytest.fixture(scope="session")
def anns(house):
    """What ann has."""
    return belongings(house, "ann")
