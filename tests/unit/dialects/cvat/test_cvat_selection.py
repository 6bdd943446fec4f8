"""Simple filters, search and sort of a list, and the pages that it comes in."""

import random

import pytest

from app.dialects.cvat.paging import NoSuchPage, Page, page_address, page_asked
from app.dialects.cvat.selection import QueryRefused, ordered, wanted

PLAIN = {
    "id": 1,
    "name": "Street scenes",
    "owner": "ann",
    "provider_type": "AWS_S3_BUCKET",
    "credentials_type": "KEY_SECRET_KEY_PAIR",
    "resource": "streets-2026",
    "description": "Taken in Öland, by car",
}


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        pytest.param({}, True, id="nothing asked"),
        pytest.param({"name": "Street scenes"}, True, id="name"),
        pytest.param({"name": "street scenes"}, False, id="name in another case"),
        pytest.param({"name": "Street"}, False, id="part of the name"),
        pytest.param({"name": ""}, True, id="an empty one is no filter"),
        pytest.param({"owner": "ann"}, True, id="owner"),
        pytest.param({"owner": "bob"}, False, id="another owner"),
        pytest.param({"resource": "streets-2026"}, True, id="resource"),
        pytest.param({"provider_type": "AWS_S3_BUCKET"}, True, id="provider"),
        pytest.param({"provider_type": "AZURE_CONTAINER"}, False, id="another provider"),
        pytest.param({"credentials_type": "KEY_SECRET_KEY_PAIR"}, True, id="credentials"),
        pytest.param({"credentials_type": "ANONYMOUS_ACCESS"}, False, id="other credentials"),
        pytest.param({"owner": "ann", "resource": "x"}, False, id="all must fit"),
        pytest.param({"description": "x", "id": "9", "no_such": "x"}, True, id="what is no filter is passed over"),
        pytest.param({"search": "STREET"}, True, id="search: any case"),
        pytest.param({"search": "ann"}, True, id="search: owner"),
        pytest.param({"search": "2026"}, True, id="search: resource"),
        pytest.param({"search": "öLAND"}, True, id="search: description, beyond ASCII"),
        pytest.param({"search": "AWS"}, False, id="search: not the provider"),
        pytest.param({"search": "street car"}, True, id="search: each term somewhere"),
        pytest.param({"search": "street,boat"}, False, id="search: a comma divides"),
        pytest.param({"search": '"street scenes"'}, True, id="search: a phrase"),
        pytest.param({"search": '"scenes street"'}, False, id="search: a phrase in another order"),
        pytest.param({"search": '"Öland, by"'}, True, id="search: a comma in a phrase"),
        pytest.param({"search": "street " * 2000}, True, id="search: the same term again and again"),
        pytest.param({"search": "scenesann"}, False, id="search: no term runs from one field into the next"),
        pytest.param({"search": '""'}, True, id="search: an empty phrase"),
        pytest.param({"search": " , "}, True, id="search: nothing"),
        pytest.param({"search": '"street'}, False, id="search: a quote that stays open is a character"),
        pytest.param({"filter": '{"==":[{"var":"id"},1]}'}, True, id="JSON Logic"),
        pytest.param({"filter": '{"==":[{"var":"id"},1]}', "owner": "bob"}, False, id="JSON Logic and all else"),
        pytest.param({"filter": ""}, True, id="JSON Logic: empty"),
    ],
)
def test_a_storage_is_listed_when_it_fits(query, fits):
    assert wanted(query)(PLAIN) is fits


def test_who_has_no_owner_is_found_by_what_else_there_is():
    assert wanted({"search": "street"})(PLAIN | {"owner": None})
    assert not wanted({"owner": "ann"})(PLAIN | {"owner": None})


@pytest.mark.parametrize(
    ("query", "document"),
    [
        pytest.param({"provider_type": "GOOGLE_DRIVE"}, ["Unsupported type of cloud provider"], id="provider"),
        pytest.param(
            {"credentials_type": "X"},
            {"credentials_type": ["Select a valid choice. X is not one of the available choices."]},
            id="credentials",
        ),
        pytest.param({"search": "a\0b"}, ["Null characters are not allowed."], id="NUL in a search"),
        pytest.param({"filter": "{}"}, ["filter shouldn't be empty"], id="filter"),
    ],
)
def test_a_query_that_cannot_be_is_refused(query, document):
    with pytest.raises(QueryRefused) as refused:
        wanted(query)

    assert refused.value.document == document


