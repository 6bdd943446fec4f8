"""Jobs of the Galaxy dialect over HTTP: each is one object of a get, a send or an upload."""

import itertools
import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.caller import Role
from tests.support.buckets import Bucket
from tests.support.galaxy import IDS, UNKNOWN, Galaxy, Hold, World, outlast_a_look
from tests.support.meddling import meddling

_numbers = itertools.count()

LISTED = [
    "model_class",
    "id",
    "history_id",
    "tool_id",
    "tool_version",
    "state",
    "exit_code",
    "create_time",
    "update_time",
]
SHOWN = [*LISTED, "params", "inputs", "outputs", "output_collections", "copied_from_job_id"]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


class Jobs(World):
    """A person with a get of two objects, which has ended, and a send of both.

    Attributes:
        datasets: the two.
        gets: the jobs that brought them.
        sends: the jobs that sent them.
    """

    def __init__(self, service, bucket):
        super().__init__(service, bucket)
        self.datasets = self.brought("one.txt", "two.txt")
        self.gets = [self.galaxy.dataset(one)["creating_job"] for one in self.datasets]
        self.sends = [json.loads(text)["job_id"] for text in self.sent()["sent_dataset_labels"]]
        for job_id in (*self.gets, *self.sends):
            self.galaxy.ended_job(job_id)

    def listed(self, **query):
        return self.galaxy.told("GET", "/api/jobs", params=query)

    def ids(self, **query):
        return [job["id"] for job in self.listed(**query)]


@pytest.fixture(scope="module")
def bucket(rclone):
    with closing(Bucket(rclone, f"galaxy-jobs-{next(_numbers)}")) as bucket:
        bucket.put({"one.txt": b"one\n", "two.txt": b"two\n"})
        yield bucket


@pytest.fixture(scope="module")
def jobs(service, bucket):
    return Jobs(service, bucket)


@pytest.fixture(scope="module")
def admin(service):
    return Galaxy(service, service.person("galaxy-jobs-admin", Role.ADMIN))


def test_a_job_is_shown_with_what_it_reads(jobs):
    job = jobs.galaxy.job(jobs.sends[0])
    dataset = jobs.galaxy.dataset(jobs.datasets[0])

    assert set(SHOWN) <= set(job)
    assert (job["model_class"], job["id"], job["history_id"]) == ("Job", jobs.sends[0], jobs.history_id)
    assert (job["tool_id"], job["tool_version"]) == ("send_to_cloud", "0.1.0")
    assert (job["state"], job["exit_code"]) == ("ok", 0)
    assert TIME.fullmatch(job["create_time"])
    assert TIME.fullmatch(job["update_time"])
    assert job["inputs"] == {"filename": {"src": "hda", "id": jobs.datasets[0], "uuid": dataset["uuid"]}}
    assert job["outputs"] == {}
    assert job["params"]["bucket"] == jobs.bucket.name
    assert "stdout" not in job


def test_a_job_is_shown_with_what_it_fills(jobs):
    job = jobs.galaxy.job(jobs.gets[1])
    dataset = jobs.galaxy.dataset(jobs.datasets[1])

    assert (job["tool_id"], job["state"], job["exit_code"]) == ("upload1", "ok", 0)
    assert job["inputs"] == {}
    assert job["outputs"] == {"output0": {"src": "hda", "id": jobs.datasets[1], "uuid": dataset["uuid"]}}


@pytest.mark.parametrize("word", ["True", "true", "1"])
def test_a_job_in_full_has_what_it_said(jobs, word):
    job = jobs.galaxy.job(jobs.gets[0], full=word)

    assert "one.txt" in job["stdout"]
    assert (job["stderr"], job["traceback"]) == ("", None)


def test_the_inputs_and_outputs_have_addresses_of_their_own(jobs):
    def linked(dataset_id):
        return {"src": "hda", "id": dataset_id}

    path = "/api/jobs/{}/{}".format
    assert jobs.galaxy.told("GET", path(jobs.sends[0], "inputs")) == [
        {"name": "filename", "dataset": linked(jobs.datasets[0])}
    ]
    assert jobs.galaxy.told("GET", path(jobs.sends[0], "outputs")) == []
    assert jobs.galaxy.told("GET", path(jobs.gets[0], "inputs")) == []
    assert jobs.galaxy.told("GET", path(jobs.gets[0], "outputs")) == [
        {"name": "output0", "dataset": linked(jobs.datasets[0])}
    ]


