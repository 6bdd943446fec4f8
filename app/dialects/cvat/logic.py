"""The JSON Logic that a list's ``filter`` is written in: the forms that CVAT knows, as predicates. Pure."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from app.dialects.cvat.fields import shown

Values: TypeAlias = Mapping[str, Any]
"""What one storage is called on the wire, by term: a number for ``id``, None where there is none, else a text."""

Predicate: TypeAlias = Callable[[Values], bool]

NUMBERS = frozenset({"id"})
TERMS = frozenset({"credentials_type", "description", "id", "name", "owner", "provider_type", "resource"})

_DEEPEST = 32
_LONGEST = 16 * 1024
_NUMERIC = re.compile(r"-?[0-9]{1,18}")

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda found, given: found < given,
    ">": lambda found, given: found > given,
    "<=": lambda found, given: found <= given,
    ">=": lambda found, given: found >= given,
}


class FilterRefused(ValueError):
    """A filter that cannot be read; the text is CVAT's, without anything secret."""


def parse(text: str) -> Predicate:
    """Return what a filter asks of a storage.

    As in the database of the original, a comparison with what is not there is False, and its negation True; texts are
    ordered by code point.

    Raises:
        FilterRefused: it is no JSON, too long or too deep, or holds what is none of the known forms.
    """
    rules = _loaded(text)
    if not rules and not isinstance(rules, bool):
        raise FilterRefused("filter shouldn't be empty")
    if not isinstance(rules, dict):
        raise FilterRefused(
            f"filter: expected a non-empty dict value, got '{shown(rules)}' of type '{type(rules).__name__}'"
        )
    return _rule(rules, _DEEPEST)


def _loaded(text: str) -> Any:
    if len(text) > _LONGEST:
        raise FilterRefused(f"filter: can't parse filter expression: longer than {_LONGEST} characters")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise FilterRefused(_TOO_DEEP) from None
    except ValueError as error:
        raise FilterRefused(f"filter: can't parse filter expression: {error}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value of JSON")


def _rule(rules: Mapping[str, Any], depth: int) -> Predicate:
    """Return what one object asks; of several keys the first one counts."""
    if not depth:
        raise FilterRefused(_TOO_DEEP)
    operation, given = next(iter(rules.items()))
    if operation in ("and", "or"):
        return _junction(operation, given, depth)
    if operation in ("!", "!!"):
        inner = _inner(operation, given, depth)
        return inner if operation == "!!" else lambda values: not inner(values)
    if operation == "var":
        term = _term(given)
        return lambda values: values[term] is not None
    if operation == "in":
        return _membership(given)
    return _comparison(operation, given)


def _junction(operation: str, given: Any, depth: int) -> Predicate:
    if not isinstance(given, list) or not given:
        _refuse(operation, given)
    parts = [_inner(operation, part, depth) for part in given]
    joined = all if operation == "and" else any
    return lambda values: joined(part(values) for part in parts)


def _inner(operation: str, given: Any, depth: int) -> Predicate:
    if not isinstance(given, dict) or not given:
        raise FilterRefused(
            f"filter: operation '{operation}' requires a non-empty dict argument, "
            f"got '{shown(given)}' of type '{type(given).__name__}'"
        )
    return _rule(given, depth - 1)


def _comparison(operation: str, given: Any) -> Predicate:
    if operation == "==" and _has(given, 2):
        return _equality(given)
    if operation == "<=" and _has(given, 3):
        return _range(given)
    if operation not in _COMPARISONS or not _has(given, 2):
        _refuse(operation, given)
    term, limit = _variable(operation, given, 0), _value(operation, given, 1)
    compare = _COMPARISONS[operation]
    return lambda values: values[term] is not None and compare(values[term], limit)


def _equality(given: Sequence[Any]) -> Predicate:
    term = _variable("==", given, 0)
    wanted = None if given[1] is None else _value("==", given, 1)
    return lambda values: bool(values[term] == wanted)


def _range(given: Sequence[Any]) -> Predicate:
    term = _variable("<=", given, 1)
    low, high = _value("<=", given, 0, term), _value("<=", given, 2, term)
    return lambda values: values[term] is not None and low <= values[term] <= high


def _membership(given: Any) -> Predicate:
    if not _has(given, 2):
        _refuse("in", given)
    if isinstance(given[0], dict):
        return _member_of_list(given)
    term = _variable("in", given, 1)
    if not isinstance(given[0], str | int | float) or isinstance(given[0], bool):
        _refuse("in", given)
    part = str(given[0])
    return lambda values: values[term] is not None and part in str(values[term])


def _member_of_list(given: Sequence[Any]) -> Predicate:
    term, listed = _variable("in", given, 0), given[1]
    if not isinstance(listed, list):
        _refuse("in", given)
    wanted = {_converted("in", given, term, item) for item in listed if item is not None}
    return lambda values: values[term] in wanted


def _has(given: Any, count: int) -> bool:
    return isinstance(given, list) and len(given) == count


def _variable(operation: str, given: Sequence[Any], at: int) -> str:
    place = given[at]
    if not isinstance(place, dict) or "var" not in place:
        _refuse(operation, given)
    return _term(place["var"])


def _term(name: Any) -> str:
    if not isinstance(name, str) or name not in TERMS:
        raise FilterRefused(f"filter: term '{shown(name)}' is not supported")
    return name


def _value(operation: str, given: Sequence[Any], at: int, term: str | None = None) -> Any:
    return _converted(operation, given, term or _variable(operation, given, 0), given[at])


def _converted(operation: str, given: Any, term: str, value: Any) -> Any:
    """Return a value as it can be compared with a term's: as Django does it, ``"5"`` is a number and 5 is a text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        _refuse(operation, given)
    if term not in NUMBERS:
        return str(value)
    if isinstance(value, str) and not _NUMERIC.fullmatch(value):
        _refuse(operation, given)
    return int(value) if isinstance(value, str) else value


def _refuse(operation: str, given: Any) -> NoReturn:
    raise FilterRefused(f"filter: operation '{shown(operation)}' with arguments '{shown(given)}' is not supported")


_TOO_DEEP = "filter: can't parse filter expression: nested too deeply"
