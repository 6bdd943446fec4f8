"""The sync dialect over real HTTP, against a real S3 server."""

import json
import re

import pytest
import requests

from tests.support.service import FINAL, eventually
from tests.support.trees import bucket_objects, tree_objects

JOB_FIELDS = [
    "id", "status", "reason", "message", "kind", "connection", "source", "dest", "prefix", "direction", "storage_url", "wait", "dry_run",
    "planned", "done", "unchanged", "unchanged_by", "skipped", "failed", "bytes_per_second", "eta_seconds", "cancel_requested", "created_at", "started_at",
    "finished_at",
]  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.mark.usefixtures("folder")
def test_a_job_is_answered_in_the_documented_form(service, name):
    response = requests.get(f"{service.url}/sync?source={name}&dest={name}", timeout=60)
    job = response.json()

    assert response.status_code == 202
    assert response.headers["Location"] == f"/get?id={job['id']}"
    assert response.headers["Cache-Control"] == "no-store"
    assert list(job) == JOB_FIELDS
    assert job["status"] == "queued"
    assert (job["kind"], job["connection"]) == ("mirror", None)
    assert (job["source"], job["dest"], job["prefix"], job["wait"], job["dry_run"]) == (name, name, "", 0, False)
    assert job["planned"] == {"uploads": 0, "deletes": 0, "bytes": 0, "complete": False}

    done = service.finished(job["id"])
    assert list(done) == JOB_FIELDS
    assert done["status"] == "succeeded"
    assert done["reason"] is None
    assert done["planned"] == {"uploads": 3, "deletes": 0, "bytes": 27, "complete": True}
    assert done["done"] == {"uploads": 3, "deletes": 0, "bytes": 27}
    assert all(TIME.fullmatch(done[field]) for field in ("created_at", "started_at", "finished_at"))
    assert done["created_at"] <= done["started_at"] <= done["finished_at"]
    assert done["eta_seconds"] == 0


def test_the_bucket_follows_the_folder(service, folder, name, rclone):
    service.mirrored(source=name, dest=name)
    assert bucket_objects(rclone, name) == tree_objects(folder)

    (folder / "f0.txt").write_text("CONTENT 0")  # same size
    (folder / "f1.txt").unlink()
    (folder / "sub").mkdir()
    (folder / "sub" / "new").write_text("new")
    job = service.mirrored(source=name, dest=name)

    assert bucket_objects(rclone, name) == tree_objects(folder)
    assert job["done"]["uploads"] == 2
    assert job["done"]["deletes"] == 1
    assert job["unchanged"] == 1


def test_a_file_and_a_folder_of_one_name_change_places(service, folder, name, rclone):
    service.mirrored(source=name, dest=name)
    (folder / "f0.txt").unlink()
    (folder / "f0.txt").mkdir()
    (folder / "f0.txt" / "inner").write_text("now a folder")
    job = service.mirrored(source=name, dest=name)
    assert (job["status"], job["reason"]) == ("succeeded", None)
    assert bucket_objects(rclone, name) == tree_objects(folder)

    (folder / "f0.txt" / "inner").unlink()
    (folder / "f0.txt").rmdir()
    (folder / "f0.txt").write_text("a file again")
    job = service.mirrored(source=name, dest=name)
    assert (job["status"], job["reason"]) == ("succeeded", None)
    assert bucket_objects(rclone, name) == tree_objects(folder)


@pytest.mark.parametrize("emptied", ["missing", "empty", "only empty folders"])
def test_a_source_without_files_deletes_the_bucket(service, folder, name, rclone, emptied):
    service.mirrored(source=name, dest=name)
    for file in folder.iterdir():
        file.unlink()
    if emptied == "missing":
        folder.rmdir()
    elif emptied == "only empty folders":
        (folder / "a" / "b").mkdir(parents=True)
    job = service.mirrored(source=name, dest=name)

    assert job["status"] == "succeeded"
    assert job["done"]["deletes"] == 3
    assert bucket_objects(rclone, name) is None


