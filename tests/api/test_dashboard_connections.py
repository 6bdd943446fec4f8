"""The pages of connections without a browser: what they keep, what they refuse and how, and what they never show."""

import json
import re
from base64 import b64encode
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.accounts.caller import OrganisationRole, Role
from tests.support.azurite import ACCOUNT, client_of
from tests.support.buckets import Bucket, own_bucket
from tests.support.gcs_keys import EMAIL, key_file
from tests.support.pictures import decoded, picture
from tests.support.servers import ACCESS_KEY

CANARY = "canary-4f1d7be2"


class Visitor:
    """Somebody who fills in forms without a script; no answer that he gets holds the canary or the right secret."""

    def __init__(self, service, person, secrets):
        self.service, self.person, self.secrets = service, person, secrets

    def get(self, path, status=200, **query):
        return self._answer("GET", path, status, params=query)

    def post(self, path, status=303, files=None, **fields):
        return self._answer("POST", path, status, data=fields, files=files)

    def make(self, kind="s3", status=303, files=None, **fields):
        return self.post(f"/connections/new?kind={kind}", status, files, **fields)

    def made(self, **fields):
        """Make a connection and return the path of its page."""
        return urlsplit(self.make(**fields).headers["Location"]).path

    def _answer(self, method, path, status, **sent):
        answer = requests.request(
            method, self.service.url + path, headers=self.person.headers, allow_redirects=False, timeout=60, **sent
        )
        assert answer.status_code == status, answer.text
        assert not [secret for secret in self.secrets if secret in answer.text]
        return answer


@pytest.fixture
def new_visitor(closed, rclone, name):
    numbers = iter(range(100))

    def make(role=Role.USER, **key):
        return Visitor(closed, closed.person(f"{name}-{next(numbers)}", role, **key), [CANARY, rclone.secret_key])

    return make


@pytest.fixture
def visitor(new_visitor):
    return new_visitor()


@pytest.fixture
def bucket(rclone, name):
    with own_bucket(rclone, name) as bucket:
        yield bucket


@pytest.fixture
def s3(rclone, bucket):
    """What is filled in for a bucket that is there."""
    keys = {"access_key": ACCESS_KEY, "secret_key": rclone.secret_key}
    return {"form": "keys", "endpoint": rclone.endpoint, "bucket": bucket.name, "checked": "on", **keys}


@pytest.fixture
def lab(closed, name):
    """Make an organisation and members of it."""
    slug = name[:16]

    def make(owner, **members):
        with closed.accounts() as accounts:
            accounts.create_organisation(slug, "", owner.person.name)
            for role, member in members.items():
                accounts.set_member(slug, member.person.name, OrganisationRole(role))
            return {"id": accounts.organisation(slug).id, "slug": slug}

    return make


