"""Plans: what a dry run shows, and that what is started from one deletes no more than was shown."""

import itertools
import shutil
import threading
import time
from dataclasses import replace

import pytest

from app.bootstrap import build_services
from app.connections.contract import Changes
from app.errors import InvalidInput, JobNotFound, NotAllowed, NotFound, PlanUnusable
from app.mirrors.request import MirrorRequest
from app.mirrors.service import MirrorService
from app.transfer.filters import Rule
from tests.support.empty_database import with_database
from tests.support.jobs import eventually, settings_for
from tests.support.people import People, new_connection
from tests.support.servers import ACCESS_KEY
from tests.support.trees import bucket_client, bucket_objects

_numbers = itertools.count()


class Mirroring:
    """The services of one data folder with a runner, an S3 server, a folder of the uploads folder, and a bucket."""

    def __init__(self, root, server, **settings):
        self.bucket = f"plans-{next(_numbers)}"
        self.folder = root / "uploads" / "photos"
        self.folder.mkdir(parents=True)
        (root / "uploads" / "other.txt").write_text("keeps the uploads folder from being empty")
        keys = {"minio_access_key": ACCESS_KEY, "minio_secret_key": server.secret_key}
        where = {"uploads_dir": root / "uploads", "storage_url": server.endpoint, **keys}
        self._settings = settings_for(with_database(root / "data"), **where, **settings)
        self.server, self.client = server, bucket_client(server)
        self._open()

    def _open(self):
        self.services = build_services(self._settings)
        self.mirrors, self.jobs = self.services.mirrors, self.services.jobs
        self.people = People(self.services.database)
        self.services.runner.start()

    def interrupt(self, meanwhile):
        """Stop as a service does that is updated, with its jobs in the middle, and start once more."""
        self.services.runner.drain(10)
        self.services.database.close()
        meanwhile()
        self._open()

    def write(self, *names):
        for name in names:
            (self.folder / name).write_text(f"the content of {name}")

    def remove(self, *names):
        for name in names:
            (self.folder / name).unlink()

    def stored(self):
        return set(bucket_objects(self.server, self.bucket) or ())

    def has_bucket(self):
        return bucket_objects(self.server, self.bucket) is not None

    def ended(self, job):
        return eventually(lambda: (now := self.jobs.get(job.id)).state.is_final and now)

    def request(self, **values):
        return MirrorRequest(**{"source": "photos", "dest": self.bucket} | values)

    def mirrored(self, **values):
        return self.ended(self.mirrors.submit(self.request(**values)))

    def planned(self, caller=None, **values):
        """Preview it; return the plan once it has ended."""
        job = self.ended(self.mirrors.preview(self.request(**values), caller))
        return self.mirrors.plan(job.id)

    def started(self, plan, confirmed=None, keys=None, caller=None, owner_id=None):
        return self.mirrors.start_planned(plan.job.id, confirmed, keys, caller, owner_id)

    def close(self):
        self.services.runner.drain(10)
        self.services.database.close()
        self.client.close()


