"""What may stand in the logs of the web server."""

import logging

import pytest

from app.errors import DatabaseUnavailable
from app.serving.log_hygiene import no_routine, on_one_line, without_queries


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
    ("path", "shown"),
    [
        pytest.param("/get", "GET /get 200", id="a plain path"),
        pytest.param("/x\n2026 GET /forged 200", "GET /x\\n2026 GET /forged 200 200", id="a line end in a path"),
        pytest.param("/\x1b[2J", "GET /\\x1b[2J 200", id="a terminal's escape sequence"),
    ],
)
def test_an_access_log_has_one_printable_line_for_a_request(path, shown):
    line = record("%(m)s %(U)s %(s)s", {"m": "GET", "U": path, "s": 200})

    assert on_one_line(line)
    assert line.getMessage() == shown


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        pytest.param("/health", "200", False, id="a health check that found all well"),
        pytest.param("/health", "503", True, id="a health check that did not"),
        pytest.param("/healthy", "200", True, id="another path"),
        pytest.param("/get", "200", True, id="a request"),
    ],
)
def test_routine_health_checks_are_left_out(path, status, kept):
    line = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "%(U)s %(s)s", ({"U": path, "s": status},), None)

    assert no_routine(line) is kept
