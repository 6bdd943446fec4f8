"""Running a job again: the request that would ask for it, and what becomes of jobs of every kind."""

from dataclasses import replace

import pytest

from app.connections.address import AddressPolicy
from app.copies.contract import BucketPlace, Conflict
from app.errors import CallerUnknown, JobNotFound, NotAllowed, NotRepeatable
from app.jobs.contract import Job, JobRequest, JobState
from app.mirrors.repeating import has_own_keys, request_of
from app.mirrors.request import MirrorRequest, job_request
from app.settings import Settings
from app.transfer.filters import Rule
from tests.support.people import new_connection
from tests.support.synchronisation import synchronising

OLD = {
    "source": "photos", "dest": "mybucket", "prefix": "", "storage_url": "http://127.0.0.1:9000", "wait": 0,
    "delete": True, "dry_run": False, "rules": [], "max_delete": None, "check": "exact",
}  # fmt: skip
"""The arguments of a job of the first version: no direction, no connection, and nothing about keys."""

RULES = [Rule("exclude", "*"), Rule("include", "a b"), Rule("exclude", "é\n"), Rule("include", "-x")]
REQUESTS = [
    pytest.param(MirrorRequest(), id="nothing said"),
    pytest.param(MirrorRequest(direction="download"), id="a download"),
    pytest.param(MirrorRequest(direction="download", delete=True), id="a download that deletes"),
    pytest.param(MirrorRequest(delete=False, dry_run=True), id="a dry run that deletes nothing"),
    pytest.param(MirrorRequest(source="a b/⧵0A", dest="photos", storage_url="http://127.0.0.1:9000/"), id="a place"),
    pytest.param(MirrorRequest(prefix="a/b", wait=0.25, max_delete="10%", check="size", rules=RULES), id="the rest"),
]


def a_job(arguments, kind="mirror"):
    return Job(
        id="1", kind=kind, state=JobState.SUCCEEDED, reason=None, message="", arguments=arguments, progress={}, target="",
        target_prefix="", cancel_requested=False, attempt=1, version=1, owner_id=None, created_at=0, started_at=0, finished_at=1,
    )  # fmt: skip


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("max_delete", ["", "5"])
def test_a_request_read_from_a_job_becomes_a_job_of_the_same_arguments(tmp_path, request_, max_delete):
    settings = Settings.load({"DATA_DIR": str(tmp_path), "MAX_DELETE": max_delete}, tmp_path / "no.env")
    policy = AddressPolicy.of(settings)
    made = job_request(request_, settings, policy)

    assert job_request(request_of(a_job(made.arguments)), settings, policy).arguments == made.arguments


def test_keys_are_noted_and_not_kept(tmp_path):
    settings = Settings.load({"DATA_DIR": str(tmp_path)}, tmp_path / "no.env")
    given = MirrorRequest(access_key="AKIA", secret_key="canary")
    job = a_job(job_request(given, settings, AddressPolicy.of(settings)).arguments)

    assert has_own_keys(job)
    assert (request_of(job).access_key, request_of(job).secret_key) == (None, None)


def test_a_job_of_the_first_version_can_be_asked_for_again():
    assert request_of(a_job(OLD)) == MirrorRequest(
        source="photos", dest="mybucket", storage_url="http://127.0.0.1:9000", delete=True
    )
    assert not has_own_keys(a_job(OLD))


def test_what_is_no_mirror_has_no_request():
    with pytest.raises(NotRepeatable):
        request_of(a_job(OLD, "synchronisation"))


@pytest.fixture
def one(tmp_path):
    (tmp_path / "uploads").mkdir()
    with synchronising(tmp_path) as one:
        yield one


@pytest.fixture
def mirrors(one):
    return one.services.mirrors


@pytest.fixture
def anna(one):
    return one.people.user("anna")


@pytest.fixture
def root(one):
    return one.people.user("root", "admin")


def again(mirrors, job, caller=None):
    owner_id = None if caller is None or caller.is_admin else caller.user_id
    return mirrors.again(job.id, caller, owner_id)


