"""What is another's is nothing, or forbidden: every route of the URL map, asked by everybody who could want it."""

import pytest

from app.accounts.caller import OrganisationRole, Role
from app.accounts.scopes import Scope
from tests.support.belongings import NOTHING, OWNED, SECRET, TUS, is_owned
from tests.support.documents import document_parameters
from tests.support.meanings import IDS
from tests.support.naming import ASKED, requests_to
from tests.support.people import CANARY, new_connection

pytestmark = [pytest.mark.fault(37, "I8")]

WIDEST = Scope.ADMIN.value
"""Of the scopes of keys; what each opens is in test_scoped_views.py."""
TEAM = {"supervisor": OrganisationRole.SUPERVISOR, "maintainer": OrganisationRole.MAINTAINER}
STRANGERS = [None, "bob", "worker", WIDEST, "maintainer"]
ASKS = (401, 403)
OTHERS_IDS = {"files[].id", "files.id"}
"""Ids of files at Google."""

ALIKE = {"/", "/start"}
"""Where a page with all that she has is what she gets in any case."""


@pytest.fixture(scope="session")
def people(house, anns):  # noqa: ARG001  # what she has is hers, and none of the organisation's
    """Everybody in `STRANGERS`: users, a key of bob's, and who shares an organisation with ann; and who did so."""
    accounts = house.services.accounts
    house.person("bob")
    house.person("worker", Role.WORKER)
    house.other_key("bob", WIDEST, scopes=[WIDEST])
    accounts.create_organisation("team", "team", "ann")
    for name, role in {**TEAM, "ex-member": OrganisationRole.MAINTAINER}.items():
        accounts.set_member("team", house.person(name), role)
    return accounts


@pytest.fixture(scope="session")
def teams(house, people):
    """A connection of the organisation, as ids; one of its members has left since he used it."""
    [organisation] = house.caller("ann").memberships
    made = house.services.connections.create(house.caller("ann"), new_connection(organisation, name=SECRET))
    people.remove_member("team", "ex-member")
    return {"connection": made.id, "number": str(made.number)}


@pytest.fixture(scope="session")
def nothing(house, people):  # noqa: ARG001  # bob is one of them
    """What bob is answered who names what nobody has, by route."""
    return {str(route): list(asked(house, route, NOTHING, "bob")) for route in house.routes if names_somebodys(route)}


def asked(house, route, of, who):
    """Yield what a route answers somebody who names these things, without the ids that he named himself."""
    for request in requests_to(route.method, route.path, of):
        answer = house.ask(who, route.method, of.address(route), headers=TUS | {"X-Request-ID": "asked"}, **request)
        with answer:
            text = "" if answer.mimetype == "text/event-stream" else answer.get_data(as_text=True)
        if answer.mimetype == "text/html":  # a page names who looks at it
            text = SECRET if SECRET in text else ""
        for each in sorted(of.ids.values(), key=len, reverse=True):
            text = text.replace(each, "ID") if len(each) > 8 else text
        yield answer.status_code, text


def names_somebodys(route):
    return (route.method, route.path) in ASKED or any(is_owned(route.dialect, name) for name in route.names)


def test_whose_each_parameter_of_a_path_is_has_been_said(house):
    for route in house.routes:
        for name in route.names:
            assert is_owned(route.dialect, name) in (True, False), route


def test_each_other_parameter_that_names_something_is_asked_with_anothers_thing(house):
    told = {
        (each.method, each.path.replace("{", "<").replace("}", ">"))
        for each in document_parameters(house.app)
        if each.place in ("query", "body") and each.last in IDS and each.name not in OTHERS_IDS
    }

    assert told - {(method, path.replace("<uuid:", "<")) for method, path in ASKED} == set()


def test_she_finds_what_she_has_at_these_addresses(house, anns):
    """Otherwise the tests below would prove nothing."""
    lost = []
    for route in house.routes:
        if route.method == "GET" and not route.changes and names_somebodys(route) and route.path not in ALIKE:
            for mine, none in zip(asked(house, route, anns, "ann"), asked(house, route, NOTHING, "ann"), strict=True):
                lost += [(str(route), mine)] if mine == none and mine[0] != 405 else []

    assert lost == []


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.usefixtures("people")
def test_a_stranger_gets_what_he_would_get_if_there_were_nothing_and_changes_nothing(house, anns, nothing, who):
    before, told = house.rows(), []
    for route in filter(names_somebodys, house.routes):
        for found, none in zip(asked(house, route, anns, who), nothing[str(route)], strict=True):
            if SECRET in found[1] or (found != none and found[0] not in ASKS):
                told.append((str(route), found, none))

    assert told == []
    assert kept(before, house.rows())


def kept(before, after):
    return all(rows <= after[table] for table, rows in before.items())


def about_connections(route):
    """Whether a route names a connection in its path, and nothing else that somebody has."""
    named = {OWNED[name][route.dialect] for name in route.names if is_owned(route.dialect, name)}
    return bool(named) and named <= {"connection", "number"}


@pytest.mark.parametrize(("who", "reads"), [("ex-member", False), ("supervisor", True), ("maintainer", True)])
def test_what_an_organisation_has_is_its_members_alone(house, teams, nothing, who, reads):
    before, ids, seen, told = house.rows(), NOTHING.instead(**teams), 0, []
    for route in filter(about_connections, house.routes):
        if who == "maintainer" and route.changes:
            continue
        for found, none in zip(asked(house, route, ids, who), nothing[str(route)], strict=True):
            seen += SECRET in found[1]
            told += [(str(route), found)] if not reads and found != none and found[0] not in ASKS else []

    assert told == []
    assert (seen > 0) == reads
    assert kept(before, house.rows())


def test_an_admin_sees_what_users_have_and_none_of_their_secrets(house, anns):
    shown = ""
    for route in house.routes:
        if not route.changes and route.ends and names_somebodys(route):
            shown += "".join(text for _, text in asked(house, route, anns, "root"))

    assert SECRET in shown
    assert CANARY not in shown
