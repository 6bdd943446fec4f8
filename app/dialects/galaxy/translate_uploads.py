"""Between what Galaxy's tool for uploads is asked for and imports of the library. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from app.copies.contract import Conversion
from app.dialects.galaxy.translate_datasets import DBKEY, NO_DBKEY
from app.errors import InvalidInput
from app.library.contract import Upload

PASTED = "Pasted Entry"
"""The name of a pasted text that has none."""

FILES_MAX = 1000

_FIELD = re.compile(r"files_([0-9]{1,4})\|(\w+)", re.ASCII)
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE | re.ASCII)
_FETCHED = ("http", "https")
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0", "none", "")
_ELSEWHERE = {"ftp_import": "an FTP folder", "path": "a path of this server", "server_dir": "a folder of this server"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text that came as such."""

    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is to be fetched."""

    url: str


@dataclass(frozen=True, slots=True)
class Session:
    """An upload that came before, by tus, or with the request itself.

    Attributes:
        id: the upload's.
        name: of the file; may be empty.
    """

    id: str
    name: str


Brought: TypeAlias = Text | Address | Session


@dataclass(frozen=True, slots=True)
class Asked:
    """One file that is to become a dataset."""

    name: str
    source: Brought
    conversion: Conversion
    attributes: Mapping[str, Any]
    tags: Sequence[str] = ()


def uploads_of_tool(inputs: Mapping[str, Any], files: Mapping[str, Upload]) -> list[Asked]:
    """Return what a run of the tool ``upload1`` is to bring, in the order of its files.

    Args:
        inputs: of the tool, those beside ``inputs`` in the body among them.
        files: files that came with the request, by the names of their fields.

    Raises:
        InvalidInput: there is nothing to bring, or something that cannot be.
    """
    grouped: dict[int, dict[str, Any]] = {}
    for name, value in {**inputs, **files}.items():
        if found := _FIELD.fullmatch(name):
            grouped.setdefault(int(found[1]), {})[found[2]] = value
    asked = [one for number in sorted(grouped) for one in _of_group(f"files_{number}", grouped[number], inputs)]
    return _some(asked, "files_0|file_data")


def uploads_of_fetch(fields: Mapping[str, Any], files: Mapping[str, Upload]) -> list[Asked]:
    """Return what a request to fetch is to bring, in the order of its elements.

    Args:
        fields: the body.
        files: as in `uploads_of_tool`.

    Raises:
        InvalidInput: there is nothing to bring, or something that cannot be.
    """
    sessions = _sessions({**fields, **files})
    asked = [
        _of_element(element, fields, sessions)
        for target in _listed(fields.get("targets"), "targets")
        for element in _elements(target)
    ]
    if next(sessions, None) is not None:
        raise InvalidInput("targets", "there are more files than elements of src files")
    return _some(asked, "targets")


def _of_group(field: str, group: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield what one file of a run is: more than one where several addresses were pasted."""
    if group.get("ftp_files"):
        raise InvalidInput(f"{field}|ftp_files", "there are no FTP folders here; send the file itself")
    common = _common(
        str(group.get("file_type") or inputs.get("file_type") or "auto"),
        group.get("dbkey") or inputs.get("dbkey"),
        Conversion(
            posix_lines=_flag(group, "to_posix_lines", default=True),
            tabs=_flag(group, "space_to_tab"),
            decompress=_flag(group, "auto_decompress"),
        ),
    )
    name = _name(group.get("NAME"))
    if (given := group.get("file_data")) not in (None, "") and not _is_no_file(given):
        session = _session(given, f"{field}|file_data")
        yield replace(common, name=name or session.name or PASTED, source=session)
    elif pasted := group.get("url_paste"):
        yield from _of_paste(f"{field}|url_paste", pasted, name, common)


def _of_paste(field: str, pasted: Any, name: str, common: Asked) -> Iterator[Asked]:
    if not isinstance(pasted, str):
        raise InvalidInput(field, "use a text, or addresses with a line each")
    urls = _urls(field, pasted)
    for url in urls:
        yield replace(common, name=name or url, source=Address(url))
    if not urls:
        yield replace(common, name=name or PASTED, source=Text(pasted))


def _urls(field: str, pasted: str) -> list[str]:
    """Return the addresses where each line of a text is one, else none."""
    lines = [line for line in map(str.strip, pasted.splitlines()) if line]
    found = [_ADDRESS.match(line) for line in lines]
    if not lines or not all(found):
        return []
    for shape in found:
        if shape is not None and shape[1].lower() not in _FETCHED:
            raise InvalidInput(field, f"only http and https addresses can be fetched, not {shape[1].lower()}")
    return lines


