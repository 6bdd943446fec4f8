"""Which connections are found by whom, in which order, in which parts."""

import pytest

from app.connections.contract import OPERATOR, Changes, CredentialsForm, Scope, Selection, Summary
from app.errors import NotAllowed, NotFound
from tests.support.people import new_connection

EVERYTHING = Selection(lambda _: True, lambda found: sorted(found, key=lambda one: one.number))


@pytest.fixture
def world(service, people):
    """Two organisations and people of all roles; each connection is named after its owner and where it is."""
    lab, team = people.organisation("lab"), people.organisation("team")
    people.callers = {
        "owner": people.user("owner", lab="owner", team="owner"),
        "super": people.user("super", lab="supervisor"),
        "weak": people.user("weak", "worker", lab="supervisor"),
        "member": people.user("member", lab="worker"),
        "stranger": people.user("stranger"),
        "admin": people.user("admin", "admin"),
    }
    for name in ("owner", "stranger", "admin"):
        service.create(people.callers[name], new_connection(name=f"{name}, own"))
    service.create(people.callers["owner"], new_connection(lab, name="owner, lab"))
    service.create(people.callers["owner"], new_connection(team, name="owner, team"))
    people.callers["member"] = people.joins(people.callers["member"], "lab", "maintainer")
    service.create(people.callers["member"], new_connection(lab, name="member, lab"))
    people.callers["member"] = people.joins(people.callers["member"], "lab", "worker")
    gone = people.joins(people.user("gone"), "lab", "maintainer")
    service.create(gone, new_connection(lab, name="gone, lab"))
    people.leaves(gone, "lab")
    people.callers["gone"] = type(gone)(gone.user_id, gone.name, gone.role, {})
    return people


LAB = ["owner, lab", "member, lab", "gone, lab"]
ALL = ["owner, own", "stranger, own", "admin, own", "owner, lab", "owner, team", "member, lab", "gone, lab"]
TABLE = [
    pytest.param("admin", None, ALL, id="an admin sees all"),
    pytest.param("admin", "lab", LAB, id="an admin sees all of an organisation"),
    pytest.param("admin", "", ["owner, own", "stranger, own", "admin, own"], id="an admin sees all that is of none"),
    pytest.param(
        "owner", None, ["owner, own", "owner, lab", "owner, team"], id="a user sees his own, of all organisations"
    ),
    pytest.param("owner", "", ["owner, own"], id="a user sees his own that is of none"),
    pytest.param("owner", "lab", LAB, id="an owner sees all of his organisation"),
    pytest.param("owner", "team", ["owner, team"], id="an owner sees all of his other organisation"),
    pytest.param("super", "lab", LAB, id="a supervisor sees all of it"),
    pytest.param("super", None, [], id="a supervisor sees what others own nowhere else"),
    pytest.param("weak", "lab", [], id="a supervisor who is a worker here sees his own"),
    pytest.param("member", "lab", ["member, lab"], id="a worker of it sees his own in it"),
    pytest.param("member", None, ["member, lab"], id="a worker of it sees his own"),
    pytest.param("gone", None, [], id="who has left sees his own there no more"),
    pytest.param("stranger", None, ["stranger, own"], id="a stranger sees his own"),
]


@pytest.mark.parametrize(("who", "slug", "names"), TABLE)
def test_a_caller_finds_what_he_is_shown(service, world, who, slug, names):
    scope = Scope() if slug is None else Scope(named=True, organisation_id=world.organisation(slug) if slug else None)
    total, found = service.find(world.callers[who], scope, EVERYTHING, 0, None)

    assert ([one.name for one in found], total) == (names, len(names))


@pytest.mark.parametrize("who", ["stranger", "gone"])
def test_who_is_no_member_does_not_look_into_an_organisation(service, world, who):
    with pytest.raises(NotAllowed, match="no member"):
        service.find(world.callers[who], Scope(named=True, organisation_id=world.organisation("lab")), EVERYTHING, 0, 1)


