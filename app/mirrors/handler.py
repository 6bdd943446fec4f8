"""Carries out mirror jobs: opens the two storages, runs the plan, reports to the job."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.cancellation import INTERRUPTED, Cancelled
from app.errors import SluiceError
from app.jobs.contract import JobContext, JobState, Ledger, Outcome, StepSelection, StepStatus
from app.jobs.service import JobService
from app.mirrors.batch import folder_of
from app.mirrors.direction import Direction, direction_of
from app.mirrors.journal import Journal, has_begun
from app.mirrors.mounts import folder_watched, note_folder, require_known_folder_when_empty, require_volume
from app.mirrors.opening import Opening, Sides
from app.mirrors.outcome import outcome_of
from app.mirrors.planning import confirmed_of, limit_of, may_drop
from app.mirrors.reporter import Reporter
from app.mirrors.shared_index import SharedIndex
from app.mirrors.unfinished import (
    Pair,
    forget_unfinished,
    is_unfinished,
    note_unfinished,
    require_finished_downloads,
)
from app.mirrors.volumes import Volumes
from app.settings import Settings
from app.transfer.batching import Limits
from app.transfer.compare import Check
from app.transfer.filters import Filters, Rule
from app.transfer.index import Index
from app.transfer.run import MirrorOptions, MirrorReport, MirrorRun
from app.transfer.spreading import Spread, count_done


class MirrorHandler:
    """The handler of job kind ``mirror``; one for all jobs, thread-safe.

    Args:
        jobs: knows what earlier attempts at a job have deleted.
    """

    def __init__(self, settings: Settings, opening: Opening, jobs: JobService) -> None:
        self._settings = settings
        self._opening = opening
        self._jobs = jobs

    def __call__(self, context: JobContext) -> Outcome:
        """Run one mirror to its end; see `app.jobs.contract.Handler`."""
        ledger = _ledger_of(context)
        reporter = Reporter(context, ledger)
        journal = Journal(ledger, reporter, folder_of(self._settings)) if ledger else None
        try:
            self._require_safe(context)
            options = self._options(context)
            sides = self._opening.sides(context)
        except SluiceError:
            if ledger is not None and journal is not None and has_begun(ledger):
                count_done(journal, reporter)
            raise
        try:
            report = self._run(context, sides, options, reporter, journal)
        except Cancelled as stop:
            return Outcome(JobState.CANCELLED, stop.reason, f"Stopped after {reporter.sentence()}.")
        finally:
            sides.close()
        return outcome_of(reporter.tally, report, options, direction_of(context.arguments))

    def _run(
        self, context: JobContext, sides: Sides, options: MirrorOptions, reporter: Reporter, journal: Journal | None
    ) -> MirrorReport:
        spread = Spread(journal, self._limits) if journal else None
        with (
            self._noted(context, reporter),
            self._guarded(context) as guard,
            self._index(context.arguments) as index,
        ):
            guarded = replace(options, guard=guard)
            run = MirrorRun(sides.source, sides.target, guarded, reporter, context.token, index, spread=spread)
            return run.run()

    @contextmanager
    def _noted(self, context: JobContext, reporter: Reporter) -> Iterator[None]:
        """Keep a note of a download until it has brought everything, unless it has changed nothing either."""
        arguments = context.arguments
        if direction_of(arguments) is Direction.UPLOAD or arguments["dry_run"]:
            yield
            return
        data_dir, pair = self._settings.data_dir, Pair.of(arguments)
        was_unfinished = is_unfinished(data_dir, pair)
        note_unfinished(data_dir, pair)
        try:
            yield
        finally:
            # Others go on with the batches of one that is interrupted here, or taken over, and count on its note.
            goes_on = _ledger_of(context) is not None and context.token.reason == INTERRUPTED
            changed = was_unfinished or reporter.has_changed_something
            if not goes_on and (reporter.has_brought_everything or not changed):
                forget_unfinished(data_dir, pair)
            elif not goes_on:
                note_unfinished(data_dir, pair)  # whoever had taken it over may have forgotten it meanwhile
            note_folder(self._settings.uploads_dir, data_dir)
            volumes_of(self._settings, arguments, self._opening.folder_path(arguments)).note_what_is_there()

    def _require_safe(self, context: JobContext) -> None:
        require_safe(self._settings, context.arguments, self._opening.folder_path(context.arguments))

    def _index(self, arguments: Mapping[str, Any]) -> Index | SharedIndex:
        return self._opening.index(arguments, self._opening.folder_path(arguments))

    @property
    def _limits(self) -> Limits:
        return Limits(self._settings.batch_files, self._settings.batch_bytes)

    def _options(self, context: JobContext) -> MirrorOptions:
        arguments = context.arguments
        is_upload = direction_of(arguments) is Direction.UPLOAD
        return MirrorOptions(
            name=arguments["dest"] if is_upload else arguments["source"],
            filters=Filters(Rule(*rule) for rule in arguments["rules"]),
            check=Check(arguments["check"]),
            deletes=arguments["delete"],
            may_drop=self._may_drop(context),
            may_be_empty=is_upload and self._settings.bucket_delete_enabled,
            source_must_exist=not is_upload,
            limit=limit_of(arguments, self._deleted_before(context)),
            dry_run=arguments["dry_run"],
            wait=arguments["wait"],
            threads=context.threads,
            spool_dir=self._settings.data_dir,
        )

    @contextmanager
    def _guarded(self, context: JobContext) -> Iterator[Callable[[], None]]:
        """Give what raises once the folder of an upload, or what is mounted there, is not what it is now."""
        if direction_of(context.arguments) is Direction.DOWNLOAD:
            yield lambda: None
            return
        with folder_watched(self._opening.folder_path(context.arguments)) as require_same:

            def guard() -> None:
                self._require_safe(context)
                require_same()

            yield guard

    def _deleted_before(self, context: JobContext) -> int:
        """Return how many deletions of a plan's mirror earlier attempts did; of any other nobody asks."""
        ledger = _ledger_of(context)
        if confirmed_of(context.arguments) is None or (ledger is not None and has_begun(ledger)):
            return 0  # a spread job counts on from where it was
        done = StepSelection(status=StepStatus.DONE, action="delete")
        return sum(1 for _ in self._jobs.each_step(context.job_id, done))

    def _may_drop(self, context: JobContext) -> bool:
        arguments = context.arguments
        whole_bucket = direction_of(arguments) is Direction.UPLOAD and not arguments["prefix"]
        return whole_bucket and may_drop(arguments) and self._opening.may_drop(context)


def volumes_of(settings: Settings, arguments: Mapping[str, Any], folder: Path) -> Volumes:
    """Return the volumes that the folder of a mirror lies on or holds."""
    return Volumes.of(Pair.of(arguments), folder, settings.uploads_dir, settings.data_dir)


def require_safe(settings: Settings, arguments: Mapping[str, Any], folder: Path) -> None:
    """Return when the uploads folder is the one it was, and an upload would not delete what it never held.

    Args:
        folder: the mirror's, in the uploads folder.

    Raises:
        SourceUnreadable: it is not, or it would.
    """
    uploads, data_dir = settings.uploads_dir, settings.data_dir
    volumes = volumes_of(settings, arguments, folder)
    require_volume(uploads, data_dir)
    if direction_of(arguments) is Direction.DOWNLOAD:
        volumes.require_there()
        return
    require_known_folder_when_empty(uploads, data_dir)
    volumes.require_same()
    if arguments["delete"]:
        require_finished_downloads(data_dir, Pair.of(arguments))


def _ledger_of(context: JobContext) -> Ledger | None:
    """Return the ledger of a job that is spread: neither a dry run nor one with a wait between any two operations."""
    arguments = context.arguments
    return None if arguments["dry_run"] or arguments["wait"] else context.ledger
