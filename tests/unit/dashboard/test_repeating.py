"""What a page says of doing a job once more."""

import json
import shlex
from itertools import pairwise

import pytest

from app.connections.address import AddressPolicy
from app.copies.contract import BucketPlace, Conflict, CopyKind
from app.copies.repeating import DirectCopy
from app.dashboard.starting.repeating import repetition_of
from app.jobs.contract import Job, JobState
from app.mirrors.request import MirrorRequest, job_request
from app.settings import Settings
from app.transfer.filters import Rule

BASE = "https://sluice.example"
FROM, TO = (BucketPlace(bucket=name, connection=f"{name}-id") for name in ("one", "other"))


def a_job(arguments, kind="mirror", owner_id=None):
    return Job(
        id="1", kind=kind, state=JobState.SUCCEEDED, reason=None, message="", arguments=arguments, progress={}, target="", target_prefix="",
        cancel_requested=False, attempt=1, version=1, owner_id=owner_id, created_at=0, started_at=0, finished_at=1,
    )  # fmt: skip


@pytest.fixture
def mirror(tmp_path):
    """A function that returns the job that a request becomes."""
    settings = Settings.load({"DATA_DIR": str(tmp_path)}, tmp_path / "no.env")

    def make(owner_id=None, **asked):
        made = job_request(MirrorRequest(**asked), settings, AddressPolicy.of(settings))
        return a_job(made.arguments, owner_id=owner_id)

    return make


def repetition(job, says_who=False, copied=None):
    return repetition_of(job, BASE, says_who=says_who, copied=copied)


def words_of(command):
    return shlex.split(command.replace("\\\n", " "))


@pytest.mark.parametrize(
    ("asked", "parameters"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"dest": "mybucket", "delete": True, "check": "exact", "wait": 0.0}, [], id="what is so anyway"),
        pytest.param({"source": "a b", "dest": "photos"}, ["source=a b", "dest=photos"], id="folder and bucket"),
        pytest.param({"direction": "download"}, ["direction=download"], id="a download"),
        pytest.param(
            {"direction": "download", "delete": True}, ["direction=download", "delete=1"], id="one that deletes"
        ),
        pytest.param({"delete": False, "dry_run": True}, ["delete=0", "dry_run=1"], id="words for yes and no"),
        pytest.param(
            {"prefix": "a", "wait": 0.5, "max_delete": "10%", "check": "size"},
            ["prefix=a/", "wait=0.5", "max_delete=10%", "check=size"],
            id="the rest",
        ),
        pytest.param(
            {"rules": [Rule("exclude", "$(x)"), Rule("include", "'"), Rule("exclude", "é\n")]},
            ["exclude=$(x)", "include='", "exclude=é\n"],
            id="rules in order",
        ),
    ],
)
def test_the_command_says_what_is_not_so_anyway_and_where(mirror, asked, parameters):
    words = words_of(repetition(mirror(**asked)).curl)
    given = [word for before, word in pairwise(words) if before == "--data-urlencode"]

    assert words[:4] == ["curl", "-X", "POST", f"{BASE}/sync"]
    assert [word for word in given if word != "storage_url=http://127.0.0.1:9000"] == parameters
    assert "storage_url=http://127.0.0.1:9000" in given


@pytest.mark.parametrize(
    ("owner_id", "says_who", "wants_key"),
    [(None, False, False), (7, False, True), (None, True, True), (7, True, True)],
)
def test_the_command_says_who_calls_where_that_matters(mirror, owner_id, says_who, wants_key):
    repeated = repetition(mirror(owner_id=owner_id), says_who)

    assert repeated.wants_key is wants_key
    assert ('-H "Authorization: Bearer $KEY"' in repeated.curl) is wants_key


def test_keys_are_variables(mirror):
    repeated = repetition(mirror(access_key="AKIA", secret_key="canary"))

    assert '"access_key=$ACCESS_KEY"' in repeated.curl
    assert '"secret_key=$SECRET_KEY"' in repeated.curl
    assert not {"AKIA", "canary"} & set(repeated.curl.replace("=", " ").split())
    assert (repeated.needs_keys, repeated.by_button, repeated.has_form) == (True, False, True)


def test_a_connection_is_named_in_the_place_of_an_address(mirror):
    job = a_job({**mirror().arguments, "connection": "c0ffee", "dest": "photos"})

    assert words_of(repetition(job).curl)[4:] == ["--data-urlencode", "connection=c0ffee"]


def test_a_copy_is_asked_for_with_json():
    copied = DirectCopy(source=FROM, target=TO, keys=["a'b", "END", "é\nEND"], conflict=Conflict.SKIP, prefix="p/")
    repeated = repetition(a_job({"direction": "direct"}, "copy", 7), copied=copied)
    command, body, end = repeated.curl.rsplit("\n", 2)

    assert repeated.by_button
    assert command.startswith(f"curl -X POST {BASE}/copy")
    assert command.endswith("--data-binary @- <<'END'")
    assert end == "END"
    assert json.loads(body) == {
        "source": "one-id", "target": "other-id", "objects": ["a'b", "END", "é\nEND"], "prefix": "p/", "conflict": "skip",
    }  # fmt: skip


def test_a_copy_by_an_authorization_has_no_command_and_a_button():
    copied = DirectCopy(
        source=BucketPlace(bucket="one", authorization=1), target=TO, keys=["a"], conflict=Conflict.FAIL, prefix=""
    )
    repeated = repetition(a_job({"direction": "direct"}, "copy", 7), copied=copied)

    assert (repeated.curl, repeated.by_button) == (None, True)
    assert repeated.sentence


@pytest.mark.parametrize("kind", CopyKind)
def test_every_other_copy_says_where_it_is_started(kind):
    repeated = repetition(a_job({"direction": kind.value}, "copy", 7))

    assert (repeated.curl, repeated.by_button, repeated.has_form) == (None, False, False)
    assert repeated.sentence != repetition(a_job({}, "unknown")).sentence


def test_a_synchronisation_has_a_button_and_no_command():
    repeated = repetition(a_job({"direction": "download"}, "synchronisation", 7))

    assert (repeated.curl, repeated.by_button) == (None, True)
    assert "connection" in repeated.sentence


@pytest.mark.parametrize(
    ("asked", "may_delete"), [({}, True), ({"delete": False}, False), ({"delete": False, "dry_run": True}, True)]
)
def test_what_may_delete_or_is_a_plan_is_planned_again(mirror, asked, may_delete):
    assert repetition(mirror(**asked)).may_delete is may_delete