@pytest.mark.parametrize(
    "send",
    [
        pytest.param(lambda url, p: requests.get(url, params=p, timeout=60), id="GET with a query string"),
        pytest.param(lambda url, p: requests.post(url, json=p, timeout=60), id="POST with JSON"),
        pytest.param(lambda url, p: requests.post(url, data=p, timeout=60), id="POST with a form"),
        pytest.param(
            lambda url, p: requests.post(url, files={k: (None, str(v)) for k, v in p.items()}, timeout=60),
            id="POST with a multipart form",
        ),
        pytest.param(lambda url, p: requests.post(url, params=p, timeout=60), id="POST with a query string"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_every_route_takes_parameters_in_every_way(service, name, send):
    started = send(service.url + "/sync", {"source": name, "dest": name, "dry_run": 1, "include": "*.txt"})
    assert started.status_code == 202, started.text
    job = service.finished(started.json()["id"])
    assert job["dry_run"] is True
    assert job["planned"]["uploads"] == 3

    assert send(service.url + "/get", {"id": job["id"]}).json() == job
    assert send(service.url + "/cancel", {"id": job["id"]}).status_code == 409
    assert [step["status"] for step in send(service.url + "/steps", {"id": job["id"], "limit": 2}).json()] == [
        "planned"
    ] * 2
    assert job in send(service.url + "/runnings", {"all": 1, "limit": 1000}).json()
    assert job["id"] in send(service.url + "/events", {"id": job["id"]}).text


@pytest.mark.usefixtures("folder")
def test_a_dry_run_changes_nothing(service, name, rclone):
    job = service.mirrored(source=name, dest=name, dry_run=True)

    assert job["status"] == "succeeded"
    assert bucket_objects(rclone, name) is None
    assert sorted((s["action"], s["key"]) for s in service.get("/steps", id=job["id"])) == [
        ("create", name),
        ("upload", "f0.txt"),
        ("upload", "f1.txt"),
        ("upload", "f2.txt"),
    ]


@pytest.mark.usefixtures("folder")
def test_a_prefix_confines_the_mirror(service, name, rclone):
    service.mirrored(source=name, dest=name)
    service.mirrored(source=name, dest=name, prefix="backup")
    assert set(bucket_objects(rclone, name)) == {
        "f0.txt",
        "f1.txt",
        "f2.txt",
        "backup/f0.txt",
        "backup/f1.txt",
        "backup/f2.txt",
    }

    job = service.mirrored(source=name + "-missing", dest=name, prefix="backup/")
    assert job["done"]["deletes"] == 3
    assert set(bucket_objects(rclone, name)) == {"f0.txt", "f1.txt", "f2.txt"}
    assert [s["key"] for s in service.get("/steps", id=job["id"])] == [
        "backup/f0.txt",
        "backup/f1.txt",
        "backup/f2.txt",
    ]


@pytest.mark.usefixtures("folder")
def test_filters_keep_the_order_in_which_they_were_written(service, name, rclone):
    query = f"source={name}&dest={name}&exclude=*.txt&include=f1.txt&exclude=f0.txt"
    job = requests.get(f"{service.url}/sync?{query}", timeout=60).json()
    service.finished(job["id"])

    assert set(bucket_objects(rclone, name)) == {"f1.txt"}


def test_too_many_deletions_stop_before_the_first(service, folder, name, rclone):
    service.mirrored(source=name, dest=name)
    for file in folder.glob("f[01].txt"):
        file.unlink()
    job = service.mirrored(source=name, dest=name, max_delete="1")

    assert (job["status"], job["reason"]) == ("failed", "too_many_deletions")
    assert job["done"]["deletes"] == 0
    assert len(bucket_objects(rclone, name)) == 3
    assert service.mirrored(source=name, dest=name, max_delete="70%")["status"] == "succeeded"


def test_delete_0_never_deletes(service, folder, name, rclone):
    service.mirrored(source=name, dest=name)
    (folder / "f0.txt").unlink()
    job = service.mirrored(source=name, dest=name, delete=0)

    assert job["status"] == "succeeded"
    assert len(bucket_objects(rclone, name)) == 3


class TestCancelling:
    @pytest.mark.usefixtures("folder")
    @pytest.mark.fault(34, "I6")
    def test_lets_the_operation_in_hand_end_and_starts_no_other(self, service, name, rclone):
        job = service.sync(source=name, dest=name, wait=60)
        eventually(lambda: service.get("/get", id=job["id"])["done"]["uploads"] == 1)
        response = requests.get(f"{service.url}/cancel", params={"id": job["id"]}, timeout=60)

        assert response.status_code == 202
        assert response.json()["cancel_requested"] is True
        ended = service.finished(job["id"])
        assert (ended["status"], ended["reason"]) == ("cancelled", "cancelled_by_user")
        assert ended["planned"]["uploads"] == 3
        assert ended["done"]["uploads"] == len(bucket_objects(rclone, name)) < 3

    @pytest.mark.usefixtures("folder")
    def test_a_queued_job_never_starts(self, service, name):
        first = service.sync(source=name, dest=name, wait=60)
        second = service.sync(source=name, dest=name)
        cancelled = service.session.post(service.url + "/cancel", json={"id": second["id"]}, timeout=60)

        assert cancelled.json()["status"] == "cancelled"
        assert cancelled.json()["started_at"] is None
        service.session.post(service.url + "/cancel", json={"id": first["id"]}, timeout=60)
        assert service.finished(first["id"])["status"] == "cancelled"

    @pytest.mark.usefixtures("folder")
    def test_a_finished_job_answers_409_and_stays_as_it_is(self, service, name):
        job = service.mirrored(source=name, dest=name)
        response = requests.get(f"{service.url}/cancel", params={"id": job["id"]}, timeout=60)

        assert response.status_code == 409
        assert response.json() == job

    @pytest.mark.usefixtures("folder")
    def test_twice_is_as_good_as_once(self, service, name):
        job = service.sync(source=name, dest=name, wait=60)
        answers = [requests.get(f"{service.url}/cancel", params={"id": job["id"]}, timeout=60) for _ in range(2)]

        assert answers[0].status_code == 202
        assert answers[1].status_code in (202, 409)
        assert service.finished(job["id"])["status"] == "cancelled"


@pytest.mark.usefixtures("folder")
def test_jobs_of_one_target_run_one_after_the_other(service, name):
    first = service.sync(source=name, dest=name, wait=0.2)
    second = service.sync(source=name, dest=name)
    other = service.sync(source=name, dest=name + "-other")

    assert service.finished(other["id"])["status"] == "succeeded"
    second_done, first_done = service.finished(second["id"]), service.finished(first["id"])
    assert first_done["finished_at"] <= second_done["started_at"]
    assert second_done["unchanged"] == 3


@pytest.mark.usefixtures("folder")
def test_runnings_lists_what_has_not_finished_oldest_first(service, name):
    jobs = [service.sync(source=name, dest=f"{name}-{i}", wait=60) for i in range(2)]
    listed = [job["id"] for job in service.get("/runnings")]
    positions = [listed.index(job["id"]) for job in jobs]
    newest = [job["id"] for job in service.get("/runnings", all=1, limit=2)]
    for job in jobs:
        service.session.get(service.url + "/cancel", params={"id": job["id"]}, timeout=60)
        service.finished(job["id"])

    assert positions == sorted(positions)
    assert newest == [jobs[1]["id"], jobs[0]["id"]]
    assert not {job["id"] for job in jobs} & {job["id"] for job in service.get("/runnings")}


@pytest.mark.usefixtures("folder")
def test_steps_are_paged_and_filtered(service, name):
    job = service.mirrored(source=name, dest=name)
    steps = service.get("/steps", id=job["id"])

    assert [(s["action"], s["key"], s["status"]) for s in steps[:1]] == [("create", name, "done")]
    assert sorted(s["key"] for s in steps[1:]) == ["f0.txt", "f1.txt", "f2.txt"]
    assert {s["bytes"] for s in steps[1:]} == {9}
    assert service.get("/steps", id=job["id"], status="failed") == []
    assert service.get("/steps", id=job["id"], after=steps[1]["number"], limit=1) == [steps[2]]


class TestEvents:
    def read(self, response):
        """Yield the jobs of a stream with their event ids, as they come."""
        event_id = None
        for line in response.iter_lines(chunk_size=1, decode_unicode=True):
            if line.startswith("id: "):
                event_id = line[4:]
            elif line.startswith("data: "):
                yield event_id, json.loads(line[6:])

    @pytest.mark.usefixtures("folder")
    def test_follow_a_job_until_it_has_finished(self, service, name):
        job = service.sync(source=name, dest=name, wait=60)
        with requests.get(f"{service.url}/events", params={"id": job["id"]}, stream=True, timeout=30) as response:
            assert response.headers["Content-Type"].startswith("text/event-stream")
            told = self.read(response)
            events = [next(told)]
            while not events[-1][1]["done"]["uploads"]:
                events.append(next(told))
            service.session.post(service.url + "/cancel", json={"id": job["id"]}, timeout=60)
            events += told

        assert [seen["status"] in FINAL for _, seen in events] == [False] * (len(events) - 1) + [True]
        assert len(events) >= 2
        assert [int(number) for number, _ in events] == sorted({int(number) for number, _ in events})
        assert events[-1][1] == service.get("/get", id=job["id"])

    @pytest.mark.usefixtures("folder")
    def test_do_not_repeat_what_was_seen(self, service, name):
        job = service.mirrored(source=name, dest=name)
        with requests.get(f"{service.url}/events", params={"id": job["id"]}, stream=True, timeout=30) as response:
            [(number, last)] = self.read(response)
        again = requests.get(
            f"{service.url}/events", params={"id": job["id"]}, headers={"Last-Event-ID": number}, timeout=30
        )

        assert last == job
        assert again.status_code == 204

    def test_of_an_unknown_job_are_404(self, service):
        unknown = {"id": "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"}
        assert requests.get(f"{service.url}/events", params=unknown, timeout=60).status_code == 404
