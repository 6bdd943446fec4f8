"""The table of the forms in which a client says who it is: what each reads, what it refuses, which one counts."""

import re
from base64 import b64encode
from pathlib import Path

import pytest

from app.errors import CallerUnknown
from app.web.credentials import FORMS, Place, Presented, Proof, presented, security

KEY = "sluice_" + "0123456789abcdef" * 4
CANARY = "canary-SECRET"


def basic(text):
    return "Basic " + b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def sent(place, *values):
    return {place: list(values)}


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        pytest.param(Place.AUTHORIZATION, f"Token {KEY}", Presented(Proof.KEY, KEY), id="token"),
        pytest.param(Place.AUTHORIZATION, f"Bearer {KEY}", Presented(Proof.KEY, KEY), id="bearer"),
        pytest.param(Place.AUTHORIZATION, f"bEARER   {KEY} ", Presented(Proof.KEY, KEY), id="odd case and spaces"),
        pytest.param(Place.AUTHORIZATION, "user_api_key:AbC", Presented(Proof.KEY, "AbC"), id="cval, its case kept"),
        pytest.param(Place.AUTHORIZATION, "User_Api_Key:AbC", Presented(Proof.KEY, "AbC"), id="cval, capitals before it"),
        pytest.param(Place.AUTHORIZATION, basic("ann:pw"), Presented(Proof.PASSWORD, "pw", "ann"), id="basic"),
        pytest.param(Place.AUTHORIZATION, basic("ann:p:w:"), Presented(Proof.PASSWORD, "p:w:", "ann"), id="basic, colons in the password"),
        pytest.param(Place.AUTHORIZATION, basic("änn:pẅ"), Presented(Proof.PASSWORD, "pẅ", "änn"), id="basic, UTF-8"),
        pytest.param(Place.AUTHORIZATION, basic("ann:"), Presented(Proof.PASSWORD, "", "ann"), id="basic, no password"),
        pytest.param(Place.AUTHORIZATION, basic(f"ann:{KEY}"), Presented(Proof.KEY, KEY, "ann"), id="basic with a key"),
        pytest.param(Place.AUTHORIZATION, basic(f":{KEY}"), Presented(Proof.KEY, KEY, ""), id="basic with a key and no name"),
        pytest.param(Place.AUTHORIZATION, basic(f"ann:{KEY}0"), Presented(Proof.PASSWORD, KEY + "0", "ann"), id="basic, longer than a key"),
        pytest.param(Place.API_KEY, KEY, Presented(Proof.KEY, KEY), id="x-api-key"),
        pytest.param(Place.QUERY, KEY, Presented(Proof.KEY, KEY), id="key in the query string"),
        pytest.param(Place.COOKIE, "token", Presented(Proof.SESSION, "token"), id="cookie"),
    ],
)  # fmt: skip
def test_each_form_is_read(place, value, expected):
    assert presented(sent(place, value)) == expected


@pytest.mark.parametrize(
    ("place", "values"),
    [
        pytest.param(Place.AUTHORIZATION, [""], id="an empty header"),
        pytest.param(Place.AUTHORIZATION, ["Bearer"], id="a scheme alone"),
        pytest.param(Place.AUTHORIZATION, ["Bearer "], id="no key after the scheme"),
        pytest.param(Place.AUTHORIZATION, ["user_api_key:"], id="no key after the colon"),
        pytest.param(Place.AUTHORIZATION, [CANARY], id="a key without a scheme"),
        pytest.param(Place.AUTHORIZATION, [f"Digest {CANARY}"], id="another scheme"),
        pytest.param(Place.AUTHORIZATION, [f"Basic {CANARY}!"], id="no base64"),
        pytest.param(Place.AUTHORIZATION, ["Basic é"], id="not even ASCII"),
        pytest.param(Place.AUTHORIZATION, [basic(CANARY)], id="no colon"),
        pytest.param(Place.AUTHORIZATION, [basic(b"\xff\xfe:" + CANARY.encode())], id="not UTF-8"),
        pytest.param(Place.AUTHORIZATION, [f"Token {CANARY}", f"Token {CANARY}"], id="two headers, the same"),
        pytest.param(Place.API_KEY, [""], id="an empty x-api-key"),
        pytest.param(Place.API_KEY, [CANARY, CANARY], id="two of x-api-key"),
        pytest.param(Place.QUERY, [""], id="an empty key in the query string"),
        pytest.param(Place.QUERY, [CANARY, CANARY], id="two keys in the query string"),
    ],
)
def test_what_cannot_be_read_is_refused_by_a_sentence_that_repeats_nothing(place, values):
    with pytest.raises(CallerUnknown) as refusal:
        presented(sent(place, *values))

    assert str(refusal.value).startswith(f"{place} ")
    assert str(refusal.value).endswith(".")
    assert CANARY not in str(refusal.value)


def test_who_presents_nothing_is_nobody():
    assert presented({}) is None
    assert presented({place: [] for place in Place}) is None


@pytest.mark.parametrize(("first", "secret"), [(0, "first"), (1, "second"), (2, "third"), (3, "fourth")])
def test_the_first_place_counts_and_those_after_it_are_not_looked_at(first, secret):
    values = [["Token first"], ["second"], ["third"], ["fourth"]]
    after = [["twice", "twice"]] * len(values)
    places = dict(zip(Place, [*[[]] * first, values[first], *after[first + 1 :]], strict=True))

    assert presented(places).secret == secret


def test_a_secret_is_not_in_what_debuggers_and_logs_print():
    shown = presented(sent(Place.AUTHORIZATION, basic(f"ann:{CANARY}")))

    assert CANARY not in repr(shown)


def test_the_openapi_document_offers_each_form_once():
    document = security()

    assert list(document["components"]["securitySchemes"]) == [form.name for form in FORMS]
    assert document["security"] == [{form.name: []} for form in FORMS]
    assert security(optional=True)["security"] == [{}, *document["security"]]


def test_the_page_for_users_has_the_same_table_in_the_same_order():
    page = (Path(__file__).parents[3] / "docs" / "accounts.md").read_text()
    rows = re.findall(r"^\| (?:header|query|cookie) `([^`]+)` \| `([^`]+)` \|", page, re.MULTILINE)

    assert rows == [(form.place, form.example) for form in FORMS]
