"""No text is taken for a command, a query, a template or markup: in every parameter, and wherever it is shown again."""

import os
import subprocess

import pytest
from lxml import html

from tests.support.belongings import NOTHING, TUS, belongings
from tests.support.documents import document_parameters
from tests.support.inhabited import some_name
from tests.support.people import new_connection

MARK = "evil5e0c71"
TAKEN_UP = {
    "a command, or a remote with options": f"; touch {MARK}; $(touch {MARK}) `touch {MARK}` & :sftp,ssh='touch {MARK}':/",
    "a query, or a format": f"x' OR 1=1; DROP TABLE users; -- %s%n{{0.__class__.__mro__}} {MARK}",
}
SHOWN = {
    "a template": "{{ 9182 * 7364 }}${9182 * 7364}#{9182 * 7364}",
    "markup": f"</script></textarea><svg onload={MARK}()><script>",
    "an attribute": f'" onfocus="{MARK}()" autofocus x=\'',
    "an address that is a script": f"javascript:{MARK}()",
}
PRODUCT = str(9182 * 7364)

PAGES = (
    "state storage who before status action text after next done token manifest object prefix start v page kind job first"
    " source dest storage_url connection wait delete max_delete check rules direction target"
)
FORMS = (
    "name url description states every_owner enabled endpoint bucket account path project location region key_file token"
    " connection_string form organisation manifests manifest seen do confirmed code state error username access_key secret_key"
)
"""What the pages of the dashboard read from an address, and their forms beside that."""

taken_up = pytest.mark.parametrize("text", TAKEN_UP.values(), ids=TAKEN_UP)
shown = pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)


LEFT_OUT = {
    "/sign-out",
    "/static/<path:filename>",
    "/connections/<uuid:connection_id>/delete",
    "/account/webhooks/<uuid:webhook_id>/delete",
}
"""Where nothing is read, or what the next test wants is removed."""


@pytest.fixture(scope="session")
def theirs(house):
    """What somebody has that an admin may change here."""
    return belongings(house, house.person(some_name()))


@pytest.fixture(scope="module")
def started():
    """Every program that was started meanwhile."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (os, "system"),
            (os, "popen"),
            (os, "posix_spawn"),
            (os, "execve"),
            (os, "fork"),
            (subprocess, "Popen"),
        ):
            real = getattr(module, name)
            patch.setattr(
                module, name, lambda *given, real=real, **more: (found.append(given), real(*given, **more))[1]
            )
        yield found


@pytest.fixture(scope="module")
def parameters(house):
    """The parameters of queries and bodies that may be text, by method and path."""
    found = {}
    for each in document_parameters(house.app):
        if each.place in ("query", "body") and each.kind in ("string", "") and "[]" not in each.name:
            found.setdefault((each.method, each.path), {}).setdefault(each.place, set()).add(each.last)
    return found


def require_harmless(answer):
    """Assert that a page has no script and no attribute by a text, and nothing was reckoned."""
    assert answer.status_code < 500 or answer.status_code in (502, 503), answer.request.path
    said = "" if answer.mimetype == "text/event-stream" else answer.get_data(as_text=True)
    assert PRODUCT not in said
    assert "<class" not in said
    if answer.mimetype == "text/html" and said:
        page = html.document_fromstring(said)
        assert page.xpath("//*[starts-with(name(@*), 'on')] | //@*[starts-with(name(), 'on')]") == []
        assert [each for each in page.xpath("//script") if MARK in (each.text or "")] == []
        assert [
            each
            for each in page.xpath("//@href | //@src | //@action")
            if each.strip().lower().startswith("javascript:")
        ] == []


@taken_up
@pytest.mark.fault(36, "commands")
def test_no_parameter_of_the_documents_is_one(house, parameters, started, text):
    users = len(house.rows()["users"])
    for (method, path), places in parameters.items():
        request = {"query_string": dict.fromkeys(places.get("query", ()), text)}
        if "body" in places:
            request["json"] = dict.fromkeys(places["body"], text)
        with house.ask("root", method, path.replace("{", "").replace("}", ""), **request) as answer:
            require_harmless(answer)

    assert started == []
    assert len(house.rows()["users"]) == users
    assert not os.path.lexists(MARK)


@shown
@pytest.mark.fault(36)
def test_no_parameter_of_a_page_or_a_form_is_one(house, theirs, started, text):
    for route in house.routes:
        if route.dialect == "dashboard" and route.ends and route.path not in LEFT_OUT:
            at, names = theirs.address(route), dict.fromkeys(PAGES.split(), text)
            request = (
                {"query_string": names}
                if route.method == "GET"
                else {"data": names | dict.fromkeys(FORMS.split(), text)}
            )
            with house.ask("root", route.method, at, **request) as answer:
                require_harmless(answer)

    assert started == []


def stored(house, who, text):
    """Have somebody call all that he has so; return his connection and job."""
    connection = house.services.connections.create(house.caller(who), new_connection(name=text, description=text))
    house.told(who, "POST", "/webhooks", json={"url": "https://8.8.8.8/", "states": ["failed"], "description": text})
    house.told(who, "POST", "/api/histories", json={"name": text})
    job = house.told(who, "POST", "/sync", json={"connection": connection.id, "exclude": [text], "dry_run": True})["id"]
    return NOTHING.instead(connection=connection.id, job=job)


@pytest.mark.fault(36)
def test_what_was_stored_is_shown_as_it_is_on_every_page(house):
    who, pages = house.person(some_name()), 0
    things = [stored(house, who, text) for text in SHOWN.values()]
    for route in house.routes:
        if route.method == "GET" and route.ends and not route.changes:
            for mine in things if route.names else things[:1]:
                with house.ask(who, "GET", mine.address(route), headers=TUS) as answer:
                    require_harmless(answer)
                    pages += answer.mimetype == "text/html" and answer.status_code == 200

    assert pages > 5 + len(things)
