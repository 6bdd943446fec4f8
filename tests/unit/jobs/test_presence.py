import os

import pytest

from app.errors import DatabaseUnavailable
from app.jobs.presence import Presence, dead_runners, is_present


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


def test_a_forked_child_does_not_keep_its_dead_parent_alive(tmp_path):
    presence = Presence(tmp_path, "one")
    presence.hold()
    (child_listens, parent_says), (parent_listens, child_says) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.close(parent_says)
        os.write(child_says, b"born")
        os.read(child_listens, 1)  # lives until the parent has looked
        os._exit(0)
    os.read(parent_listens, 4)

    presence.release()
    found = dead_in(tmp_path)
    os.close(parent_says)
    os.waitpid(child, 0)
    for descriptor in (child_listens, parent_listens, child_says):
        os.close(descriptor)

    assert found == ["one"]


def test_a_folder_that_cannot_hold_locks_is_named(tmp_path):
    (tmp_path / "runners").write_text("a file")

    with pytest.raises(DatabaseUnavailable, match=r"No lock can be held in .*runners: File exists"):
        Presence(tmp_path / "runners", "one").hold()
