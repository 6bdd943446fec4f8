import subprocess
import sys

import pytest

from app.errors import DatabaseUnavailable
from app.jobs.presence import Presence, dead_runners, is_present
from tests.support.jobs import ROOT


def dead_in(folder):
    with dead_runners(folder) as dead:
        return dead


def test_a_runner_that_holds_its_lock_is_not_dead(tmp_path):
    presence = Presence(tmp_path / "runners", "one")
    presence.hold()

    assert dead_in(tmp_path / "runners") == []
    assert is_present(tmp_path / "runners", "one")
    presence.release()


def test_a_runner_that_let_go_is_dead_once_and_then_forgotten(tmp_path):
    presence = Presence(tmp_path, "one")
    presence.hold()
    presence.release()
    presence.release()

    assert (dead_in(tmp_path), dead_in(tmp_path)) == (["one"], [])
    assert not is_present(tmp_path, "one")


def test_the_dead_are_given_to_one_caller_at_a_time_and_again_when_that_one_fails(tmp_path):
    presence = Presence(tmp_path, "one")
    presence.hold()
    presence.release()

    def fail():
        with dead_runners(tmp_path) as dead:
            raise LookupError(dead, dead_in(tmp_path))

    with pytest.raises(LookupError) as caught:
        fail()

    assert caught.value.args == (["one"], [])
    assert dead_in(tmp_path) == ["one"]


FORKING = """
import os, pathlib, sys
from app.jobs.presence import Presence

presence = Presence(pathlib.Path(sys.argv[1]), "one")
presence.hold()
if os.fork() == 0:
    print("born", flush=True)
sys.stdin.read()
"""


@pytest.mark.fault(8)
def test_a_forked_child_does_not_keep_its_dead_parent_alive(tmp_path):
    command = [sys.executable, "-c", FORKING, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        parent.stdout.readline()
        before = dead_in(tmp_path)
        parent.kill()
        parent.wait()
        after = dead_in(tmp_path)
        parent.stdin.close()  # now the child ends too

    assert (before, after) == ([], ["one"])


def test_a_folder_that_cannot_hold_locks_is_named(tmp_path):
    (tmp_path / "runners").write_text("a file")

    with pytest.raises(DatabaseUnavailable, match=r"No lock can be held in .*runners: File exists"):
        Presence(tmp_path / "runners", "one").hold()
