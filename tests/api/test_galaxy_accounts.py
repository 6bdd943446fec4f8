"""The Galaxy dialect around accounts and the server, over HTTP."""

import base64
import itertools

import pytest
import requests

from app.accounts.caller import Role
from tests.support.galaxy import Galaxy
from tests.support.service import running_service

_numbers = itertools.count()

VERSION = {"version_major": "24.1", "version_minor": "4", "extra": {}}


@pytest.fixture
def new_person(service):
    """A function that makes a person."""

    def make(role=Role.USER, password=None, name="", **key):
        return service.person(name or f"account-{next(_numbers)}", role, password, **key)

    return make


@pytest.fixture
def ann(service, new_person):
    return Galaxy(service, new_person())


@pytest.fixture
def root(service, new_person):
    return Galaxy(service, new_person(Role.ADMIN))


def refusal(answer):
    """Return the status, the code and the text of an error."""
    body = answer.json()
    assert [*body][:2] == ["err_msg", "err_code"]
    return answer.status_code, body["err_code"], body["err_msg"]


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"Authorization": "what is this"}], ids=["nobody", "a wrong key", "nonsense"])  # fmt: skip
@pytest.mark.parametrize("path", ["/api/version", "/api/version/"])
def test_the_version_is_for_everybody_whatever_he_says_that_he_is(service, path, headers):
    answer = requests.get(service.url + path, headers=headers, timeout=60, allow_redirects=False)

    assert (answer.status_code, answer.json()) == (200, VERSION)


def test_the_caller_is_told_who_he_is(service, new_person):
    person = new_person(name=f"account-{next(_numbers)}@example.org")
    galaxy = Galaxy(service, person)

    said = galaxy.told("GET", "/api/whoami")

    assert said == {
        "model_class": "User", "id": said["id"], "username": person.name, "email": person.name, "active": True, "deleted": False, "is_admin": False,
    }  # fmt: skip
    assert (
        galaxy.told("GET", "/api/users/current").items()
        >= {**said, "total_disk_usage": 0, "quota": "unlimited"}.items()
    )


def test_a_name_that_is_no_address_is_no_email(ann):
    assert ann.told("GET", "/api/whoami")["email"] == ""


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        pytest.param({}, "", (403, 403008, "Action requires user authentication."), id="nobody"),
        pytest.param(
            {"x-api-key": "wrong"}, "", (401, 401001, "Provided API key is not valid."), id="a wrong key in the header"
        ),
        pytest.param(
            {}, "?key=wrong", (401, 401001, "Provided API key is not valid."), id="a wrong key in the address"
        ),
        pytest.param(
            {"Authorization": "Bearer wrong"}, "", (401, 401001, "Provided API key is not valid."), id="a wrong token"
        ),
    ],
)
def test_who_is_nobody_is_told_so_in_galaxys_words(service, headers, query, expected):
    answer = requests.get(f"{service.url}/api/whoami{query}", headers=headers, timeout=60)

    assert refusal(answer) == expected
    assert ("WWW-Authenticate" in answer.headers) is (answer.status_code == 401)


def test_a_key_comes_in_every_place_that_clients_of_galaxy_use(service, new_person):
    person = new_person()
    name = [
        requests.get(service.url + "/api/whoami", timeout=60, **sent).json()["username"]
        for sent in (
            {"headers": {"x-api-key": person.key}},
            {"headers": {"Authorization": f"Bearer {person.key}"}},
            {"params": {"key": person.key}},
        )
    ]

    assert name == [person.name] * 3


@pytest.mark.parametrize("word", ["", "Basic ", "basic "], ids=["without the word", "Basic", "basic"])
def test_a_name_and_a_password_give_a_key(service, new_person, word):
    person = new_person(password="correct horse 7")
    told = base64.b64encode(f"{person.name}:correct horse 7".encode()).decode()

    answer = requests.get(
        service.url + "/api/authenticate/baseauth", headers={"Authorization": word + told}, timeout=60
    )

    assert answer.status_code == 200, answer.text
    key = answer.json()["api_key"]
    assert (
        requests.get(service.url + "/api/whoami", headers={"x-api-key": key}, timeout=60).json()["username"]
        == person.name
    )


def test_a_key_in_the_place_of_the_password_is_given_back_and_may_do_no_more(service, new_person):
    person = new_person(read_only=True)
    told = base64.b64encode(f"{person.name}:{person.key}".encode()).decode()

    answer = requests.get(service.url + "/api/authenticate/baseauth", headers={"Authorization": told}, timeout=60)

    assert answer.json() == {"api_key": person.key}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="nothing"),
        pytest.param("", id="an empty header"),
        pytest.param("!!!!", id="no base64"),
        pytest.param(base64.b64encode(b"no colon").decode(), id="no colon"),
        pytest.param(base64.b64encode(b"nobody-at-all:secret").decode(), id="an unknown user"),
        pytest.param("Basic", id="the word alone"),
        pytest.param(base64.b64encode(b"x:\xff").decode(), id="no UTF-8"),
    ],
)
def test_what_signs_nobody_in_is_a_wrong_password(closed, address, given):
    headers = address | ({} if given is None else {"Authorization": given})

    answer = requests.get(closed.url + "/api/authenticate/baseauth", headers=headers, timeout=60)

    assert refusal(answer)[:2] == (401, 401001)


