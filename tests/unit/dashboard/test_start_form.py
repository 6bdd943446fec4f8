"""The fields of the form for starting a mirror, and requests: one becomes the other, and back."""

import pytest

from app.dashboard.starting.start_form import (
    DEFAULTS,
    ELSEWHERE,
    RARE,
    is_unfolded,
    prefilled,
    rules_of,
    shown,
    start_request,
    typed,
)
from app.errors import InvalidInput, NotRepeatable
from app.mirrors.request import MirrorRequest
from app.transfer.filters import Rule

CONNECTION = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"
PLAIN = {"direction": "upload", "target": "address", "check": "exact"}
"""What the form always sends."""

FORMS = [
    pytest.param({}, {"delete": False}, id="nothing typed"),
    pytest.param({"delete": "1"}, {"delete": True}, id="ticked"),
    pytest.param({"direction": "download"}, {"direction": "download", "delete": False}, id="a download"),
    pytest.param({"source": "a b/c", "dest": "photos"}, {"source": "a b/c", "dest": "photos", "delete": False}, id="folder and bucket"),
    pytest.param(
        {"storage_url": "http://s:9000", "access_key": "AKIA", "secret_key": " s "},
        {"storage_url": "http://s:9000", "access_key": "AKIA", "secret_key": " s ", "delete": False}, id="an address with keys",
    ),
    pytest.param(
        {"target": "connection", "connection": CONNECTION, "storage_url": "http://s", "dest": "x", "access_key": "A", "secret_key": "s"},
        {"connection": CONNECTION, "delete": False}, id="a connection, and what belongs to an address",
    ),
    pytest.param({"connection": CONNECTION}, {"delete": False}, id="an address, and a connection from before"),
    pytest.param(
        {"prefix": "a/b", "max_delete": "10%", "check": "size", "wait": "0.5", "rules": "- *.tmp"},
        {"prefix": "a/b", "max_delete": "10%", "check": "size", "wait": 0.5, "rules": [Rule("exclude", "*.tmp")], "delete": False},
        id="the rest",
    ),
    pytest.param({"source": " ", "prefix": " ", "dest": " "}, {"source": " ", "prefix": " ", "delete": False}, id="folders named by a blank"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "expected"), FORMS)
def test_what_is_typed_becomes_a_request(sent, expected):
    assert start_request(PLAIN | sent) == MirrorRequest(
        **{"rules": [], "direction": "upload", "check": "exact"} | expected
    )


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"direction": "sideways"}, "direction"),
        ({"target": "somewhere"}, "target"),
        ({"target": "connection"}, "connection"),
        ({"target": "connection", "connection": "the first"}, "connection"),
        ({"check": "md5"}, "check"),
        ({"wait": "soon"}, "wait"),
        ({"wait": "nan"}, "wait"),
        ({"delete": "perhaps"}, "delete"),
        ({"rules": "*.jpg"}, "rules"),
    ],
)
def test_what_makes_no_sense_is_told_of_its_field(sent, field):
    with pytest.raises(InvalidInput) as caught:
        start_request(PLAIN | sent)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="none"),
        pytest.param("\n \n\t\n", [], id="empty lines"),
        pytest.param("+ *.jpg", [("include", "*.jpg")], id="include"),
        pytest.param("- *.tmp", [("exclude", "*.tmp")], id="exclude"),
        pytest.param("+*.jpg\n-*.tmp", [("include", "*.jpg"), ("exclude", "*.tmp")], id="without a space"),
        pytest.param("- a\r\n+ b\r- c\n", [("exclude", "a"), ("include", "b"), ("exclude", "c")], id="any line ends, in order"),
        pytest.param("-  a b ", [("exclude", " a b ")], id="one space belongs to the sign"),
        pytest.param("- -x\n+ +y", [("exclude", "-x"), ("include", "+y")], id="signs in patterns"),
        pytest.param("- a\u2028b\x0bc\x85d", [("exclude", "a\u2028b\x0bc\x85d")], id="what only Python takes for line ends"),
    ],
)  # fmt: skip
def test_each_line_is_a_rule(text, expected):
    assert rules_of(text) == [Rule(*rule) for rule in expected]


