"""Histories of the Galaxy dialect, over HTTP."""

import itertools
import re

import pytest
import requests

from app.accounts.caller import Role
from app.dialects.galaxy.translate_histories import SUMMARY
from tests.support.galaxy import UNKNOWN, Galaxy
from tests.support.shelves import shelf_of

_numbers = itertools.count()

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
NOT_FOUND = (404, 404001, "History not found")


@pytest.fixture
def new_galaxy(service):
    """A function that makes a person, and returns what he sends."""
    return lambda role=Role.USER, **key: Galaxy(service, service.person(f"histories-{next(_numbers)}", role, **key))


@pytest.fixture
def ann(new_galaxy):
    return new_galaxy()


@pytest.fixture
def shelf(service, ann):
    with shelf_of(service, ann.person) as shelf:
        yield shelf


def refusal(answer):
    """Return the status, the code and the text of an error."""
    body = answer.json()
    return answer.status_code, body["err_code"], body["err_msg"]


def anonymous(service, path, **query):
    return requests.get(service.url + path, params=query, timeout=60)


def ids(found):
    return [one["id"] for one in found]


def test_a_new_history_is_shown_whole(ann):
    made = ann.told("POST", "/api/histories", json={"name": "Ribosomes"})

    number = made["id"]
    assert TIME.fullmatch(made["create_time"])
    assert TIME.fullmatch(made["update_time"])
    assert made.items() >= {
        "model_class": "History", "name": "Ribosomes", "user_id": ann.told("GET", "/api/whoami")["id"], "url": f"/api/histories/{number}",
        "contents_url": f"/api/histories/{number}/contents", "deleted": False, "purged": False, "published": False, "slug": None,
        "annotation": None, "tags": [], "state": "new", "count": 0, "empty": True, "size": 0, "nice_size": "0 bytes",
    }.items()  # fmt: skip
    assert set(made["state_details"].values()) == {0}
    assert ann.told("GET", f"/api/histories/{number}") == made
    assert ann.told("GET", f"/api/histories/{number}/") == made


@pytest.mark.parametrize("body", [{}, {"name": None}, {"name": ""}], ids=["nothing", "null", "empty"])
def test_a_history_that_nobody_named_is_called_so(ann, body):
    assert ann.told("POST", "/api/histories", json=body)["name"] == "Unnamed history"


def test_a_history_that_nobody_named_is_found_and_copied_by_the_name_that_is_shown(ann):
    made = [ann.told("POST", "/api/histories", json={})["id"], ann.history("Named")]
    ann.told("PUT", f"/api/histories/{made[1]}", json={"name": ""})

    assert ids(ann.told("GET", "/api/histories", params={"q": "name", "qv": "Unnamed history"})) == [made[1], made[0]]
    assert ann.told("POST", "/api/histories", json={"history_id": made[0]})["name"] == "Copy of 'Unnamed history'"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"name": 1}, 400008, id="a number for a name"),
        pytest.param({"name": "x" * 256}, 400008, id="too long"),
        pytest.param({"history_id": "short"}, 400008, id="no id"),
        pytest.param([], 400008, id="a list"),
    ],
)
def test_what_is_no_history_is_not_made(ann, body, code):
    assert refusal(ann.call("POST", "/api/histories", json=body))[:2] == (400, code)
    assert ann.told("GET", "/api/histories") == []


def test_an_archive_makes_nothing_and_the_answer_is_a_job_that_failed(ann):
    by_file = ann.told("POST", "/api/histories", files={"archive_file": b"x" * 100}, data={"archive_type": "file"})
    by_address = ann.told(
        "POST", "/api/histories", json={"archive_source": "http://x.example/a", "archive_type": "url"}
    )

    assert by_file == by_address
    assert (by_file["model_class"], by_file["state"]) == ("Job", "error")
    assert "nothing was made" in by_file["message"]
    assert ann.told("GET", "/api/histories") == []


def test_a_list_has_what_is_not_deleted_newest_first_in_short(ann):
    made = [ann.history(f"h{number}") for number in range(3)]
    ann.told("DELETE", f"/api/histories/{made[1]}")

    listed = ann.told("GET", "/api/histories")

    assert ids(listed) == [made[2], made[0]]
    assert set(listed[0]) == set(SUMMARY)