@pytest.mark.parametrize("who", ["admin", "owner", "super", "weak", "member", "gone", "stranger"])
def test_by_its_number_each_finds_what_he_may_see_and_is_told_that_the_rest_exists(service, world, who):
    caller = world.callers[who]
    for one in service.list(OPERATOR):
        try:
            seen = service.get(caller, one.id)
        except NotFound:
            with pytest.raises(NotAllowed):
                service.numbered(caller, one.number)
        else:
            assert service.numbered(caller, one.number) == seen == one


@pytest.mark.parametrize("number", [0, -1, 99, 2**63 - 1, 2**63, 10**30])
def test_a_number_that_is_none_is_not_found(service, number):
    service.create(OPERATOR, new_connection())
    with pytest.raises(NotFound):
        service.numbered(OPERATOR, number)


def test_numbers_are_never_given_again(service):
    numbers = []
    for _ in range(3):
        made = service.create(OPERATOR, new_connection())
        numbers.append(made.number)
        service.delete(OPERATOR, made.id)

    assert numbers == sorted(set(numbers))


def test_what_is_looked_at_is_what_was_kept(service, people):
    anna, seen = people.user("anna"), []
    new = new_connection(kind="azure", form="anonymous", credentials={}, account="mystore", name="n", description="d")
    made = service.create(anna, new)
    service.create(OPERATOR, new_connection())
    service.find(OPERATOR, Scope(), Selection(lambda one: seen.append(one) or True, list), 0, None)

    assert sorted(seen) == [
        Summary(made.number, "n", "anna", "azure", CredentialsForm.ANONYMOUS, "photos", "d"),
        Summary(made.number + 1, "photos", None, "s3", CredentialsForm.KEYS, "photos", ""),
    ]


@pytest.mark.parametrize(
    ("first", "count", "names"),
    [
        pytest.param(0, None, ["c6", "c4", "c2", "c0"], id="all"),
        pytest.param(0, 2, ["c6", "c4"], id="the first part"),
        pytest.param(2, 2, ["c2", "c0"], id="the last part"),
        pytest.param(3, 2, ["c0"], id="a part that is not full"),
        pytest.param(4, 2, [], id="beyond the end"),
        pytest.param(0, 0, [], id="nothing"),
        pytest.param(1, None, ["c4", "c2", "c0"], id="all but the first"),
    ],
)
def test_a_part_of_what_is_wanted_comes_in_the_order_that_is_wanted(service, first, count, names):
    for number in range(8):
        service.create(OPERATOR, new_connection(name=f"c{number}"))
    even = Selection(
        lambda one: int(one.name[1:]) % 2 == 0, lambda found: sorted(found, key=lambda one: one.name)[::-1]
    )
    total, found = service.find(OPERATOR, Scope(), even, first, count)

    assert ([one.name for one in found], total) == (names, 4)


def test_what_is_deleted_while_it_is_looked_for_is_counted_and_not_returned(service):
    made = [service.create(OPERATOR, new_connection(name=f"c{number}")) for number in range(3)]

    def ordered(found):
        service.delete(OPERATOR, made[1].id)
        return sorted(found)

    total, found = service.find(OPERATOR, Scope(), Selection(lambda _: True, ordered), 0, None)

    assert ([one.name for one in found], total) == (["c0", "c2"], 3)


def test_a_page_is_found_whole_however_many_there_are(service, database):
    made = service.create(OPERATOR, new_connection())
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
            "INSERT INTO connections (id, kind, name, address, created_at, updated_at, form, description, manifests) "
            "SELECT 'c' || i, kind, 'c' || i, address, created_at, updated_at, form, description, manifests "
            "FROM connections, n WHERE id = ?",
            (made.id,),
        )
    total, found = service.find(OPERATOR, Scope(), EVERYTHING, 0, None)

    assert (total, [one.number for one in found]) == (2501, [*range(made.number, made.number + 2501)])


def test_a_change_is_seen_at_once(service):
    made = service.create(OPERATOR, new_connection())
    service.change(OPERATOR, made.id, Changes(name="other"))

    assert [one.name for one in service.find(OPERATOR, Scope(), EVERYTHING, 0, None).connections] == ["other"]