@pytest.fixture
def new_mirroring(tmp_path, rclone):
    made = []

    def make(**settings):
        made.append(Mirroring(tmp_path / str(len(made)), rclone, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def one(new_mirroring):
    """A folder and a bucket that are equal: a.txt, b.txt, c.txt."""
    one = new_mirroring()
    one.write("a.txt", "b.txt", "c.txt")
    assert one.mirrored().state == "succeeded"
    return one


def test_a_preview_changes_nothing_and_says_what_would_be(one):
    one.write("new.txt")
    one.remove("a.txt", "b.txt")
    plan = one.planned()

    assert (plan.uploads, plan.deletes, plan.drops, plan.creates) == (1, 2, False, False)
    assert plan.bytes == len("the content of new.txt")
    assert plan.must_be_confirmed
    assert one.stored() == {"a.txt", "b.txt", "c.txt"}


def test_what_is_started_from_a_plan_does_what_it_shows(one):
    one.write("new.txt")
    one.remove("a.txt", "b.txt")
    job = one.ended(one.started(one.planned(), confirmed=2))

    assert (job.state, job.message) == ("succeeded", "1 uploaded, 2 deleted, 1 unchanged.")
    assert one.stored() == {"c.txt", "new.txt"}


@pytest.mark.parametrize("confirmed", [None, 0, 1, 3, -2])
def test_a_plan_that_deletes_is_not_started_unless_just_that_number_is_confirmed(one, confirmed):
    one.remove("a.txt", "b.txt")
    plan = one.planned()

    with pytest.raises(PlanUnusable, match="confirm"):
        one.started(plan, confirmed)
    assert [job.id for job in one.jobs.list(include_finished=True, limit=1)] == [plan.job.id]


def test_a_plan_that_deletes_nothing_needs_no_confirmation(one):
    one.write("new.txt")

    assert one.ended(one.started(one.planned())).state == "succeeded"
    assert "new.txt" in one.stored()


def lose_another(one):
    one.remove("b.txt")


def lose_all(one):
    shutil.rmtree(one.folder)
    one.folder.mkdir()


def lose_the_folder(one):
    shutil.rmtree(one.folder)


def gain_an_object(one):
    one.client.put_object(Bucket=one.bucket, Key="of somebody else", Body=b"x")


@pytest.mark.parametrize("meanwhile", [lose_another, lose_all, lose_the_folder, gain_an_object])
def test_nothing_is_deleted_when_there_is_more_to_delete_than_the_plan_showed(one, meanwhile):
    one.remove("a.txt")
    plan = one.planned()
    before = one.stored()
    meanwhile(one)
    job = one.ended(one.started(plan, confirmed=1))

    assert (job.state, job.reason) == ("failed", "too_many_deletions")
    assert "the plan that was confirmed showed 1" in job.message
    assert one.stored() >= before


def deleted_by(one, job):
    return [step for step in one.jobs.steps(job.id) if step.record.action == "delete"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "wait"), [pytest.param((), 5.0, id="nothing more"), pytest.param(("e.txt",), 30.0, id="one more file")]
)
def test_what_a_plan_shows_holds_for_all_attempts_together(one, lost, wait):
    """What was deleted before an interruption counts: else files could go that nobody agreed to."""
    one.write("d.txt", "e.txt")
    one.mirrored()
    one.remove("a.txt", "b.txt", "c.txt")
    job = one.started(one.planned(wait=wait), confirmed=3)
    eventually(lambda: deleted_by(one, job))
    one.interrupt(lambda: one.remove(*lost))
    ended = one.ended(job)

    assert ended.attempt == 2
    assert ended.state == ("failed" if lost else "succeeded")
    assert ("Nothing more was deleted" in ended.message) == bool(lost)
    assert {"d.txt", "e.txt"} <= one.stored()


@pytest.mark.parametrize("meanwhile", [lose_all, lose_the_folder])
def test_a_bucket_stays_that_becomes_empty_without_the_plan_having_shown_that(one, meanwhile):
    """The folder had a new file when the plan was made; all that the bucket holds is in the plan."""
    one.remove("a.txt", "b.txt", "c.txt")
    one.write("new.txt")
    plan = one.planned()
    meanwhile(one)
    job = one.ended(one.started(plan, confirmed=3))

    assert (plan.deletes, plan.drops) == (3, False)
    assert (job.state, one.stored()) == ("succeeded", set())
    assert one.has_bucket()


def test_without_a_plan_such_a_bucket_is_dropped(one):
    """What the test above would see if nothing kept the bucket."""
    lose_all(one)

    assert one.mirrored().state == "succeeded"
    assert not one.has_bucket()


@pytest.mark.parametrize("meanwhile", [lose_all, lose_the_folder])
def test_a_plan_that_shows_it_drops_the_bucket(one, meanwhile):
    meanwhile(one)
    plan = one.planned()
    assert (plan.deletes, plan.drops) == (3, True)

    assert one.ended(one.started(plan, confirmed=3)).state == "succeeded"
    assert not one.has_bucket()


def test_the_drop_of_an_empty_bucket_is_confirmed_too(one):
    one.client.delete_objects(Bucket=one.bucket, Delete={"Objects": [{"Key": key} for key in one.stored()]})
    lose_all(one)
    plan = one.planned()
    assert (plan.deletes, plan.drops, plan.must_be_confirmed) == (0, True, True)

    with pytest.raises(PlanUnusable, match="confirm"):
        one.started(plan)
    assert one.ended(one.started(plan, confirmed=0)).state == "succeeded"
    assert not one.has_bucket()


def test_a_bucket_that_is_missing_would_be_made(new_mirroring):
    one = new_mirroring()
    one.write("a.txt")
    plan = one.planned()

    assert (plan.creates, plan.must_be_confirmed) == (True, False)
    assert one.ended(one.started(plan)).state == "succeeded"
    assert one.stored() == {"a.txt"}


def test_the_limit_of_the_request_holds_besides(one):
    """Half of four objects were two; half of three are one."""
    one.write("d.txt")
    one.mirrored()
    one.remove("a.txt", "b.txt")
    plan = one.planned(max_delete="50%")
    one.client.delete_object(Bucket=one.bucket, Key="c.txt")
    one.remove("c.txt")
    job = one.ended(one.started(plan, confirmed=2))

    assert (job.state, job.reason) == ("failed", "too_many_deletions")
    assert "max_delete allows 1" in job.message
    assert one.stored() == {"a.txt", "b.txt", "d.txt"}


def test_a_download_is_planned_and_confirmed_as_an_upload_is(one):
    one.write("only here.txt")
    one.remove("a.txt")
    plan = one.planned(direction="download", delete=True)
    assert (plan.uploads, plan.deletes) == (1, 1)

    one.write("written meanwhile.txt")
    job = one.ended(one.started(plan, confirmed=1))
    assert job.reason == "too_many_deletions"
    assert (one.folder / "only here.txt").exists()

    (one.folder / "written meanwhile.txt").unlink()
    job = one.ended(one.started(one.planned(direction="download", delete=True), confirmed=1))
    assert job.state == "succeeded"
    assert {path.name for path in one.folder.iterdir()} == {"a.txt", "b.txt", "c.txt"}


def test_everything_that_was_asked_is_in_what_is_started(one):
    rules = [Rule("exclude", "*.tmp"), Rule("include", "keep.tmp"), Rule("exclude", "/x y")]
    asked = {"prefix": "a/b", "delete": False, "rules": rules, "max_delete": "7", "check": "always", "wait": 30.0}
    plan = one.planned(**asked)
    job = one.jobs.get(one.started(plan).id)

    confirmed = {"plan": plan.job.id, "deletes": 0, "drops": False}
    assert job.arguments == {**plan.job.arguments, "dry_run": False, "confirmed": confirmed}
    one.jobs.request_cancel(job.id)


@pytest.mark.fault("I10")
def test_the_second_request_gets_the_job_of_the_first(one):
    one.write("new.txt")
    plan = one.planned()
    first = one.started(plan)

    assert one.started(plan).id == first.id
    assert one.mirrors.plan(plan.job.id).started == first.id


@pytest.mark.fault("I10")
def test_of_many_requests_at_once_one_makes_a_job(one):
    one.write("new.txt")
    plan = one.planned()
    ready, ids = threading.Barrier(8), []

    def start():
        ready.wait()
        ids.append(one.started(plan).id)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_the_job_of_a_plan_is_found_behind_many_newer_ones(one):
    one.write("new.txt")
    plan = one.planned()
    first = one.started(plan)
    one.jobs.holding.set(True)
    for _ in range(120):
        one.jobs.request_cancel(one.mirrors.submit(one.request(dry_run=True)).id)

    assert one.mirrors.plan(plan.job.id).started == first.id


@pytest.mark.parametrize(("age", "usable"), [(3500, True), (3700, False)])
def test_a_plan_can_be_started_for_an_hour(one, age, usable):
    one.write("new.txt")
    plan = one.planned()
    later = MirrorService(
        one.services.settings, one.jobs, one.services.connections, clock=lambda: time.time() + age
    )  # fmt: skip

    if usable:
        assert one.ended(later.start_planned(plan.job.id, None, None, None)).state == "succeeded"
    else:
        with pytest.raises(PlanUnusable, match="older than an hour"):
            later.start_planned(plan.job.id, None, None, None)


def test_a_plan_that_failed_is_not_started(one):
    one.remove("a.txt", "b.txt")
    plan = one.planned(max_delete="1")

    assert plan.job.reason == "too_many_deletions"
    with pytest.raises(PlanUnusable, match="did not come to its end"):
        one.started(plan, confirmed=2)


def test_a_plan_that_is_being_made_is_not_started(one):
    one.jobs.holding.set(True)
    job = one.mirrors.preview(one.request())

    with pytest.raises(PlanUnusable, match="still being made"):
        one.mirrors.start_planned(job.id, None, None, None)


def test_what_is_no_dry_run_is_no_plan(one):
    job = one.mirrored()

    with pytest.raises(NotFound, match="no plan"):
        one.mirrors.start_planned(job.id, None, None, None)


def test_keys_of_its_own_come_again(one):
    one.write("new.txt")
    keys = {"access_key": ACCESS_KEY, "secret_key": one.server.secret_key}
    plan = one.planned(**keys)
    assert plan.needs_keys

    with pytest.raises(PlanUnusable, match="key again"):
        one.started(plan)
    with pytest.raises(PlanUnusable, match="key again"):
        one.started(plan, keys=(ACCESS_KEY, ""))
    assert one.ended(one.started(plan, keys=tuple(keys.values()))).state == "succeeded"


def test_keys_that_a_plan_does_not_need_are_left_out(one):
    one.write("new.txt")

    assert one.ended(one.started(one.planned(), keys=("nobody", "nothing"))).state == "succeeded"


@pytest.fixture
def anna(one):
    return one.people.user("anna")


@pytest.fixture
def connection(one, anna):
    credentials = {"access_key": ACCESS_KEY, "secret_key": one.server.secret_key}
    new = new_connection(endpoint=one.server.endpoint, bucket=one.bucket, credentials=credentials)
    return one.services.connections.create(anna, new)


def test_a_plan_of_a_connection_is_started_with_it(one, anna, connection):
    one.write("new.txt")
    plan = one.planned(anna, dest=None, connection=connection.id)
    job = one.ended(one.started(plan, caller=anna, owner_id=anna.user_id))

    assert (job.state, job.owner_id, job.arguments["connection"]) == ("succeeded", anna.user_id, connection.id)


def test_a_connection_that_leads_elsewhere_by_now_makes_a_plan_useless(one, anna, connection):
    plan = one.planned(anna, dest=None, connection=connection.id)
    elsewhere = Changes(address={"endpoint": one.server.endpoint, "bucket": "elsewhere"})
    one.services.connections.change(anna, connection.id, elsewhere)

    with pytest.raises(PlanUnusable, match="changed since"):
        one.started(plan, caller=anna)


def test_another_users_plan_is_not_found(one, anna):
    plan, bert = one.planned(anna), one.people.user("bert")

    with pytest.raises(JobNotFound):
        one.started(plan, caller=bert, owner_id=bert.user_id)


def test_who_may_start_nothing_starts_no_plan_either(one, anna):
    one.write("new.txt")
    plan = one.planned(anna)

    with pytest.raises(NotAllowed):
        one.started(plan, caller=replace(anna, read_only=True), owner_id=anna.user_id)


def test_a_plan_that_an_admin_has_started_is_not_started_again_by_its_owner(one, anna):
    one.write("new.txt")
    plan = one.planned(anna)
    one.started(plan, caller=one.people.user("root", "admin"))

    with pytest.raises(PlanUnusable, match="Somebody else"):
        one.started(plan, caller=anna, owner_id=anna.user_id)


def test_half_a_pair_of_keys_is_told_by_its_name(one):
    with pytest.raises(InvalidInput) as caught:
        one.mirrors.preview(one.request(access_key="AKIA"))
    assert caught.value.field == "secret_key"
