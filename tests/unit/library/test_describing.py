"""Describers: the one that the settings name is found or the start ends, and none of them harms an import."""

import asyncio
import json
import logging
import re
import sys
from typing import Any

import pytest

from app.bootstrap import build_services
from app.errors import SettingsError
from app.library.describing import Described, Description, describe_without_ai, described, describer_of
from tests.support.jobs import settings_for
from tests.support.pictures import picture
from tests.support.service import ROOT

PAGE = (ROOT / "docs" / "describing.md").read_text()


@pytest.fixture
def what(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(picture((40, 30), "JPEG"))
    return Described(path, "rose.jpg", "image/jpeg", path.stat().st_size)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Save a module where Python finds it; return its name."""

    def save(text, name="my_describer"):
        (tmp_path / f"{name}.py").write_text(text)
        return name

    monkeypatch.syspath_prepend(tmp_path)
    yield save
    for name in [name for name in sys.modules if name.startswith("my_describer")]:
        del sys.modules[name]


def settings(tmp_path, describer):
    return settings_for(tmp_path / "data", describer=describer)


def test_the_example_of_the_page_describes(tmp_path, module, what):
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    [line] = re.findall(r"^DESCRIBER=(.+)$", PAGE, re.MULTILINE)
    module(example)

    found, error = described(describer_of(settings(tmp_path, line)), what)

    assert error is None
    assert found.text == f"JPEG image, 40 x 30 pixels, {what.size} bytes. It is wide, and called rose.jpg."
    assert (found.attributes["width"], found.attributes["shape"], found.tags) == (40, "wide", ("wide",))


def test_without_a_describer_no_ai_is_asked(tmp_path):
    assert describer_of(settings(tmp_path, "")) is describe_without_ai


@pytest.mark.parametrize(
    ("describer", "sentence"),
    [
        pytest.param("my_describer", "write it as package.module:function", id="no function"),
        pytest.param(":describe", "write it as package.module:function", id="no module"),
        pytest.param(
            "my_describer_gone:describe", "ModuleNotFoundError: No module named", id="a module that is not there"
        ),
        pytest.param(".relative:describe", "importing .relative failed with TypeError", id="a relative module"),
        pytest.param("my_describer:other", "my_describer has no function other", id="a function that is not there"),
        pytest.param("my_describer:LIMIT", "my_describer has no function LIMIT", id="something that is no function"),
        pytest.param(
            "my_describer_broken:x", "importing my_describer_broken failed with ZeroDivisionError", id="it fails"
        ),
        pytest.param(
            "my_describer_ended:x", "importing my_describer_ended failed with SystemExit", id="it ends the program"
        ),
    ],
)
def test_a_describer_that_is_none_stops_the_start(tmp_path, module, describer, sentence):
    module("LIMIT = 1\n")
    module("1 / 0\n", "my_describer_broken")
    module("raise SystemExit(1)\n", "my_describer_ended")

    with pytest.raises(SettingsError, match=f"^DESCRIBER is unusable: .*{re.escape(sentence)}"):
        build_services(settings(tmp_path, describer))


def raising(error):
    def describe(_):
        raise error

    return describe


def returning(value):
    return lambda _: value


def telling(**fields: Any):
    return returning(Description(**fields))


ITSELF: list[object] = []
ITSELF.append(ITSELF)
DEEP: list[object] = []
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("describer", "sentence"),
    [
        pytest.param(raising(ValueError("key-5e0c71")), "The describer failed: ValueError.", id="an error"),
        pytest.param(raising(SystemExit(1)), "The describer failed: SystemExit.", id="the end of the program"),
        pytest.param(
            raising(asyncio.CancelledError()), "The describer failed: CancelledError.", id="its own task ended"
        ),
        pytest.param(raising(KeyboardInterrupt()), "The describer failed: KeyboardInterrupt.", id="it plays Ctrl-C"),
        pytest.param(raising(RecursionError()), "The describer failed: RecursionError.", id="it never ends"),
        pytest.param(lambda: None, "The describer failed: TypeError.", id="it takes nothing"),
        pytest.param(returning(None), "returned a NoneType, no Description", id="nothing"),
        pytest.param(returning("a rose"), "returned a str, no Description", id="a text"),
        pytest.param(telling(text=7), "returned a text that is none", id="a number"),
        pytest.param(returning(Description("x" * 65_537)), "returned a text of more than 64 KiB", id="a long text"),
        pytest.param(
            returning(Description("é" * 32_769)), "returned a text of more than 64 KiB", id="a text of long characters"
        ),
        pytest.param(telling(attributes=[1]), "no mapping with names", id="a list of attributes"),
        pytest.param(telling(attributes={1: 1}), "no mapping with names", id="an attribute without a name"),
        pytest.param(telling(attributes={"a": object()}), "attributes that are no JSON", id="no JSON"),
        pytest.param(telling(attributes={"a": float("nan")}), "attributes that are no JSON", id="no number"),
        pytest.param(telling(attributes={"a": ITSELF}), "attributes that are no JSON", id="a list in itself"),
        pytest.param(telling(attributes={"a": DEEP}), "attributes that are no JSON", id="lists in lists"),
        pytest.param(
            telling(attributes={"a": "x" * 65_536}),
            "attributes of more than 64 KiB",
            id="long attributes",
        ),
        pytest.param(telling(tags="rose"), "tags that are no texts", id="tags as one text"),
        pytest.param(telling(tags=[1]), "tags that are no texts", id="a number as a tag"),
        pytest.param(telling(tags=None), "tags that are no texts", id="no tags"),
        pytest.param(telling(tags=["x" * 51]), "or one of more than 50 characters", id="a long tag"),
        pytest.param(telling(tags=["x"] * 41), "returned more than 40 tags", id="many tags"),
    ],
)
def test_what_goes_wrong_becomes_a_sentence_and_a_line_of_the_log(what, caplog, describer, sentence):
    with caplog.at_level(logging.WARNING, "app.library.describing"):
        found, error = described(describer, what)

    assert found == Description()
    assert sentence in error
    assert "key-5e0c71" not in error
    assert ["rose.jpg" in record.getMessage() for record in caplog.records] == [True]


def test_what_can_be_kept_is_kept(what):
    given = Description("a rose \ud800", {"a": (1, "\ud800"), "b": {2: None}}, ("x" * 50, "red", "red"))

    found, error = described(returning(given), what)

    assert error is None
    assert found == Description("a rose ?", {"a": [1, "?"], "b": {"2": None}}, ("x" * 50, "red"))
    assert json.dumps(found.attributes)


def test_all_limits_can_be_used_up(what):
    given = Description("x" * 65_536, {"a": "x" * 65_527}, [f"{n:050}" for n in range(40)])

    assert described(returning(given), what) == (Description(given.text, given.attributes, tuple(given.tags)), None)


def test_a_file_that_cannot_be_read_is_not_described(what):
    what.path.unlink()

    assert described(describe_without_ai, what) == (Description(), "The describer failed: FileNotFoundError.")


def test_what_the_page_says_of_the_description_without_ai_is_so(what):
    names = {
        name for names in re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE) for name in re.findall("`(.+?)`", names)
    }
    found = describe_without_ai(what).attributes.keys()

    assert found <= names