def numbered(*values, term="name"):
    return [PLAIN | {"id": number, term: value} for number, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        pytest.param("", [3, 2, 1], id="left out: the newest first"),
        pytest.param("-id", [3, 2, 1], id="newest first"),
        pytest.param("id", [1, 2, 3], id="oldest first"),
        pytest.param("name", [2, 3, 1], id="capitals before small letters"),
        pytest.param("-name", [1, 3, 2], id="descending"),
        pytest.param("no_such,created_date", [3, 2, 1], id="only names that are none"),
        pytest.param("no_such, name", [2, 3, 1], id="one name that is none"),
        pytest.param("name,-name", [2, 3, 1], id="the first one of a name counts"),
        pytest.param("--name", [3, 2, 1], id="two dashes are no name"),
        pytest.param("owner,name", [2, 3, 1], id="the second decides where the first does not"),
        pytest.param("owner", [3, 2, 1], id="equal ones: the newest first"),
        pytest.param("-owner", [3, 2, 1], id="equal ones, descending: the newest first"),
    ],
)
def test_storages_come_in_the_order_asked_for(sort, ids):
    assert [values["id"] for values in ordered(sort, numbered("b", "A", "a"))] == ids


@pytest.mark.parametrize(
    ("sort", "ids"),
    [pytest.param("owner", [3, 1, 4, 2], id="last"), pytest.param("-owner", [4, 2, 1, 3], id="descending: first")],
)
def test_storages_without_an_owner_stand_where_postgresql_has_them(sort, ids):
    assert [values["id"] for values in ordered(sort, numbered("b", None, "a", None, term="owner"))] == ids


def test_the_order_does_not_depend_on_what_it_was():
    listed = numbered(*"dacbaddc")
    shuffled = random.Random(1).sample(listed, len(listed))

    assert ordered("name", shuffled) == ordered("name", listed)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        pytest.param({}, Page(1, 10), id="usual"),
        pytest.param({"page": "3", "page_size": "7"}, Page(3, 7), id="both"),
        pytest.param({"page": ""}, Page(1, 10), id="empty"),
        pytest.param({"page": "last"}, Page(None, 10), id="the last"),
        pytest.param({"page_size": "all"}, Page(1, None), id="all"),
        pytest.param({"page_size": "0"}, Page(1, 10), id="size 0"),
        pytest.param({"page_size": "-5"}, Page(1, 10), id="a size below 0"),
        pytest.param({"page_size": "many"}, Page(1, 10), id="no number"),
        pytest.param({"page_size": "501"}, Page(1, 500), id="too many"),
        pytest.param({"page_size": "9" * 5000}, Page(1, 500), id="a number of many digits"),
    ],
)
def test_a_query_asks_for_a_page(query, page):
    assert page_asked(query) == page


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "١"])
def test_a_page_of_no_number_is_none(number):
    with pytest.raises(NoSuchPage):
        page_asked({"page": number})


@pytest.mark.parametrize(
    ("page", "total", "number", "first", "has_next"),
    [
        pytest.param(Page(1, 10), 0, 1, 0, False, id="the first of nothing"),
        pytest.param(Page(None, 10), 0, 1, 0, False, id="the last of nothing"),
        pytest.param(Page(1, 10), 10, 1, 0, False, id="all on one"),
        pytest.param(Page(1, 10), 11, 1, 0, True, id="one more"),
        pytest.param(Page(None, 10), 25, 3, 20, False, id="the last"),
        pytest.param(Page(2, 10), 25, 2, 10, True, id="in the middle"),
        pytest.param(Page(1, None), 2000, 1, 0, False, id="all"),
    ],
)
def test_a_page_knows_its_place(page, total, number, first, has_next):
    assert (page.of(total), page.first(number), page.has_next(number, total)) == (number, first, has_next)


@pytest.mark.parametrize(
    ("page", "total"),
    [pytest.param(Page(2, 10), 10, id="beyond"), pytest.param(Page(2, None), 10, id="a second of all"), pytest.param(page_asked({"page": "9" * 5000}), 10, id="far beyond")],
)  # fmt: skip
def test_a_page_beyond_the_end_is_none(page, total):
    with pytest.raises(NoSuchPage):
        page.of(total)


@pytest.mark.parametrize(
    ("parameters", "number", "query"),
    [
        pytest.param([], 1, "", id="the first"),
        pytest.param([], 2, "?page=2", id="the second"),
        pytest.param([("sort", "id"), ("page", "9"), ("org", "")], 3, "?org=&page=3&sort=id", id="by name, empty ones too"),
        pytest.param([("page", "2"), ("search", "a b&c")], 1, "?search=a+b%26c", id="without a page"),
        pytest.param([("x", "2"), ("x", "1")], 1, "?x=2&x=1", id="what came twice"),
    ],
)  # fmt: skip
def test_the_address_of_a_page_keeps_what_else_was_asked(parameters, number, query):
    assert page_address("http://host/list", parameters, number) == "http://host/list" + query
