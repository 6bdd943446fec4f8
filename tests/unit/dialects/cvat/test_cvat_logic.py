"""JSON Logic as a list's filter: every form that CVAT knows, and every way not to be one."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects.cvat.logic import TERMS, FilterRefused, parse

MINE = {
    "id": 7,
    "name": "Photos of 2026",
    "owner": "ann",
    "provider_type": "AWS_S3_BUCKET",
    "credentials_type": "ANONYMOUS_ACCESS",
    "resource": "photos",
    "description": "",
}
NOBODYS = MINE | {"id": 8, "owner": None}


def var(name):
    return {"var": name}


TRUE = {"==": [var("id"), 7]}
FALSE = {"==": [var("id"), 9]}


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        pytest.param({"and": [TRUE, TRUE]}, True, id="and: both"),
        pytest.param({"and": [TRUE, FALSE]}, False, id="and: one"),
        pytest.param({"and": [TRUE]}, True, id="and: a single one"),
        pytest.param({"or": [FALSE, TRUE]}, True, id="or: one"),
        pytest.param({"or": [FALSE, FALSE]}, False, id="or: none"),
        pytest.param({"or": [FALSE, {"and": [TRUE, {"!": FALSE}]}]}, True, id="nested"),
        pytest.param({"!": FALSE}, True, id="negation"),
        pytest.param({"!": {"!": TRUE}}, True, id="twice negated"),
        pytest.param({"!!": TRUE}, True, id="identity"),
        pytest.param({"!!": FALSE}, False, id="identity of what is not"),
        pytest.param(var("owner"), True, id="a field alone: it has a value"),
        pytest.param(var("description"), True, id="a field alone: an empty text is a value"),
        pytest.param({"==": [var("name"), "Photos of 2026"]}, True, id="equal"),
        pytest.param({"==": [var("name"), "photos of 2026"]}, False, id="equal, in another case"),
        pytest.param({"==": [var("owner"), None]}, False, id="equal to null"),
        pytest.param({"==": [var("id"), "7"]}, True, id="a number as a text"),
        pytest.param({"==": [var("id"), 7.0]}, True, id="a number with a fraction of nothing"),
        pytest.param({"==": [var("resource"), 5]}, False, id="a text compared with a number's digits"),
        pytest.param({"<": [var("id"), 8]}, True, id="less"),
        pytest.param({"<": [var("id"), 7]}, False, id="not less"),
        pytest.param({">": [var("id"), 6]}, True, id="more"),
        pytest.param({">": [var("id"), 7]}, False, id="not more"),
        pytest.param({"<=": [var("id"), 7]}, True, id="less or equal"),
        pytest.param({"<=": [var("id"), 6]}, False, id="not less or equal"),
        pytest.param({">=": [var("id"), 7]}, True, id="more or equal"),
        pytest.param({">=": [var("id"), 8]}, False, id="not more or equal"),
        pytest.param({"<": [var("name"), "a"]}, True, id="capitals come before small letters"),
        pytest.param({"<=": [7, var("id"), 7]}, True, id="range, both ends within"),
        pytest.param({"<=": [8, var("id"), 9]}, False, id="below a range"),
        pytest.param({"<=": ["o", var("resource"), "q"]}, True, id="range of texts"),
        pytest.param({"in": [var("id"), [6, 7]]}, True, id="in a list"),
        pytest.param({"in": [var("id"), ["6", "7"]]}, True, id="in a list of texts"),
        pytest.param({"in": [var("id"), []]}, False, id="in an empty list"),
        pytest.param({"in": [var("owner"), [None]]}, False, id="null in a list is nothing"),
        pytest.param({"in": ["hoto", var("resource")]}, True, id="part of a text"),
        pytest.param({"in": ["HOTO", var("resource")]}, False, id="part of a text, in another case"),
        pytest.param({"in": [2026, var("name")]}, True, id="digits in a text"),
        pytest.param({"in": ["7", var("id")]}, True, id="part of a number"),
        pytest.param(TRUE | {"no such": []}, True, id="the first key alone is read"),
        pytest.param({"==": [{"var": "id", "no such": 1}, 7]}, True, id="a field with more beside it"),
    ],
)
def test_a_form_means_what_the_table_says(rule, fits):
    assert parse(json.dumps(rule))(MINE) is fits


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        pytest.param(var("owner"), False, id="a field alone"),
        pytest.param({"==": [var("owner"), None]}, True, id="equal to null"),
        pytest.param({"==": [var("owner"), "ann"]}, False, id="equal"),
        pytest.param({"!": {"==": [var("owner"), "ann"]}}, True, id="not equal"),
        pytest.param({"<": [var("owner"), "b"]}, False, id="less"),
        pytest.param({"!": {"<": [var("owner"), "b"]}}, True, id="not less"),
        pytest.param({"<=": ["a", var("owner"), "b"]}, False, id="range"),
        pytest.param({"in": [var("owner"), ["ann", None]]}, False, id="in a list"),
        pytest.param({"in": ["a", var("owner")]}, False, id="part of it"),
        pytest.param({"in": ["", var("owner")]}, False, id="the empty part of it"),
    ],
)
def test_what_is_not_there_fits_nothing_but_null_and_negations(rule, fits):
    assert parse(json.dumps(rule))(NOBODYS) is fits


@pytest.mark.parametrize("name", sorted(TERMS))
def test_every_field_can_be_asked_for(name):
    assert parse(json.dumps({"==": [var(name), MINE[name]]}))(MINE)


UNSUPPORTED = "filter: operation '{}' with arguments '{}' is not supported"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("{", "filter: can't parse filter expression: Expecting property name", id="no JSON"),
        pytest.param("nothing", "filter: can't parse filter expression: Expecting value", id="no JSON at all"),
        pytest.param("NaN", "filter: can't parse filter expression: NaN is no value of JSON", id="a constant that is none of JSON's"),
        pytest.param("[" * 30000, "filter: can't parse filter expression: longer than 16384", id="too long"),
        pytest.param("[" * 9000 + "]" * 7000, "filter: can't parse filter expression: ", id="too deep for the reader"),
        pytest.param(
            '{"!":' * 40 + json.dumps(TRUE) + "}" * 40,
            "filter: can't parse filter expression: nested too deeply",
            id="too deep",
        ),
        pytest.param('{"==":[{"var":"id"},' + "9" * 5000 + "]}", "filter: can't parse filter expression: ", id="too many digits"),
        pytest.param("{}", "filter shouldn't be empty", id="an empty object"),
        pytest.param("[]", "filter shouldn't be empty", id="an empty list"),
        pytest.param('""', "filter shouldn't be empty", id="an empty text"),
        pytest.param("null", "filter shouldn't be empty", id="null"),
        pytest.param("0", "filter shouldn't be empty", id="zero"),
        pytest.param("[1]", "filter: expected a non-empty dict value, got '[1]' of type 'list'", id="a list"),
        pytest.param('"x"', "filter: expected a non-empty dict value, got 'x' of type 'str'", id="a text"),
        pytest.param("5", "filter: expected a non-empty dict value, got '5' of type 'int'", id="a number"),
        pytest.param("true", "filter: expected a non-empty dict value, got 'True' of type 'bool'", id="true"),
        pytest.param("false", "filter: expected a non-empty dict value, got 'False' of type 'bool'", id="false"),
        pytest.param('{"var":"owner_id"}', "filter: term 'owner_id' is not supported", id="a field that is none"),
        pytest.param('{"var":["id"]}', "filter: term '['id']' is not supported", id="a list as a field"),
        pytest.param('{"var":null}', "filter: term 'None' is not supported", id="null as a field"),
        pytest.param('{"==":[{"var":"secret_key"},"x"]}', "filter: term 'secret_key' is not supported", id="a secret"),
        pytest.param('{"!=":[{"var":"id"},1]}', UNSUPPORTED.format("!=", "[{'var': 'id'}, 1]"), id="no such operation"),
        pytest.param('{"and":[]}', UNSUPPORTED.format("and", "[]"), id="and: nothing"),
        pytest.param('{"or":{"a":1}}', UNSUPPORTED.format("or", "{'a': 1}"), id="or: no list"),
        pytest.param('{"and":[{}]}', "filter: operation 'and' requires a non-empty dict argument, got '{}' of type 'dict'", id="and: an empty object"),
        pytest.param('{"or":[1]}', "filter: operation 'or' requires a non-empty dict argument, got '1' of type 'int'", id="or: a number"),
        pytest.param('{"!":[{"var":"id"}]}', "filter: operation '!' requires a non-empty dict argument, got '[{'var': 'id'}]' of type 'list'", id="negation of a list"),
        pytest.param('{"!!":null}', "filter: operation '!!' requires a non-empty dict argument, got 'None' of type 'NoneType'", id="identity of null"),
        pytest.param('{"==":[7,{"var":"id"}]}', UNSUPPORTED.format("==", "[7, {'var': 'id'}]"), id="the field comes second"),
        pytest.param('{"==":[{"var":"id"}]}', UNSUPPORTED.format("==", "[{'var': 'id'}]"), id="one argument"),
        pytest.param('{"==":7}', UNSUPPORTED.format("==", "7"), id="no list of arguments"),
        pytest.param('{"<":[1,{"var":"id"},3]}', UNSUPPORTED.format("<", "[1, {'var': 'id'}, 3]"), id="a range by another operation"),
        pytest.param('{"==":[{"var":"id"},"x"]}', UNSUPPORTED.format("==", "[{'var': 'id'}, 'x']"), id="a number with a text"),
        pytest.param('{"<":[{"var":"id"},"x"]}', UNSUPPORTED.format("<", "[{'var': 'id'}, 'x']"), id="a number less than a text"),
        pytest.param('{"==":[{"var":"id"},true]}', UNSUPPORTED.format("==", "[{'var': 'id'}, True]"), id="a number with true"),
        pytest.param('{"==":[{"var":"name"},[1]]}', UNSUPPORTED.format("==", "[{'var': 'name'}, [1]]"), id="a text with a list"),
        pytest.param('{"<":[{"var":"id"},null]}', UNSUPPORTED.format("<", "[{'var': 'id'}, None]"), id="less than null"),
        pytest.param('{"<=":[null,{"var":"id"},3]}', UNSUPPORTED.format("<=", "[None, {'var': 'id'}, 3]"), id="a range from null"),
        pytest.param('{"<=":["a",{"var":"id"},3]}', UNSUPPORTED.format("<=", "['a', {'var': 'id'}, 3]"), id="a range of numbers from a text"),
        pytest.param('{"in":[{"var":"id"},7]}', UNSUPPORTED.format("in", "[{'var': 'id'}, 7]"), id="in what is no list"),
        pytest.param('{"in":[{"var":"id"},["x"]]}', UNSUPPORTED.format("in", "[{'var': 'id'}, ['x']]"), id="a number in a list of texts"),
        pytest.param('{"in":[{"var":"name"},[{}]]}', UNSUPPORTED.format("in", "[{'var': 'name'}, [{}]]"), id="in a list of objects"),
        pytest.param('{"in":[null,{"var":"name"}]}', UNSUPPORTED.format("in", "[None, {'var': 'name'}]"), id="null as a part"),
        pytest.param('{"in":["a","b"]}', UNSUPPORTED.format("in", "['a', 'b']"), id="part of what is no field"),
        pytest.param('{"in":{"var":"name"}}', UNSUPPORTED.format("in", "{'var': 'name'}"), id="in: no list of arguments"),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused_with_the_words_of_the_original(text, message):
    with pytest.raises(FilterRefused) as refused:
        parse(text)

    assert str(refused.value).startswith(message)


def test_what_is_quoted_in_a_refusal_is_short_and_can_be_sent():
    with pytest.raises(FilterRefused) as refused:
        parse(json.dumps({"var": "\ud800" + "x" * 9000}))

    assert len(str(refused.value)) < 300
    assert str(refused.value).encode()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.sampled_from(sorted(TERMS)),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["and", "or", "!", "!!", "var", "==", "<", ">", "<=", ">=", "in"]), inner, max_size=2),
    max_leaves=12,
)  # fmt: skip


def refusal_of(text):
    """Return the words with which a filter is refused, None when it is taken and answers for storages."""
    try:
        fits = parse(text)
    except FilterRefused as error:
        return str(error)
    assert {fits(values) for values in (MINE, NOBODYS)} <= {True, False}
    return None


@given(_JSON)
def test_any_json_is_a_filter_or_is_refused(document):
    refusal = refusal_of(json.dumps(document))

    assert refusal is None or refusal.encode().startswith(b"filter")


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_is_refused(text):
    assert (refusal_of(text) or "filter").startswith("filter")


VALUES = ["ann", "bob", "", None]


@pytest.mark.parametrize(("found", "asked"), [*product(VALUES, VALUES)])
def test_not_equal_is_what_equal_is_not(found, asked):
    equal = {"==": [var("owner"), asked]}
    values = MINE | {"owner": found}

    assert parse(json.dumps(equal))(values) is (found == asked)
    assert parse(json.dumps({"!": equal}))(values) is (found != asked)
