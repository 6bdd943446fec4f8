"""What a mirror must do, in dictionaries: the reference that the product is compared with. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from app.transfer.filters import Rule


class Odd(Enum):
    """What a folder can hold beside files."""

    PIPE = "p"
    LINK = "l"  #: it leads to a folder outside, in which anything may be


Objects = Mapping[str, bytes]
Found = Mapping[str, bytes | Odd]
"""By key; a folder's files, or a bucket's objects."""

RULES = {
    "a": lambda key: "a" in key.split("/"),
    "/d/": lambda key: key.startswith("d/"),
    "*.b": lambda key: any(name.endswith(".b") for name in key.split("/")),
    "b/*": lambda key: key.startswith("b/") and key != "b/",
}
"""Patterns, and what they mean; of a folder the key ends with ``/``."""


@dataclass(frozen=True)
class Order:
    """What somebody asks for.

    Attributes:
        is_upload: from the folder to the bucket, else the other way.
        prefix: of the bucket's part that is mirrored.
        limit: the most that may be deleted; None: anything.
        check: as `app.transfer.compare.Check`.
    """

    is_upload: bool = True
    prefix: str = ""
    deletes: bool = True
    rules: Sequence[Rule] = ()
    limit: int | None = None
    check: str = "exact"
    is_dry: bool = False
    is_spread: bool = False
    threads: int = 2

    def allows(self, key: str) -> bool:
        """Return whether the rules let it be looked at: the last one that matches says so."""
        said = [rule.kind == "include" for rule in self.rules if RULES[rule.pattern](key)]
        return said[-1] if said else not self.rules or self.rules[0].kind == "exclude"

    def covers(self, source: Found | None, key: str) -> bool:
        """Return whether the source has something odd there, so that nobody knows what should be in the target."""
        found = source or {}
        if found.get(key) is Odd.LINK:
            return not self._leaves_out(key)  # then nobody looks where it leads, and a file it is not
        return key in odd(found) or any(found.get(folder) is Odd.LINK for folder in folders_of(key))

    def _leaves_out(self, folder: str) -> bool:
        """Return whether no rule can allow anything in a folder."""
        said = [number for number, rule in enumerate(self.rules) if RULES[rule.pattern](f"{folder}/")]
        return bool(said) and all(rule.kind == "exclude" for rule in self.rules[said[-1] :])


def mirrored(order: Order, source: Found | None, target: Objects | None) -> tuple[Objects | None, str]:
    """Return what the target holds after an undisturbed mirror, and in which word that ends."""
    if source is None and not order.is_upload:
        return target, "storage_missing"
    if not source and not order.is_upload and order.deletes:
        return target, "source_empty"
    ours = {key: data for key, data in (source or {}).items() if isinstance(data, bytes) and order.allows(key)}
    there = target or {}
    gone = {key for key in there if order.deletes and order.allows(key) and key not in ours}
    gone -= {key for key in gone if order.covers(source, key)}
    if order.is_dry:
        return target, "too_many_deletions" if order.limit is not None and len(gone) > order.limit else "done"
    changed = {key: data for key, data in ours.items() if key not in there or _differ(order, data, there[key])}
    if order.limit is not None and len(gone) > order.limit:
        unblocked = {key: data for key, data in changed.items() if key in there or not in_the_way(key, gone)}
        return {**there, **unblocked}, "too_many_deletions"
    left = {key: data for key, data in there.items() if key not in gone} | changed
    is_dropped = not (source or left or order.prefix or order.rules) and order.is_upload and order.deletes
    return None if is_dropped else left, "done"


def _differ(order: Order, ours: bytes, theirs: bytes) -> bool:
    return len(ours) != len(theirs) if order.check == "size" else ours != theirs


def odd(found: Found) -> set[str]:
    """Return the keys of what is no file."""
    return {key for key, data in found.items() if isinstance(data, Odd)}


def folders_of(key: str) -> Iterator[str]:
    """Give the keys of the folders that a file of this key lies in."""
    names = key.split("/")
    yield from ("/".join(names[:depth]) for depth in range(1, len(names)))


def in_the_way(key: str, others: set[str]) -> bool:
    """Return whether one of the others would have to be a folder for this key, or the reverse."""
    return any(other.startswith(f"{key}/") or key.startswith(f"{other}/") for other in others)
