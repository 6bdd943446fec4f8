"""Google's answers: what of them is taken, and which are none of Google's."""

import pytest

from app.errors import StorageUnreachable
from app.grants.answers import Account, account, is_token, issued

GOOD = {"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer", "scope": "a b a"}


def test_an_answer_brings_tokens_their_time_and_their_scopes():
    found = issued(GOOD | {"refresh_token": "1//0refresh"})

    assert (found.access_token, found.refresh_token) == ("ya29.token", "1//0refresh")
    assert (found.seconds, found.scopes) == (3599.0, ("a", "b"))


@pytest.mark.parametrize(
    ("more", "seconds", "scopes"),
    [
        pytest.param({"expires_in": "3599"}, 3599, ("a", "b"), id="the time as a text"),
        pytest.param({"expires_in": 10**12}, 86_400, ("a", "b"), id="no longer than a day"),
        pytest.param({"scope": None}, 3599, None, id="no scopes"),
        pytest.param({"scope": " "}, 3599, None, id="empty scopes"),
        pytest.param({"scope": ["a"]}, 3599, None, id="scopes that are no text"),
        pytest.param({"token_type": "bearer"}, 3599, ("a", "b"), id="small letters"),
        pytest.param({"refresh_token": None}, 3599, ("a", "b"), id="null for no refresh token"),
    ],
)
def test_what_servers_write_otherwise_is_understood(more, seconds, scopes):
    found = issued(GOOD | more)

    assert (found.seconds, found.scopes) == (seconds, scopes)


def test_who_says_nothing_of_time_means_an_hour():
    assert issued({"access_token": "x"}).seconds == 3600


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="nothing"),
        pytest.param(GOOD | {"access_token": ""}, id="an empty token"),
        pytest.param(GOOD | {"access_token": 5}, id="a number"),
        pytest.param(GOOD | {"access_token": "a\r\nX-Evil: 1"}, id="a header more"),
        pytest.param(GOOD | {"access_token": "a b"}, id="a space"),
        pytest.param(GOOD | {"access_token": "tökén"}, id="not ASCII"),
        pytest.param(GOOD | {"access_token": "a" * 8193}, id="too long"),
        pytest.param(GOOD | {"refresh_token": "a\n"}, id="a refresh token with a line"),
        pytest.param(GOOD | {"refresh_token": {}}, id="a refresh token that is none"),
        pytest.param(GOOD | {"token_type": "mac"}, id="another type"),
        pytest.param(GOOD | {"token_type": None}, id="a type that is none"),
        pytest.param(GOOD | {"expires_in": 0}, id="over already"),
        pytest.param(GOOD | {"expires_in": "soon"}, id="a time that is none"),
        pytest.param(GOOD | {"expires_in": float("nan")}, id="no number"),
        pytest.param(GOOD | {"expires_in": [1]}, id="a list"),
    ],
)
def test_what_google_would_not_answer_is_refused_and_not_quoted(answer):
    with pytest.raises(StorageUnreachable) as refused:
        issued(answer)

    assert "ya29" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param({"sub": "117", "email": "anna@example.org", "name": "Anna"}, Account("117", "anna@example.org", "Anna"), id="all"),
        pytest.param({"id": "117"}, Account("117", None, None), id="by an older name"),
        pytest.param({"sub": "117", "id": "118"}, Account("117", None, None), id="the newer name counts"),
        pytest.param({"sub": "117", "email": "", "name": 5}, Account("117", None, None), id="what is no text"),
        pytest.param({"sub": "117", "name": "a\ud800b\0c"}, Account("117", None, "abc"), id="halves of characters"),
        pytest.param({"sub": "117", "name": "x" * 300}, Account("117", None, "x" * 255), id="a long name"),
    ],
)  # fmt: skip
def test_an_account_is_who_it_says(answer, found):
    assert account(answer) == found


@pytest.mark.parametrize(
    "answer", [None, [], "117", {}, {"sub": ""}, {"sub": 117}, {"sub": "1\n"}, {"sub": "é"}, {"sub": "1" * 129}]
)
def test_an_account_that_cannot_be_told_is_none(answer):
    with pytest.raises(StorageUnreachable):
        account(answer)


@pytest.mark.parametrize("text", ["4/0Ab_c-D", "a b", "x" * 8192])
def test_a_code_is_any_printable_text(text):
    assert is_token(text)


def test_tokens_are_not_shown():
    found = issued(GOOD | {"refresh_token": "1//0refresh"})

    assert "ya29" not in repr(found)
    assert "1//0" not in repr(found)
