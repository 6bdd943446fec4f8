"""Runs a mirror plan: uploads first, then what stood in the way, deletions last and only when nothing went wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from app.cancellation import Cancelled, CancelToken
from app.errors import SourceEmpty, SourceUnreadable, StoppedElsewhere, StorageMissing
from app.storages.base import Entry, Listed, Omission, Storage
from app.transfer.compare import Check, decider
from app.transfer.events import Event, Finished, PlanCompleted, Scheduled, Unchanged
from app.transfer.filters import Filters
from app.transfer.fitting import FittingWork
from app.transfer.guards import DeletionLimit
from app.transfer.index import AnyIndex, NoIndex, Seen
from app.transfer.operations import Operations
from app.transfer.plan import plan_mirror
from app.transfer.spreading import Spread, SpreadWork
from app.transfer.standing import Phase, Standing, looked_at
from app.transfer.steps import Compare, Delete, Omitted, Passed, Planned, Protected, Same, Stale, Upload
from app.transfer.work import Hands, LocalWork, Work


@dataclass(frozen=True, kw_only=True)
class MirrorOptions:
    """How a mirror is to be made.

    Attributes:
        name: the target's own name (the bucket), for the history.
        filters: keys that they exclude are neither uploaded nor deleted.
        check: what counts as changed.
        deletes: whether anything may be deleted at all.
        may_drop: whether an empty or missing source drops the target itself (never with filters: what they
            leave out is not known to be gone).
        may_be_empty: whether a source without any file may delete anything.
        source_must_exist: a source that is missing is an error, and not the wish to have nothing in the target.
        limit: the most that may be deleted, None for no limit.
        guard: called before anything is deleted; raises `SourceUnreadable` when the source is not what was listed.
        dry_run: plan, count and report; change nothing.
        wait: seconds to sleep between two file operations, which then run one at a time.
        threads: how many file operations run at once.
        spool_dir: an existing folder for steps put aside.
    """

    name: str
    filters: Filters = field(default_factory=Filters)
    check: Check = Check.EXACT
    deletes: bool = True
    may_drop: bool = True
    may_be_empty: bool = True
    source_must_exist: bool = False
    limit: DeletionLimit | None = None
    guard: Callable[[], None] = lambda: None
    dry_run: bool = False
    wait: float = 0.0
    threads: int = 8
    spool_dir: Path


@dataclass(slots=True)
class MirrorReport:
    """What a finished run knows beyond its events.

    Attributes:
        withheld: deletions (and uploads that needed one) that were not done because something had failed.
        source_was_missing: the source folder did not exist.
        dropped: the target itself was removed, or in a dry run would have been.
    """

    withheld: int = 0
    source_was_missing: bool = False
    dropped: bool = False


class MirrorRun:
    """One run of a mirror from ``source`` to ``target``; used once, by one thread.

    Args:
        listener: takes every event, from several threads.
        token: stops the run between two operations, and large files between two parts.
        index: what was equal at the end of earlier runs; it is brought up to date.
        spread: has others do the operations too, and goes on where an earlier attempt was; None: all is done here. No
            dry run and no run with a wait can be spread.
    """

    def __init__(
        self,
        source: Storage,
        target: Storage,
        options: MirrorOptions,
        listener: Callable[[Event], None],
        token: CancelToken,
        index: AnyIndex | None = None,
        *,
        spread: Spread | None = None,
    ) -> None:
        self._source, self._target, self._options, self._listener = source, target, options, listener
        self._index, self._watch = index or NoIndex(), token.raise_if_cancelled
        self._operations = Operations(source, target, token, self._listen, self._index, options.dry_run)
        kept = spread and spread.batches.kept
        self._standing = Standing.restored(kept["standing"]) if kept else Standing()
        self._work = self._begun(spread)

    def _begun(self, spread: Spread | None) -> Work:
        options = self._options
        hands = Hands(options.threads, options.wait, options.spool_dir)
        if spread is None:
            return LocalWork(self._operations, self._standing, hands)
        work = SpreadWork(spread, self._operations, self._standing, hands)
        return FittingWork(work, lambda: LocalWork(self._operations, self._standing, hands), self._standing)

    def run(self) -> MirrorReport:
        """Make the target equal to the source as far as that is possible, and say what was left.

        Raises:
            JobStopped: the source is unreadable or unexpectedly empty, or too much would be deleted.
            StorageError: the target as a whole cannot be used.
            Cancelled: the token was set; operations in hand have finished.
        """
        with self._work:
            self._refuse_when_stopped()
            source, target = self._reopened() if self._standing.is_open else self._opened()
            self._go_through(source, target)
        if not self._options.dry_run:
            self._target.tidy()
        standing = self._standing
        return MirrorReport(standing.withheld, standing.source_was_missing, standing.dropped)

    def _refuse_when_stopped(self) -> None:
        if self._standing.stopped is not None:
            reason, sentence = self._standing.stopped
            raise Cancelled(reason) if sentence is None else StoppedElsewhere(sentence, reason)

    def _go_through(self, source: Iterator[Listed], target: Iterator[Entry]) -> None:
        """Do all phases from the one on in which the run stands."""
        phases: dict[Phase, Callable[[], None]] = {
            Phase.PLANNING: lambda: self._plan(source, target),
            Phase.COMPARING: self._complete_plan,
            Phase.UPLOADING: self._work.finish_uploads,
            Phase.CLEARING: self._clear,
            Phase.DELETING: self._work.work_off_deletes,
            Phase.DROPPING: self._drop,
            Phase.ENDED: lambda: None,
        }
        for phase in list(phases)[self._standing.phase :]:
            self._standing.phase = phase
            self._work.keep()
            if phase in (Phase.CLEARING, Phase.DELETING) and self._standing.may_delete:
                self._options.guard()
            phases[phase]()

    def _listen(self, event: Event) -> None:
        if isinstance(event, Finished) and event.status == "failed":
            self._standing.failed.add(event.action)
        self._listener(event)

    def _opened(self) -> tuple[Iterator[Listed], Iterator[Entry]]:
        """Return both listings, of what is looked at for the first time."""
        standing = self._standing
        source = self._source_listing()
        standing.source_was_missing = source is None
        first = next(source, None) if source else None
        standing.source_is_empty = first is None
        target = self._target_listing(must_exist=first is not None)
        if first is None:
            self._refuse_empty_source()
        standing.is_open = True
        return chain([] if first is None else [first], source or ()), target

    def _reopened(self) -> tuple[Iterator[Listed], Iterator[Entry]]:
        """Return the rest of both listings, of a run that an earlier attempt has begun.

        Raises:
            SourceUnreadable: the source has become empty, or is no more so: what it has not now may not be gone.
            StorageMissing: the target is not there any more.
        """
        standing, listing = self._standing, self._source_listing()
        if (listing is None or next(listing, None) is None) is not standing.source_is_empty:
            change = "held files" if listing is None or not standing.source_is_empty else "was empty"
            raise SourceUnreadable(
                f"The source {change} when this job began, and that has changed since it was interrupted. Nothing more "
                "was deleted. See that the right folder or bucket is there, then start the job again."
            )
        was_missing = standing.target_is_missing or standing.must_create
        if not was_missing and standing.phase < Phase.DROPPING:
            self._target.check()
        after = standing.position.after
        source = iter(()) if standing.source_is_empty else self._source.list(prune=self._prune, after=after)
        return source, iter(()) if was_missing else standing.rest_of(self._target, self._options.filters, self._watch)

    @property
    def _prune(self) -> Callable[[str], bool]:
        return self._options.filters.prunes

    def _source_listing(self) -> Iterator[Listed] | None:
        """Return the source's listing; None when it is missing and need not exist."""
        try:
            self._source.check()
        except StorageMissing:
            if self._options.source_must_exist:
                raise
            return None
        return self._source.list(prune=self._prune)

    def _target_listing(self, *, must_exist: bool) -> Iterator[Entry]:
        """Return the target's listing, an empty one when it is missing."""
        try:
            self._target.check()
        except StorageMissing:
            self._standing.target_is_missing, self._standing.must_create = not must_exist, must_exist
            return iter(())
        return self._standing.counted(self._target.list(), self._options.filters, self._watch)

    def _refuse_empty_source(self) -> None:
        if self._options.deletes and not self._options.may_be_empty:
            raise SourceEmpty(
                "The source is missing or holds no file, and BUCKET_DELETE_ENABLED=false forbids to delete for that."
            )

    def _plan(self, source: Iterator[Listed], target: Iterator[Entry]) -> None:
        """Go through the plan: hand the uploads on, put the deletions aside."""
        if self._standing.must_create:
            self._operations.create(self._options.name)
            self._standing.must_create = False
        filters = self._options.filters
        seen: Iterator[Seen] = self._index.seen(self._standing.position.after)
        if filters:
            source = looked_at(source, filters, self._watch)
            seen = (known for known in seen if filters.allows(known.key))
        for step in plan_mirror(source, target, decider(self._options.check), seen, self._work.marks):
            self._work.checkpoint()
            self._take(step)

    def _take(self, step: Planned) -> None:
        match step:
            case Same(count, why):
                self._listen(Unchanged(count, why))
            case Compare():
                self._work.add(step)
            case Upload():
                self._listen(Scheduled("upload", step.entry.size))
                self._put_aside(step) if step.blocked and self._options.deletes else self._work.add(step)
            case Delete():
                self._put_aside(step)
            case Omitted(omission):
                self._omit(omission)
            case Protected():
                self._standing.keeps_some = True
            case Stale(key) if not self._options.dry_run:
                self._index.forget(key)
            case Passed(position):
                self._standing.position = position
                self._work.keep()

    def _put_aside(self, step: Upload | Delete) -> None:
        """Keep a step for after the uploads; a file that cannot be opened fails now, before any deletion for it."""
        if isinstance(step, Upload):
            if self._operations.probe(step.entry):
                self._work.put_aside(step)
        elif self._options.deletes:
            self._listen(Scheduled("delete"))
            self._standing.planned_deletes += 1
            self._work.put_aside(step)
        else:
            self._standing.keeps_some = True

    def _omit(self, omission: Omission) -> None:
        status = "failed" if omission.failed else "skipped"
        reason = "source_unreadable" if omission.failed else "not_a_file"
        self._operations.leave_out(omission.key, status, reason, omission.why)

    def _complete_plan(self) -> None:
        self._work.finish_compares()
        self._work.checkpoint()  # where nothing was planned, nobody has looked yet
        self._listen(PlanCompleted())

    def _clear(self) -> None:
        """Do what was put aside for the sake of uploads, unless something failed before it, or too much would go."""
        standing, limit = self._standing, self._options.limit
        if limit and standing.may_delete:
            limit.check(standing.planned_deletes, standing.listed)
        self._work.work_off_later()

    def _drop(self) -> None:
        """Remove the emptied target, unless the job may not, or something stayed in it."""
        options, standing = self._options, self._standing
        if not standing.source_is_empty or standing.target_is_missing:
            return
        if options.deletes and options.may_drop and not (options.filters or standing.keeps_some or standing.failed):
            options.guard()
            self._operations.drop(options.name)
            standing.dropped = not standing.failed
