"""The tokens of pages: what goes in comes out, and nothing else does."""

import base64
import json

import pytest

from app.errors import InvalidInput
from app.storages.base import Folder
from app.storages.tokens import MAX_TOKEN, last_of, token_behind, token_of, told_by


def made_of(told):
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "told", [["a"], ["é/\U0001f600", None], ['"\\\x00', "", "x" * 4000]], ids=["one", "two", "three"]
)
def test_a_token_brings_back_what_it_was_made_of(told):
    token = token_of(*told)
    assert told_by(token, len(told)) == told
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(made_of(["sluice1", "a", "b"]), id="of another length"),
        pytest.param(made_of(["sluice2", "a"]), id="of another make"),
        pytest.param(made_of(["sluice1", 1]), id="a number inside"),
        pytest.param(made_of(["sluice1", ["a"]]), id="a list inside"),
        pytest.param(made_of(["sluice1", "\ud800"]), id="a lone surrogate inside"),
        pytest.param(made_of({"sluice1": "a"}), id="no list"),
        pytest.param(made_of("[" * 10_000), id="text"),
        pytest.param(base64.urlsafe_b64encode(b"[" * 9_000).decode(), id="deeply nested"),
        pytest.param(base64.urlsafe_b64encode(b"\xff\xfe").decode(), id="no text"),
        pytest.param(token_of("a") + "!", id="another character"),
        pytest.param(token_of("a")[:-1], id="cut short"),
        pytest.param(token_of("x" * MAX_TOKEN), id="too long"),
        pytest.param(token_of(""), id="an empty name"),
        pytest.param(token_of(None), id="no name"),
    ],
)
def test_any_other_token_is_refused(token):
    with pytest.raises(InvalidInput) as raised:
        last_of(token)
    assert raised.value.field == "next_token"


def test_a_page_has_a_token_only_where_there_is_more():
    found = [Folder("a/"), Folder("b/")]
    assert token_behind(found, 2) is None
    assert token_behind([], 2) is None
    assert last_of(token_behind(found, 1)) == "a/"