@pytest.fixture
def three(ann):
    """Three histories, of which the second is deleted, and the third published."""
    made = [ann.history(f"h{number}") for number in range(3)]
    ann.told("DELETE", f"/api/histories/{made[1]}")
    ann.told("PUT", f"/api/histories/{made[2]}", json={"published": True})
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({"q": "deleted", "qv": "True"}, [1], id="deleted"),
        pytest.param({"q": "deleted", "qv": "None"}, [2, 1, 0], id="deleted or not"),
        pytest.param({"deleted": "true"}, [1], id="deleted, the old way"),
        pytest.param({"q": "published", "qv": "True"}, [2], id="published"),
        pytest.param({"q": "published", "qv": "False"}, [0], id="not published"),
        pytest.param({"q": "purged", "qv": "True"}, [], id="purged"),
        pytest.param({"q": "name", "qv": "h0"}, [0], id="name"),
        pytest.param({"q": ["name", "deleted"], "qv": ["h1", "True"]}, [1], id="two filters"),
        pytest.param({"q": "create_time-ge", "qv": "2020-01-01T00:00:00"}, [2, 0], id="made since"),
        pytest.param({"q": "create_time-le", "qv": "2020-01-01"}, [], id="made until"),
        pytest.param({"q": "update_time-gt", "qv": "2100-01-01T00:00:00.000000Z"}, [], id="changed after"),
        pytest.param({"q": "update_time-lt", "qv": "2100-01-01 00:00:00"}, [2, 0], id="changed before"),
        pytest.param({"limit": 1}, [2], id="limit"),
        pytest.param({"offset": 1}, [0], id="offset"),
        pytest.param({"offset": 10**30}, None, id="an offset beyond numbers"),
        pytest.param({"offset": 1000000}, [], id="an offset beyond all"),
        pytest.param({"order": "create_time-asc"}, [0, 2], id="oldest first"),
        pytest.param({"order": "name-dsc,create_time"}, [2, 0], id="by name"),
        pytest.param({"q": "published", "qv": "True", "offset": 1}, [], id="an offset among published ones"),
    ],
)
def test_filters_orders_and_pages_choose(ann, three, query, expected):
    answer = ann.call("GET", "/api/histories", params=query)

    if expected is None:
        assert refusal(answer)[:2] == (400, 400008)
    else:
        assert ids(answer.json()) == [three[number] for number in expected]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        pytest.param({"q": "colour", "qv": "red"}, "colour", id="an unknown column"),
        pytest.param({"q": "name-like", "qv": "x"}, "name-like", id="an unknown operation"),
        pytest.param({"q": "deleted", "qv": "maybe"}, "maybe", id="no boolean"),
        pytest.param({"q": "create_time-ge", "qv": "yesterday"}, "yesterday", id="no time"),
        pytest.param({"q": "create_time-eq", "qv": "2020-01-01"}, "create_time-eq", id="an exact time"),
        pytest.param({"q": ["deleted", "name"], "qv": "True"}, "qv", id="fewer values than filters"),
        pytest.param({"q": ["deleted", "deleted-eq"], "qv": ["True", "False"]}, "once", id="one filter twice"),
        pytest.param({"order": "colour-asc"}, "order", id="an unknown order"),
        pytest.param({"order": "name-up"}, "order", id="an unknown direction"),
        pytest.param({"limit": "-1"}, "limit", id="a negative limit"),
        pytest.param({"limit": "all"}, "limit", id="no number"),
        pytest.param({"view": "lively"}, "view", id="an unknown view"),
        pytest.param({"all": "perhaps"}, "all", id="no flag"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_and_never_left_out(ann, query, named):
    status, code, said = refusal(ann.call("GET", "/api/histories", params=query))

    assert (status, code) == (400, 400008)
    assert named in said


def test_views_and_keys_choose_the_fields(ann):
    ann.history()

    def fields(**query):
        return set(ann.told("GET", "/api/histories", params=query)[0])

    assert fields(view="summary") == set(SUMMARY)
    assert fields(view="detailed") > {*SUMMARY, "size", "user_id"}
    assert fields(keys="id,user_id,size,nothing") == {"id", "user_id", "size"}
    assert fields(keys="size", view="summary") == {*SUMMARY, "size"}


def test_an_admin_lists_everybodys_and_nobody_else_does(ann, new_galaxy):
    history = ann.history()

    assert history in ids(new_galaxy(Role.ADMIN).told("GET", "/api/histories", params={"all": "True"}))
    assert refusal(ann.call("GET", "/api/histories", params={"all": "True"})) == (
        403, 403006, "Only admins can query all histories",
    )  # fmt: skip


def test_a_change_changes_what_it_names(ann):
    history = ann.history("before")

    changed = ann.told("PUT", f"/api/histories/{history}", json={"annotation": "A note", "tags": ["a", "b"], "else": 1})
    assert (changed["name"], changed["annotation"], changed["tags"]) == ("before", "A note", ["a", "b"])

    changed = ann.told("PUT", f"/api/histories/{history}", json={"name": "after", "tags": []})
    assert (changed["name"], changed["annotation"], changed["tags"]) == ("after", "A note", [])
    assert refusal(ann.call("PUT", f"/api/histories/{history}", json={"tags": "a"}))[:2] == (400, 400008)


def test_a_tag_is_added_to_those_there_are(ann):
    history = ann.history()
    for name, body in (("one", {}), ("two", {"value": "x"}), ("one", None)):
        ann.told("POST", f"/api/histories/{history}/tags/{name}", json=body)

    assert ann.told("GET", f"/api/histories/{history}")["tags"] == ["one", "two:x"]


def test_a_change_can_purge_a_history_and_what_is_in_it(ann, shelf):
    number = shelf.history()
    shelf.ready(number)
    history = ann.encoded(number)

    changed = ann.told("PUT", f"/api/histories/{history}", json={"name": "To", "purged": True})

    assert (changed["name"], changed["deleted"], changed["purged"]) == ("To", True, True)
    [found] = ann.told("GET", f"/api/histories/{history}/contents")
    assert found["purged"]
    assert refusal(ann.call("PUT", f"/api/histories/{history}", json={"deleted": False}))[:2] == (400, 400008)


def test_a_deleted_history_can_be_had_back_until_it_is_purged(ann):
    history = ann.history()
    assert ann.told("DELETE", f"/api/histories/{history}", json={})["deleted"] is True
    assert ann.told("GET", f"/api/histories/{history}")["deleted"] is True
    assert ann.told("POST", f"/api/histories/deleted/{history}/undelete")["deleted"] is False
    assert ids(ann.told("GET", "/api/histories")) == [history]

    purged = ann.told("DELETE", f"/api/histories/{history}", json={"purge": True})
    assert (purged["deleted"], purged["purged"]) == (True, True)
    assert refusal(ann.call("POST", f"/api/histories/deleted/{history}/undelete"))[:2] == (400, 400008)


def test_purging_a_history_takes_its_files(ann, shelf):
    number = shelf.history()
    item = shelf.ready(number, content=b"12345")
    history = f"/api/histories/{ann.encoded(number)}"
    shown = ann.told("GET", history)
    assert (shown["state"], shown["size"], shown["count"], shown["empty"]) == ("ok", 5, 1, False)

    ann.told("DELETE", history, params={"purge": "true"})

    assert ann.call("GET", f"/api/datasets/{ann.encoded(item.number)}/display").status_code == 409
    assert ann.told("GET", "/api/users/current")["total_disk_usage"] == 0


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param((), "new", id="empty"),
        pytest.param(("ready",), "ok", id="all well"),
        pytest.param(("ready", "waiting"), "queued", id="one waits"),
        pytest.param(("failed", "ready"), "error", id="one failed"),
        pytest.param(("failed", "waiting"), "queued", id="one failed and one waits"),
        pytest.param(("arriving", "waiting", "failed"), "running", id="one arrives"),
        pytest.param(("discarded",), "ok", id="cancelled"),
    ],
)
def test_the_state_of_a_history_is_that_of_its_datasets(ann, shelf, states, expected):
    number, filling = shelf.history(), shelf.library.filling
    bring = {
        "ready": lambda: shelf.ready(number),
        "waiting": lambda: shelf.waiting(number),
        "arriving": lambda: filling.begin(shelf.waiting(number).number),
        "failed": lambda: filling.fail(shelf.waiting(number).number, "No."),
        "discarded": lambda: filling.discard(shelf.waiting(number).number),
    }
    for state in states:
        bring[state]()

    shown = ann.told("GET", f"/api/histories/{ann.encoded(number)}")

    assert shown["state"] == expected
    assert sum(shown["state_details"].values()) == len(states)


