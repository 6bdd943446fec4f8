"""``flask scheduler``: a process that has no web server, takes the turn of the active scheduler and gives it back."""

import pytest
import requests

from app.schedules.scheduler import LOCK_FILE
from app.schedules.turn import Turn
from tests.support.broker import redis_broker
from tests.support.programs import flask, run_flask
from tests.support.servers import free_port
from tests.support.service import eventually


@pytest.fixture
def environ(tmp_path, postgres):
    with redis_broker(tmp_path) as broker:
        yield {
            "DATA_DIR": str(tmp_path / "var"),
            "UPLOADS_DIR": str(tmp_path),
            "DATABASE_URL": postgres.url(postgres.new()),
            "CELERY_BROKER_URL": broker.url(),
            "JOB_RUNNER": "celery",
            "METRICS_PORT": str(free_port()),
            "STORAGE_URL": "http://127.0.0.1:1",
            "MINIO_ACCESS_KEY": "abc",
            "MINIO_SECRET_KEY": "12345678",
        }


def is_up(environ):
    try:
        return requests.get(f"http://127.0.0.1:{environ['METRICS_PORT']}/healthz", timeout=5).ok
    except (requests.ConnectionError, requests.Timeout):
        return False


def is_taken(turn):
    is_free = turn.take()
    turn.release()
    return not is_free


@pytest.mark.slow
def test_it_is_the_active_scheduler_until_it_is_asked_to_stop(environ, tmp_path):
    turn = Turn(tmp_path / "var" / LOCK_FILE)
    process = flask("scheduler", environ=environ)
    try:
        eventually(lambda: process.poll() is not None or is_up(environ), what="the health of the scheduler")
        eventually(lambda: process.poll() is not None or is_taken(turn), what="its turn")
    finally:
        process.terminate()
    _, said = process.communicate(timeout=60)

    assert process.wait() == 0, said
    assert "The scheduler looks for what is due." in said
    assert turn.take()
    turn.release()


@pytest.mark.slow
def test_it_refuses_to_run_jobs_of_threads_where_nobody_expects_them(tmp_path):
    done = run_flask("scheduler", environ={"DATA_DIR": str(tmp_path / "var"), "UPLOADS_DIR": str(tmp_path)})

    assert done.returncode == 1
    assert "A scheduler of its own goes with JOB_RUNNER=celery." in done.stderr