def _of_element(element: Any, fields: Mapping[str, Any], sessions: Iterator[Session]) -> Asked:
    given = _object(element, "elements")
    for unknown in ("elements", "items", "elements_from"):
        if unknown in given:
            raise InvalidInput("elements", "elements of elements are collections, which there are none of here")
    if _flag(given, "deferred") or given.get("hashes"):
        raise InvalidInput("elements", "deferred and hashes cannot be done here; leave them out")
    options = {**{name: fields.get(name) for name in _OPTIONS if fields.get(name) is not None}, **given}
    common = _common(
        str(given.get("ext") or "auto"),
        given.get("dbkey"),
        Conversion(
            posix_lines=_flag(options, "to_posix_lines"),
            tabs=_flag(options, "space_to_tab"),
            decompress=_flag(options, "auto_decompress"),
        ),
    )
    source, name = _source(given, sessions)
    return replace(common, name=_name(given.get("name")) or name, source=source, tags=_tags(given.get("tags")))


_OPTIONS = ("to_posix_lines", "space_to_tab", "auto_decompress")


def _source(element: Mapping[str, Any], sessions: Iterator[Session]) -> tuple[Brought, str]:
    """Return what an element is brought from, and what it is called when nobody says."""
    match element.get("src"):
        case "files":
            session = next(sessions, None)
            if session is None:
                raise InvalidInput("targets", "there are fewer files than elements of src files")
            return session, session.name or PASTED
        case "pasted":
            return Text(_required(element, "paste_content")), PASTED
        case "url":
            (url,) = _urls("url", _required(element, "url")) or ("",)
            if not url:
                raise InvalidInput("url", "use an http or https address")
            return Address(url), url.partition("?")[0].rstrip("/").rpartition("/")[2] or url
        case str(src) if src in _ELSEWHERE:
            raise InvalidInput("src", f"{_ELSEWHERE[src]} cannot be read here; use files, pasted or url")
    raise InvalidInput("src", "use files, pasted or url")


def _elements(target: Any) -> Sequence[Any]:
    given = _object(target, "targets")
    kind = _object(given.get("destination"), "destination").get("type")
    if kind != "hdas":
        raise InvalidInput("destination", "only datasets of a history can be made here: use the type hdas")
    for unknown in ("elements_from",):
        if unknown in given:
            raise InvalidInput("targets", "list the elements themselves: elements_from cannot be done here")
    return _listed(given.get("elements", given.get("items")), "elements")


def _sessions(fields: Mapping[str, Any]) -> Iterator[Session]:
    """Yield the files of a request in the order of their numbers."""
    found = [(int(shape[1]), name) for name in fields if (shape := _FIELD.fullmatch(name)) and shape[2] == "file_data"]
    for _, name in sorted(found):
        yield _session(fields[name], name)


def _session(given: Any, field: str) -> Session:
    if isinstance(given, Upload):
        return Session(given.id, given.name)
    if not isinstance(given, Mapping) or not isinstance(given.get("session_id"), str):
        raise InvalidInput(field, "send a file, or the session_id of an upload")
    return Session(given["session_id"], _name(given.get("name")))


def _is_no_file(given: Any) -> bool:
    """Return whether this is what browsers send for a field in which nobody chose a file."""
    return isinstance(given, Upload) and not given.name and not given.size


def _common(file_type: str, dbkey: Any, conversion: Conversion) -> Asked:
    attributes = {DBKEY: str(dbkey)} if dbkey and dbkey != NO_DBKEY else {}
    return Asked("", Text(""), replace(conversion, file_type=file_type), attributes)


def _name(given: Any) -> str:
    return given.strip() if isinstance(given, str) else ""


def _tags(given: Any) -> list[str]:
    tags = [] if given is None else given
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InvalidInput("tags", "use a list of texts")
    return tags


def _flag(given: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    value = given.get(name, default)
    word = str(value).lower()
    if word not in _YES + _NO:
        raise InvalidInput(name, "use true or false")
    return word in _YES


def _required(element: Mapping[str, Any], name: str) -> str:
    value = element.get(name)
    if not isinstance(value, str):
        raise InvalidInput(name, "use a text")
    return value


def _object(given: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise InvalidInput(field, "use an object")
    return given


def _listed(given: Any, field: str) -> Sequence[Any]:
    if not isinstance(given, list):
        raise InvalidInput(field, "use a list")
    return given


def _some(asked: list[Asked], field: str) -> list[Asked]:
    if not asked:
        raise InvalidInput(field, "there is nothing to upload")
    if len(asked) > FILES_MAX:
        raise InvalidInput(field, f"use at most {FILES_MAX} files in one request")
    return asked