def test_who_says_no_name_is_told_how_to(service):
    answer = requests.get(service.url + "/api/authenticate/baseauth", timeout=60)

    assert refusal(answer) == (401, 401001, "Say who you are: Authorization: Basic base64(NAME:PASSWORD).")


def test_an_unknown_user_and_a_wrong_password_are_told_alike(closed, address):
    person = closed.person(f"account-{next(_numbers)}", password="correct horse 7")
    said = set()
    for name in (person.name, "nobody-at-all"):
        told = base64.b64encode(f"{name}:wrong".encode()).decode()
        answer = requests.get(
            closed.url + "/api/authenticate/baseauth", headers=address | {"Authorization": told}, timeout=60
        )
        said.add(refusal(answer))

    assert said == {(401, 401001, "Invalid password.")}


def test_too_many_wrong_passwords_are_throttled_here_too(closed, address):
    person = closed.person(f"account-{next(_numbers)}", password="correct horse 7")
    told = base64.b64encode(f"{person.name}:wrong".encode()).decode()
    headers = address | {"Authorization": told}

    answers = [requests.get(closed.url + "/api/authenticate/baseauth", headers=headers, timeout=60) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert refusal(answers[-1])[1] == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}], ids=["by Fetch Metadata", "by Origin"])  # fmt: skip
def test_another_site_signs_nobody_in(service, new_person, headers):
    person = new_person(password="correct horse 7")
    told = base64.b64encode(f"{person.name}:correct horse 7".encode()).decode()

    answer = requests.get(
        service.url + "/api/authenticate/baseauth", headers=headers | {"Authorization": told}, timeout=60
    )

    assert refusal(answer)[:2] == (403, 403002)


def test_the_configuration_is_for_everybody(service):
    said = requests.get(service.url + "/api/configuration", timeout=60).json()

    assert said["brand"] == "Sluice"
    assert (said["version_major"], said["allow_user_creation"], said["enable_quotas"]) == ("24.1", False, False)


ADMINS = [("PUT", "/api/configuration/toolbox"), ("GET", "/api/configuration/encode/1"), ("GET", "/api/configuration/decode/f2db41e1fa331b3e"), ("GET", "/api/job_lock"), ("PUT", "/api/job_lock")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ADMINS, ids=[path for _, path in ADMINS])
def test_what_is_for_admins_is_for_nobody_else(ann, method, path):
    answer = ann.call(method, path, json={} if method == "PUT" else None)

    assert refusal(answer) == (403, 403006, "You must be an administrator to access this feature.")


def test_admins_turn_numbers_into_ids_and_back(root):
    assert root.told("GET", "/api/configuration/encode/42")["encoded_id"] == root.encoded(42)
    assert root.told("GET", f"/api/configuration/decode/{root.encoded(42)}") == {"decoded_id": 42}
    assert refusal(root.call("GET", "/api/configuration/decode/nonsense"))[:2] == (400, 400009)


def test_there_is_no_toolbox_to_load_anew(root):
    assert root.told("PUT", "/api/configuration/toolbox") is None


@pytest.mark.slow
def test_an_admin_holds_the_queue_and_lets_it_go(tmp_path, rclone):
    with running_service(tmp_path, rclone) as service:
        root = Galaxy(service, service.person("root", Role.ADMIN))
        assert root.told("GET", "/api/job_lock") == {"active": False}

        assert root.told("PUT", "/api/job_lock", json={"active": True}) == {"active": True}
        assert root.told("GET", "/api/job_lock") == {"active": True}
        (service.uploads / "a").mkdir()
        job = service.sync(source="a", dest="held-queue", wait=2)
        assert job["status"] == "queued"

        assert root.told("PUT", "/api/job_lock", json={"active": False}) == {"active": False}
        service.finished(job["id"])


def test_tools_come_in_sections_or_without(ann):
    flat = ann.told("GET", "/api/tools", params={"in_panel": "False"})
    sections = ann.told("GET", "/api/tools")

    assert [tool["id"] for tool in flat] == ["upload1", "send_to_cloud"]
    assert all(tool["model_class"].endswith("Tool") and tool["name"] and tool["version"] for tool in flat)
    assert [tool for section in sections for tool in section["elems"]] == flat
    assert ann.told("GET", "/api/tools/send_to_cloud") == flat[1]
    assert refusal(ann.call("GET", "/api/tools/cat1")) == (404, 404001, "Could not find tool with id 'cat1'.")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        pytest.param("GET", "/api/histories/x/y/z", (404, 404001), id="no such route"),
        pytest.param("GET", "/api/configuration/nothing", (404, 404001), id="no such part"),
        pytest.param("PATCH", "/api/histories", (405, 0), id="no such method"),
        pytest.param("POST", "/api/whoami", (405, 0), id="no such method of one"),
    ],
)
def test_what_is_not_there_has_this_dialects_form(ann, method, path, expected):
    answer = ann.call(method, path)

    assert refusal(answer)[:2] == expected
    assert ("Allow" in answer.headers) is (answer.status_code == 405)
