"""Whether a process is ready, and that asking costs little."""

import pytest

from app.errors import DatabaseUnavailable
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


def breaks():
    raise ZeroDivisionError("hidden")


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        pytest.param(fails, "postgresql://user:***@host/\\nis down.", id="an error of the product"),
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
