"""The reader of JSON bodies: as Python's, but for what is too deep, too long or too much."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.faults import FAULTS_MAX, first_faults, in_short, too_long
from app.web.json_reading import CONTAINERS_MAX, DEPTH_MAX, DIGITS_MAX, read_json

texts = st.text(alphabet=st.sampled_from('[]{}"\\,: 1aé\ud800'), max_size=12)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@given(documents)
def test_documents_are_read_as_python_reads_them(document):
    assert read_json(json.dumps(document)) == document


@given(st.text(alphabet=st.sampled_from('[]{}"\\,:1 '), max_size=30))
def test_what_is_none_is_refused_as_python_refuses_it(text):
    def outcome(read):
        try:
            return read(text)
        except ValueError as error:
            return str(error)

    assert outcome(read_json) == outcome(json.loads)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        pytest.param("[" * DEPTH_MAX + "]" * DEPTH_MAX, None, id="as deep as may be"),
        pytest.param("[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1), "Nested too deeply", id="deeper"),
        pytest.param('[{"a":' * 40 + "1" + "}]" * 40, "Nested too deeply", id="deeper by turns"),
        pytest.param("[" * 200_000, "Nested too deeply", id="never closed"),
        pytest.param('["' + "[" * 1000 + '"]', None, id="brackets in a text"),
        pytest.param('["\\"' + "[" * 1000 + '"]', None, id="after a quote in a text"),
        pytest.param("9" * DIGITS_MAX, None, id="a number as long as may be"),
        pytest.param("9" * (DIGITS_MAX + 1), "A number has too many digits", id="longer"),
        pytest.param("1." + "0" * (DIGITS_MAX + 1), "A number has too many digits", id="longer behind its point"),
        pytest.param('"' + "9" * 5000 + '"', None, id="digits in a text"),
        pytest.param("[" + "{}," * CONTAINERS_MAX + "1]", "Too many lists and objects", id="many objects"),
    ],
)
def test_depth_digits_and_objects_are_bounded(text, trouble):
    if trouble is None:
        assert read_json(text) == json.loads(text)
    else:
        with pytest.raises(json.JSONDecodeError, match=trouble):
            read_json(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"[" + (b"1" * DIGITS_MAX + b",") * 2_600 + b"1]", id="numbers as long as may be"),
        pytest.param(b"]" * 1_000_000, id="nothing but ends"),
    ],
)
def test_what_is_looked_at_first_costs_little(text):
    began = time.process_time()
    with contextlib.suppress(json.JSONDecodeError):
        read_json(text)
    assert time.process_time() - began < 0.15  # no other thread does anything meanwhile


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_bytes_are_read_in_the_encodings_of_python(encoding):
    assert read_json('{"a": "é"}'.encode(encoding)) == {"a": "é"}


@given(st.dictionaries(st.text("abc.|-", max_size=3), st.lists(st.text(max_size=3), max_size=30), max_size=30))
def test_no_more_faults_are_told_than_anybody_reads(messages):
    told = first_faults(messages)
    assert sum(len(each) for each in told.values()) == min(FAULTS_MAX, sum(len(each) for each in messages.values()))
    assert all(messages[name][: len(each)] == each for name, each in told.items())


def test_long_words_are_cut():
    told = first_faults({"json": {"x" * 1000: {3: ["y" * 1000]}}})
    assert told == {"json": {in_short("x" * 1000, 100): {3: [in_short("y" * 1000)]}}}
    assert len(str(told)) < 700


def test_only_long_lists_are_too_long():
    assert too_long({"a": [1] * 2_000, "b": "x" * 5_000, "c": [1] * 2_001}) == {
        "c": ["Longer than maximum length 2000."]
    }
    assert too_long([1] * 5_000) == {}
