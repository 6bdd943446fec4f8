"""The pages of jobs without a browser: what they show, to whom, and that they run and load nothing of their own."""

import csv
import io
import json
import os
from uuid import UUID

import pytest
import requests
from lxml import html

from app.accounts.caller import Role
from tests.support.service import eventually

UNKNOWN = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "=cmd|' '!A0", "\u202eexe.gpj"]


def ask(service, path, person=None, method="GET", **request):
    headers = (person.headers if person else {}) | request.pop("headers", {})
    return requests.request(method, service.url + path, headers=headers, timeout=30, allow_redirects=False, **request)


def tree(answer, status=200):
    """Return a page of ours, which never has a script, a style or a handler within itself."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    page = html.fromstring(answer.content)
    assert [script for script in page.iter("script") if not script.get("src") or (script.text or "").strip()] == []
    assert list(page.iter("style")) == []
    assert page.xpath("//@style | //@*[starts-with(name(), 'on')] | //@*[starts-with(., 'javascript:')]") == []
    ids = page.xpath("//@id")
    assert sorted(set(ids)) == sorted(ids)
    return page


def page_of(service, path, person=None, status=200):
    return tree(ask(service, path, person), status)


def text(node):
    return " ".join(node.text_content().split())


def rows(page, section):
    return [text(row) for row in page.xpath(f"//section[@id='{section}']//*[starts-with(@id, 'job-')]")]


def steps(page):
    """Return action, key, outcome and size of the steps that a page shows."""
    return [tuple(text(cell) for cell in row.xpath("*")[:4]) for row in page.xpath("//tr[starts-with(@id, 'step-')]")]


@pytest.fixture
def slow(service, folder, name):
    """A job that waits long between two files."""
    job = service.sync(source=folder.name, dest=name, wait=60)
    eventually(lambda: service.get("/get", id=job["id"])["status"] == "running")
    yield job
    service.session.post(f"{service.url}/cancel", json={"id": job["id"]}, timeout=30)


def test_a_job_is_listed_while_it_runs_and_when_it_has_ended(service, slow, name):
    page = page_of(service, f"/?storage={name}")
    (running,) = rows(page, "running")
    assert f"{name} →to {name}" in running
    assert "Running" in running
    assert "Stop" in running
    assert page.xpath("//progress/@max") == ["1000"]
    assert page.xpath("//noscript//meta/@http-equiv") == ["refresh"]

    ask(service, f"/jobs/{slow['id']}/cancel", method="POST")
    service.finished(slow["id"])
    page = page_of(service, f"/?storage={name}")
    (finished,) = rows(page, "finished")
    assert "Cancelled Stopped after" in finished
    assert rows(page, "running") == []
    assert page.xpath("//noscript") == []


@pytest.mark.usefixtures("slow")
def test_a_job_that_waits_says_why(service, name):
    waiting = service.sync(source=name, dest=name)
    (row,) = eventually(lambda: rows(page_of(service, f"/?storage={name}"), "waiting"))
    eventually(lambda: "another job" in rows(page_of(service, f"/?storage={name}"), "waiting")[0])
    assert name in row
    answer = ask(service, f"/jobs/{waiting['id']}/cancel", method="POST", data={"next": f"/?storage={name}"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/?storage={name}")
    assert "cancelled before it started" in rows(page_of(service, f"/?storage={name}"), "finished")[0]


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("state=succeeded", {"finished"}, id="succeeded"),
        pytest.param("state=unfinished", {"running"}, id="unfinished"),
        pytest.param("state=running", {"running"}, id="running"),
        pytest.param("state=queued", set(), id="waiting"),
        pytest.param("state=failed", set(), id="failed"),
        pytest.param("", {"finished", "running"}, id="any state"),
        pytest.param("state=&who=&before=", {"finished", "running"}, id="what an empty form sends"),
    ],
)
def test_the_filter_by_state_shows_what_is_in_it(service, name, query, shown):
    service.mirrored(source=name, dest=f"{name}-too")
    page = page_of(service, f"/?storage={name}&{query}")

    assert {section.get("id") for section in page.xpath("//section")} == shown
    assert ("No job matches this filter. Show all jobs" in text(page)) == (not shown)


@pytest.mark.usefixtures("folder")
def test_the_filter_stays_in_its_fields_and_in_its_links(service, name):
    for _ in range(2):
        service.mirrored(source=name, dest=name)
    page = page_of(service, f"/?storage={name.upper()}&state=succeeded")

    assert len(rows(page, "finished")) == 2
    assert page.xpath("//input[@name='storage']/@value") == [name.upper()]
    assert page.xpath("//select[@name='state']/option[@selected]/@value") == ["succeeded"]
    assert page.xpath("//nav[@aria-label='Jobs by state']/a[@aria-current='page']/@href") == ["/?state=succeeded"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param("state=lost", "state", id="state"),
        pytest.param("who=ann", "who", id="who"),
        pytest.param(f"storage={'x' * 2000}", "storage", id="storage"),
    ],
)
def test_a_filter_that_makes_no_sense_is_shown_again_with_what_is_wrong(service, name, query, field):
    person = service.person(f"user-{name}")
    service.session.post(f"{service.url}/sync", json={"source": name, "dest": name}, headers=person.headers, timeout=30)
    page = page_of(service, f"/?{query}", status=422)

    (control,) = page.xpath("//*[@aria-invalid='true']")
    assert control.get("name") == field
    assert text(page.get_element_by_id(control.get("aria-describedby")))
    assert rows(page, "finished") == []


@pytest.mark.usefixtures("folder")
def test_older_jobs_are_a_page_further(service, name):
    jobs = [service.mirrored(source=name, dest=name, dry_run=True)["id"] for _ in range(2)]
    page = page_of(service, f"/?storage={name}&before={jobs[1]}")

    assert [row.get("id") for row in page.xpath("//section[@id='finished']//tr[@id]")] == [f"job-{jobs[0]}"]
    assert page.xpath("//a[text()='Newest']/@href") == [f"/?storage={name}"]
    assert "There are no older jobs." in text(page_of(service, f"/?storage={name}&before={jobs[0]}"))
    assert ask(service, f"/?before={UNKNOWN}").status_code == 404


def test_whose_jobs_are_shown_can_be_chosen_by_who_sees_all(closed, name):
    (closed.uploads / name).mkdir()
    (closed.uploads / name / "f").write_text("x")
    ann, bob = closed.person(f"ann-{name}"), closed.person(f"bob-{name}")
    admin = closed.person(f"admin-{name}", Role.ADMIN)
    jobs = {
        each.name: ask(closed, f"/sync?source={name}&dest={name}&dry_run=1", each).json()["id"] for each in (ann, bob)
    }
    page = page_of(closed, "/", admin)
    ids = {option.text.strip(): option.get("value") for option in page.xpath("//select[@name='who']/option")}
    eventually(lambda: len(rows(page_of(closed, f"/?storage={name}", admin), "finished")) == 2)
    chosen = page_of(closed, f"/?storage={name}&who={ids[ann.name]}", admin)

    assert {"Everybody", ann.name, bob.name} <= set(ids)
    assert chosen.xpath("//tr/@id") == [f"job-{jobs[ann.name]}"]
    assert ann.name in rows(chosen, "finished")[0]
    assert page_of(closed, "/", ann).xpath("//select[@name='who']") == []
    assert bob.name not in ask(closed, "/", ann).text


def test_another_users_job_is_not_found_and_stays_as_it_is(closed, name):
    (closed.uploads / name).mkdir()
    for number in range(3):
        (closed.uploads / name / f"f{number}").write_text("x")
    ann, bob = closed.person(f"ann-{name}"), closed.person(f"bob-{name}")
    job = ask(closed, f"/sync?source={name}&dest={name}&wait=60", ann).json()["id"]
    for path in ("", "/steps.csv", "/steps.ndjson"):
        assert ask(closed, f"/jobs/{job}{path}", bob).status_code == 404
    assert ask(closed, f"/live/jobs/{job}", bob).status_code == 404
    assert ask(closed, f"/jobs/{job}/cancel", bob, "POST").status_code == 404
    assert job not in ask(closed, "/", bob).text

    assert ask(closed, f"/get?id={job}", ann).json()["cancel_requested"] is False
    assert ask(closed, f"/jobs/{job}/cancel", ann, "POST").status_code == 303


@pytest.mark.parametrize(
    "path", ["/", f"/jobs/{UNKNOWN}", "/live/jobs", f"/live/jobs/{UNKNOWN}", f"/jobs/{UNKNOWN}/steps.csv"]
)
def test_who_does_not_say_who_he_is_gets_the_form_for_it(closed, path):
    page = page_of(closed, path, status=401)

    assert page.xpath("//input[@type='password']")


@pytest.mark.parametrize("path", ["", "/steps.csv", "/steps.ndjson", "/cancel"])
def test_a_job_that_nobody_knows_is_not_found(service, path):
    method = "POST" if path == "/cancel" else "GET"

    assert "There is nothing here" in text(tree(ask(service, f"/jobs/{UNKNOWN}{path}", method=method), 404))


def test_a_key_that_may_only_read_sees_a_job_and_stops_none(service, slow, name):
    person = service.person(f"reader-{name}", Role.ADMIN, read_only=True)

    assert text(page_of(service, f"/jobs/{slow['id']}", person))
    assert ask(service, f"/jobs/{slow['id']}/cancel", person, "POST").status_code == 403


def test_another_site_stops_nothing(service, slow):
    answer = ask(service, f"/jobs/{slow['id']}/cancel", method="POST", headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert service.get("/get", id=slow["id"])["cancel_requested"] is False


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param("https://elsewhere.example/", id="another host"),
        pytest.param("//elsewhere.example/", id="another host, without a scheme"),
        pytest.param("/sync?source=x", id="what would start a job"),
    ],
)
def test_stopping_leads_to_no_other_place_than_a_page(service, slow, wanted):
    answer = ask(service, f"/jobs/{slow['id']}/cancel", method="POST", data={"next": wanted})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.usefixtures("folder")
def test_the_page_of_a_job_says_what_was_asked_and_what_was_done(service, name):
    job = service.mirrored(
        source=name, dest=name, exclude=["*.tmp"], include=["a.tmp"], max_delete="10%", prefix="in/a"
    )
    page = page_of(service, f"/jobs/{job['id']}")
    facts = {text(each.find("dt")): text(each.find("dd")) for each in page.xpath("//dl/div")}

    assert text(page.find(".//h1")) == f"{name} →to {name}/in/a"
    assert "Succeeded." in text(page)
    assert facts["Files"] == "3 of 3"
    assert facts["Bytes"] == "27 Bytes of 27 Bytes"
    assert facts["Deletions"] == "what the source does not have, 10% at most"
    assert facts["Folder of the bucket"] == "in/a/"
    assert facts["Id"] == job["id"]
    assert [text(each) for each in page.xpath("//ol[@class='rules']/li")] == ["exclude *.tmp", "include a.tmp"]
    assert text(page.xpath("//section[@aria-labelledby='phases-title']//tbody/tr")[0]).startswith("Waiting")
    assert page.xpath("//*[@data-live]") == []


def test_each_step_says_what_was_done_and_why(service, folder, name):
    service.mirrored(source=name, dest=name)
    (folder / "f0.txt").write_text("another size")
    (folder / "f1.txt").unlink()
    (folder / "new.txt").write_text("")
    job = service.mirrored(source=name, dest=name)

    assert sorted(steps(page_of(service, f"/jobs/{job['id']}"))) == [
        ("Delete", "f1.txt", "Deleted The source does not have it.", ""),
        ("Upload", "f0.txt", "Uploaded The sizes differed.", "12 Bytes"),
        ("Upload", "new.txt", "Uploaded The target did not have it.", "0 Bytes"),
    ]


@pytest.mark.usefixtures("folder")
def test_a_plan_says_what_would_be_done(service, name):
    job = service.mirrored(source=name, dest=name, dry_run=True)
    page = page_of(service, f"/jobs/{job['id']}")

    assert ("Upload", "f0.txt", "Would be uploaded The target did not have it.", "9 Bytes") in steps(page)
    assert page.xpath(f"//a[@href='/plans/{job['id']}']")
    assert "3 files, 27 Bytes planned" in rows(page_of(service, f"/?storage={name}"), "finished")[0]


def test_what_was_left_out_says_so_and_why(service, folder, name):
    os.mkfifo(folder / "zz")
    job = service.mirrored(source=name, dest=name)
    page = page_of(service, f"/jobs/{job['id']}")
    (left,) = [step for step in steps(page) if step[0] == "Leave out"]

    assert "Finished in part." in text(page)
    assert left[2].startswith("Left out It is a pipe, a socket or a device, not a file.")
    assert "Only files are mirrored" in left[2]


def test_failed_steps_come_first_and_say_what_their_reason_means(service, folder, name):
    deep = folder.joinpath(*["z" * 250] * 5)
    deep.mkdir(parents=True)
    (deep / "too long a key").write_text("x")
    job = service.mirrored(source=name, dest=name)
    page = page_of(service, f"/jobs/{job['id']}")

    assert "Finished in part." in text(page)
    assert "Some uploads failed, for different reasons; the steps say why." in text(page)
    assert steps(page)[0][1].endswith("/too long a key")
    assert steps(page)[0][2].startswith("Not uploaded")
    assert "This name cannot be stored there" in steps(page)[0][2]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("text=F1", {"f1.txt"}, id="a part of the key, in any case"),
        pytest.param("text=f%251", set(), id="a wildcard stands for itself"),
        pytest.param("status=done&action=upload", {"f0.txt", "f1.txt", "f2.txt"}, id="by outcome and action"),
        pytest.param("status=failed", set(), id="by an outcome that none has"),
        pytest.param("action=create", {"BUCKET"}, id="by action"),
        pytest.param("status=&action=&text=", {"f0.txt", "f1.txt", "f2.txt", "BUCKET"}, id="what an empty form sends"),
    ],
)
def test_steps_are_searched_on_the_page_and_in_both_downloads(service, name, query, expected):
    job = service.mirrored(source=name, dest=name)
    wanted = {key.replace("BUCKET", name) for key in expected}
    page = page_of(service, f"/jobs/{job['id']}?{query}")
    table = list(csv.DictReader(io.StringIO(ask(service, f"/jobs/{job['id']}/steps.csv?{query}").text)))
    lines = ask(service, f"/jobs/{job['id']}/steps.ndjson?{query}").text.splitlines()

    assert {step[1] for step in steps(page)} == wanted
    assert {line["key"] for line in table} == wanted
    assert {json.loads(line)["key"] for line in lines} == wanted
    assert ("No step matches this filter." in text(page)) == (not wanted)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("query", ["status=lost", "action=lost", f"text={'x' * 2000}"])
def test_a_filter_of_steps_that_makes_no_sense_is_shown_again(service, name, query):
    job = service.mirrored(source=name, dest=name)
    page = page_of(service, f"/jobs/{job['id']}?{query}", status=422)

    assert len(page.xpath("//*[@aria-invalid='true']")) == 1
    assert ask(service, f"/jobs/{job['id']}/steps.csv?{query}").status_code == 422
    assert ask(service, f"/jobs/{job['id']}?after=lost").status_code == 422


def test_the_steps_of_a_job_are_paged_and_downloaded_whole(service, name):
    folder = service.uploads / name
    folder.mkdir()
    for number in range(230):
        (folder / f"{number:03}").write_text("")
    job = service.mirrored(source=name, dest=name)
    path, seen = f"/jobs/{job['id']}?action=upload", []
    while path:
        page = page_of(service, path)
        seen.append([step[1] for step in steps(page)])
        path = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    answer = ask(service, f"/jobs/{job['id']}/steps.csv")

    assert [len(some) for some in seen] == [100, 100, 30]
    assert sorted(key for some in seen for key in some) == [f"{number:03}" for number in range(230)]
    assert len(list(csv.reader(io.StringIO(answer.text)))) == 1 + 230 + 1  # names, files, the bucket
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="job-{job["id"]}-steps.csv"'


@pytest.mark.usefixtures("folder")
def test_a_download_of_steps_holds_what_the_history_holds(service, name):
    job = service.mirrored(source=name, dest=name)
    expected = service.get("/steps", id=job["id"])
    lines = ask(service, f"/jobs/{job['id']}/steps.ndjson")
    table = csv.DictReader(io.StringIO(ask(service, f"/jobs/{job['id']}/steps.csv").text))

    assert lines.headers["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.text.splitlines()] == expected
    assert list(table) == [{name: str(value) for name, value in step.items()} for step in expected]


def test_hostile_names_are_text_and_nothing_else(service, name):
    folder = service.uploads / name
    folder.mkdir()
    for each in HOSTILE:
        (folder / each.replace("/", "\u2044")).write_text("x")
    (folder / "a\nb").write_text("x")
    deep = folder.joinpath(*["l" * 250] * 3)
    deep.mkdir(parents=True)
    (deep / ("m" * 240)).write_text("x")
    job = service.mirrored(source=name, dest=name)
    page = page_of(service, f"/jobs/{job['id']}")
    keys = {step[1] for step in steps(page)}

    assert {each.replace("/", "\u2044") for each in HOSTILE} <= keys
    assert "a⧵0Ab" in keys
    assert max(map(len, keys)) == 3 * 251 + 240
    assert page.xpath("//img[not(starts-with(@src, '/static/'))]") == []
    assert all(cell.find("bdi") is not None for cell in page.xpath("//tr[starts-with(@id, 'step-')]/th"))
    cells = [line["key"] for line in csv.DictReader(io.StringIO(ask(service, f"/jobs/{job['id']}/steps.csv").text))]
    assert "'=cmd|' '!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_hostile_folder_is_text_in_titles_and_lists_too(service, name):
    folder = service.uploads / f"{name}<b>&\"'"
    folder.mkdir()
    (folder / "f").write_text("x")
    job = service.mirrored(source=folder.name, dest=name)
    page = page_of(service, f"/jobs/{job['id']}")

    assert page.findtext(".//title") == f"Succeeded · {folder.name} → {name} · Sluice"
    assert folder.name in rows(page_of(service, f"/?storage={name}"), "finished")[0]


def words(answer):
    """Yield the events of a stream as they come, but for those that say that nothing has changed."""
    lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
    return (line.removeprefix("event: ") for line in lines if line.startswith("event: ") and line != "event: ping")


def test_the_stream_of_a_job_says_that_it_changes_and_when_it_ends(service, slow):
    with ask(service, f"/live/jobs/{slow['id']}", stream=True) as answer:
        told = words(answer)
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert next(told) == "changed"
        ask(service, f"/jobs/{slow['id']}/cancel", method="POST")
        rest = list(told)  # it ends by itself
    assert rest[-2:] == ["changed", "end"]


@pytest.mark.usefixtures("folder")
def test_the_stream_of_the_list_says_that_something_changed(service, name):
    with ask(service, "/live/jobs", stream=True) as answer:
        told = words(answer)
        assert next(told) == "changed"
        service.mirrored(source=name, dest=name)
        assert next(told) == "changed"


def test_a_stream_ends_when_its_caller_stands_no_more(closed, name):
    leaving, other = (closed.person(f"{each}-{name}", Role.ADMIN) for each in ("leaving", "other"))
    eventually(lambda: ask(closed, "/runnings", other).json() == [], what="the end of the jobs of other tests")
    with ask(closed, "/live/jobs", leaving, stream=True) as answer:
        told = words(answer)
        assert next(told) == "changed"
        with closed.accounts() as accounts:
            accounts.disable(leaving.name)
        ask(closed, f"/sync?source={name}&dest={name}&dry_run=1", other)
        assert list(told) == []


@pytest.mark.usefixtures("folder")
def test_what_a_page_links_to_within_a_job_exists(service, name):
    job = service.mirrored(source=name, dest=name)
    page = page_of(service, f"/jobs/{job['id']}")
    for link in page.xpath("//main//a/@href[starts-with(., '/jobs/')]"):
        assert ask(service, link).status_code == 200, link
    assert UUID(job["id"])
