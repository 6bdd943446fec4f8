"""What lies in a storage as a page shows it: where one is, the way up, and names that no character of theirs disguises.

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import category

from app.browsing.contract import Content, Item
from app.browsing.thumbnails import has_image_name
from app.connections.contract import Connection

_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody looks.

    Attributes:
        folder: what all keys shown begin with, so it is empty or ends with ``/``.
        start: what the names in it begin with; empty: all of them are shown.
        manifest: the manifest that is shown instead of the storage; None: the storage.
    """

    folder: str
    start: str
    manifest: str | None

    @classmethod
    def of(cls, connection: Connection, asked: Mapping[str, str]) -> "Place":
        """Return what a query string asks for; without a prefix it is where the connection begins."""
        prefix = asked.get("prefix") or str(connection.address.get("prefix", ""))
        whole = prefix + asked.get("start", "")
        cut = whole.rfind("/") + 1
        return cls(whole[:cut], whole[cut:], asked.get("manifest") or None)

    @property
    def search(self) -> str:
        """The prefix of all keys that are looked for."""
        return self.folder + self.start


class Crumb(NamedTuple):
    """A folder on the way to where one is; ``prefix`` leads there, None: it cannot be gone to."""

    name: str
    prefix: str | None


class Row(NamedTuple):
    """One folder or object.

    Attributes:
        name: as it can be shown.
        is_picture: a small picture can be asked for, by key and version.
        version: empty: nothing tells one version from another.
    """

    name: str
    item: Item
    is_picture: bool
    version: str


def crumbs(connection: Connection, place: Place) -> list[Crumb]:
    """Return the way from the top to the folder; above where the connection begins there is nothing to see."""
    default = str(connection.address.get("prefix", ""))
    base = default[: default.rfind("/") + 1]
    found = [Crumb(connection.bucket, "" if not base else None)]
    passed = ""
    for name in place.folder.split("/")[:-1]:
        passed += f"{name}/"
        found.append(Crumb(visible(name) or "/", passed if passed.startswith(base) else None))
    return found


def rows(connection: Connection, content: Content) -> Sequence[Row]:
    """Return the items of a page, in its order."""
    return [
        Row(
            visible(item.name) or "/",
            item,
            is_picture=not item.is_folder and has_image_name(item.key),
            version=_version(connection, item),
        )
        for item in content.items
    ]


def visible(name: str) -> str:
    """Return a name that can be shown: with pictures of control characters, and codes for what turns the writing."""
    return "".join(map(_visible, name.translate(_CONTROLS)))


def _visible(character: str) -> str:
    does_something = character in _DIRECTIONS or category(character) in ("Cc", "Zl", "Zp")
    return f"[{ord(character):X}]" if does_something else character


def _version(connection: Connection, item: Item) -> str:
    """Return a word that becomes another one with the object, and with where the connection leads."""
    if item.mark is None and item.size is None:
        return ""
    return f"{connection.updated_at}-{item.mark or f'{item.size}-{item.modified}'}"
