"""Which words of Google's errors count, and that nothing else of them is read."""

import json

import pytest

from app.storages.http_api.google_words import oauth_word_of, words_of
from app.storages.http_api.resumable import followed


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param({"errors": [{"reason": "notFound"}]}, ["notFound"], id="a reason"),
        pytest.param({"errors": [{"reason": "a"}, {"reason": "b"}]}, ["a"], id="the first of several"),
        pytest.param(
            {"status": "S", "details": [{"reason": "D"}, {"reason": "E"}], "errors": [{"reason": "R"}]},
            ["R", "D", "E", "S"],
            id="the most telling first",
        ),
        pytest.param({"errors": [{"reason": "<b>"}], "status": "x" * 65}, [], id="what is no word"),
        pytest.param({"errors": {}, "details": 7, "status": None}, [], id="other shapes"),
        pytest.param({"message": "secret"}, [], id="a sentence"),
    ],
)
def test_words_are_taken_from_where_google_puts_them(error, words):
    assert words_of(json.dumps({"error": error}).encode()) == words


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b'{"error": "invalid_grant"}', b"[" * 100_000, b"\xff"], ids=lambda b: repr(b[:9])
)
def test_another_body_is_no_error_of_googles(body):
    assert words_of(body) is None


def test_an_empty_body_has_no_words():
    assert not words_of(b"")
    assert words_of(b"") is not None


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'{"error": "invalid_grant"}', "invalid_grant"),
        (b'{"error": "<b>"}', None),
        (b'{"error": {}}', None),
        (b"[]", None),
        (b"<html>", None),
    ],
)
def test_an_error_of_oauth_has_one_word(body, word):
    assert oauth_word_of(body) == word


@pytest.mark.parametrize(
    ("location", "endpoint", "is_ours"),
    [
        ("https://host/up?upload_id=1", "https://host/api", True),
        ("https://host:443/up?upload_id=1", "https://host", True),
        ("https://HOST/up?upload_id=1", "https://host", True),
        ("http://host/up?upload_id=1", "https://host", False),
        ("https://host:444/up?upload_id=1", "https://host", False),
        ("https://host.evil/up?upload_id=1", "https://host", False),
        ("https://host@evil/up?upload_id=1", "https://host", False),
        ("https://host/up/../other?upload_id=1", "https://host", False),
        ("https://host/UP?upload_id=1", "https://host", False),
        ("/up?upload_id=1", "https://host", False),
        ("https://host:x/up", "https://host", False),
        ("", "https://host", False),
    ],
)
def test_a_session_is_followed_only_where_it_was_begun(location, endpoint, is_ours):
    led = followed(location, endpoint, "/up")
    assert (led is not None) == is_ours
    if led is not None:
        assert (led.path, led.query) == ("/up", {"upload_id": "1"})