def test_the_jobs_of_a_person_are_listed_newest_first(jobs):
    listed = jobs.listed()

    assert [list(job) for job in listed] == [LISTED] * 4
    assert {job["id"] for job in listed} == {*jobs.gets, *jobs.sends}
    times = [job["update_time"] for job in listed]
    assert times == sorted(times, reverse=True)
    assert set(jobs.ids(order_by="create_time")[:2]) == set(jobs.sends)


TOOLS = [
    pytest.param("upload1", {"gets"}, id="uploads"),
    pytest.param("send_to_cloud", {"sends"}, id="sends"),
    pytest.param(["upload1", "send_to_cloud"], {"gets", "sends"}, id="both"),
    pytest.param("cat1", set(), id="a tool that is not here"),
]


@pytest.mark.parametrize(("tool", "kinds"), TOOLS)
def test_jobs_are_listed_by_their_tool(jobs, tool, kinds):
    expected = {job_id for kind in kinds for job_id in getattr(jobs, kind)}

    assert set(jobs.ids(tool_id=tool)) == expected


STATES = [
    pytest.param("ok", 4, id="ok"),
    pytest.param(["error", "ok"], 4, id="one of two"),
    pytest.param("error", 0, id="none is"),
    pytest.param("failed", 0, id="none can be"),
    pytest.param(["queued", "running", "deleting", "deleted"], 0, id="the others"),
]


@pytest.mark.parametrize(("state", "count"), STATES)
def test_jobs_are_listed_by_their_state(jobs, state, count):
    assert len(jobs.ids(state=state)) == count


def test_jobs_are_listed_by_their_history(jobs):
    assert len(jobs.ids(history_id=jobs.history_id)) == 4
    assert jobs.ids(history_id=jobs.galaxy.history()) == []
    assert jobs.ids(history_id=jobs.galaxy.encoded(10**30)) == []


DAY = timedelta(days=1)
DATES = [
    pytest.param("date_range_min", -DAY, 4, id="since yesterday"),
    pytest.param("date_range_min", DAY, 0, id="since tomorrow"),
    pytest.param("date_range_max", DAY, 4, id="until tomorrow"),
    pytest.param("date_range_max", -DAY, 0, id="until yesterday"),
]


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"])
@pytest.mark.parametrize(("name", "away", "count"), DATES)
def test_jobs_are_listed_by_their_time(jobs, name, away, count, form):
    assert len(jobs.ids(**{name: (datetime.now(UTC) + away).strftime(form)})) == count


@pytest.mark.parametrize("name", ["date_range_min", "date_range_max"])
def test_a_job_is_listed_by_the_very_time_that_is_shown_for_it(jobs, name):
    shown = {job["id"]: job["update_time"] for job in jobs.listed()}

    assert [one for one, moment in shown.items() if one not in jobs.ids(**{name: moment})] == []


def test_jobs_are_listed_page_by_page(jobs):
    everything = jobs.ids(order_by="create_time")

    assert jobs.ids(order_by="create_time", limit=1, offset=1) == everything[1:2]
    assert jobs.ids(order_by="create_time", offset=3) == everything[3:]
    assert jobs.ids(limit=0) == []


@pytest.mark.parametrize("name", ["workflow_id", "invocation_id"])
def test_no_job_belongs_to_a_workflow(jobs, name):
    assert jobs.ids(**{name: jobs.galaxy.encoded(1)}) == []


REFUSED = [
    pytest.param({"state": "no such"}, 400008, id="a state that is none"),
    pytest.param({"order_by": "name"}, 400008, id="an order that is none"),
    pytest.param({"limit": "-1"}, 400008, id="less than nothing"),
    pytest.param({"limit": "9" * 30}, 400008, id="more than there can be"),
    pytest.param({"offset": "x"}, 400008, id="an offset that is none"),
    pytest.param({"date_range_min": "tomorrow"}, 400008, id="a date that is none"),
    pytest.param({"view": "all"}, 400008, id="a view that is none"),
    pytest.param({"history_id": UNKNOWN}, 400009, id="an id that is none"),
]


@pytest.mark.parametrize(("query", "code"), REFUSED)
def test_what_cannot_be_read_is_refused(jobs, query, code):
    answer = jobs.galaxy.call("GET", "/api/jobs", params=query)

    assert answer.status_code == 400
    assert answer.json()["err_code"] == code
    assert set(answer.json()) == {"err_msg", "err_code"}


