"""Switching synchronisations on and off: what is scheduled, which jobs are made, and whose they are. Nothing runs."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.accounts.caller import Caller, OrganisationRole, Role
from app.bootstrap import build_services
from app.connections.contract import OPERATOR, Changes
from app.datasets.synchronisation import KIND, RUNS_KEPT
from app.errors import ConnectionUnusable, NotAllowed, NotFound, TooManyJobs
from app.jobs.contract import JobState
from app.jobs.model import JobRow
from tests.support.jobs import eventually, request, settings_for
from tests.support.people import new_connection
from tests.support.synchronisation import synchronising

STORAGE = {"STORAGE_URL": "http://127.0.0.1:9", "MINIO_ACCESS_KEY": "key", "MINIO_SECRET_KEY": "secret"}


@pytest.fixture
def one(tmp_path):
    with synchronising(tmp_path / "data", JOBS_QUEUED_LIMIT=5) as made:
        yield made


@pytest.fixture
def ann(one):
    return one.people.user("ann")


@pytest.fixture
def connection(one, ann):
    return one.connection(ann)


def fill_queue(one):
    while True:
        try:
            one.jobs.submit(request())
        except TooManyJobs:
            return


def empty_queue(one):
    for job in one.unfinished():
        one.jobs.request_cancel(job.id)


def test_switching_on_makes_the_first_job_in_the_call(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)

    [job] = one.unfinished()
    assert (job.kind, job.owner_id, job.target) == ("synchronisation", ann.user_id, f"mirror:{connection.id}")
    assert one.synchronisation.is_on([connection.id, "another"]) == {connection.id}
    schedule = one.schedule(connection)
    assert (schedule.job_id, schedule.interval, schedule.message) == (job.id, 300, "")
    assert schedule.due_at > job.created_at + 200


def test_the_job_has_the_arguments_of_a_download_and_no_secret(one, ann, connection):
    job = one.synchronisation.run_now(ann, connection.id)

    assert job.arguments == {
        "direction": "download",
        "source": "",
        "dest": "photos",
        "prefix": "cval/",
        "storage_url": "http://127.0.0.1:9",
        "connection": connection.id,
        "wait": 0,
        "delete": True,
        "dry_run": False,
        "rules": [],
        "max_delete": None,
        "check": "exact",
    }


def test_switching_on_twice_makes_one_job(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    one.synchronisation.switch(ann, connection.id, True)
    one.synchronisation.run_now(ann, connection.id)
    one.make_due(connection)
    one.look()

    assert len(one.unfinished()) == 1


def test_switching_off_cancels_what_is_unfinished_and_starts_nothing_more(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    [job] = one.unfinished()

    one.synchronisation.switch(ann, connection.id, False)
    one.make_due(connection)
    one.look()

    assert one.jobs.get(job.id).state is JobState.CANCELLED
    assert one.unfinished() == []
    assert one.synchronisation.is_on([connection.id]) == set()


def test_one_that_is_switched_off_while_it_is_switched_on_starts_nothing(one, ann, connection):
    def meddle():
        if one.synchronisation.is_on([connection.id]):
            one.synchronisation.switch(ann, connection.id, False)

    one.schedules.tell(meddle)

    one.synchronisation.switch(ann, connection.id, True)

    assert one.synchronisation.is_on([connection.id]) == set()
    assert one.unfinished() == []


@pytest.mark.slow
def test_one_that_is_switched_on_while_it_is_switched_off_begins_at_once(one, ann, connection):
    def switch(on):
        one.synchronisation.switch(ann, connection.id, on)

    with ThreadPoolExecutor(2) as threads:
        for _ in range(100):
            switch(True)
            list(threads.map(switch, [False, True]))
            if one.synchronisation.is_on([connection.id]):
                one.look()
                assert one.unfinished()


def test_one_that_was_never_on_can_be_switched_off(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, False)

    assert one.schedule(connection) is None


def test_a_start_that_was_claimed_before_the_switch_comes_to_nothing(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    schedule = one.schedule(connection)
    one.synchronisation.switch(ann, connection.id, False)

    job = one.synchronisation.start(schedule)

    assert one.jobs.get(job.id).state is JobState.CANCELLED


def test_with_a_full_queue_the_scheduler_makes_the_first_job_later(one, ann, connection):
    fill_queue(one)
    one.synchronisation.switch(ann, connection.id, True)
    assert one.schedule(connection).job_id is None
    empty_queue(one)

    one.look()

    [job] = one.unfinished()
    assert one.schedule(connection).job_id == job.id


def test_running_now_is_refused_when_the_queue_is_full(one, ann, connection):
    fill_queue(one)

    with pytest.raises(TooManyJobs):
        one.synchronisation.run_now(ann, connection.id)


@pytest.mark.parametrize("on", [True, False])
def test_running_now_needs_no_switch(one, ann, connection, on):
    if on:
        one.synchronisation.switch(ann, connection.id, True)
        empty_queue(one)

    job = one.synchronisation.run_now(ann, connection.id)

    assert one.unfinished() == [job]
    assert bool(one.synchronisation.is_on([connection.id])) is on


MEMBER = "the-lab"
CALLERS = [
    pytest.param({"role": "admin"}, None, None, id="an admin"),
    pytest.param({}, NotFound, NotFound, id="a stranger"),
    pytest.param({MEMBER: "maintainer"}, None, None, id="a maintainer"),
    pytest.param({MEMBER: "supervisor"}, NotAllowed, None, id="a supervisor sees it and changes nothing"),
    pytest.param({MEMBER: "worker"}, NotFound, NotFound, id="a member who sees what he made"),
    pytest.param({"role": "worker", MEMBER: "owner"}, NotFound, NotFound, id="a worker of the installation"),
]


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize(("who", "switching", "running"), CALLERS)
def test_who_may_change_the_connection_may_switch_it(one, ann, who, switching, running, on):
    del running
    organisation = one.people.organisation(MEMBER)
    connection = one.connection(one.people.joins(ann, MEMBER, "owner"), organisation_id=organisation)
    caller = one.people.user("bob", **who)

    if switching is None:
        one.synchronisation.switch(caller, connection.id, on)
    else:
        with pytest.raises(switching):
            one.synchronisation.switch(caller, connection.id, on)
    assert bool(one.schedule(connection)) is (switching is None and on)


@pytest.mark.parametrize(("who", "switching", "running"), CALLERS)
def test_who_may_see_the_connection_may_run_it(one, ann, who, switching, running):
    del switching
    organisation = one.people.organisation(MEMBER)
    connection = one.connection(one.people.joins(ann, MEMBER, "owner"), organisation_id=organisation)
    caller = one.people.user("bob", **who)

    if running is None:
        assert one.synchronisation.run_now(caller, connection.id).owner_id == ann.user_id
    else:
        with pytest.raises(running):
            one.synchronisation.run_now(caller, connection.id)


@pytest.mark.parametrize(
    "changed",
    [pytest.param({"read_only": True}, id="a read-only key"), pytest.param({"role": Role.WORKER}, id="a worker")],
)
def test_the_owner_himself_may_not_start_jobs_with(one, ann, connection, changed):
    caller = dataclasses.replace(ann, **changed)

    with pytest.raises(NotAllowed):
        one.synchronisation.switch(caller, connection.id, True)
    with pytest.raises(NotAllowed):
        one.synchronisation.run_now(caller, connection.id)
    assert one.unfinished() == []


def test_a_worker_may_switch_his_own_off(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)

    one.synchronisation.switch(dataclasses.replace(ann, role=Role.WORKER), connection.id, False)

    assert one.synchronisation.is_on([connection.id]) == set()


def leave_disabled(people, ann):
    people.change(ann, disabled_at=1.0)


def leave_removed(people, ann):
    people.remove(ann)


@pytest.mark.parametrize(
    ("leave", "why"),
    [
        pytest.param(leave_disabled, "is no user any more, or is disabled", id="disabled"),
        pytest.param(leave_removed, "belongs to no user and to no organisation", id="removed"),
    ],
)
def test_the_connection_of_an_owner_who_is_gone_is_not_synchronised_and_says_why(one, ann, connection, leave, why):
    one.synchronisation.switch(ann, connection.id, True)
    empty_queue(one)
    leave(one.people, ann)
    one.make_due(connection)

    one.look()

    assert one.unfinished() == []
    assert why in one.schedule(connection).message
    with pytest.raises(ConnectionUnusable):
        one.synchronisation.run_now(OPERATOR, connection.id)


@pytest.mark.parametrize("leave", [leave_disabled, leave_removed], ids=["disabled", "removed"])
def test_an_organisation_s_connection_goes_on_without_its_owner(one, ann, leave):
    organisation = one.people.organisation(MEMBER)
    owner = one.people.joins(ann, MEMBER, "owner")
    connection = one.connection(owner, organisation_id=organisation)
    one.synchronisation.switch(owner, connection.id, True)
    empty_queue(one)
    leave(one.people, ann)
    one.make_due(connection)

    one.look()

    [job] = one.unfinished()
    assert job.owner_id is None


def test_an_owner_who_comes_back_is_synchronised_again(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    empty_queue(one)
    leave_disabled(one.people, ann)
    one.make_due(connection)
    one.look()
    one.people.change(ann, disabled_at=None)
    one.make_due(connection)

    one.look()

    assert one.schedule(connection).message == ""
    assert [job.owner_id for job in one.unfinished()] == [ann.user_id]


def test_a_deleted_connection_loses_its_schedule_its_jobs_and_its_mirror(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    [job] = one.unfinished()
    folder = one.synchronisation.make_folder(connection.id)
    (folder / "a").write_text("a")

    one.connections.delete(ann, connection.id)

    assert one.schedule(connection) is None
    assert one.jobs.get(job.id).state is JobState.CANCELLED
    assert not folder.exists()
    one.synchronisation.sweep()
    assert list(folder.parent.iterdir()) == []


def test_a_schedule_whose_connection_is_gone_removes_itself(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    schedule = one.schedule(connection)
    one.connections.delete(ann, connection.id)
    one.schedules.put(schedule.subject, schedule.kind, schedule.arguments, 300)

    one.look()

    assert one.schedule(connection) is None
    assert one.unfinished() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"address": {"endpoint": "http://127.0.0.1:9", "bucket": "other"}}, id="address"),
        pytest.param({"credentials": {"access_key": "k", "secret_key": "s"}}, id="credentials"),
    ],
)
def test_a_changed_connection_is_due_at_once(one, ann, connection, change):
    one.synchronisation.switch(ann, connection.id, True)
    empty_queue(one)

    one.connections.change(ann, connection.id, Changes(**change))
    one.look()

    [job] = one.unfinished()
    assert job.arguments["dest"] == change.get("address", {}).get("bucket", "photos")


def test_another_name_alone_starts_nothing(one, ann, connection):
    one.synchronisation.switch(ann, connection.id, True)
    empty_queue(one)

    one.connections.change(ann, connection.id, Changes(name="pictures"))
    one.look()

    assert one.unfinished() == []


def test_the_sweep_takes_only_mirrors_of_connections_that_are_gone(one, connection):
    gone, used = "0b8f4a1e-2f8e-4f4e-9a43-111111111111", "0b8f4a1e-2f8e-4f4e-9a43-222222222222"
    for connection_id in (connection.id, gone, used):
        (one.synchronisation.make_folder(connection_id) / "a").write_text("a")
    (one.synchronisation.folder(gone).parent / "not ours").mkdir()
    job = one.jobs.submit(request("synchronisation", target=f"mirror:{used}"))
    one.synchronisation.sweep()
    assert not one.synchronisation.folder(gone).exists()
    assert one.synchronisation.folder(used).exists()

    one.jobs.request_cancel(job.id)
    one.synchronisation.sweep()

    left = {path.name for path in one.synchronisation.folder(gone).parent.iterdir()}
    assert left == {connection.id, "not ours"}


@pytest.mark.parametrize("hostile", ["..", "../../etc", "", "a/b", "None"])
def test_no_id_leads_out_of_the_folder_of_mirrors(one, hostile):
    with pytest.raises(ValueError, match="UUID"):
        one.synchronisation.folder(hostile)


def test_another_interval_counts_for_what_was_switched_on_before(one, ann, connection, tmp_path):
    one.synchronisation.switch(ann, connection.id, True)
    with synchronising(tmp_path / "data", SYNCHRONISE_SECONDS=60) as restarted:
        restarted.synchronisation.keep_interval()

    assert one.schedule(connection).interval == 60


def test_a_storage_is_added_with_its_synchronisation(one, ann):
    added = one.storages.add(ann, new_connection(), True)

    assert (added.access_key, added.secret_key, added.synchronise) == ("AKIAEXAMPLE", "canary-5e0c71", True)
    assert "canary" not in repr(added)
    assert one.storages.get(ann, added.connection.id) == added
    assert one.storages.all(ann) == [added]
    assert len(one.unfinished()) == 1


def test_storages_are_their_owner_s(one, ann):
    bob = one.people.user("bob")
    added = one.storages.add(ann, new_connection(), False)

    assert one.storages.all(bob) == []
    for act in (one.storages.get, one.storages.remove, lambda who, which: one.storages.switch(who, which, True)):
        with pytest.raises(NotFound):
            act(bob, added.connection.id)
    assert one.storages.all(Caller(0, "admin", Role.ADMIN, {1: OrganisationRole.OWNER})) == [added]


def test_a_switch_shows(one, ann):
    added = one.storages.add(ann, new_connection(), False)

    assert one.storages.switch(ann, added.connection.id, True) == added.connection
    assert one.storages.get(ann, added.connection.id).synchronise is True
    assert one.storages.switch(ann, added.connection.id, False) == added.connection
    assert one.storages.get(ann, added.connection.id).synchronise is False


def test_a_removed_storage_is_gone_with_all_that_belongs_to_it(one, ann):
    added = one.storages.add(ann, new_connection(), True)

    assert one.storages.remove(ann, added.connection.id) == added.connection
    assert one.storages.all(ann) == []
    assert one.unfinished() == []
    assert one.schedule(added.connection) is None


def test_when_a_synchronisation_cannot_be_scheduled_no_storage_remains(one, ann):
    refusal = "CREATE TRIGGER refuse BEFORE INSERT ON schedules BEGIN SELECT RAISE(ABORT, 'refused'); END"
    with one.services.database.writing() as session:
        session.execute(text(refusal))

    with pytest.raises(IntegrityError, match="refused"):
        one.storages.add(ann, new_connection(), True)

    assert one.storages.all(ann) == []
    assert one.unfinished() == []


def test_the_scheduler_of_a_service_forgets_runs_that_found_nothing_to_do(tmp_path):
    services = build_services(settings_for(tmp_path / "data", **STORAGE))
    idle = {"done": {"uploads": 0, "deletes": 0}}
    with services.database.writing() as session:
        for number in range(RUNS_KEPT + 5):
            session.add(
                JobRow(
                    id=str(number), kind=KIND, state=JobState.PARTIAL, message="", arguments={}, target="mirror:x",
                    progress={"done": {"uploads": 1, "deletes": 0}} if number == 2 else idle, target_prefix="",
                    cancel_requested=False, attempt=1, crashes=0, version=1, created_at=1.0, finished_at=2.0,
                )
            )  # fmt: skip
    services.scheduler.start()
    try:
        eventually(lambda: len(services.jobs.list(include_finished=True, limit=99)) == RUNS_KEPT + 1)
        assert services.jobs.get("2").progress["done"]["uploads"] == 1
    finally:
        services.scheduler.stop(10)
        services.database.close()
