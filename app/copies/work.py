"""What a copy job is about, as its arguments hold it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.copies.contract import BucketPlace, CopyKind


@dataclass(frozen=True, slots=True)
class End:
    """A bucket that objects come from or go to.

    Attributes:
        place: the bucket.
        target: its identity when the job was made; see `app.connections.address.target_of`.
        url: where it is, for people; empty where that is an authorization's secret.
    """

    place: BucketPlace
    target: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What a copy job is about; which objects, its copies tell.

    Attributes:
        source: None: the library, or uploads and the web. A Drive is an end too, whatever files of it are meant.
        target: None: the library.
        prefix: what the keys in the target begin with, for people.
    """

    kind: CopyKind
    source: End | None = None
    target: End | None = None
    prefix: str = ""

    @property
    def ends(self) -> tuple[End, ...]:
        """Those of its two ends that are buckets."""
        return tuple(end for end in (self.target, self.source) if end is not None)

    @property
    def written(self) -> str:
        """What no other job may write meanwhile; empty: this one stands in nobody's way, as its files get new ids."""
        return "" if self.target is None or self.kind is CopyKind.DRIVE_EXPORT else self.target.target

    @property
    def in_one_place(self) -> bool:
        """Whether both ends are one bucket that is opened by the same thing, so that it may copy objects by itself."""
        if self.source is None or self.target is None:
            return False
        return self.source.target == self.target.target and self.source.place == self.target.place

    def arguments(self) -> dict[str, Any]:
        """Return the job's arguments: those that a mirror has too, so that whoever shows one can show the other."""
        ends = self.ends
        connections = [end.place.connection for end in ends if end.place.connection is not None]
        return {
            "direction": self.kind.value,
            "source": _shown(self.source, "" if self.kind is CopyKind.IMPORT else "library"),
            "dest": _shown(self.target, "library"),
            "prefix": self.prefix,
            "storage_url": next((end.url for end in ends if end.url), ""),
            "connection": next(iter(connections), None),
            "connections": sorted(set(connections)),
            "wait": 0,
            "dry_run": False,
            "from": asdict(self.source) if self.source else None,
            "to": asdict(self.target) if self.target else None,
        }


def work_of(arguments: Mapping[str, Any]) -> Work:
    """Return what the arguments of a copy job say."""
    return Work(
        CopyKind(arguments["direction"]), _end(arguments["from"]), _end(arguments["to"]), str(arguments["prefix"])
    )


def _end(kept: Mapping[str, Any] | None) -> End | None:
    return None if kept is None else End(BucketPlace(**kept["place"]), kept["target"], kept["url"])


def _shown(end: End | None, otherwise: str) -> str:
    return otherwise if end is None else end.place.bucket
