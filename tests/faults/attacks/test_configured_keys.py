"""The operator's keys sign nothing for an address that a caller names: what is signed can be sent on to the real storage."""

from typing import Any

import pytest

from app.bootstrap import build_services
from app.errors import InvalidInput
from app.jobs.contract import JobRequest
from app.mirrors.request import MirrorRequest
from tests.support.empty_database import with_database
from tests.support.jobs import eventually, settings_for
from tests.support.servers import scripted

pytestmark = [pytest.mark.fault(38)]

OPERATOR = {"minio_access_key": "OPERATORSKEY", "minio_secret_key": "the operator's own secret"}
OWN = {"access_key": "CALLERSKEY", "secret_key": "the caller's own secret"}
EARLIER: dict[str, Any] = {
    "direction": "upload", "source": "", "dest": "photos", "prefix": "", "connection": None, "wait": 0, "delete": True, "dry_run": False,
    "rules": [], "max_delete": None, "check": "exact", "own_keys": False,
}  # fmt: skip
"""What a version that signed for any address had queued."""


@pytest.fixture
def listener():
    """Where a stranger waits for requests; yields its address and the requests that came."""
    came = []
    with scripted(lambda method, path: came.append((method, path)) or (403, "")) as url:
        yield url, came


@pytest.fixture
def services(tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "a.txt").write_text("a")
    settings = settings_for(
        with_database(tmp_path / "data"), uploads_dir=tmp_path / "uploads", storage_url="http://127.0.0.1:9", **OPERATOR
    )
    services = build_services(settings)
    services.runner.start()
    yield services
    services.runner.drain(10)
    services.database.close()


def ended(services, job):
    return eventually(lambda: (now := services.jobs.get(job.id)).state.is_final and now)


@pytest.mark.parametrize(
    "more", [{}, {"direction": "download"}, {"dry_run": True}], ids=["upload", "download", "dry run"]
)
def test_for_another_address_keys_have_to_be_given(services, listener, more):
    url, came = listener
    with pytest.raises(InvalidInput, match="configured storage only") as refused:
        services.mirrors.submit(MirrorRequest(storage_url=url, **more))

    assert refused.value.field == "access_key"
    assert services.jobs.list(include_finished=True, limit=9) == []
    assert came == []


def test_with_keys_of_his_own_a_caller_reaches_it(services, listener):
    url, came = listener
    job = services.mirrors.submit(MirrorRequest(storage_url=url, dest="photos", **OWN))

    assert ended(services, job).reason == "access_denied"
    assert came


@pytest.mark.parametrize(
    "more", [{}, {"direction": "download"}, {"dry_run": True}], ids=["upload", "download", "dry run"]
)
def test_a_job_that_an_earlier_version_had_queued_fails_and_sends_nothing(services, listener, more):
    url, came = listener
    job = ended(services, services.jobs.submit(JobRequest("mirror", {**EARLIER, "storage_url": url, **more})))

    assert (job.state, job.reason) == ("failed", "access_denied")
    assert "Give access_key and secret_key" in job.message
    assert came == []
