"""The headers of every answer: those that keep it from frames, caches and other origins, and none by somebody's text."""

import base64

import pytest

from app.web.headers import HEADERS, REFERRER
from tests.support.belongings import NOTHING, TUS
from tests.support.documents import document_parameters
from tests.support.hostile_text import BREAKING
from tests.support.naming import requests_to

pytestmark = [pytest.mark.fault(36, "headers")]

KEPT = {"/static/<path:filename>"}
"""What browsers may keep: it is the same for everybody, at an address with its version."""

EVERYWHERE = ["a line", "quotes"]
"""Of the texts, those that each parameter is tried with."""


def answers(house, of, who, **headers):
    """Yield what each route answers somebody, with the route."""
    for route in house.routes:
        for request in requests_to(route.method, route.path, of)[:1]:
            with house.ask(who, route.method, of.address(route), headers=TUS | headers, **request) as answer:
                yield route, answer


@pytest.mark.parametrize("who", ["root", None])
def test_no_answer_is_framed_kept_guessed_at_or_read_by_another_origin(house, who):
    seen = set()
    for route, answer in answers(house, NOTHING, who, Origin="https://evil.example"):
        seen.add(answer.status_code)
        for name, value in HEADERS.items():
            assert answer.headers.getlist(name) == [value] or (name == REFERRER or route.path in KEPT), (route, name)
        assert answer.headers[REFERRER] in ("no-referrer", "same-origin"), route
        assert [name for name, _ in answer.headers if name.lower().startswith("access-control-")] == [], route
        if answer.mimetype == "text/html":
            policy = answer.headers.get("Content-Security-Policy", "")
            assert "frame-ancestors 'none'" in policy, route
            assert "object-src 'none'" in policy or "default-src 'none'" in policy, route
    assert seen >= ({200, 400, 404} if who else {200, 401})


def test_another_origin_is_told_of_nothing_that_it_may_do(house):
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in {NOTHING.address(route) for route in house.routes}:
        with house.ask(None, "OPTIONS", path, headers=asking) as answer:
            assert [name for name, _ in answer.headers if name.lower().startswith("access-control-")] == [], path


@pytest.fixture(scope="module")
def texts(house):
    """The parameters of queries and bodies that may be text, by method and path."""
    found = {}
    for each in document_parameters(house.app):
        if each.place in ("query", "body") and each.kind in ("string", "") and "[]" not in each.name:
            found.setdefault((each.method, each.path), {}).setdefault(each.place, set()).add(each.last)
    assert len(found) > 40
    return found


def lines(answer):
    return {name.lower() for name, _ in answer.headers} | {
        value for _, value in answer.headers if "evil" in value.lower()
    }


@pytest.mark.parametrize("text", [BREAKING[kind] for kind in EVERYWHERE], ids=EVERYWHERE)
def test_no_text_becomes_a_header(house, texts, text):
    plain = {}
    for route, answer in answers(house, NOTHING, "root"):
        plain.setdefault(answer.status_code, set()).update(lines(answer))
        plain[str(route)] = lines(answer)
    usual = set().union(*plain.values())
    for (method, path), places in texts.items():
        address = path.replace("{", "").replace("}", "")
        request = {"query_string": dict.fromkeys(places.get("query", ()), text)}
        if "body" in places:
            request["json"] = dict.fromkeys(places["body"], text)
        with house.ask("root", method, address, **request) as answer:
            assert answer.status_code < 500 or answer.status_code in (502, 503), (method, path)
            assert lines(answer) <= usual, (method, path)


@pytest.mark.parametrize("text", BREAKING.values(), ids=BREAKING)
@pytest.mark.parametrize(
    "header",
    [
        "X-Request-ID",
        "Upload-Metadata",
        "Tus-Resumable",
        "X-Organization",
        "Last-Event-ID",
        "Range",
        "If-Range",
        "X-HTTP-Method-Override",
    ],
)
def test_no_header_comes_back_as_two(house, header, text):
    sent = text.encode("utf-8", "surrogatepass").decode("latin-1").replace("\r", "").replace("\n", "").replace("\0", "")
    if header == "Upload-Metadata":
        sent = "filename " + base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
    asked = [
        ("GET", "/api/v2/cloud-storage/connections"),
        ("POST", "/api/upload/resumable_upload"),
        ("GET", "/api/cloudstorages"),
    ]
    for method, path in asked:
        with house.ask("root", method, path, headers={**TUS, "Upload-Length": "1", header: sent}) as answer:
            assert answer.status_code < 500, path
            assert not [value for _, value in answer.headers if set(value) & set("\r\n\0")]
            assert "X-Evil" not in answer.headers
