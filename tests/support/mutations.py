"""Documents that somebody has damaged: what hypothesis makes of one that is good."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

TOKENS = (
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"&#0;", b"&x;", b"%ED%A0%80", b"%", b"+", b"<", b">", b"</", b"<!--", b"]]>",
    b'"', b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"-1", b"1e999", b"NaN", b"9" * 30, b"null", b"true", b"\r\n",
    b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"\xd9\xa3", b" ", b"",
)  # fmt: skip
"""What parsers stumble over."""

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**30, 2**63, "", "x", "\0", "\ud800", "٣", [], {}, [None], [[]],
    {"": None}, "NaN", "1e999", "0001-01-01T00:00:00+23:59", "../..", ["x"],
)  # fmt: skip
"""What a field may hold that should hold something else; besides these, a text that is long."""

_LONG = st.sampled_from((9, 30, 300, 4400)).map(lambda count: "9" * count)


def damaged(document: bytes) -> st.SearchStrategy[bytes]:
    """Return strategies for a document of which up to four places are cut out, doubled, or replaced."""
    instead = st.sampled_from(TOKENS) | _LONG.map(str.encode) | st.binary(max_size=8)
    places = st.tuples(st.integers(0, len(document)), st.integers(0, 40), instead)
    return st.lists(places, min_size=1, max_size=4).map(lambda cuts: _cut(document, cuts))


def changed(document: Any) -> st.SearchStrategy[Any]:
    """Return strategies for a document of JSON in which up to three values are others, or left out."""
    ways = [*_ways(document)]
    change = st.tuples(st.sampled_from(ways), st.sampled_from(ODD_VALUES) | _LONG | st.just(...))
    return st.lists(change, min_size=1, max_size=3).map(lambda changes: _put(document, changes))


def anything() -> st.SearchStrategy[Any]:
    """Return strategies for any JSON."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(ODD_VALUES)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )


def _cut(document: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, instead in cuts:
        document = document[:at] + instead + document[at + length :]
    return document


def _ways(document: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for name, value in items:
        yield from _ways(value, (*way, name))


def _put(document: Any, changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    found = json.loads(json.dumps(document))
    for way, shared in changes:
        value = copy.deepcopy(shared)
        if not way:
            found = None if value is ... else value
            continue
        parent = found
        try:
            for name in way[:-1]:
                parent = parent[name]
            if value is ...:
                del parent[way[-1]]
            else:
                parent[way[-1]] = value
        except (LookupError, TypeError):
            continue  # an earlier change has taken away where it was
    return found
