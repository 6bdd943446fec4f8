"""Whose jobs a caller sees: his own; all of them as an admin, or as the person at a machine that asks nobody."""

import json
from uuid import UUID

import pytest
import requests

from app.accounts.caller import Role

ROUTES = ["/get", "/steps", "/events", "/cancel"]


def ask(service, path, person=None, **request):
    headers = person.headers if person else {}
    return requests.get(service.url + path, headers=headers, timeout=30, **request)


def ids(answer):
    return {job["id"] for job in answer.json()}


@pytest.fixture(params=["open", "required"])
def any_service(request, service, closed):
    """Both services, for what must be the same in them."""
    return service if request.param == "open" else closed


@pytest.fixture
def ann(any_service, name):
    return any_service.person(f"ann-{name}")


@pytest.fixture
def bob(any_service, name):
    return any_service.person(f"bob-{name}")


@pytest.fixture
def admin(any_service, name):
    return any_service.person(f"admin-{name}", Role.ADMIN)


@pytest.fixture
def job(any_service, ann, name):
    """A job of Ann's that is not going to end."""
    (any_service.uploads / name).mkdir()
    for number in range(3):
        (any_service.uploads / name / f"f{number}").write_text("x")
    job = ask(any_service, f"/sync?source={name}&dest={name}&wait=60", ann).json()
    yield job
    ask(any_service, f"/cancel?id={job['id']}", ann)


@pytest.mark.parametrize("path", ROUTES)
def test_another_user_finds_no_such_job(any_service, job, bob, path):
    answer = ask(any_service, f"{path}?id={job['id']}", bob)

    assert answer.status_code == 404
    assert job["dest"] not in answer.text.replace(job["id"], "")


@pytest.mark.fault(37)
def test_what_he_is_told_is_what_he_is_told_of_no_job_at_all(any_service, job, bob):
    unknown = str(UUID(int=UUID(job["id"]).int ^ 1))
    for path in ROUTES:
        told = [
            ask(any_service, f"{path}?id={job_id}", bob).text.replace(job_id, "ID") for job_id in (job["id"], unknown)
        ]
        assert told[0] == told[1]


def test_another_users_list_does_not_hold_it(any_service, job, ann, bob, admin):
    for path in ("/runnings", "/runnings?all=1&limit=1000"):
        assert job["id"] in ids(ask(any_service, path, ann))
        assert job["id"] in ids(ask(any_service, path, admin))
        assert ids(ask(any_service, path, bob)) == set()


@pytest.mark.fault(37)
def test_his_wish_to_cancel_it_does_nothing(any_service, job, bob, ann):
    ask(any_service, f"/cancel?id={job['id']}", bob)

    assert ask(any_service, f"/get?id={job['id']}", ann).json()["cancel_requested"] is False


def test_its_owner_and_an_admin_do_what_they_like(any_service, job, ann, admin):
    for person in (ann, admin):
        assert ask(any_service, f"/get?id={job['id']}", person).json()["id"] == job["id"]
        assert ask(any_service, f"/steps?id={job['id']}", person).status_code == 200
    assert ask(any_service, f"/cancel?id={job['id']}", admin).status_code == 202
    with ask(any_service, f"/events?id={job['id']}", ann, stream=True) as events:
        states = [json.loads(line[6:])["status"] for line in events.iter_lines() if line.startswith(b"data: ")]
    assert states[-1] == "cancelled"
    assert ask(any_service, f"/cancel?id={job['id']}", ann).status_code == 409
    assert ask(any_service, f"/cancel?id={job['id']}").status_code in (401, 409)


def test_a_worker_sees_what_he_owns_and_stops_it(any_service, job, ann):
    with any_service.accounts() as accounts:
        accounts.set_role(ann.name, Role.WORKER)

    assert ids(ask(any_service, "/runnings", ann)) == {job["id"]}
    assert ask(any_service, f"/sync?source={job['source']}", ann).status_code == 403
    assert ask(any_service, f"/cancel?id={job['id']}", ann).status_code == 202


def test_where_nobody_is_asked_nobody_is_the_person_at_the_machine(service, name):
    ann = service.person(name)
    (service.uploads / name).mkdir()
    (service.uploads / name / "f").write_text("x")
    anns = ask(service, f"/sync?source={name}&dest={name}&dry_run=1", ann).json()["id"]
    nobodys = ask(service, f"/sync?source={name}&dest={name}&dry_run=1").json()["id"]

    assert {anns, nobodys} <= ids(ask(service, "/runnings?all=1&limit=1000"))
    assert ask(service, f"/get?id={anns}").status_code == 200
    assert ids(ask(service, "/runnings?all=1&limit=1000", ann)) == {anns}
    assert ask(service, f"/get?id={nobodys}", ann).status_code == 404
