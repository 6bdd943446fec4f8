"""Downloads of steps hold a thread each, so that there are places for some."""

from contextlib import ExitStack

import pytest

from app import create_app
from app.bootstrap import build_services
from app.jobs.contract import JobRequest
from tests.support.jobs import settings_for


@pytest.fixture
def app(tmp_path):
    services = build_services(settings_for(tmp_path, web_threads=8))
    yield create_app(services)
    services.database.close()


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_one_person_takes_half_of_the_places_and_gives_them_back(app, form):
    job = app.extensions["sluice"].jobs.submit(JobRequest("mirror", {}))
    client, path = app.test_client(), f"/jobs/{job.id}/steps.{form}"
    with ExitStack() as open_ones:
        first = open_ones.enter_context(client.get(path, buffered=False))
        refused = client.get(path)
        assert (first.status_code, refused.status_code) == (200, 429)
        assert refused.headers["Retry-After"] == "5"

    with client.get(path) as again:
        assert again.status_code == 200
