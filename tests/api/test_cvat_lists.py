"""The list of cloud storages over HTTP: pages, filters, search, order and organisations, and who may see what."""

import json
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts.caller import OrganisationRole, Role
from tests.support.buckets import Bucket
from tests.support.cvat import NOT_ALLOWED, World, made, refused

NAMES = ["Cars", "bikes", "Boats at sea", "aeroplanes"]


@pytest.fixture(scope="module")
def world(tmp_path_factory, rclone):
    with closing(World(tmp_path_factory.mktemp("lists"), rclone)) as world:
        for place, name in enumerate(NAMES):
            world.kept(name=name, description=f"Number {place}")
        azure = {"endpoint": "http://127.0.0.1:9", "account": "bobs", "bucket": "photos"}
        world.kept("bob", kind="azure", name="Cars", address=azure, credentials={}, form="anonymous")
        yield world


def listed(world, who="ann", **query):
    answer = world.send("GET", who=who, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def names(world, **query):
    return [storage["display_name"] for storage in listed(world, **query)["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({}, NAMES[::-1], id="the newest first"),
        pytest.param({"name": "Cars"}, ["Cars"], id="by name"),
        pytest.param({"name": "cars"}, [], id="in its own case only"),
        pytest.param({"owner": "ann", "sort": "id"}, NAMES, id="by owner"),
        pytest.param({"owner": "bob"}, [], id="by an owner whose storages are not seen"),
        pytest.param({"resource": "photos", "name": ""}, NAMES[::-1], id="by resource"),
        pytest.param({"provider_type": "AWS_S3_BUCKET"}, NAMES[::-1], id="by provider"),
        pytest.param({"provider_type": "GOOGLE_CLOUD_STORAGE"}, [], id="by another provider"),
        pytest.param({"credentials_type": "ANONYMOUS_ACCESS"}, [], id="by credentials"),
        pytest.param({"search": "SEA boat"}, ["Boats at sea"], id="search"),
        pytest.param({"search": '"at sea"'}, ["Boats at sea"], id="search for a phrase"),
        pytest.param({"search": "photos,ann", "sort": "name"}, ["Boats at sea", "Cars", "aeroplanes", "bikes"], id="search in all fields"),
        pytest.param({"sort": "-name"}, ["bikes", "aeroplanes", "Cars", "Boats at sea"], id="by name, descending"),
        pytest.param({"sort": "nothing"}, NAMES[::-1], id="by what is no field"),
        pytest.param({"filter": json.dumps({"in": ["a", {"var": "name"}]}), "sort": "name"}, ["Boats at sea", "Cars", "aeroplanes"], id="JSON Logic"),
        pytest.param({"filter": json.dumps({"==": [{"var": "owner"}, "ann"]}), "search": "car"}, ["Cars"], id="all together"),
    ],
)  # fmt: skip
def test_a_list_holds_what_is_asked_for(world, query, found):
    assert names(world, **query) == found


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ({"provider_type": "X"}, ["Unsupported type of cloud provider"]),
        ({"credentials_type": "X"}, {"credentials_type": ["Select a valid choice. X is not one of the available choices."]}),
        ({"search": "\0"}, ["Null characters are not allowed."]),
        ({"filter": "{}"}, ["filter shouldn't be empty"]),
        ({"filter": '{"var":"x"}'}, ["filter: term 'x' is not supported"]),
        ({"filter": '{"var":"\\ud800"}'}, ["filter: term '?' is not supported"]),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_is_refused(world, query, document):
    refused(world.send("GET", query_string=query), document)


def test_pages_lead_to_each_other_and_keep_what_else_was_asked(world):
    query = {"page_size": "1", "sort": "id", "owner": "ann", "search": ""}
    first = listed(world, **query)
    second = listed(world, **{name: found[0] for name, found in parse_qs(urlsplit(first["next"]).query, True).items()})
    last = listed(world, **query, page="last")

    assert first["count"] == second["count"] == last["count"] == 4
    assert first["previous"] is None
    start = "http://localhost/api/cloudstorages?owner=ann&"
    assert first["next"] == start + "page=2&page_size=1&search=&sort=id"
    assert second["previous"] == start + "page_size=1&search=&sort=id"
    assert second["next"] == start + "page=3&page_size=1&search=&sort=id"
    assert [page["results"][0]["display_name"] for page in (first, second, last)] == ["Cars", "bikes", "aeroplanes"]
    assert last["next"] is None
    assert last["previous"] == start + "page=3&page_size=1&search=&sort=id"


def test_a_key_in_the_address_is_not_in_the_address_of_the_next_page(world):
    key = world.people["ann"]["Authorization"].removeprefix("Token ")
    answer = world.client.get("/api/cloudstorages", query_string={"key": key, "page_size": "1"})

    assert answer.json["next"] == "http://localhost/api/cloudstorages?page=2&page_size=1"


@pytest.mark.parametrize("size", ["0", "-1", "x", "", "1.5"])
def test_a_page_size_that_is_none_is_the_usual_one(world, size):
    assert len(listed(world, page_size=size)["results"]) == 4


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 30])
def test_a_page_that_is_none_is_not_found(world, page):
    refused(world.send("GET", query_string={"page": page}), {"detail": "Invalid page."}, 404)


