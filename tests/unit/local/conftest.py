"""A storage in an uploads folder, and a folder outside of it."""

import pytest

from app.storages.local import LocalStorage
from tests.support.files import make


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(uploads):
    return LocalStorage(uploads)


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    make(folder, "secret")
    return folder
