"""Describers: which one describes imported images, and that none can harm an import; see docs/describing.md."""

import importlib
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import SettingsError
from app.library.description import Described, Describer, Description
from app.library.known import describe_without_ai
from app.library.texts import storable
from app.settings import Settings

__all__ = ["Described", "Describer", "Description", "describe_without_ai", "described", "describer_of"]

BYTES_MAX = 64 * 1024
TAGS_MAX, TAG_MAX = 40, 50

logger = logging.getLogger(__name__)


class _Refused(Exception):
    """What a describer returned is not kept; says why."""


def describer_of(settings: Settings) -> Describer:
    """Return the function that DESCRIBER names, or `describe_without_ai` where it is empty.

    Raises:
        SettingsError: it names none; says why.
    """
    if not settings.describer:
        return describe_without_ai
    module, colon, name = settings.describer.partition(":")
    if not (module and colon and name):
        raise SettingsError("DESCRIBER is unusable: write it as package.module:function.")
    found = getattr(_imported(module), name, None)
    if not callable(found):
        raise SettingsError(f"DESCRIBER is unusable: {module} has no function {name}.")
    return found  # type: ignore[no-any-return]  # what it returns is looked at each time


def described(describer: Describer, what: Described) -> tuple[Description, str | None]:
    """Have a file described.

    Returns:
        The description, and why there is none: nothing where there is one, else a sentence for people, while the log
        has all of it. Only what can be kept is in the description; its attributes are fresh.
    """
    try:
        return _checked(describer(what)), None
    except _Refused as refused:
        logger.warning("The describer %s. The file was %r.", refused, what.name)
        return Description(), f"The describer {refused}."
    except BaseException as error:  # it is not ours, and no import may fail for it; Ctrl-C never comes to this thread
        logger.exception("The describer failed. The file was %r.", what.name)
        return Description(), f"The describer failed: {type(error).__name__}."  # its text may hold a key


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except (Exception, SystemExit) as error:  # a module can raise anything
        said = f"{type(error).__name__}: {error}"
        raise SettingsError(f"DESCRIBER is unusable: importing {module} failed with {said}.") from error


def _checked(found: object) -> Description:
    if not isinstance(found, Description):
        raise _Refused(f"returned a {type(found).__name__}, no Description")
    return Description(_text(found.text), _attributes(found.attributes), _tags(found.tags))


def _text(text: object) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise _Refused("returned a text that is none")
    return _within("a text", storable(text))


def _attributes(attributes: object) -> Mapping[str, Any]:
    if not isinstance(attributes, Mapping) or not all(isinstance(name, str) for name in attributes):
        raise _Refused("returned attributes that are no mapping with names")
    try:
        written = json.dumps(dict(attributes), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise _Refused("returned attributes that are no JSON") from None
    kept: Mapping[str, Any] = json.loads(_within("attributes", storable(written)))
    return kept


def _tags(tags: object) -> Sequence[str]:
    if isinstance(tags, str) or not isinstance(tags, Sequence) or not all(isinstance(tag, str) for tag in tags):
        raise _Refused("returned tags that are no texts")
    if len(tags) > TAGS_MAX or any(len(tag) > TAG_MAX for tag in tags):
        raise _Refused(f"returned more than {TAGS_MAX} tags, or one of more than {TAG_MAX} characters")
    return tuple(dict.fromkeys(storable(tag) for tag in tags))


def _within(what: str, text: str) -> str:
    if len(text.encode()) > BYTES_MAX:
        raise _Refused(f"returned {what} of more than {BYTES_MAX // 1024} KiB")
    return text