def test_the_first_page_of_nothing_is_a_page(world):
    for page in ("1", "last", ""):
        assert listed(world, name="no such", page=page) == {"count": 0, "next": None, "previous": None, "results": []}


# Organisations


@pytest.fixture(scope="module")
def team(tmp_path_factory, rclone):
    """A world where each has a storage of his own, and the maintainer, the supervisor and boss one of the team's."""
    with closing(World(tmp_path_factory.mktemp("team"), rclone)) as world:
        for role in ("maintainer", "supervisor", "worker"):
            world.person(role, Role.USER, team=role)
        world.person("weak", Role.WORKER, team="supervisor")
        for who in ("maintainer", "supervisor", "worker", "boss", "ann"):
            world.kept(who, name=f"{who}'s")
        for who in ("maintainer", "boss"):
            world.kept(who, "team", name=f"{who}'s of team")
        world.kept("boss", "other", name="boss's of other")
        yield world


def seen(world, who, headers=None, **query):
    answer = world.send("GET", who=who, headers=headers, query_string={"sort": "name", **query})
    assert answer.status_code == 200, answer.text
    return [storage["display_name"] for storage in answer.json["results"]]


ALL = [
    "ann's", "boss's", "boss's of other", "boss's of team", "maintainer's", "maintainer's of team", "supervisor's",
    "worker's",
]  # fmt: skip
PERSONAL = [name for name in ALL if " of " not in name]
OF_TEAM = ["boss's of team", "maintainer's of team"]


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        pytest.param("root", {}, ALL, id="an admin: everything"),
        pytest.param("root", {"org": ""}, PERSONAL, id="an admin, none named: what is personal"),
        pytest.param("root", {"org": "team"}, OF_TEAM, id="an admin: an organisation"),
        pytest.param("boss", {}, ["boss's", "boss's of other", "boss's of team"], id="not said: one's own of all"),
        pytest.param("boss", {"org": ""}, ["boss's"], id="none: one's own of none"),
        pytest.param("boss", {"org_id": ""}, ["boss's"], id="none, by id"),
        pytest.param("boss", {"org": "team"}, OF_TEAM, id="an owner: all of the organisation"),
        pytest.param("maintainer", {"org": "team"}, OF_TEAM, id="a maintainer: all of it"),
        pytest.param("supervisor", {"org": "team"}, OF_TEAM, id="a supervisor: all of it"),
        pytest.param("worker", {"org": "team"}, [], id="a worker: his own of it"),
        pytest.param("weak", {"org": "team"}, [], id="a supervisor who is a worker here: his own of it"),
        pytest.param("wim", {}, [], id="any user has a list"),
    ],
)
def test_a_list_holds_what_the_caller_may_see(team, who, query, found):
    assert seen(team, who, **query) == found


