"""The fields of a request's body, judged as Django REST framework does it: same order, same sentences. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

Errors: TypeAlias = Mapping[str, Any]
"""What is wrong, by field: sentences, or again what is wrong by the place in a list."""

NON_FIELD = "non_field_errors"

_REQUIRED = "This field is required."
_NULL = "This field may not be null."
_BLANK = "This field may not be blank."
_NO_TEXT = "Not a valid string."
_NO_FILE = "The submitted data was not a file. Check the encoding type on the form."

LARGEST_FILE = 64 * 1024


class Invalid(ValueError):
    """A body, or one field of it, that cannot be taken.

    Args:
        found: what is wrong: a list of sentences, or a mapping of such.
    """

    def __init__(self, found: Any) -> None:
        super().__init__("invalid")
        self.found = found


class Upload(NamedTuple):
    """A file of a form."""

    content: bytes


class Field(Protocol):
    """One field."""

    @property
    def required(self) -> bool:
        """Whether it must be there, unless only changes are told."""
        ...

    def read(self, value: Any) -> Any:
        """Return the value as it is used from here on.

        Raises:
            Invalid: it cannot be taken.
        """
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text; numbers are taken for their digits.

    Attributes:
        longest: in characters; None: any length.
        blank: it may be empty.
        trimmed: white space at its ends is nothing.
    """

    longest: int | None = None
    required: bool = False
    blank: bool = True
    trimmed: bool = True

    def read(self, value: Any) -> str:
        """See `Field`."""
        if value is None:
            raise Invalid([_NULL])
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Invalid([_NO_TEXT])
        text = str(value).strip() if self.trimmed else str(value)
        if not text and not self.blank:
            raise Invalid([_BLANK])
        if found := [*self._faults(text)]:
            raise Invalid(found)
        return text

    def _faults(self, text: str) -> Sequence[str]:
        faults = []
        if self.longest is not None and len(text) > self.longest:
            faults.append(f"Ensure this field has no more than {self.longest} characters.")
        if "\0" in text:
            faults.append("Null characters are not allowed.")
        halves = [character for character in text if "\ud800" <= character <= "\udfff"]
        if halves:
            faults.append(f"Surrogate characters are not allowed: U+{ord(halves[0]):X}.")
        return faults


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]
    required: bool = False

    def read(self, value: Any) -> str:
        """See `Field`."""
        if value is None:
            raise Invalid([_NULL])
        if not isinstance(value, str) or value not in self.words:
            raise Invalid([f'"{shown(value)}" is not a valid choice.'])
        return value


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts, each once and in the order given.

    Attributes:
        most: how many there may be.
        item: each of them.
    """

    most: int
    item: Text
    required: bool = False

    def read(self, value: Any) -> tuple[str, ...]:
        """See `Field`."""
        if value is None:
            raise Invalid([_NULL])
        if not isinstance(value, list):
            raise Invalid({NON_FIELD: [f'Expected a list of items but got type "{type(value).__name__}".']})
        if len(value) > self.most:
            raise Invalid({NON_FIELD: [f"Ensure this field has no more than {self.most} elements."]})
        return tuple(dict.fromkeys(self._items(value)))

    def _items(self, value: Sequence[Any]) -> Sequence[str]:
        found, errors = [], {}
        for place, item in enumerate(value):
            try:
                found.append(self.item.read(item))
            except Invalid as error:
                errors[str(place)] = error.found
        if errors:
            raise Invalid(errors)
        return found


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that holds text; its content is the value."""

    required: bool = False

    def read(self, value: Any) -> str:
        """See `Field`."""
        if value is None:
            raise Invalid([_NULL])
        if not isinstance(value, Upload):
            raise Invalid([_NO_FILE])
        if not value.content:
            raise Invalid(["The submitted file is empty."])
        if len(value.content) > LARGEST_FILE:
            raise Invalid([f"Use a file of at most {LARGEST_FILE} bytes."])
        try:
            return value.content.decode()
        except UnicodeDecodeError:
            raise Invalid(["The file is no text in UTF-8."]) from None


def read_fields(fields: Mapping[str, Field], given: Any, *, partial: bool = False) -> dict[str, Any]:
    """Return the values of the fields that are there; what is no field is passed over.

    Args:
        fields: in the order in which they are judged.
        given: the body.
        partial: nothing is required.

    Raises:
        Invalid: with all that is wrong, by field.
    """
    _require_object(given)
    values: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            if name in given:
                values[name] = field.read(given[name])
            elif field.required and not partial:
                errors[name] = [_REQUIRED]
        except Invalid as error:
            errors[name] = error.found
    if errors:
        raise Invalid(errors)
    return values


def _require_object(given: Any) -> None:
    if given is None:
        raise Invalid({NON_FIELD: ["No data provided"]})
    if not isinstance(given, dict):
        kind = type(given).__name__
        raise Invalid({NON_FIELD: [f"Invalid data. Expected a dictionary, but got {kind}."]})


def first_sentence(found: Any) -> str:
    """Return the first of the sentences that say what is wrong."""
    while not isinstance(found, str):
        found = next(iter(found.values())) if isinstance(found, Mapping) else found[0]
    return found


def shown(value: Any, longest: int = 200) -> str:
    """Return what somebody sent as it can stand in a sentence: not too long, and such that UTF-8 can carry it."""
    text = str(value)
    text = text if len(text) <= longest else text[:longest] + "..."
    return text.encode(errors="replace").decode()
