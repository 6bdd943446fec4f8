"""One mirror between a folder and a bucket of `tests.support.mirror_world`, while things happen; tells what was done."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.cancellation import Cancelled, CancelToken
from app.errors import SluiceError, StorageError
from app.mirrors.direction import Direction
from app.mirrors.outcome import outcome_of
from app.storages.base import Content, Entry, Storage
from app.storages.local import LocalStorage
from app.storages.names import key_of
from app.storages.prefixed import PrefixedStorage
from app.transfer.batching import Limits
from app.transfer.compare import Check
from app.transfer.events import Event, Finished
from app.transfer.filters import Filters
from app.transfer.guards import DeletionLimit
from app.transfer.index import Index
from app.transfer.run import MirrorOptions, MirrorReport, MirrorRun
from app.transfer.spreading import Spread
from app.transfer.tally import Tally
from tests.support.faulty_storage import After, FaultyStorage
from tests.support.ledger import MemoryLedger, Rows
from tests.support.mirror_model import Found, Odd, Order
from tests.support.mirror_world import World
from tests.support.spread_runs import doer
from tests.support.storages import WrappedStorage


class Happening(NamedTuple):
    """Something that happens while a mirror runs.

    Attributes:
        side: ``source`` or ``target``.
        queue: of `FaultyStorage`.
        skip: how many calls pass before.
        what: an error's class, which is raised; ``cancel``; or an edit's arguments.
        size: for queues of contents: after how many bytes.
    """

    side: str
    queue: str
    skip: int
    what: Any
    size: int = 0


class Told(NamedTuple):
    """One thing that was done, in the order in which all began."""

    what: str  #: ``write``, ``written``, ``delete``, ``create``, ``drop``, ``cancel``, ``event``
    about: Any = None


class Witness(WrappedStorage):
    """Notes what reaches the innermost storage."""

    def __init__(self, inner: Storage, told: list[Told]) -> None:
        super().__init__(inner)
        self._told = told

    def write(self, key: str, content: Content) -> Entry:
        self._told.append(Told("write", key))
        written = super().write(key, content)
        self._told.append(Told("written", key))
        return written

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        self._told.append(Told("delete", tuple(keys)))
        return super().delete(keys)

    def create(self) -> None:
        self._told.append(Told("create"))
        super().create()

    def drop(self) -> None:
        self._told.append(Told("drop"))
        super().drop()


@dataclass
class Ended:
    """A mirror that has ended.

    Attributes:
        sources: all states that its source was in, oldest first.
        before, after: what the target held, without the prefix; None: it was not there.
        foreign: what others put under a key of the target meanwhile; None: they removed it.
        outside: what was changed beside the prefix and the folder, or was left behind.
        word: ``succeeded``, ``partial``, ``cancelled`` or the reason of what ended it.
        is_calm: nothing happened meanwhile.
    """

    order: Order
    sources: list[Found | None]
    before: Found | None
    told: list[Told] = field(default_factory=list)
    foreign: dict[str, set[bytes | Odd | None]] = field(default_factory=lambda: defaultdict(set))
    after: Found | None = None
    outside: Sequence[str] = ()
    word: str = ""
    report: MirrorReport | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)
    is_calm: bool = True

    @property
    def finished(self) -> list[Finished]:
        return [about for what, about in self.told if what == "event" and isinstance(about, Finished)]


class Mirroring:
    """One mirror between the two places."""

    def __init__(self, world: World, order: Order, happenings: Sequence[Happening]) -> None:
        self._world, self._order = world, order
        self._objects_before = world.objects()
        self._token, self._tally, self._edited = CancelToken(), Tally(), set[str]()
        self._editing = threading.Lock()  # or a second edit would hide what the first one has made
        self._end = Ended(order, [self._look(is_source=True)], self._look(is_source=False), is_calm=not happenings)
        source, target = self._storages()
        self._sides = {"source": source, "target": target}
        for each in happenings:
            queue = self._sides[each.side].faults[each.queue]
            queue.extend([None] * (each.skip - len(queue)))
            queue.append(self._fault(each))

    def ended(self) -> Ended:
        """Run it to its end."""
        end, order = self._end, self._order
        try:
            end.report = self._run()
            direction = Direction.UPLOAD if order.is_upload else Direction.DOWNLOAD
            end.word = outcome_of(self._tally, end.report, self._options(), direction).state.value
        except Cancelled:
            end.word = "cancelled"
        except SluiceError as error:
            end.word = error.reason
        end.after, end.progress = self._look(is_source=False), self._tally.progress()
        end.outside = [*self._changed_outside(), *self._world.left_behind()]
        return end

    def _run(self) -> MirrorReport:
        order, (source, target) = self._order, self._sides.values()
        spread = None
        if order.is_spread and not order.is_dry:
            ledger: Any = MemoryLedger(Rows(), doer(source, target, self._token))
            spread = Spread(ledger, Limits(3, 1000), always=True)
        with Index.open(self._world.scratch / "index", order.prefix, str(order.is_upload)) as index:
            options = self._options()
            run = MirrorRun(source, target, options, self._listen, self._token, index, spread=spread)
            return run.run()

    def _options(self) -> MirrorOptions:
        order = self._order
        return MirrorOptions(
            name="bucket",
            filters=Filters(order.rules),
            check=Check(order.check),
            deletes=order.deletes,
            may_drop=order.is_upload and not order.prefix,
            may_be_empty=order.is_upload,
            source_must_exist=not order.is_upload,
            limit=None if order.limit is None else DeletionLimit(order.limit, is_percentage=False),
            dry_run=order.is_dry,
            threads=order.threads,
            spool_dir=self._world.scratch,
        )

    def _storages(self) -> tuple[FaultyStorage, FaultyStorage]:
        """Return source and target; the witness sees what really reaches the target."""
        told, order = self._end.told, self._order
        bucket: Storage = PrefixedStorage(self._world.bucket, order.prefix) if order.prefix else self._world.bucket
        folder = LocalStorage(self._world.root, confine=self._world.uploads)
        source, target = (folder, bucket) if order.is_upload else (bucket, folder)
        return FaultyStorage(source), FaultyStorage(Witness(target, told))

    def _listen(self, event: Event) -> None:
        self._tally(event)
        self._end.told.append(Told("event", event))

    def _fault(self, happening: Happening) -> Any:
        what: Any = happening.what
        if isinstance(what, type):
            fault: Any = what("It was to fail.")
        elif what == "cancel":
            fault = self._cancel
        else:
            fault = self._edit(*what)
        return After(happening.size, fault) if happening.queue == "content" else fault

    def _cancel(self) -> None:
        self._token.cancel("cancelled_by_user")
        self._end.told.append(Told("cancel"))  # not before: what began in between would count as begun after it

    def _edit(self, place: str, name: str, data: bytes | None) -> Callable[[], None]:
        def edit() -> None:
            with self._editing:
                self._edit_and_note(place, name, data)

        return edit

    def _edit_and_note(self, place: str, name: str, data: bytes | None) -> None:
        is_source = (place == "folder") is self._order.is_upload
        self._edited.add("/".join(key_of(part) for part in name.split("/")))
        before = None if is_source else self._look(is_source=False)
        with suppress(OSError):  # the mirror was quicker, and somebody's edit fails
            self._world.edit(place, name, data)
        now = self._look(is_source=is_source)
        if is_source:
            self._end.sources.append(now)
            return
        for key in {*(before or {}), *(now or {})}:
            if (before or {}).get(key) != (now or {}).get(key):
                self._end.foreign[key].add((now or {}).get(key))

    def _look(self, *, is_source: bool) -> Found | None:
        is_folder = is_source is self._order.is_upload
        return self._world.folder() if is_folder else self._world.below(self._order.prefix)

    def _changed_outside(self) -> Sequence[str]:
        before, now = self._objects_before or {}, self._world.objects() or {}
        prefix = self._order.prefix
        changed = [key for key in {*before, *now} - self._edited if before.get(key) != now.get(key)]
        return [key for key in changed if not self._order.is_upload or not key.startswith(prefix)]


def mirror(world: World, order: Order, happenings: Sequence[Happening] = ()) -> Ended:
    """Carry out an order, and return how that went."""
    return Mirroring(world, order, happenings).ended()