def test_an_organisation_is_named_in_three_ways(team):
    number = str(team.organisations["team"])

    assert seen(team, "boss", {"X-Organization": "team"}) == OF_TEAM
    assert seen(team, "boss", {"X-Organization": ""}) == ["boss's"]
    assert seen(team, "boss", {"X-Organization": "team"}, org="team") == OF_TEAM
    assert seen(team, "boss", org_id=number) == OF_TEAM


BOTH = 'You cannot specify "org_id" query parameter with "org" query parameter or "X-Organization" HTTP header at the same time.'
DIFFERENT = 'You cannot specify "org" query parameter and "X-Organization" HTTP header with different values.'


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("GET", "/1"), ("DELETE", "/1"), ("GET", "/1/status")])  # fmt: skip
@pytest.mark.parametrize(
    ("query", "header", "document", "status"),
    [
        pytest.param({"org_id": "1", "org": "team"}, None, [BOTH], 400, id="id and slug"),
        pytest.param({"org_id": "1"}, "", [BOTH], 400, id="id and header"),
        pytest.param({"org": "team"}, "other", [DIFFERENT], 400, id="different ones"),
        pytest.param({"org_id": "x"}, None, ['The "org_id" query parameter must be a number.'], 400, id="no number"),
        pytest.param({"org": "no-such"}, None, {"detail": "no-such organization does not exist."}, 404, id="no slug"),
        pytest.param(
            {}, "no-such", {"detail": "no-such organization does not exist."}, 404, id="no slug in the header"
        ),
        pytest.param({"org_id": "999"}, None, {"detail": "999 organization does not exist."}, 404, id="no id"),
        pytest.param({"org_id": "-1"}, None, {"detail": "-1 organization does not exist."}, 404, id="an id below 0"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(team, method, path, query, header, document, status):
    headers = {} if header is None else {"X-Organization": header}

    refused(
        team.send(method, path, "boss", headers, query_string=query, json={} if method == "POST" else None),
        document,
        status,
    )


def test_who_is_no_member_lists_and_makes_nothing_there(team):
    for method in ("GET", "POST"):
        refused(team.send(method, who="ann", query_string={"org": "team"}), NOT_ALLOWED, 403)


# Who may do what


@pytest.mark.parametrize(
    ("who", "organisation", "may"),
    [
        ("root", None, True),
        ("ann", None, True),
        ("wim", None, False),
        ("root", "team", True),
        ("boss", "team", True),
        ("maintainer", "team", True),
        ("supervisor", "team", False),
        ("worker", "team", False),
        ("weak", "team", False),
        ("ann", "team", False),
    ],
)
def test_who_may_make_a_storage_is_asked_before_the_body_is_read(team, who, organisation, may):
    query = {"org": organisation} if organisation else {}
    answer = team.send("POST", who=who, query_string=query, data="{bad", content_type="application/json")

    assert answer.status_code == (400 if may else 403)
    if not may:
        refused(answer, NOT_ALLOWED, 403)


@pytest.mark.parametrize("named", [{"query_string": {"org": "team"}}, {"headers": {"X-Organization": "team"}}])
def test_a_storage_belongs_to_the_organisation_that_is_named(team, rclone, named):
    with closing(Bucket(rclone, "of-team")) as bucket:
        storage = made(team.send("POST", who="maintainer", json=team.body("of-team"), **named))
        bucket.drop()

    assert storage["organization"] == team.organisations["team"]
    assert team.send("DELETE", f"/{storage['id']}", "boss").status_code == 204


ROLES = ["root", "owner", "boss", "maintainer", "supervisor", "worker", "weak", "stranger", "former"]


@pytest.fixture
def of_team(team):
    """The numbers of a personal storage and one of the team's, both of an owner who is a worker of the team."""
    for name in ("owner", "former", "stranger"):
        if name not in team.people:
            team.person(name, Role.USER, **({} if name == "stranger" else {"team": "maintainer"}))
    accounts = team.services.accounts
    accounts.set_member("team", "owner", OrganisationRole.MAINTAINER)
    number = team.kept("owner", "team"), team.kept("owner")
    accounts.set_member("team", "owner", OrganisationRole.WORKER)
    return number


@pytest.mark.parametrize("who", ROLES)
def test_who_may_see_change_and_delete_is_the_table_of_the_original(team, of_team, who):
    shared, personal = of_team
    sees = {"root", "owner", "boss", "maintainer", "supervisor", "former"}
    changes = sees - {"supervisor"}

    for suffix in ("", "/status"):
        assert (team.send("GET", f"/{shared}{suffix}", who).status_code == 200) is (who in sees)
        assert (team.send("GET", f"/{personal}{suffix}", who).status_code == 200) is (who in {"root", "owner"})
    for number, may in ((shared, changes), (personal, {"root", "owner"})):
        changed = team.send("PATCH", f"/{number}", who, data="{bad", content_type="application/json")
        deleted = team.send("DELETE", f"/{number}", who)
        if who in may:
            assert (changed.status_code, deleted.status_code) == (400, 204)
        else:
            refused(changed, NOT_ALLOWED, 403)
            refused(deleted, NOT_ALLOWED, 403)


def test_an_owner_who_has_left_the_organisation_has_lost_its_storages(team, of_team):
    shared, personal = of_team
    team.services.accounts.remove_member("team", "owner")

    refused(team.send("GET", f"/{shared}", "owner"), NOT_ALLOWED, 403)
    assert team.send("GET", f"/{personal}", "owner").status_code == 200
    team.services.accounts.set_member("team", "owner", OrganisationRole.WORKER)


def test_a_storage_outlives_its_owner(team):
    team.person("gone", Role.USER)
    number = team.kept("gone", name="gone's")
    team.services.accounts.delete_user("gone")

    assert team.send("GET", f"/{number}", "root").json["owner"] is None
    assert seen(team, "root", filter='{"==":[{"var":"owner"},null]}') == ["gone's"]
    assert seen(team, "root", sort="-owner")[0] == "gone's"
    assert team.send("DELETE", f"/{number}", "root").status_code == 204


def test_who_says_nothing_gets_nothing(world):
    for method, path in (
        ("GET", ""),
        ("POST", ""),
        ("GET", "/1"),
        ("PATCH", "/1"),
        ("DELETE", "/1"),
        ("GET", "/1/preview"),
    ):
        answer = world.client.open("/api/cloudstorages" + path, method=method)
        refused(answer, {"detail": "Authentication credentials were not provided."}, 401)


def test_a_key_that_may_only_read_changes_nothing(world):
    key = world.services.accounts.create_key("ann", read_only=True).key
    headers = {"Authorization": f"Bearer {key}"}

    assert world.client.get("/api/cloudstorages", headers=headers).status_code == 200
    for method, path in (("POST", ""), ("PATCH", "/1"), ("DELETE", "/1")):
        refused(world.client.open("/api/cloudstorages" + path, method=method, headers=headers), NOT_ALLOWED, 403)


@pytest.mark.slow
def test_a_thousand_storages_are_paged_filtered_and_sorted(tmp_path, rclone):
    with closing(World(tmp_path, rclone)) as world:
        for number in range(1000):
            world.kept(name=f"storage {number * 7919 % 1000:03}", description="even" if number % 2 == 0 else "odd")
        found, query = [], {"sort": "name", "page_size": "300"}
        for page in range(1, 5):
            answer = listed(world, **query, page=page)
            found += [storage["display_name"] for storage in answer["results"]]
        odd = listed(world, filter=json.dumps({"==": [{"var": "description"}, "odd"]}), page_size="all")
        capped, everything = listed(world, page_size="9999"), listed(world, page_size="all")

    assert found == [f"storage {number:03}" for number in range(1000)]
    assert answer["count"] == 1000
    assert answer["next"] is None
    assert odd["count"] == len(odd["results"]) == 500
    assert len(capped["results"]) == 500
    assert len(everything["results"]) == 1000
    assert (everything["next"], everything["previous"]) == (None, None)
