"""Starting a mirror from pages, over real HTTP and without a script: the form, the plan, the repetition."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import requests
from lxml import html

from app.accounts.caller import OrganisationRole
from app.transfer.filters import Rule
from tests.support.buckets import Bucket, own_bucket
from tests.support.clients import cval_storage
from tests.support.servers import ACCESS_KEY, missing
from tests.support.service import FINAL, eventually
from tests.support.trees import bucket_objects

CANARY = "canary-0b7f"
HOSTILE = 'it\'s $(touch pwned) `x` "q" \\ 100% é日本 &a=b#c;d'


class Visitor:
    """A browser without scripts: it keeps cookies, fills in forms as they are on the page, and sends them."""

    def __init__(self, service, person=None):
        self.service, self.session = service, requests.Session()
        if person is not None:
            self.send("/sign-in", {"username": person.name, "password": person.key})

    def get(self, path, status=200):
        return self._page(self.session.get(self.service.url + path, timeout=30), status)

    def send(self, path, fields, status=303):
        answer = self.session.post(
            self.service.url + path,
            data=fields,
            headers={"Origin": self.service.url},
            allow_redirects=False,
            timeout=30,
        )
        return self._page(answer, status)

    def _page(self, answer, status):
        assert answer.status_code == status, answer.text
        answer.tree = html.fromstring(answer.text) if answer.text and status != 303 else None
        return answer

    def fields(self, tree, action):
        """Return what a form would send as it stands."""
        form = next(form for form in tree.forms if form.action == action)
        fields = dict(form.form_values())
        rules = fields.get("rules")
        # A line break that begins a text area is none of its text, says HTML; this parser does not know that.
        return fields if rules is None else fields | {"rules": rules.removeprefix("\n")}

    def start(self, do="preview", status=303, **typed):
        fields = self.fields(self.get("/start").tree, "/start")
        fields = {name: value for name, value in (fields | typed).items() if value is not None}
        return self.send("/start", fields | {"do": do}, status)

    def ended(self, address):
        job_id = re.search(r"[0-9a-f-]{36}", address)[0]

        def look():
            job = self.session.get(f"{self.service.url}/get?id={job_id}", timeout=30).json()
            return job if job["status"] in FINAL else None

        return eventually(look)

    def planned(self, **typed):
        """Preview it; return the page of the plan once it has ended, with its path."""
        address = self.start(**typed).headers["Location"]
        self.ended(address)
        return address.partition("?")[0], self.get(address).tree


def words(tree):
    return " ".join(tree.text_content().split())


def arguments_of(service, job_id):
    with closing(sqlite3.connect(Path(service.environ["DATA_DIR"]) / "sluice.db")) as database:
        (text,) = database.execute("SELECT arguments FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return json.loads(text)


@pytest.fixture
def visitor(service):
    return Visitor(service)


@pytest.fixture
def bucket(rclone, name, folder):
    """A bucket that is equal to the folder but for two objects more."""
    objects = {path.name: path.read_bytes() for path in folder.iterdir()} | {"extra 1": b"x", "extra 2": b"x"}
    with own_bucket(rclone, name, objects) as bucket:
        yield bucket


def test_the_form_offers_the_folders_and_says_what_it_stands_for(service, visitor, folder):
    tree = visitor.get("/start").tree

    assert folder.name in tree.xpath("//datalist[@id='folders']/option/@value")
    assert tree.xpath("//input[@id='dest']/@value") == ["mybucket"]
    assert tree.xpath("//input[@name='delete']/@checked")
    assert service.environ["STORAGE_URL"] in tree.xpath("//input[@id='storage_url']/@placeholder")[0]
    assert not tree.xpath("//select[@name='connection']")


def test_every_control_has_a_label(visitor):
    tree = visitor.get("/start").tree
    controls = tree.xpath("//main//input[not(@type='hidden')] | //main//select | //main//textarea")

    assert len(controls) > 12
    assert [one.get("name") for one in controls if one.label is None and not one.xpath("ancestor::label")] == []


def test_everything_typed_is_what_the_plan_is_about(service, visitor, folder):
    location = visitor.start(
        direction="download", source=f"./{folder.name}/", dest=folder.name, prefix="a/b", rules="+ *.jpg\r\n- x y\r\n\r\n+ é",
        delete=None, max_delete="10%", check="size", wait="0.5",
    ).headers["Location"]  # fmt: skip
    path = re.fullmatch(r"/plans/([0-9a-f-]{36})", location)

    assert arguments_of(service, path[1]) == {
        "direction": "download", "source": folder.name, "dest": folder.name, "prefix": "a/b/", "storage_url": service.environ["STORAGE_URL"],
        "connection": None, "wait": 0.5, "delete": False, "dry_run": True, "max_delete": "10%", "check": "size", "own_keys": False,
        "rules": [["include", "*.jpg"], ["exclude", "x y"], ["include", "é"]],
    }  # fmt: skip


def test_what_deletes_nothing_starts_at_once(visitor, rclone, folder):
    answer = visitor.start(do="start", source=folder.name, dest=folder.name, delete=None)

    assert answer.headers["Location"].startswith("/jobs/")
    assert visitor.ended(answer.headers["Location"])["status"] == "succeeded"
    assert set(bucket_objects(rclone, folder.name)) == {"f0.txt", "f1.txt", "f2.txt"}


def test_what_may_delete_is_planned_although_it_was_to_start_at_once(visitor, bucket):
    location = visitor.start(do="start", source=bucket.name, dest=bucket.name).headers["Location"]
    visitor.ended(location)

    assert location.startswith("/plans/")
    assert "This sync may delete something, so here is first what it would do." in words(visitor.get(location).tree)


def test_a_plan_says_what_would_be_deleted_and_asks_for_it(rclone, visitor, bucket, folder):
    (folder / "new.txt").write_text("new")
    path, tree = visitor.planned(source=bucket.name, dest=bucket.name)
    said = words(tree)

    assert "1 file would be uploaded (3 Bytes)." in said
    assert f"2 objects from the bucket {bucket.name} would be deleted." in said
    assert "3 files are the same on both sides." in said
    box = tree.xpath("//input[@name='confirmed']")[0]
    assert (box.get("value"), box.get("required") is not None) == ("2", True)
    assert words(box.getparent()) == f"Delete 2 objects from the bucket {bucket.name}"
    assert tree.xpath("//section[h2='What would be deleted']//tbody/tr/th//text()") == ["extra 1", "extra 2"]
    assert tree.xpath("//section[h2='What would be uploaded']//tbody/tr/th//text()") == ["new.txt"]

    job = visitor.send(f"{path}/start", visitor.fields(tree, f"{path}/start") | {"confirmed": "2"})
    assert visitor.ended(job.headers["Location"])["done"]["deletes"] == 2
    assert set(bucket_objects(rclone, bucket.name)) == {"f0.txt", "f1.txt", "f2.txt", "new.txt"}


@pytest.mark.parametrize("confirmed", [None, "", "1", "3", "two", "²", "9" * 40, "-2"])
def test_without_that_number_nothing_starts(rclone, visitor, bucket, confirmed):
    path, tree = visitor.planned(source=bucket.name, dest=bucket.name)
    fields = visitor.fields(tree, f"{path}/start") | ({} if confirmed is None else {"confirmed": confirmed})
    answer = visitor.send(f"{path}/start", fields, 409)

    assert "Nothing was started: this plan deletes something, so confirm that first." in words(answer.tree)
    assert answer.tree.xpath("//input[@name='confirmed']/@value") == ["2"]
    assert len(bucket_objects(rclone, bucket.name)) == 5


def test_a_plan_is_started_once(visitor, bucket):
    path, tree = visitor.planned(source=bucket.name, dest=bucket.name)
    fields = visitor.fields(tree, f"{path}/start") | {"confirmed": "2"}
    first = visitor.send(f"{path}/start", fields).headers["Location"]

    assert visitor.send(f"{path}/start", fields).headers["Location"] == first
    tree = visitor.get(path).tree
    assert "This plan was started." in words(tree)
    assert first in tree.xpath("//a/@href")
    assert not [form for form in tree.forms if form.action == f"{path}/start"]
    assert visitor.ended(first)["done"]["deletes"] == 2


def test_a_source_that_is_gone_is_said_plainly(visitor, bucket, folder):
    shutil.rmtree(folder)
    _, tree = visitor.planned(source=bucket.name, dest=bucket.name)

    assert (
        f"The folder {bucket.name} is missing or holds no file, so the bucket {bucket.name} itself would be deleted."
        in words(tree)
    )
    label = tree.xpath("//label[input[@name='confirmed']]")[0]
    assert words(label) == f"Delete 5 objects from the bucket {bucket.name}, and the bucket itself"


def test_a_plan_that_failed_says_why_and_what_to_do(visitor, bucket):
    _, tree = visitor.planned(source=bucket.name, dest=bucket.name, max_delete="1")

    assert "There is no plan. The plan deletes 2 of 5 objects and max_delete allows 1." in words(tree)
    assert tree.xpath("//a[.='Change something']")
    assert not tree.xpath("//input[@name='confirmed']")


def test_where_nothing_is_to_be_done_there_is_no_button(visitor, bucket, name):
    bucket.delete("extra 1", "extra 2")
    path, tree = visitor.planned(source=name, dest=name)

    assert "Nothing would be changed." in words(tree)
    assert not [form for form in tree.forms if form.action == f"{path}/start"]


WRONG = [
    pytest.param({"source": "../etc"}, "source", id="a folder outside"),
    pytest.param({"dest": "NO BUCKET"}, "dest", id="a bucket of no name"),
    pytest.param({"storage_url": "ftp://x"}, "storage_url", id="an address"),
    pytest.param({"prefix": "a//b"}, "prefix", id="a folder of the bucket"),
    pytest.param({"rules": "+ ok\n*.jpg"}, "rules", id="a line that is no rule"),
    pytest.param({"rules": "- !x"}, "rules", id="a pattern"),
    pytest.param({"rules": "- x\n" * 1_001}, "rules", id="more rules than are taken"),
    pytest.param({"storage_url": "http://127.0.0.1:1"}, "access_key", id="another storage without keys"),
    pytest.param({"max_delete": "many"}, "max_delete", id="a limit"),
    pytest.param({"wait": "-1"}, "wait", id="a negative time"),
    pytest.param({"secret_key": CANARY}, "access_key", id="half a pair of keys"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
@pytest.mark.parametrize("do", ["preview", "start"])
def test_wrong_input_keeps_what_was_typed_and_points_at_its_field(visitor, folder, typed, field, do):
    tree = visitor.start(do=do, status=422, **{"source": folder.name, "check": "size", "delete": None} | typed).tree
    control = tree.xpath(f"//*[@id='{field}']")[0]
    error = tree.xpath(f"//*[@id='{field}-error']")[0].text_content()

    assert control.get("aria-invalid") == "true"
    assert f"{field}-error" in control.get("aria-describedby").split()
    assert tree.xpath("//*[@role='alert']")[0].text_content() == f"Nothing was started. {error}"
    assert all(fold.get("open") is not None for fold in control.iterancestors("details"))
    fields = visitor.fields(tree, "/start")
    kept = {given for given in typed.items() if given[0] not in ("secret_key", "rules")}
    assert kept <= fields.items()
    assert "delete" not in fields
    assert CANARY not in html.tostring(tree).decode()


def test_a_leading_line_break_in_the_rules_is_no_loss(visitor):
    tree = visitor.start(status=422, source="..", rules="\r\n- a\r\n- <b>").tree

    assert visitor.fields(tree, "/start")["rules"].replace("\r\n", "\n") == "\n- a\n- <b>"


def test_keys_are_in_no_answer(visitor, rclone, folder):
    keys = {"access_key": ACCESS_KEY, "secret_key": rclone.secret_key, "storage_url": rclone.endpoint}
    path, tree = visitor.planned(source=folder.name, dest=folder.name, **keys)
    job_id = path.removeprefix("/plans/")
    pages = [visitor.get(each).text for each in (path, f"/jobs/{job_id}", f"/start?job={job_id}")]
    pages.append(visitor.start(status=422, **keys, wait="x").text)

    assert not any(rclone.secret_key in page for page in pages)
    form = f"{path}/start"
    refused = visitor.send(form, visitor.fields(tree, form), 409)
    assert "type the access key and the secret key again" in words(refused.tree)
    half = visitor.send(form, visitor.fields(tree, form) | {"access_key": ACCESS_KEY, "secret_key": ""}, 409)
    assert rclone.secret_key not in half.text
    job = visitor.send(form, visitor.fields(tree, form) | {"access_key": ACCESS_KEY, "secret_key": rclone.secret_key})
    assert visitor.ended(job.headers["Location"])["status"] == "succeeded"


def test_a_link_to_a_job_fills_the_form_with_what_it_was_asked(service, visitor, name):
    rules = [("include", HOSTILE), ("exclude", "</textarea><script>")]
    body = [("source", name), ("dest", name), ("delete", "0"), ("check", "size"), ("dry_run", "1"), *rules]
    job = requests.post(service.url + "/sync", data=body, timeout=30).json()
    tree = visitor.get(f"/start?job={job['id']}").tree
    fields = visitor.fields(tree, "/start")

    assert (fields["source"], fields["dest"], fields["check"], "delete" in fields) == (name, name, "size", False)
    assert fields["rules"].replace("\r\n", "\n") == f"+ {HOSTILE}\n- </textarea><script>"
    assert tree.xpath("//details/@open")


@pytest.mark.parametrize("path", ["/start?job=nothing", "/start?job=01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"])
def test_a_link_to_no_job_is_a_page_that_says_so(visitor, path):
    assert "No job has the id" in words(visitor.get(path, 404).tree)


def test_a_job_that_is_no_plan_has_no_page_of_a_plan(service, visitor, folder):
    job = service.mirrored(source=folder.name, dest=folder.name)

    visitor.get(f"/plans/{job['id']}", 404)
    visitor.send(f"/plans/{job['id']}/start", {}, 404)


# With somebody signed in.


@pytest.fixture
def anna(service, name):
    return service.person(f"anna-{name}")


@pytest.fixture
def connection(service, bucket, anna):
    given = cval_storage(bucket) | {"synchronize": False}
    answer = requests.post(service.url + "/api/cloud", json=given, headers=anna.headers, timeout=60)
    return str(answer.json()["id"])


def test_a_plan_of_a_connection_is_made_and_started(service, bucket, anna, connection):
    visitor = Visitor(service, anna)
    assert connection in visitor.get("/start").tree.xpath("//select[@id='connection']/option/@value")
    path, tree = visitor.planned(source=bucket.name, target="connection", connection=connection)
    form = f"{path}/start"
    job = visitor.ended(visitor.send(form, visitor.fields(tree, form) | {"confirmed": "2"}).headers["Location"])

    assert (job["status"], job["connection"], job["done"]["deletes"]) == ("succeeded", connection, 2)


@pytest.mark.parametrize("given", ["", "nothing", "00000000-0000-4000-8000-000000000000"])
def test_a_connection_that_is_none_is_told_beside_the_field(service, anna, given):
    tree = Visitor(service, anna).start(status=422, target="connection", connection=given).tree

    assert tree.xpath("//select[@id='connection']/@aria-invalid") == ["true"]
    assert tree.xpath("//*[@id='connection-error']")


def test_anothers_connection_is_neither_offered_nor_taken(service, connection, name):
    visitor = Visitor(service, service.person(f"bert-{name}"))

    assert connection not in visitor.get("/start").text
    visitor.start(status=422, target="connection", connection=connection)


def test_anothers_plan_is_not_found(service, anna, bucket):
    path, _ = Visitor(service, anna).planned(source=bucket.name, dest=bucket.name)
    bert = Visitor(service, service.person(f"bert-{bucket.name}"))

    bert.get(path, 404)
    bert.send(f"{path}/start", {**_csrf(bert), "confirmed": "2"}, 404)
    bert.send(f"/jobs/{path.removeprefix('/plans/')}/again", _csrf(bert), 404)


def _csrf(visitor):
    return {"csrf_token": visitor.fields(visitor.get("/start").tree, "/start")["csrf_token"]}


def test_a_form_without_its_token_starts_nothing(service, anna, bucket):
    visitor = Visitor(service, anna)
    path, _ = visitor.planned(source=bucket.name, dest=bucket.name)

    visitor.send("/start", {"source": bucket.name}, 403)
    visitor.send(f"{path}/start", {"confirmed": "2"}, 403)
    visitor.send(f"/jobs/{path.removeprefix('/plans/')}/again", {}, 403)


def test_a_connection_that_is_only_to_be_seen_is_one_to_download_from(service, bucket, name):
    owner, susi = (service.person(f"{who}-{name}") for who in ("owner", "susi"))
    with service.accounts() as accounts:
        accounts.create_organisation(name, name, owner.name)
        accounts.set_member(name, susi.name, OrganisationRole.SUPERVISOR)
    given = {
        "provider_type": "AWS_S3_BUCKET", "resource": name, "display_name": f"of the team {name}", "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key": ACCESS_KEY, "secret_key": bucket.server.secret_key, "specific_attributes": f"endpoint_url={bucket.server.endpoint}",
    }  # fmt: skip
    made = requests.post(f"{service.url}/api/cloudstorages?org={name}", json=given, headers=owner.headers, timeout=60)
    assert made.status_code == 201, made.text
    visitor = Visitor(service, susi)
    (option,) = visitor.get("/start").tree.xpath(f"//option[starts-with(., 'of the team {name}')]")
    chosen = {"target": "connection", "connection": option.get("value")}

    assert words(option).endswith("(download only)")
    refused = visitor.start(status=403, **chosen)
    assert "download from its storage and not upload" in words(refused.tree)
    visitor.start(source=f"{name}-copy", direction="download", delete=None, **chosen)


# Again.


def again(visitor, job_id):
    tree = visitor.get(f"/jobs/{job_id}").tree
    return visitor.send(f"/jobs/{job_id}/again", visitor.fields(tree, f"/jobs/{job_id}/again")).headers["Location"]


def test_a_job_that_may_delete_is_planned_again_and_any_other_starts(service, visitor, folder):
    deletes = service.mirrored(source=folder.name, dest=folder.name)
    keeps = service.mirrored(source=folder.name, dest=folder.name, delete=0)

    assert again(visitor, deletes["id"]).startswith("/plans/")
    assert again(visitor, keeps["id"]).startswith("/jobs/")


def test_a_job_with_keys_of_its_own_leads_to_the_form(service, visitor, rclone, folder):
    job = service.mirrored(source=folder.name, dest=folder.name, access_key=ACCESS_KEY, secret_key=rclone.secret_key)
    tree = visitor.get(f"/jobs/{job['id']}").tree

    assert f"/start?job={job['id']}" in tree.xpath("//a/@href")
    assert not [form for form in tree.forms if form.action.endswith("/again")]
    answer = visitor.send(f"/jobs/{job['id']}/again", {}, 409)
    assert "type them again" in words(answer.tree)


MIRRORS = [
    pytest.param({}, id="all of it"),
    pytest.param(
        {"source": "-x y/'q' $(id)", "delete": "0", "check": "always", "dry_run": "1"},
        id="a folder with a hostile name",
    ),
    pytest.param(
        {"direction": "download", "delete": "1", "dry_run": "1", "max_delete": "7"}, id="a download that deletes"
    ),
    pytest.param(
        {"direction": "download", "prefix": "-a/b c/ü", "wait": "0.25", "dry_run": "1"}, id="a download of a prefix"
    ),
]


def shell():
    programs = [shutil.which(name) for name in ("bash", "curl")]
    if not all(programs):
        missing("bash and curl are needed (on Debian: apt install curl).")
    return programs[0]


def in_a_shell(command, **variables):
    done = subprocess.run(
        [shell(), "-c", command.replace("curl ", "curl -sS ", 1)], capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def command_of(visitor, job_id):
    return visitor.get(f"/jobs/{job_id}").tree.get_element_by_id("curl").text_content()


@pytest.mark.parametrize("asked", MIRRORS)
@pytest.mark.parametrize("own_keys", [False, True])
def test_the_command_of_a_job_asks_for_just_that_job(service, visitor, name, asked, own_keys):
    patterns = [
        HOSTILE,
        "line\nbreak",
        "-x",
        "@file",
        "=y",
        "a=b",
        " lead",
        "trail\\ ",
        "'",
        "\\!x",
        "é",
        "a\u2028b",
        "*.jpg",
        "**/y",
    ]
    rules = [("exclude" if number % 3 else "include", patterns[number % len(patterns)]) for number in range(20)]
    keys = {"access_key": "A'K $(x)", "secret_key": CANARY} if own_keys else {}
    body = [("dest", name), *asked.items(), *keys.items(), *rules]
    first = requests.post(service.url + "/sync", data=body, timeout=30)
    assert first.status_code == 202, first.text
    first = first.json()
    command = command_of(visitor, first["id"])
    second = in_a_shell(command, **{key.upper(): value for key, value in keys.items()})

    assert CANARY not in command
    assert arguments_of(service, second["id"]) == arguments_of(service, first["id"])
    assert [Rule(*rule) for rule in arguments_of(service, second["id"])["rules"]] == rules
    assert second["id"] != first["id"]
    for job in (first, second):
        service.session.post(f"{service.url}/cancel?id={job['id']}", timeout=30)
    assert not Path("pwned").exists()


def test_the_command_of_somebodys_job_makes_a_job_of_his(service, anna, connection, name):
    asked = {"source": name, "connection": connection, "dry_run": 1}
    first = requests.post(service.url + "/sync", json=asked, headers=anna.headers, timeout=30).json()
    visitor = Visitor(service, anna)
    command = command_of(visitor, first["id"])
    second = in_a_shell(command, KEY=anna.key)

    assert anna.key not in command
    assert arguments_of(service, second["id"]) == arguments_of(service, first["id"])
    visitor.get(f"/jobs/{second['id']}")


def test_the_command_of_a_copy_copies_the_same_objects_again(service, bucket, rclone, anna, connection):
    other = Bucket(rclone, f"{bucket.name}-other")
    given = cval_storage(other) | {"synchronize": False}
    target = requests.post(service.url + "/api/cloud", json=given, headers=anna.headers, timeout=60).json()["id"]
    keys = ["extra 1", "f0.txt", HOSTILE, "END", "line\nEND\n"]
    asked = {"source": connection, "target": target, "objects": keys, "prefix": "in to/", "conflict": "overwrite"}
    first = requests.post(service.url + "/copy", json=asked, headers=anna.headers, timeout=30).json()
    visitor = Visitor(service, anna)
    second = in_a_shell(command_of(visitor, first["id"]), KEY=anna.key)
    done = visitor.ended(second["id"])

    assert arguments_of(service, second["id"]) == arguments_of(service, first["id"])
    assert (done["done"]["uploads"], done["failed"]) == (2, 3)
    assert set(bucket_objects(rclone, other.name)) == {"in to/extra 1", "in to/f0.txt"}
    other.drop()
    other.close()
