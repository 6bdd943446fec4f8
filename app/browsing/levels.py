"""The rules of levels: where a search begins, and what of it is shown under which name. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.browsing.contract import Content, Item
from app.storages.base import Entry, Folder

_NOTHING = Content((), None)


class Level(NamedTuple):
    """What lies on a level, each folder once and in no order, objects in the order in which they were found."""

    folders: Sequence[str]
    objects: Sequence[str]


def beginning(default: str, asked: str) -> str | Content:
    """Return the prefix to search with, or the answer itself where nothing needs to be searched for it.

    Above the default prefix only the way down to it is shown. CVAT names that way by the first ``/`` of what was asked
    and so a wrong folder from the second level on; here it is the last one, as for everything else.

    Args:
        default: the connection's prefix; empty: it has none.
        asked: the prefix that was asked for.
    """
    if asked.startswith(default):
        return asked
    if not default.startswith(asked):
        return _NOTHING
    if asked and "/" in default[len(asked) :]:
        return Content((_folder(default, folder_of(asked)),), None)
    return default


def folder_of(prefix: str) -> str:
    """Return the prefix up to and with its last ``/``: names are shown relative to it."""
    return prefix[: prefix.rfind("/") + 1]


def items_of(search: str, found: Iterable[Entry | Folder]) -> list[Item]:
    """Return a page of a level as it is shown: folders first, each half in the order of the page.

    A folder's own marker, which is an entry where it is the prefix itself, is not shown.
    """
    level = folder_of(search)
    folders, objects = [], []
    for one in found:
        if isinstance(one, Folder):
            folders.append(_folder(one.key, level))
        elif not one.key.endswith("/"):
            objects.append(_object(one, level))
    return folders + objects


def named_item(search: str, name: str, *, is_folder: bool) -> Item:
    """Return what `level_below` shows under a name, of which nothing else is known."""
    level = folder_of(search)
    key = f"{level}{name.removesuffix('/')}/" if is_folder else level + name
    return Item(name, is_folder=is_folder, key=key)


def level_below(search: str, folder: str, names: Iterable[str]) -> Level:
    """Return what the keys ``folder + name`` show directly below a prefix.

    Args:
        search: the prefix.
        folder: where the names begin; empty, or ending with ``/``.
        names: what a manifest names.
    """
    level = folder_of(search)
    folders: dict[str, None] = {}
    objects = []
    for name in names:
        key = folder + name
        if not key.startswith(search):
            continue
        if "/" in (below := key[len(level) :]):
            folders[_folder(key, level).name] = None
        elif below:
            objects.append(below)
    return Level(list(folders), objects)


def _folder(key: str, level: str) -> Item:
    name = key[len(level) :].partition("/")[0]
    return Item(name if name or level else "/", is_folder=True, key=f"{level}{name}/")


def _object(entry: Entry, level: str) -> Item:
    return Item(
        entry.key[len(level) :],
        is_folder=False,
        size=entry.size,
        modified=entry.modified,
        mark=entry.mark,
        key=entry.key,
    )
