"""Runs a mirror plan: uploads first, then what stood in the way, deletions last and only when nothing went wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from app.cancellation import CancelToken
from app.errors import SourceEmpty, StorageMissing
from app.storages.base import Entry, Listed, Omission, Storage
from app.transfer.backlog import Backlog
from app.transfer.compare import Check, decider
from app.transfer.events import Event, Finished, PlanCompleted, Scheduled, Unchanged
from app.transfer.filters import Filters
from app.transfer.guards import DeletionLimit
from app.transfer.index import Index, NoIndex, Seen
from app.transfer.operations import Operations
from app.transfer.plan import Compare, Delete, Omitted, Planned, Protected, Same, Stale, Upload, plan_mirror
from app.transfer.pool import OperationPool
from app.transfer.spool import Spool

DELETE_BATCH = 1000


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
    """

    def __init__(
        self,
        source: Storage,
        target: Storage,
        options: MirrorOptions,
        listener: Callable[[Event], None],
        token: CancelToken,
        index: Index | NoIndex | None = None,
    ) -> None:
        self._source, self._target, self._options, self._listener = source, target, options, listener
        self._index = index or NoIndex()
        self._operations = Operations(source, target, token, self._listen, self._index, options.dry_run)
        self._pool = OperationPool(options.threads, options.wait, token)
        self._backlog = Backlog(self._pool, self._upload, self._operations.compare, options.spool_dir)
        self._later = Spool(options.spool_dir)  #: blocking deletions and the uploads that they make way for
        self._deletes = Spool(options.spool_dir)
        self._failed: set[str] = set()  #: actions of which at least one failed
        self._listed = 0  #: objects in the target
        self._kept = 0  #: of them, those that filters or omissions protect
        self._planned_deletes = 0

    def run(self) -> MirrorReport:
        """Make the target equal to the source as far as that is possible, and say what was left.

        Raises:
            JobStopped: the source is unreadable or unexpectedly empty, or too much would be deleted.
            StorageError: the target as a whole cannot be used.
            Cancelled: the token was set; operations in hand have finished.
        """
        report = MirrorReport()
        with self._later, self._deletes, self._backlog, self._pool:
            source, report.source_was_missing = self._open_source()
            first = next(source, None)
            target = self._open_target(must_exist=first is not None)
            if first is None:
                self._refuse_empty_source()
            self._bring(chain([] if first is None else [first], source), target or iter(()))
            self._delete(report)
            if first is None and target is not None:
                self._drop(report)
        self._tidy()
        return report

    def _tidy(self) -> None:
        if not self._options.dry_run:
            self._target.tidy()

    def _listen(self, event: Event) -> None:
        if isinstance(event, Finished) and event.status == "failed":
            self._failed.add(event.action)
        self._listener(event)

    @property
    def _must_not_delete(self) -> bool:
        """Whether an upload or a part of the source's listing failed."""
        return bool(self._failed - {"delete", "drop"})

    def _open_source(self) -> tuple[Iterator[Listed], bool]:
        try:
            self._source.check()
        except StorageMissing:
            if self._options.source_must_exist:
                raise
            return iter(()), True
        return self._source.list(prune=self._options.filters.prunes), False

    def _open_target(self, *, must_exist: bool) -> Iterator[Entry] | None:
        """Return the target's listing, None when it is missing and need not exist; create it when it must."""
        try:
            self._target.check()
        except StorageMissing:
            if not must_exist:
                return None
            self._operations.create(self._options.name)
            return iter(())
        return self._count(self._target.list())

    def _count(self, listing: Iterator[Listed]) -> Iterator[Entry]:
        """Pass on the target's entries that the job looks at, counting all."""
        allows = self._options.filters.allows if self._options.filters else None
        for entry in listing:
            if isinstance(entry, Omission):
                self._kept += 1
                continue
            self._listed += 1
            if allows is None or allows(entry.key):
                yield entry
            else:
                self._kept += 1

    def _refuse_empty_source(self) -> None:
        if self._options.deletes and not self._options.may_be_empty:
            raise SourceEmpty(
                "The source is missing or holds no file, and BUCKET_DELETE_ENABLED=false forbids to delete for that."
            )

    def _bring(self, source: Iterator[Listed], target: Iterator[Entry]) -> None:
        """Go through the plan: do the uploads, put the deletions aside."""
        allows = self._options.filters.allows
        seen: Iterator[Seen] = self._index.seen()
        if self._options.filters:
            source = (listed for listed in source if allows(listed.key))
            seen = (known for known in seen if allows(known.key))
        for step in plan_mirror(source, target, decider(self._options.check), seen):
            self._pool.checkpoint()
            self._take(step)
        self._backlog.finish_compares()
        self._listen(PlanCompleted())
        self._backlog.finish_uploads()

    def _take(self, step: Planned) -> None:
        match step:
            case Same(count, why):
                self._listen(Unchanged(count, why))
            case Compare():
                self._backlog.add(step)
            case Upload():
                self._listen(Scheduled("upload", step.entry.size))
                self._put_aside(step) if step.blocked and self._options.deletes else self._backlog.add(step)
            case Delete():
                self._put_aside(step)
            case Omitted(omission):
                self._omit(omission)
            case Protected():
                self._kept += 1
            case Stale(key) if not self._options.dry_run:
                self._index.forget(key)

    def _upload(self, entry: Entry, why: str) -> None:
        self._pace()
        self._operations.upload(entry, why)

    def _pace(self) -> None:
        if not self._options.dry_run:
            self._pool.pace()

    def _put_aside(self, step: Upload | Delete) -> None:
        """Keep a step for after the uploads; a file that cannot be opened fails now, before any deletion for it."""
        if isinstance(step, Upload):
            if self._operations.probe(step.entry):
                self._later.put(step)
        elif self._options.deletes:
            self._listen(Scheduled("delete"))
            self._planned_deletes += 1
            (self._later if step.blocking else self._deletes).put(step)
        else:
            self._kept += 1

    def _omit(self, omission: Omission) -> None:
        status = "failed" if omission.failed else "skipped"
        reason = "source_unreadable" if omission.failed else "not_a_file"
        self._operations.leave_out(omission.key, status, reason, omission.why)

    def _delete(self, report: MirrorReport) -> None:
        """Do what was put aside, unless something failed before it."""
        if self._options.limit and self._planned_deletes and not self._must_not_delete:
            self._options.limit.check(self._planned_deletes, self._listed)
        report.withheld = self._work_off(self._later) + self._work_off(self._deletes)

    def _work_off(self, steps: Spool) -> int:
        """Do these steps in order, deletions in batches, until an upload fails; return how many were withheld."""
        batch: list[str] = []
        for step in steps:
            if isinstance(step, Delete) and not batch:
                self._pool.join()
            if self._must_not_delete:
                return len(steps) + 1
            if isinstance(step, Upload):
                self._delete_batch(batch)
                self._pool.submit(partial(self._upload, step.entry, step.why))
            elif isinstance(step, Delete):
                batch.append(step.entry.key)
                if len(batch) == (1 if self._options.wait else DELETE_BATCH):
                    self._delete_batch(batch)
        self._delete_batch(batch)
        self._pool.join()
        return 0

    def _delete_batch(self, batch: list[str]) -> None:
        """Delete these keys, if any, and empty the batch."""
        if batch:
            self._pace()
            self._operations.delete(batch)
            batch.clear()

    def _drop(self, report: MirrorReport) -> None:
        """Remove the emptied target, unless the job may not, or something stayed in it."""
        options = self._options
        if options.deletes and options.may_drop and not options.filters and not self._kept and not self._failed:
            self._operations.drop(options.name)
            report.dropped = not self._failed
