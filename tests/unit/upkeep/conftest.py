"""Services as every process of one DATA_DIR makes them."""

import pytest

from app.bootstrap import build_services
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for

STORAGE = {"storage_url": "http://127.0.0.1:9", "minio_access_key": "key", "minio_secret_key": "secret"}


@pytest.fixture
def new_services(tmp_path):
    made = []

    def make(folder="data", **settings):
        data_dir = with_database(tmp_path / folder)
        services = build_services(settings_for(data_dir, **(STORAGE | {"jobs_queued_limit": 1000} | settings)))
        made.append(services)
        return services

    yield make
    for services in made:
        services.database.close()


@pytest.fixture
def services(new_services):
    return new_services()


@pytest.fixture
def data_dir(services):
    return services.settings.data_dir
