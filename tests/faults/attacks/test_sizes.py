"""Bodies that are large, deep or senseless: refused with a status that says why, by an answer that is small."""

import json

import pytest

from app.web.json_reading import DEPTH_MAX, DIGITS_MAX
from tests.support.naming import requests_to

pytestmark = pytest.mark.fault(36)

SMALL = 16 * 1024
MANY = 1_500


def nested(depth):
    return "[" * depth + "]" * depth


SENSELESS = {
    "deep lists": nested(DEPTH_MAX + 1),
    "lists as deep as the stack": nested(978),
    "very deep lists": nested(100_000),
    "deep objects": '{"a":' * 3_000 + "1" + "}" * 3_000,
    "deep in a field": f'{{"name": {nested(970)}}}',
    "never closed": "[" * 500_000,
    "a long number": f'{{"name": {"9" * (DIGITS_MAX + 1)}}}',
    "a number too long for Python": f'{{"limit": {"9" * 5_000}}}',
    "quotes": '"' + '\\"' * 200_000,
    "nothing but brackets": "[" + "[]," * 300_000 + "[]]",
}
"""Bodies that are no JSON that anybody meant."""


def swollen(good):
    """Yield good bodies with too much of something in them."""
    unknown = {f"unknown-{number}": 0 for number in range(MANY)}
    yield "fields", good | unknown | {"u" * 100_000: 0}
    yield "texts", {name: "x" * 150_000 if isinstance(value, str) else value for name, value in good.items()}
    yield "items", {name: ["wrong"] * MANY if isinstance(value, list) else value for name, value in good.items()}


@pytest.fixture(scope="module")
def bodies(house, anns):
    """The routes that take a JSON body, once each, with an address and a good body."""
    found = {}
    for route in house.routes:
        for request in requests_to(route.method, route.path, anns):
            if route.ends and request.get("json"):
                found.setdefault((route.method, str(route.view)), (route.method, anns.address(route), request["json"]))
    assert len(found) > 20
    return list(found.values())


@pytest.mark.slow
def test_too_much_of_anything_gets_a_small_answer(house, bodies):
    for method, path, good in bodies:
        for what, body in swollen(good):
            with house.ask("ann", method, path, json=body) as answer:
                assert answer.status_code < 500 or answer.status_code == 502, (method, path, what, answer.text[:200])
                assert len(answer.data) < SMALL, (method, path, what)


@pytest.mark.parametrize("body", SENSELESS.values(), ids=SENSELESS)
def test_what_no_program_means_is_no_json_anywhere(house, bodies, body):
    for method, path, _ in bodies:
        with house.ask("ann", method, path, data=body, content_type="application/json") as answer:
            assert 400 <= answer.status_code < 500, (method, path, answer.text[:200])
            assert len(answer.data) < SMALL, (method, path)


@pytest.mark.parametrize("form", ["a=1&" * MANY, "&".join(f"unknown-{number}=1" for number in range(MANY))])
def test_forms_of_too_many_fields_get_a_small_answer(house, form):
    for path in ("/sync", "/session", "/copy", "/cancel", "/sign-in"):
        with house.ask("ann", "POST", path, data=form, content_type="application/x-www-form-urlencoded") as answer:
            assert 400 <= answer.status_code < 500, path
            assert len(answer.data) < SMALL, path


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_compressed_bodies_are_not_expanded(house, coding):
    bomb = json.dumps({"username": "root", "password": "password-root"}).encode()
    for path in ("/session", "/sync"):
        for data in (bomb[:10], b"\x1f\x8b\x08\x00" + bytes(1000)):
            headers = {"Content-Encoding": coding}
            with house.ask("ann", "POST", path, data=data, headers=headers, content_type="application/json") as answer:
                assert answer.status_code == 400, (path, answer.text)