@pytest.mark.parametrize("text", ["*.jpg", " + a", "+", "- ", "!a", "# a", "+ a\nb"])
def test_a_line_that_is_no_rule_is_told_by_its_number(text):
    with pytest.raises(InvalidInput, match=f"Line {text.count(chr(10)) + 1}:") as caught:
        rules_of(text)
    assert caught.value.field == "rules"


REQUESTS = [
    MirrorRequest(delete=True),
    MirrorRequest(direction="download", delete=False),
    MirrorRequest(connection=CONNECTION, dest=None, delete=True),
    MirrorRequest(
        source="é/⧵0A", dest="photos", storage_url="http://s:9000", prefix="a/", delete=True, max_delete="7", check="always", wait=1 / 3,
        rules=[Rule("include", " a"), Rule("exclude", "-b"), Rule("include", "c\u2028")],
    ),
]  # fmt: skip


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_that_is_shown_and_sent_again_is_the_same(request_):
    again = start_request(shown(request_))

    assert shown(again) == shown(request_)
    assert list(again.rules) == list(request_.rules)
    assert again.delete is request_.delete
    assert again.connection == request_.connection


@pytest.mark.parametrize("pattern", ["a\nb", "a\rb"])
def test_a_rule_with_a_line_break_cannot_be_shown(pattern):
    with pytest.raises(NotRepeatable, match="line break"):
        shown(MirrorRequest(rules=[Rule("exclude", pattern)]))


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"connection": CONNECTION}, {"connection": CONNECTION, "target": "connection"}, id="a connection"),
        pytest.param({"direction": "download"}, {"direction": "download", "delete": ""}, id="a download"),
        pytest.param({"direction": "download", "delete": "1"}, {"direction": "download", "delete": "1"}, id="one that deletes"),
        pytest.param({"delete": "0"}, {"delete": ""}, id="nothing deleted"),
        pytest.param({"source": "<b>", "unknown": "x"}, {"source": "<b>"}, id="a folder and nothing known"),
        pytest.param({"access_key": "AKIA", "secret_key": "canary"}, {}, id="keys"),
    ],
)  # fmt: skip
def test_a_link_fills_the_form(query, changed):
    assert prefilled(query) == {**DEFAULTS, **changed}


def test_what_was_typed_comes_back_without_keys():
    sent = PLAIN | {"source": "a", "access_key": "AKIA", "secret_key": "canary", "csrf_token": "t"}

    assert typed(sent) == {**dict.fromkeys(DEFAULTS, ""), **PLAIN, "source": "a"}


def test_an_address_comes_back_without_the_password_in_it():
    sent = PLAIN | {"storage_url": "http://user:canary@minio:9000/?sig=canary"}

    assert typed(sent)["storage_url"] == "http://minio:9000/"


@pytest.mark.parametrize(
    ("names", "values", "errors", "is_open"),
    [
        (RARE, {}, {}, False),
        (RARE, {"prefix": "a"}, {"prefix": "wrong"}, False),
        (RARE, {"max_delete": "5"}, {}, True),
        (RARE, {"check": "size"}, {}, True),
        (RARE, {"wait": "1"}, {}, True),
        (RARE, {}, {"wait": "wrong"}, True),
        (ELSEWHERE, {"dest": "photos"}, {"dest": "wrong"}, False),
        (ELSEWHERE, {"storage_url": "http://s"}, {}, True),
        (ELSEWHERE, {}, {"secret_key": "wrong"}, True),
    ],
)
def test_rare_fields_are_shown_when_they_are_set_or_wrong(names, values, errors, is_open):
    assert is_unfolded(names, {**DEFAULTS, **values}, errors) is is_open