def test_the_most_recently_used_history_is_the_one_that_changed_last(ann):
    assert ann.told("GET", "/api/histories/most_recently_used") is None
    first, _ = ann.history(), ann.history()
    ann.told("PUT", f"/api/histories/{first}", json={"name": "again"})

    assert ann.told("GET", "/api/histories/most_recently_used")["id"] == first


def test_a_copy_has_its_own_datasets_with_the_same_files(ann, shelf):
    number = shelf.history("Ribosomes")
    shelf.ready(number, "a.txt", b"bytes of a")
    shelf.waiting(number, "never")
    source = ann.encoded(number)

    copied = ann.told("POST", "/api/histories", json={"history_id": source})
    named = ann.told("POST", "/api/histories", json={"history_id": source, "name": "Mine"})

    assert (copied["name"], named["name"]) == ("Copy of 'Ribosomes'", "Mine")
    [dataset] = ann.contents(copied["id"])
    assert (dataset["name"], dataset["state"], dataset["history_id"]) == ("a.txt", "ok", copied["id"])
    ann.told("DELETE", f"/api/histories/{source}", json={"purge": True})
    assert ann.content(dataset["id"]) == b"bytes of a"


def test_somebody_else_sees_nothing_of_a_history(ann, new_galaxy):
    bob, history = new_galaxy(), ann.history()
    path = f"/api/histories/{history}"

    assert bob.told("GET", "/api/histories") == []
    for method, where, body in (
        ("GET", path, None),
        ("GET", path + "/contents", None),
        ("POST", "/api/histories", {"history_id": history}),
        ("GET", f"/api/datasets?history_id={history}", None),
    ):
        assert refusal(bob.call(method, where, json=body)) == (403, 403002, "History is not accessible by user"), where
    for method, where, body in (
        ("PUT", path, {"name": "x"}),
        ("DELETE", path, {}),
        ("POST", path + "/tags/x", {}),
        ("POST", f"/api/histories/deleted/{history}/undelete", None),
        ("POST", path + "/contents", {"content": ann.encoded(1)}),
    ):
        assert refusal(bob.call(method, where, json=body)) == (403, 403003, "History is not owned by user"), where
    assert ann.told("GET", path)["name"] == "A history"


