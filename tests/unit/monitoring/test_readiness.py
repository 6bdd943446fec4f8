"""Whether a process is ready, and that asking costs little."""

import threading
import time

import pytest

from app.errors import DatabaseUnavailable, SettingsError
from app.monitoring.readiness import Readiness, folder_check


def test_each_check_answers_under_its_name_and_all_must_be_well(tmp_path):
    ready = Readiness({"data_dir": folder_check(tmp_path), "other": lambda: None})
    missing = Readiness({"data_dir": folder_check(tmp_path / "missing"), "other": lambda: None})

    assert ready.report() == (True, {"data_dir": "ok", "other": "ok"})
    assert missing.report() == (
        False,
        {"data_dir": "DATA_DIR cannot be written: No such file or directory.", "other": "ok"},
    )


def fails():
    raise DatabaseUnavailable("postgresql://user:hidden@host/\nis down.")


def refuses():
    raise SettingsError("redis://:hidden@host/\nis down.")


def breaks():
    raise ZeroDivisionError("hidden")


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        pytest.param(refuses, "redis://:***@host/\\nis down.", id="an error of the product"),
        pytest.param(
            fails, "The job database cannot be used; the log says why.", id="the database, whose name is not told"
        ),
        pytest.param(breaks, "an internal error; see the log", id="a bug"),
    ],
)
def test_a_check_that_fails_is_a_sentence_without_secrets(check, sentence):
    assert Readiness({"it": check}).report() == (False, {"it": sentence})


def test_many_probes_ask_once():
    asked = []
    readiness = Readiness({"it": lambda: asked.append(1)})

    for _ in range(50):
        assert readiness.report().is_ready

    assert len(asked) == 1


def test_a_check_that_hangs_is_not_well_and_keeps_nobody():
    go = threading.Event()

    def hangs():
        assert go.wait(30)

    readiness = Readiness({"good": lambda: None, "hanging": hangs, "later": lambda: None})
    began = time.monotonic()
    try:
        reports = [readiness.report() for _ in range(50)]
    finally:
        go.set()

    assert time.monotonic() - began < 5
    assert reports == [(False, {"good": "ok", "hanging": "no answer yet", "later": "no answer yet"})] * 50
