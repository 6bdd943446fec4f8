"""Lines of the log: their form, what goes along, and that nothing in them tells a secret or forges another line."""

import io
import json
import logging
import re
import sys

import pytest

from app.monitoring.context import bind, bound, unbind_all
from app.monitoring.logs import formatter

JOB = "0193a1b2-0000-7000-8000-000000000000"
FORGED = "[22/Nov/2026:05:00:00 +0000] GET /forged 200 2 0.1s"


@pytest.fixture(params=["text", "json"])
def form(request):
    return request.param


@pytest.fixture
def log(form):
    """A logger and what it has written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter(form))
    logger = logging.getLogger(f"test of {form}")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.handlers = [handler]
    logger.written = out.getvalue
    return logger


def raised(error):
    """What `logging` takes as ``exc_info`` of an error that was raised."""
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_a_line_of_text_has_the_time_the_sentence_and_what_is_bound():
    line = formatter("text").format(logging.LogRecord("app.jobs", logging.INFO, "", 0, "%d uploaded", (3,), None))
    with bound(request_id="abc", dialect="sync", peer=None):
        more = formatter("text").format(logging.LogRecord("app.jobs", logging.WARNING, "", 0, "slow", (), None))

    assert re.fullmatch(r"\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] 3 uploaded", line)
    assert more.endswith("] WARNING slow request_id=abc dialect=sync")


def test_a_line_of_json_has_each_thing_in_a_field_of_its_own():
    with bound(request_id="abc"):
        line = formatter("json").format(
            logging.LogRecord("app.jobs", logging.INFO, "", 0, f"Job {JOB}: done", (), None)
        )

    fields = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", fields.pop("time"))
    assert fields == {
        "level": "info",
        "logger": "app.jobs",
        "event": f"Job {JOB}: done",
        "job_id": JOB,
        "request_id": "abc",
    }


def test_what_is_bound_lasts_as_long_as_its_block_or_until_all_is_forgotten(log):
    bind(user_id=7, peer=None)
    with bound(job_id="inner"):
        log.info("inside")
    log.info("outside")
    unbind_all()
    log.info("after")

    inside, outside, after = log.written().splitlines()
    assert "inner" in inside
    assert "inner" not in outside
    assert "user_id" in inside
    assert "user_id" in outside
    assert "user_id" not in after
    assert "peer" not in log.written()


@pytest.mark.parametrize("way", ["sentence", "argument", "field", "bound", "traceback"])
def test_nothing_forges_a_line(log, way):
    forging = f"x\r\n{FORGED}\n\x1b[2J\u2028{FORGED}"
    extra = {"path": forging} if way == "field" else {"colour": forging} if way == "argument" else {}
    error = raised(ValueError(forging)) if way == "traceback" else None
    with bound(dialect=forging if way == "bound" else "sync"):
        log.warning(forging if way == "sentence" else "seen", extra=extra, exc_info=error)

    assert "\x1b" not in log.written()
    assert not [line for line in re.split(r"[\r\n\u2028]", log.written()) if line.startswith(FORGED[:20])]


def test_a_traceback_comes_along_without_secrets_and_without_the_values_of_its_frames(log, form):
    error = OSError("no connection to postgresql://user:hidden@host/ now")
    log.error("It broke: %s", {"password": "hidden"}, exc_info=raised(error))

    assert "hidden@" not in log.written()
    assert "'hidden'" not in log.written()
    assert "OSError: no connection to postgresql://user:***@host/ now" in log.written()
    assert ("\n    Traceback" in log.written()) is (form == "text")