def test_who_is_nobody_sees_what_is_published(service, ann, shelf):
    number = shelf.history("For all")
    item = shelf.ready(number, content=b"for all")
    history, dataset = ann.encoded(number), ann.encoded(item.number)
    path = f"/api/histories/{history}"
    assert refusal(anonymous(service, path)) == (403, 403008, "Action requires user authentication.")
    assert history not in ids(anonymous(service, "/api/histories/published").json())

    slug = ann.told("PUT", path, json={"published": True})["slug"]

    assert slug.startswith("for-all-")
    assert ids(anonymous(service, "/api/histories/published", q="slug", qv=slug).json()) == [history]
    assert anonymous(service, "/api/histories/published", q="slug", qv="for-all").json() == []
    assert history in ids(anonymous(service, "/api/histories/published").json())
    assert anonymous(service, path).json()["name"] == "For all"
    assert ids(anonymous(service, path + "/contents").json()) == [dataset]
    assert anonymous(service, f"/api/datasets/{dataset}").json()["creating_job"] is None
    assert anonymous(service, f"/api/datasets/{dataset}/display").content == b"for all"
    assert refusal(requests.put(service.url + path, json={"name": "mine"}, timeout=60))[:2] == (403, 403008)

    ann.told("PUT", path, json={"published": False})
    assert anonymous(service, f"/api/datasets/{dataset}/display").status_code == 403


def test_somebody_elses_published_history_is_not_among_ones_own(ann, new_galaxy):
    history = ann.history()
    ann.told("PUT", f"/api/histories/{history}", json={"published": True})
    bob = new_galaxy()

    assert bob.told("GET", "/api/histories", params={"q": "published", "qv": "True"}) == []
    assert history in ids(bob.told("GET", "/api/histories/published"))
    assert refusal(bob.call("DELETE", f"/api/histories/{history}"))[:2] == (403, 403003)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/histories/{}"),
        ("PUT", "/api/histories/{}"),
        ("DELETE", "/api/histories/{}"),
        ("GET", "/api/histories/{}/contents"),
        ("POST", "/api/histories/{}/tags/x"),
        ("POST", "/api/histories/deleted/{}/undelete"),
    ],
)
def test_a_history_that_is_not_there_is_not_found_and_no_id_is_malformed(ann, method, path):
    unknown = ann.encoded(10**9)

    assert refusal(ann.call(method, path.format(unknown), json={})) == NOT_FOUND
    for malformed in (UNKNOWN, "nonsense", "f2db41e1fa331b3"):
        assert refusal(ann.call(method, path.format(malformed), json={})) == (
            400, 400009, f"Malformed history id ( {malformed} ) specified, unable to decode",
        )  # fmt: skip


def test_a_key_that_may_only_read_changes_nothing(new_galaxy, ann):
    reader = new_galaxy(read_only=True)

    assert reader.told("GET", "/api/histories") == []
    for method, path in (("POST", "/api/histories"), ("DELETE", f"/api/histories/{ann.history()}")):
        status, code, said = refusal(reader.call(method, path, json={}))
        assert (status, code) == (403, 403002)
        assert "only read" in said


def test_another_web_site_changes_nothing(ann):
    answer = ann.call("POST", "/api/histories", json={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert refusal(answer)[:2] == (403, 403002)
    assert ann.told("GET", "/api/histories") == []
