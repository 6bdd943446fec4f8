"""What a start does to the process that it happens in."""

import gc
import json
import os
import subprocess
import sys

import pytest

from app import create_app
from app.bootstrap import build_services
from tests.support.jobs import settings_for
from tests.support.service import ROOT

START = """
import gc, json
from app import create_app
try:
    create_app()
except SystemExit:
    pass
print(json.dumps([gc.isenabled(), gc.get_freeze_count()]))
"""


def started(**environ):
    """Start in a process of its own; say whether it looks for garbage afterwards, and what it leaves out."""
    kept = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=kept, capture_output=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_an_entrance_looks_for_garbage_afterwards_but_not_in_what_it_has_made(tmp_path):
    collects, left_out = started(DATA_DIR=str(tmp_path / "var"))

    assert collects
    assert left_out > 100_000
    assert not list((tmp_path / "var").glob("sluice.db-*")), "the database was not closed at the end"


def test_an_entrance_that_fails_looks_for_garbage_again_and_leaves_nothing_out():
    assert started(API_PORT="none") == [True, 0]


@pytest.mark.parametrize("is_on", [True, False], ids=["looking", "not looking"])
def test_an_application_of_services_that_are_there_touches_nothing_of_that(tmp_path, is_on):
    services = build_services(settings_for(tmp_path / "var"))
    before = gc.get_freeze_count()
    if not is_on:
        gc.disable()
    try:
        create_app(services)
        assert gc.isenabled() == is_on
        assert gc.get_freeze_count() <= before  # some of what the tests themselves left out ends meanwhile
    finally:
        gc.enable()
        services.database.close()
