"""What the tests of jobs share."""

import pytest

from tests.support.jobs import Registry


@pytest.fixture
def new_registry(tmp_path):
    """Make registries on one data folder, as several processes would; all are closed at the end."""
    made = []

    def make(**values):
        registry = Registry(tmp_path / "data", **values)
        made.append(registry)
        return registry

    yield make
    for registry in made:
        registry.close()


@pytest.fixture
def registry(new_registry):
    return new_registry()