def facts(html):
    """The facts of a connection's page, by their labels."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html, re.DOTALL)
    return {label: unescape(re.sub(r"<[^>]+>", "", text)).strip() for label, text in found}


def error_at(html, field):
    """What stands beside a field, which is marked and says so to who cannot see that."""
    found = re.search(rf'<p class="error" id="{field}-error">(.*?)</p>', html, re.DOTALL)
    control = re.search(rf'<(?:input|textarea|select|fieldset)[^>]*aria-describedby="{field}-error[^>]*>', html)
    assert control, f"nothing is described by {field}-error"
    return unescape(found[1])


def seen(html):
    """What the form for a change says of the version that it was filled with."""
    return re.search(r'name="seen" value="([^"]*)"', html)[1]


def notice(html):
    return unescape(re.search(r'<p class="notice[^>]*>(.*?)</p>', html, re.DOTALL)[1])


PAGES = ["/connections", "/connections/new", "/connections/{id}", "/connections/{id}/edit", "/connections/{id}/browse"]


class TestWhoMay:
    @pytest.mark.parametrize("path", PAGES)
    def test_nobody_gets_the_form_for_signing_in(self, service, closed, visitor, s3, path):
        page = visitor.made(**s3)
        for one in (service, closed):  # who says nothing may start jobs in the first, and has no connection there
            answer = requests.get(one.url + path.format(id=page.rpartition("/")[2]), timeout=30)
            assert answer.status_code == 401
            assert 'name="password"' in answer.text

    @pytest.mark.parametrize("do", ["edit", "delete", "switch", "test"])
    def test_a_stranger_is_told_that_there_is_none(self, visitor, new_visitor, s3, do):
        page, stranger = visitor.made(**s3), new_visitor()
        assert "There is no connection yet." in stranger.get("/connections").text
        for path in ("", "/edit", "/browse", "/thumbnail"):
            stranger.get(page + path, 404, object="a.png")
        stranger.post(f"{page}/{do}", 404, do="on", form="keys", name="x")
        assert facts(visitor.get(page).text)["Bucket"] == s3["bucket"]

    def test_a_supervisor_sees_and_changes_nothing(self, visitor, new_visitor, lab, s3):
        supervisor = new_visitor()
        organisation = lab(visitor, supervisor=supervisor)
        page = visitor.made(organisation=organisation["id"], **s3)
        assert s3["bucket"] in supervisor.get("/connections").text
        shown = supervisor.get(page).text
        assert facts(shown)["Belongs to"] == f"{visitor.person.name}, in {organisation['slug']}"
        assert "Available." in notice(supervisor.post(f"{page}/test", 200).text)
        for path in ("edit", "delete"):
            assert f"{page}/{path}" not in shown
            supervisor.post(f"{page}/{path}", 403, form="keys", name="x")
        assert 'value="on"' not in shown
        supervisor.post(f"{page}/switch", 403, do="on")
        supervisor.get(f"{page}/edit", 403)

    def test_a_maintainer_changes_what_others_made(self, visitor, new_visitor, lab, s3):
        maintainer = new_visitor()
        page = visitor.made(organisation=lab(visitor, maintainer=maintainer)["id"], **s3)
        maintainer.post(f"{page}/edit", **{**s3, "secret_key": "", "access_key": ""}, name="renamed")
        assert "<bdi>renamed</bdi>" in visitor.get(page).text

    def test_a_worker_makes_none_in_his_organisation_and_is_not_offered_to(self, visitor, new_visitor, lab, s3):
        worker = new_visitor()
        organisation = lab(visitor, worker=worker)
        assert 'name="organisation"' not in worker.get("/connections/new").text
        worker.make(status=403, organisation=organisation["id"], **s3)

    def test_a_key_that_may_only_read_sees_no_button_and_is_refused(self, new_visitor, s3):
        reader, worker = new_visitor(read_only=True), new_visitor(Role.WORKER)
        for one in (reader, worker):
            assert "/connections/new" not in one.get("/connections").text
            one.get("/connections/new", 403)
            one.make(status=403, **s3)


class TestMaking:
    def test_a_bucket_is_asked_for_and_kept(self, visitor, s3):
        made = visitor.make(**s3, name="Photos", description="of <b>2026</b>", prefix="a/", region="eu-central-1")
        page = urlsplit(made.headers["Location"])
        assert parse_qs(page.query) == {"done": ["made"]}
        shown = visitor.get(f"{page.path}?{page.query}").text
        assert "The connection was kept." in shown
        assert "of &lt;b&gt;2026&lt;/b&gt;" in shown
        known = facts(shown)
        assert {known[name] for name in ("Kind", "Bucket", "Address")} == {"S3", s3["bucket"], s3["endpoint"]}
        assert (known["Prefix"], known["Region"], known["Local mirror"]) == ("a/", "eu-central-1", "no")
        assert known["Credentials"] == f"Access key and secret key, ending with {ACCESS_KEY[-4:]}"

    @pytest.mark.parametrize(
        ("wrong", "field", "sentence"),
        [
            pytest.param({"bucket": "NO"}, "bucket", "Not a bucket name", id="a bucket that cannot be"),
            pytest.param({"bucket": ""}, "bucket", "must not be empty", id="no bucket"),
            pytest.param({"endpoint": "ftp://x"}, "endpoint", "Use an http or https address", id="no address"),
            pytest.param(
                {"endpoint": f"http://me:{CANARY}@x"}, "endpoint", "Leave keys out", id="an address with keys"
            ),
            pytest.param({"endpoint": "http://169.254.169.254"}, "endpoint", "refused", id="a metadata service"),
            pytest.param({"region": "!"}, "region", "Use letters", id="a region that cannot be"),
            pytest.param({"access_key": ""}, "access_key", "must not be empty", id="no access key"),
            pytest.param({"secret_key": ""}, "secret_key", "must not be empty", id="no secret key"),
            pytest.param({"secret_key": f"{CANARY}\n"}, "secret_key", "no control characters", id="a key with a line"),
            pytest.param({"prefix": "/a"}, "prefix", "without '/' at its start", id="a prefix that cannot be"),
            pytest.param({"name": "x" * 64}, "name", "1 to 63 characters", id="a long name"),
            pytest.param({"manifests": "a\n" * 101}, "manifests", "Use 100 at most", id="too many manifests"),
            pytest.param({"description": "x" * 65537}, "description", "at most 65,536", id="a long description"),
            pytest.param({"form": "nonsense"}, "credentials", "Choose one", id="no form of credentials"),
            pytest.param({"form": "key_file"}, "credentials", "Use one of keys", id="a form of another kind"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(self, visitor, s3, wrong, field, sentence):
        shown = visitor.make(status=422, **{**s3, "name": "Typed <name>", "session_token": CANARY, **wrong}).text
        assert sentence in error_at(shown, field)
        assert "Nothing was kept." in notice(shown)
        assert wrong.get("name") or 'value="Typed &lt;name&gt;"' in shown
        assert "Typed" not in visitor.get("/connections").text

    @pytest.mark.parametrize(
        ("wrong", "sentences"),
        [
            pytest.param({"secret_key": CANARY}, ["Check the credentials."], id="the wrong secret"),
            pytest.param({"bucket": "not-made-yet"}, ["not-made-yet", "Check the name."], id="no such bucket"),
            pytest.param({"endpoint": "http://127.0.0.1:9"}, ["Check the address"], id="nothing there"),
        ],
    )
    def test_what_the_storage_says_is_told_with_what_to_do(self, visitor, s3, wrong, sentences):
        shown = notice(visitor.make(status=422, **{**s3, **wrong}).text)
        for sentence in ("Nothing was kept.", "ntick", *sentences):
            assert sentence in shown
        assert visitor.make(**{**s3, **wrong, "checked": ""}).headers["Location"]

    def test_a_manifest_that_is_not_there_is_told_at_its_field(self, visitor, s3, bucket):
        bucket.put({"m.jsonl": b""})
        shown = visitor.make(status=422, manifests="m.jsonl\r\ngone.jsonl", **s3).text
        assert "gone.jsonl" in error_at(shown, "manifests")
        assert visitor.make(manifests="m.jsonl\r\n", **s3)

    def test_a_local_mirror_is_kept_from_the_start(self, visitor, s3):
        page = visitor.made(synchronise="on", **s3)
        assert facts(visitor.get(page).text)["Local mirror"] == "kept"
        visitor.post(f"{page}/delete")  # or its synchronisations would be among the jobs of tests to come

    def test_a_public_bucket_needs_no_keys(self, visitor, s3):
        page = visitor.made(**{**s3, "form": "anonymous", "checked": ""})
        assert facts(visitor.get(page).text)["Credentials"] == "None: everybody may read it"

    @pytest.mark.parametrize("kind", ["s3", "azure", "gcs", "gdrive", "nonsense"])
    def test_each_kind_has_a_form_of_its_own(self, visitor, kind):
        shown = visitor.get("/connections/new", kind=kind).text
        fields = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', shown))
        own = {
            "azure": {"account", "token", "connection_string"},
            "gcs": {"key_file", "project", "location"},
            "gdrive": set(),
        }.get(kind, {"access_key", "secret_key", "session_token", "region"})
        assert own <= fields
        assert ("bucket" in fields) is (kind != "gdrive")


class TestOtherKinds:
    @pytest.mark.parametrize("form", ["connection_string", "account_token"])
    def test_a_container_of_azure(self, visitor, azurite, name, form):
        with client_of(azurite.container(name)) as client:
            client.create_container()
        string = f"BlobEndpoint={azurite.url};AccountName={ACCOUNT};AccountKey={azurite.account_key}"
        visitor.secrets.append(azurite.account_key)
        given = {
            "connection_string": {"connection_string": string},
            "account_token": {"token": azurite.account_key, "account": ACCOUNT, "endpoint": azurite.url},
        }[form]
        page = visitor.made(kind="azure", form=form, bucket=name, checked="on", **given)
        known = facts(visitor.get(page).text)
        assert (known["Container"], known["Account"], known["Address"]) == (name, ACCOUNT, azurite.url)
        assert "Available." in notice(visitor.post(f"{page}/test", 200).text)
        kept = {"endpoint": azurite.url, "account": ACCOUNT} if form == "account_token" else {}
        visitor.post(f"{page}/edit", form=form, bucket=name, name="Other", **kept)
        elsewhere = {"endpoint": "http://127.0.0.1:9", "account": ACCOUNT}
        if form == "account_token":  # it would be sent there
            shown = visitor.post(f"{page}/edit", 422, form=form, bucket=name, name="Other", **elsewhere).text
            assert "Give these anew" in error_at(shown, "credentials")
        wrong = {"token": b64encode(CANARY.encode()).decode()}
        shown = visitor.make("azure", 422, form="account_token", bucket=name, checked="on", account=ACCOUNT, endpoint=azurite.url, **wrong)  # fmt: skip
        assert wrong["token"] not in shown.text

    def test_a_bucket_of_google(self, visitor, emulated_gcs, name):
        told = json.dumps(key_file())
        visitor.secrets.append(key_file()["private_key"][40:80])
        requests.post(f"{emulated_gcs}/storage/v1/b?project=p", json={"name": name}, timeout=30).raise_for_status()
        given = {"form": "key_file", "bucket": name, "endpoint": emulated_gcs}
        page = visitor.made(kind="gcs", files={"key_file": ("key.json", told)}, **given)
        assert facts(visitor.get(page).text)["Credentials"] == f"Key file of a service account, {EMAIL}"
        visitor.post(f"{page}/edit", name="Other", **given)
        shown = visitor.post(f"{page}/edit", 422, files={"key_file": ("k", f"[{CANARY}")}, name="Other", **given).text
        assert "key_file" in shown
        assert error_at(shown, "key_file")
        assert error_at(visitor.make("gcs", 422, **given).text, "key_file")
        public = visitor.made(kind="gcs", form="anonymous", bucket=name, endpoint=emulated_gcs, checked="on")
        assert "Available." in notice(visitor.post(f"{public}/test", 200).text)

    def test_a_drive_is_refused_in_words_where_nobody_has_set_it_up(self, visitor):
        assert "Connect a Google account" in visitor.get("/connections/new", kind="gdrive").text
        assert "GOOGLE_CLIENT_ID" in visitor.post("/connections/google", 503).json()["error"]
        assert (
            "GOOGLE_CLIENT_ID" in visitor.post("/connections/google/finish", 503, code="c", state="s").json()["error"]
        )


class TestChanging:
    def test_secrets_stay_unless_others_are_typed(self, visitor, s3):
        page = visitor.made(**s3)
        kept = {**s3, "access_key": "", "secret_key": "", "name": "Renamed"}
        visitor.post(f"{page}/edit", **kept)
        assert "Available." in notice(visitor.post(f"{page}/test", 200).text)
        assert "Check the credentials." in notice(
            visitor.post(f"{page}/edit", 422, **{**kept, "secret_key": CANARY}).text
        )
        visitor.post(f"{page}/edit", **{**kept, "secret_key": CANARY, "checked": ""})
        shown = notice(visitor.post(f"{page}/test", 200).text)
        assert "refuses the credentials" in shown
        visitor.post(f"{page}/edit", **{**kept, "secret_key": s3["secret_key"]})
        assert "They allow to read and to write objects." in notice(visitor.post(f"{page}/test", 200).text)

    def test_what_another_tab_has_changed_is_replaced_by_who_knows_of_it_alone(self, visitor, s3):
        page = visitor.made(**s3)
        form = {
            **s3,
            "access_key": "",
            "secret_key": "",
            "name": "Mine",
            "seen": seen(visitor.get(f"{page}/edit").text),
        }
        visitor.post(f"{page}/edit", **{**form, "name": "Theirs"})
        refused = visitor.post(f"{page}/edit", 409, **form).text
        assert "Nothing was kept" in notice(refused)
        assert 'value="Mine"' in refused
        assert "<h1><bdi>Theirs</bdi></h1>" in visitor.get(page).text
        visitor.post(f"{page}/edit", **{**form, "seen": seen(refused)})
        assert "<h1><bdi>Mine</bdi></h1>" in visitor.get(page).text

    def test_a_refused_form_says_that_secrets_must_be_typed_again(self, visitor, s3):
        page = visitor.made(**s3)
        assert "type it again" not in visitor.get(f"{page}/edit").text
        assert "type it again" in visitor.post(f"{page}/edit", 422, **{**s3, "bucket": ""}).text

    def test_the_form_is_filled_with_what_is_kept(self, visitor, s3):
        page = visitor.made(**s3, name="Photos", prefix="a/b", description="line\r\nand line", manifests="")
        shown = visitor.get(f"{page}/edit").text
        filled = dict(re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', shown))
        assert filled == {
            "name": "Photos", "prefix": "a/b", "bucket": s3["bucket"], "endpoint": s3["endpoint"], "region": "us-east-1",
            "access_key": "",
        }  # fmt: skip
        assert ">\nline\nand line</textarea>" in shown
        assert not re.search(r'type="password"[^>]*value=', shown)

    def test_what_is_not_touched_is_as_it_was(self, closed, visitor, s3):
        """Also the words of whoever made it by another dialect."""
        sent = {
            "provider_type": "AWS_S3_BUCKET", "resource": s3["bucket"], "display_name": "By CVAT",
            "credentials_type": "KEY_SECRET_KEY_PAIR", "key": ACCESS_KEY, "secret_key": s3["secret_key"],
            "specific_attributes": f"endpoint_url={s3['endpoint'].replace(':', '%3A').replace('/', '%2F')}",
        }  # fmt: skip
        headers = visitor.person.headers
        made = requests.post(f"{closed.url}/api/cloudstorages", json=sent, headers=headers, timeout=30).json()
        page = re.search(r'href="(/connections/[0-9a-f-]{36})"', visitor.get("/connections").text)[1]
        form = {
            **s3,
            "access_key": "",
            "secret_key": "",
            "name": "Renamed",
            "region": facts(visitor.get(page).text)["Region"],
        }
        visitor.post(f"{page}/edit", **form)
        now = requests.get(f"{closed.url}/api/cloudstorages/{made['id']}", headers=headers, timeout=30).json()
        assert (now["display_name"], now["specific_attributes"]) == ("Renamed", sent["specific_attributes"])

    def test_another_form_of_credentials_wants_all_of_its_own(self, visitor, s3):
        page = visitor.made(**s3)
        visitor.post(f"{page}/edit", **{**s3, "form": "anonymous", "name": "n", "checked": ""})
        assert "everybody may read" in facts(visitor.get(page).text)["Credentials"]
        again = {**s3, "name": "n", "access_key": ""}
        assert "must not be empty" in error_at(visitor.post(f"{page}/edit", 422, **again).text, "access_key")
        visitor.post(f"{page}/edit", **{**s3, "name": "n"})

    def test_the_mirror_is_switched_and_run(self, visitor, s3):
        page = visitor.made(**s3)
        assert visitor.post(f"{page}/switch", do="on").headers["Location"].endswith("?done=on")
        shown = visitor.get(page).text
        assert facts(shown)["Local mirror"] == "kept"
        assert "Synchronisation" in shown
        job = visitor.post(f"{page}/switch", do="run").headers["Location"]
        assert re.fullmatch(r"/jobs/[0-9a-f-]{36}", job)
        assert job in visitor.get(page).text
        visitor.post(f"{page}/switch", do="off")
        assert facts(visitor.get(page).text)["Local mirror"] == "no"
        visitor.post(f"{page}/switch", 422, do="nonsense")

    def test_a_connection_is_deleted_and_its_objects_stay(self, visitor, s3, bucket):
        bucket.put({"kept.txt": b"kept"})
        page = visitor.made(**s3)
        assert "/connections?done=deleted" in visitor.post(f"{page}/delete").headers["Location"]
        visitor.get(page, 404)
        other = visitor.made(**s3)
        assert "kept.txt" in visitor.get(f"{other}/browse").text


class TestTheList:
    def test_it_says_so_when_there_is_none(self, visitor):
        assert "There is no connection yet." in visitor.get("/connections").text

    @pytest.mark.slow
    def test_many_are_paged_by_name_and_filtered(self, visitor, s3):
        for number in range(60):
            visitor.make(**{**s3, "checked": ""}, name=f"Bucket {number:02}")

        def names(**query):
            return re.findall(
                r'<th scope="row"[^>]*><a[^>]*><bdi>(.*?)</bdi>', visitor.get("/connections", **query).text
            )

        assert names() == [f"Bucket {number:02}" for number in range(50)]
        assert names(page=2) == names(page=99) == [f"Bucket {number:02}" for number in range(50, 60)]
        assert names(page="x") == names(page=-1) == names()
        assert names(text="bucket 3") == [f"Bucket {number}" for number in range(30, 40)]
        assert names(text="nothing of that sort") == []


ODD = [
    "a b.png",
    "a?b#c.png",
    "100%.png",
    "a+b.png",
    "<script>alert(1).png",
    "\u202egnp.exe.png",
    "ä'\".png",
    "a&b;c.png",
]


class TestBrowsing:
    def test_folders_come_first_with_sizes_and_times_behind_them(self, visitor, s3, bucket):
        bucket.put({"b.txt": b"x" * 2048, "sub/deep/c.png": picture()})
        page = visitor.made(**s3)
        top = visitor.get(f"{page}/browse").text
        assert top.index(">sub<") < top.index(">b.txt<")
        assert "2.0 KiB" in top
        assert re.search(r'<time datetime="20\d\d-', top)
        assert ">deep<" in visitor.get(f"{page}/browse", prefix="sub/").text
        deep = visitor.get(f"{page}/browse", prefix="sub/deep/").text
        assert re.findall(r'<li><(?:a href="([^"]*)"|span)', deep) == [
            f"{page}/browse",
            f"{page}/browse?prefix=sub%2F",
            "",
        ]

    @pytest.mark.parametrize("key", ODD)
    def test_odd_names_are_links_that_work_and_show_nothing_but_themselves(self, visitor, s3, bucket, key):
        bucket.put({f"{key}/{key}": picture((8, 8))})
        page = visitor.made(**s3)
        top = visitor.get(f"{page}/browse").text
        folder = unescape(re.search(r'<a href="([^"]*)"><bdi>[^<]*</bdi><span class="sr-only">, a folder', top)[1])
        inside = visitor.get(folder).text
        image = unescape(re.search(r'src="([^"]*thumbnail[^"]*)"', inside)[1])
        answer = visitor.get(image)
        assert decoded(answer.content).size == (8, 8)
        assert "<script>alert" not in inside
        assert "\u202e" not in re.sub(r'value="[^"]*"', "", inside)

    @pytest.mark.slow
    @pytest.mark.parametrize("key", ["a//b.png", "/lead.png", "a/\u2028.png", "./../b.png"])
    def test_keys_that_no_file_can_have_are_gone_through_too(self, visitor, moto, name, key):
        bucket = Bucket(moto, name)
        bucket.put({key: picture((8, 8))})
        keys = {"form": "keys", "access_key": ACCESS_KEY, "secret_key": moto.secret_key}
        address = f"{visitor.made(endpoint=moto.endpoint, bucket=name, **keys)}/browse"
        for _ in range(key.count("/")):
            found = re.search(
                r'<a href="([^"]*)"><bdi>[^<]*</bdi><span class="sr-only">, a folder', visitor.get(address).text
            )
            address = unescape(found[1])
        image = unescape(re.search(r'src="([^"]*thumbnail[^"]*)"', visitor.get(address).text)[1])
        assert decoded(visitor.get(image).content).size == (8, 8)
        bucket.drop()
        bucket.close()

    def test_a_name_of_two_lines_is_shown_in_one(self, visitor, emulated_gcs, name):
        requests.post(f"{emulated_gcs}/storage/v1/b?project=p", json={"name": name}, timeout=30).raise_for_status()
        upload = f"{emulated_gcs}/upload/storage/v1/b/{name}/o?uploadType=media&name=line%0Abreak.png"
        requests.post(upload, data=picture((8, 8)), timeout=30).raise_for_status()
        page = visitor.made(kind="gcs", form="anonymous", bucket=name, endpoint=emulated_gcs)
        shown = visitor.get(f"{page}/browse").text
        assert "line\u240abreak.png" in shown
        assert "/thumbnail?object=line%0Abreak.png&amp;v=" in shown  # the emulator itself does not find it

    def test_the_prefix_is_where_it_begins(self, visitor, s3, bucket):
        bucket.put({"top.txt": b"", "sub/in.txt": b"", "sub/deep/x.txt": b""})
        page = visitor.made(**s3, prefix="sub/")
        shown = visitor.get(f"{page}/browse").text
        assert "in.txt" in shown
        assert "top.txt" not in shown
        deep = visitor.get(f"{page}/browse", prefix="sub/deep/").text
        assert f'<a href="{page}/browse?prefix=sub%2F">' in deep
        assert f'<a href="{page}/browse">' not in re.search(r"<ol.*?</ol>", deep, re.DOTALL)[0]
        assert "top.txt" not in visitor.get(f"{page}/browse", prefix="t").text
        visitor.get(f"{page}/thumbnail", 404, object="top.png")

    def test_names_are_filtered_by_how_they_begin(self, visitor, s3, bucket):
        bucket.put({"sub/image_1.txt": b"", "sub/other.txt": b""})
        shown = visitor.get(f"{visitor.made(**s3)}/browse", prefix="sub/", start="im").text
        assert "image_1.txt" in shown
        assert "other.txt" not in shown
        assert 'name="prefix" value="sub/"' in shown
        assert 'name="start" value="im"' in shown

    @pytest.mark.slow
    def test_many_are_paged(self, visitor, s3, bucket):
        bucket.put({f"d/{number:03}.txt": b"" for number in range(250)})
        page, found = visitor.made(**s3), []
        address = f"{page}/browse?prefix=d/"
        while address:
            shown = visitor.get(address).text
            found.append(re.findall(r'<bdi class="name">(.*?)</bdi>', shown))
            more = re.search(r'rel="next" href="([^"]*)"', shown)
            address = unescape(more[1]) if more else None
        assert [len(names) for names in found] == [100, 100, 50]
        assert [one for names in found for one in names] == [f"{number:03}.txt" for number in range(250)]

    def test_a_manifest_is_shown_in_its_own_order(self, visitor, s3, bucket):
        lines = "".join(json.dumps({"name": name, "extension": ".png"}) + "\n" for name in ("10", "9", "sub/1"))
        bucket.put({"m.jsonl": f"{{}}\n{{}}\n{lines}".encode()})
        page = visitor.made(**s3, manifests="m.jsonl")
        shown = visitor.get(f"{page}/browse", manifest="m.jsonl").text
        assert re.findall(r"<bdi[^>]*>([^<]*)</bdi>(?:<span class=\"sr-only\">, a folder)?", shown)[-3:] == [
            "sub",
            "9.png",
            "10.png",
        ]
        assert "manifest=m.jsonl" in re.search(r'<a href="([^"]*)"><bdi>sub<', shown)[1]
        assert "gone.jsonl'" in notice(visitor.get(f"{page}/browse", 422, manifest="gone.jsonl").text)

    def test_a_storage_in_trouble_is_told_on_the_page(self, visitor, s3):
        page = visitor.made(**{**s3, "bucket": "not-there", "checked": ""})
        assert "not-there" in notice(visitor.get(f"{page}/browse", 502).text)
        visitor.get(f"{page}/browse", 422, token="nonsense")

    def test_thumbnails_are_kept_by_browsers_for_their_version(self, visitor, s3, bucket):
        bucket.put({"a.png": picture((800, 400)), "b.png": b"no image", "c.txt": b""})
        page = visitor.made(**s3)
        made = visitor.get(f"{page}/thumbnail", object="a.png", v="1")
        assert (made.headers["Content-Type"], decoded(made.content).size) == ("image/jpeg", (256, 128))
        assert made.headers["Cache-Control"] == "private, max-age=86400, immutable"
        assert made.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in made.headers["Content-Security-Policy"]
        assert visitor.get(f"{page}/thumbnail", object="a.png").headers["Cache-Control"] == "no-store"
        for key, status in (("gone.png", 404), ("b.png", 422), ("c.txt", 422), ("", 422)):
            assert visitor.get(f"{page}/thumbnail", status, object=key, v="1").headers["Cache-Control"] == "no-store"

    def test_another_version_has_another_address(self, visitor, s3, bucket):
        page, found = visitor.made(**s3), []
        for colour in (0, 255):
            bucket.put({"a.png": picture((8, 8), colour=(colour, 0, 0))})
            found.append(re.search(r'src="([^"]*thumbnail[^"]*)"', visitor.get(f"{page}/browse").text)[1])
        assert found[0] != found[1]
