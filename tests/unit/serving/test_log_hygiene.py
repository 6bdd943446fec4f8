"""What may stand in the logs of the web server."""

import logging

import pytest

from app.errors import DatabaseUnavailable
from app.serving.log_hygiene import is_routine, without_queries


def record(message, *args, error=None):
    exc_info = (type(error), error, None) if error else None
    return logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, message, args, exc_info)


@pytest.mark.parametrize(
    ("message", "args", "shown"),
    [
        pytest.param(
            "Error handling request %s %s",
            ("GET", "/sync?secret_key=hidden"),
            "Error handling request GET /sync?...",
            id="a request that failed",
        ),
        pytest.param(
            "Invalid request from ip=10.0.0.1: Invalid Request Line 'GET /sync?secret_key=hidden and more'",
            (),
            "Invalid request from ip=10.0.0.1: Invalid Request Line",
            id="a request line that is none",
        ),
        pytest.param(
            "Invalid request from ip=10.0.0.1: Invalid HTTP Version: 'of the hidden HTTP/9'",
            (),
            "Invalid request from ip=10.0.0.1: Invalid HTTP Version",
            id="a piece of a request line",
        ),
        pytest.param(
            "Worker (pid:%s) was sent %s! Perhaps out of memory?",
            (7, "SIGKILL"),
            "Worker (pid:7) was sent SIGKILL! Perhaps out of memory?",
            id="a question that is no query",
        ),
    ],
)
def test_an_error_log_keeps_the_event_and_loses_the_query(message, args, shown):
    line = record(message, *args)

    assert without_queries(line)
    assert line.getMessage() == shown
    assert "hidden" not in line.getMessage()


def test_a_worker_that_cannot_start_gives_its_sentence_once_and_no_traceback():
    assert not without_queries(record("Exception in worker process", error=DatabaseUnavailable("The disk is full.")))


def test_a_worker_that_breaks_for_an_unknown_reason_keeps_its_traceback():
    line = record("Exception in worker process", error=ZeroDivisionError("division by zero"))

    assert without_queries(line)
    assert line.exc_info is not None


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        pytest.param("/health", "200", False, id="a health check that found all well"),
        pytest.param("/readyz", "200", False, id="a probe that found all well"),
        pytest.param("/metrics", "200", False, id="a scrape"),
        pytest.param("/metrics", "403", True, id="a scrape by a stranger"),
        pytest.param("/health", "503", True, id="a health check that did not"),
        pytest.param("/healthy", "200", True, id="another path"),
        pytest.param("/get", "200", True, id="a request"),
    ],
)
def test_routine_health_checks_are_left_out(path, status, kept):
    assert is_routine(path, status) is not kept
