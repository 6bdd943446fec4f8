"""``python -m app.worker``: a worker that could do nothing ends at once and says why, rather than have its children die."""

import pytest
from cryptography.fernet import Fernet

from tests.support.programs import Program, run_flask
from tests.support.servers import free_port

pytestmark = pytest.mark.slow

OTHER_KEY = Fernet.generate_key().decode()


@pytest.fixture(scope="module")
def environ(tmp_path_factory, postgres):
    """That of a deployment which has started once; its broker is away, and is not needed to refuse."""
    folder = tmp_path_factory.mktemp("worker")
    environ = {
        "DATA_DIR": str(folder / "var"),
        "UPLOADS_DIR": str(folder),
        "DATABASE_URL": postgres.url(postgres.new()),
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "JOB_RUNNER": "celery",
        "METRICS_PORT": "0",
        "STORAGE_URL": "http://127.0.0.1:1",
        "MINIO_ACCESS_KEY": "abc",
        "MINIO_SECRET_KEY": "12345678",
    }
    done = run_flask("jobs", environ=environ)
    assert done.returncode == 0, done.stderr
    return environ


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        pytest.param({"DATA_DIR": "/nonexistent/var"}, "DATA_DIR /nonexistent/var is not the folder of", id="folder"),
        pytest.param({"SEALING_KEYS": OTHER_KEY}, "None of the keys in SEALING_KEYS", id="key"),
    ],
)
def test_a_worker_with_what_belongs_to_another_deployment_refuses_to_start(environ, wrong, says):
    worker = Program("app.worker", environ=environ | wrong)
    try:
        _, said = worker.communicate(timeout=60)
    finally:
        worker.terminate()

    assert worker.returncode == 1
    assert said.startswith(f"Error: {says}"), said