@pytest.mark.parametrize(
    ("request_", "is_plan"),
    [
        pytest.param(MirrorRequest(source="a"), True, id="an upload"),
        pytest.param(MirrorRequest(source="a", delete=False), False, id="an upload that deletes nothing"),
        pytest.param(MirrorRequest(source="a", direction="download"), False, id="a download"),
        pytest.param(MirrorRequest(source="a", direction="download", delete=True), True, id="a download that deletes"),
        pytest.param(MirrorRequest(source="a", dry_run=True), True, id="a plan"),
        pytest.param(MirrorRequest(source="a", dry_run=True, delete=False), True, id="a plan that deletes nothing"),
    ],
)
def test_a_mirror_that_may_delete_becomes_a_plan_and_any_other_starts(mirrors, request_, is_plan):
    job = mirrors.submit(request_)
    repeated = again(mirrors, job)

    assert repeated.id != job.id
    assert repeated.arguments == {**job.arguments, "dry_run": is_plan}


def test_a_mirror_that_was_started_from_a_plan_is_repeated_without_its_limits(one, mirrors):
    """What was confirmed then says nothing about now."""
    arguments = {**mirrors.submit(MirrorRequest()).arguments, "confirmed": {"plan": "1", "deletes": 2, "drops": False}}
    job = one.jobs.submit(JobRequest("mirror", arguments))

    assert "confirmed" not in again(mirrors, job).arguments


def test_keys_of_its_own_make_a_mirror_one_for_the_form(mirrors):
    job = mirrors.submit(MirrorRequest(access_key="AKIA", secret_key="canary"))

    with pytest.raises(NotRepeatable, match="form"):
        again(mirrors, job)


def test_an_admins_repetition_of_anothers_job_is_his_own(mirrors, anna, root):
    job = mirrors.submit(MirrorRequest(delete=False), caller=anna)

    assert again(mirrors, job, root).owner_id == root.user_id


def test_anothers_job_is_not_found(one, mirrors, anna):
    job = mirrors.submit(MirrorRequest(), caller=anna)

    with pytest.raises(JobNotFound):
        again(mirrors, job, one.people.user("bert"))


@pytest.mark.parametrize("kind", ["mirror", "synchronisation", "copy"])
def test_who_may_only_read_repeats_nothing(one, mirrors, anna, kind):
    job = made(one, anna, kind)

    with pytest.raises(NotAllowed):
        again(mirrors, job, replace(anna, read_only=True))


def made(one, caller, kind):
    """Make a job of this kind."""
    if kind == "mirror":
        return one.services.mirrors.submit(MirrorRequest(), caller=caller)
    connection = one.connection(caller)
    if kind == "synchronisation":
        return one.synchronisation.run_now(caller, connection.id)
    other = one.connections.create(caller, new_connection(bucket="other"))
    places = [BucketPlace(bucket="", connection=each.id) for each in (connection, other)]
    return one.services.copies.direct(caller, *places, ["b", "a", "c/é"], Conflict.SKIP, "into/")


def test_a_synchronisation_runs_now(one, mirrors, anna):
    job = made(one, anna, "synchronisation")
    one.jobs.request_cancel(job.id)
    repeated = again(mirrors, job, anna)

    assert repeated.id != job.id
    assert (repeated.kind, repeated.arguments) == ("synchronisation", job.arguments)


def test_a_synchronisation_that_is_unfinished_is_the_one(one, mirrors, anna):
    job = made(one, anna, "synchronisation")

    assert again(mirrors, job, anna).id == job.id


def test_a_copy_from_a_bucket_into_a_bucket_is_copied_again(one, mirrors, anna):
    job = made(one, anna, "copy")
    repeated = again(mirrors, job, anna)
    asked = one.services.copies.asked(repeated)

    assert repeated.id != job.id
    assert asked == one.services.copies.asked(job)
    assert (asked.keys, asked.conflict, asked.prefix) == (["b", "a", "c/é"], Conflict.SKIP, "into/")


@pytest.mark.parametrize("kind", ["synchronisation", "copy"])
def test_nobody_repeats_what_uses_a_connection(one, mirrors, anna, kind):
    job = made(one, anna, kind)

    with pytest.raises(CallerUnknown):
        again(mirrors, job)


def test_another_kind_of_copy_is_not_repeated(one, mirrors, anna):
    job = one.jobs.submit(
        JobRequest("copy", {"direction": "import", "from": None, "to": None, "prefix": ""}, owner_id=anna.user_id)
    )

    with pytest.raises(NotRepeatable):
        again(mirrors, job, anna)


def test_a_job_of_no_known_kind_is_not_repeated(one, mirrors):
    with pytest.raises(NotRepeatable):
        again(mirrors, one.jobs.submit(JobRequest("other", {})), None)