def test_only_an_admin_lists_jobs_of_others(jobs, admin):
    own, others = (one.told("GET", "/api/whoami")["id"] for one in (jobs.galaxy, admin))

    assert len(jobs.ids(user_id=own)) == 4
    answer = jobs.galaxy.call("GET", "/api/jobs", params={"user_id": others})
    assert answer.status_code == 403
    assert answer.json() == {"err_msg": "Only admins can index the jobs of others", "err_code": 403006}
    assert {job["id"] for job in admin.told("GET", "/api/jobs", params={"user_id": own})} == {*jobs.gets, *jobs.sends}
    assert {*jobs.gets, *jobs.sends} <= {job["id"] for job in admin.told("GET", "/api/jobs")}


@pytest.mark.parametrize("query", [{"view": "admin_job_list"}, {"user_details": "True"}], ids=["view", "details"])
def test_what_only_admins_may_ask_for_is_refused_to_others(jobs, admin, query):
    answer = jobs.galaxy.call("GET", "/api/jobs", params=query)

    assert (answer.status_code, answer.json()["err_code"]) == (403, 403006)
    assert admin.call("GET", "/api/jobs", params=query).status_code == 200


@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("GET", "/inputs"), ("GET", "/outputs"), ("DELETE", "")])
def test_a_job_of_somebody_else_or_of_nobody_is_told_apart(service, jobs, admin, bucket, method, rest):
    stranger = World(service, bucket).galaxy
    path = f"/api/jobs/{jobs.gets[0]}{rest}"

    foreign = stranger.call(method, path)
    assert foreign.status_code == 403
    assert foreign.json() == {"err_msg": "Job is not accessible by user", "err_code": 403002}
    assert admin.call(method, path).status_code == 200
    for number in (0, 987654, 10**30):
        unknown = jobs.galaxy.call(method, f"/api/jobs/{jobs.galaxy.encoded(number)}{rest}")
        assert (unknown.status_code, unknown.json()) == (404, {"err_msg": "Job not found", "err_code": 404001})
    malformed = jobs.galaxy.call(method, f"/api/jobs/{UNKNOWN}{rest}")
    assert (malformed.status_code, malformed.json()["err_code"]) == (400, 400009)


def test_a_job_that_has_ended_is_not_cancelled(jobs):
    assert jobs.galaxy.told("DELETE", f"/api/jobs/{jobs.gets[0]}") is False
    assert jobs.galaxy.job(jobs.gets[0])["state"] == "ok"


def test_a_get_that_runs_can_be_cancelled_and_the_others_go_on(service, bucket):
    with meddling(bucket.server) as proxy:
        world = World(service, bucket, proxy.as_server)
        proxy.before = hold = Hold("GET", "one.txt")
        try:
            first, second = (one["id"] for one in world.get("one.txt", "two.txt").json())
            job_id = world.galaxy.dataset(first)["creating_job"]
            hold.wait()
            assert world.galaxy.job(job_id)["state"] == "running"
            assert world.galaxy.told("DELETE", f"/api/jobs/{job_id}") is True
            assert [job["id"] for job in world.galaxy.told("GET", "/api/jobs?state=deleting")] == [job_id]
            outlast_a_look()
        finally:
            hold.release()
        assert world.galaxy.ended_job(job_id)["state"] == "deleted"

    assert world.galaxy.ended_dataset(first)["state"] == "discarded"
    assert world.galaxy.ended_dataset(second)["state"] == "ok"


def test_a_copy_from_bucket_to_bucket_is_no_job_of_galaxys(service, bucket, rclone):
    world = World(service, bucket)

    def connection(name):
        given = {
            "bucket": name,
            "endpoint": rclone.endpoint,
            "access_key": "sluicetests",
            "secret_key": rclone.secret_key,
            "synchronize": False,
        }
        made = service.session.post(f"{service.url}/api/cloud", json=given, headers=world.person.headers, timeout=30)
        assert made.ok, made.text
        return made.json()["id"]

    with closing(Bucket(rclone, "galaxy-jobs-target")) as target:
        body = {"source": connection(bucket.name), "target": connection(target.name), "objects": ["one.txt"]}
        started = service.session.post(f"{service.url}/copy", json=body, headers=world.person.headers, timeout=30)
        assert started.status_code == 202, started.text
    (dataset_id,) = world.brought("one.txt")
    own = world.galaxy.dataset(dataset_id)["creating_job"]
    copied = world.galaxy.encoded(IDS.decode(own) - 1)

    assert [job["id"] for job in world.galaxy.told("GET", "/api/jobs")] == [own]
    for method in ("GET", "DELETE"):
        answer = world.galaxy.call(method, f"/api/jobs/{copied}")
        assert (answer.status_code, answer.json()) == (404, {"err_msg": "Job not found", "err_code": 404001})
