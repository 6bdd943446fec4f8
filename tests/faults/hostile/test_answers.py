"""Answers with a good status that say nothing, something else, or an error: none is taken for a success."""

import pytest

from app.errors import StorageError, StorageUnreachable
from tests.support.hostile_s3 import SECRET, answered, at, error, raw_server

KEYS = ["a b", "c"]


def refusal(ask):
    with pytest.raises(StorageError) as raised:
        ask()
    return str(raised.value)


NAMED = "<DeleteResult><Error><Key>{}</Key><Code>AccessDenied</Code></Error></DeleteResult>"


@pytest.mark.fault(16)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing"),
        pytest.param("<html><body>Welcome</body></html>", id="a web page"),
        pytest.param("<ListBucketResult/>", id="another result"),
        pytest.param('{"ok": true}', id="JSON"),
    ],
)
def test_a_deletion_that_is_not_confirmed_has_not_happened(body):
    with raw_server(lambda _: [answered(body)]) as endpoint, at(endpoint) as storage, pytest.raises(StorageUnreachable):
        storage.delete(KEYS)


@pytest.mark.fault(16)
def test_who_says_nothing_of_a_deletion_is_asked_for_a_word_on_each_key():
    """As Alibaba's OSS does, where nothing is left and no such word was asked for."""
    asked = []

    def answer(head):
        asked.append(head)
        return [answered("" if len(asked) == 1 else NAMED.format("c"))]

    with raw_server(answer) as endpoint, at(endpoint) as storage:
        assert list(storage.delete(KEYS)) == ["c"]
    assert len(asked) == 2


@pytest.mark.fault(16)
@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param("<DeleteResult/>", [], id="nothing is left"),
        pytest.param('<?xml version="1.0"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>', [],
                     id="with a name space"),
        pytest.param(NAMED.format("a b"), ["a b"], id="one is left"),
        pytest.param(NAMED.format("a%20b"), KEYS, id="one is left that is spelt otherwise"),
        pytest.param(NAMED.format("d"), KEYS, id="one is left that nobody named"),
    ],
)  # fmt: skip
def test_of_a_deletion_that_leaves_something_no_key_counts_as_deleted_that_may_be_there(body, kept):
    with raw_server(lambda _: [answered(body)]) as endpoint, at(endpoint) as storage:
        assert sorted(storage.delete(KEYS)) == kept


@pytest.mark.fault(16)
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda storage: refusal(lambda: list(storage.list())), id="list"),
        pytest.param(lambda storage: refusal(storage.check), id="check"),
        pytest.param(lambda storage: " ".join(map(str, storage.delete(KEYS).values())), id="delete"),
    ],
)
def test_an_error_with_a_good_status_is_asked_about_again_and_is_an_error(ask):
    asked = []

    def answer(head):
        asked.append(head)
        return [answered(error("InternalError"))]

    with raw_server(answer) as endpoint, at(endpoint) as storage:
        told = ask(storage)
    assert "InternalError" in told
    assert SECRET not in told
    assert 2 <= len(asked) <= 3


@pytest.mark.fault(16)
def test_an_error_with_a_good_status_that_passes_is_survived():
    answers = iter([error("InternalError"), "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"])
    with raw_server(lambda _: [answered(next(answers))]) as endpoint, at(endpoint) as storage:
        assert list(storage.list()) == []
