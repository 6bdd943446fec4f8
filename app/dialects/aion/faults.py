"""What is wrong with a request, in the words of FastAPI, whose form of it the vendor's OpenAPI document has. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

ERRORS_MAX = 20
"""So many faults of one request are told."""

PLACES = {"json": "body"}
"""What a place of a request is called, where its name is another one than webargs'."""

_WORDS = {
    "Missing data for required field.": ("missing", "Field required"),
    "Field may not be null.": ("null", "Input should not be null"),
    "Not a valid string.": ("string_type", "Input should be a valid string"),
    "Not a valid integer.": ("int_parsing", "Input should be a valid integer"),
    "Not a valid boolean.": ("bool_parsing", "Input should be a valid boolean"),
    "Not a valid list.": ("list_type", "Input should be a valid list"),
    "Not a valid mapping type.": ("dict_type", "Input should be a valid dictionary"),
    "Invalid input type.": ("model_type", "Input should be a valid dictionary"),
}
_WHOLE = "_schema"


class Fault(TypedDict):
    """One thing that is wrong: where, in words, and as a word."""

    loc: list[str | int]
    msg: str
    type: str


def fault(place: Sequence[str | int], sentence: str, kind: str = "value_error") -> Fault:
    """Return a fault at a place such as ``("path", "job_id")``."""
    return Fault(loc=list(place), msg=sentence, type=kind)


def faults_of(messages: Mapping[str, Any]) -> list[Fault]:
    """Return the faults in the messages of webargs, which lie in dictionaries by place, field and index."""
    found = [each for place, lying in messages.items() for each in _below((PLACES.get(place, place),), lying)]
    return found[:ERRORS_MAX]


def _below(place: tuple[str | int, ...], lying: Any) -> Iterator[Fault]:
    if isinstance(lying, Mapping):
        for name, found in lying.items():
            yield from _below(place if name == _WHOLE else (*place, name), found)
        return
    for sentence in lying if isinstance(lying, list) else [lying]:
        kind, said = _WORDS.get(sentence, ("value_error", str(sentence)))
        yield fault(place, said, kind)
