"""Carries out mirror jobs: opens the two storages, runs the plan, reports to the job."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.cancellation import Cancelled
from app.jobs.contract import JobContext, JobState, Outcome, StepSelection, StepStatus
from app.jobs.service import JobService
from app.mirrors.direction import Direction, direction_of
from app.mirrors.mounts import note_folder, require_known_folder_when_empty, require_volume
from app.mirrors.opening import Opening
from app.mirrors.outcome import outcome_of
from app.mirrors.planning import confirmed_of, limit_of, may_drop
from app.mirrors.reporter import Reporter
from app.mirrors.restoring import BucketToRestore
from app.mirrors.unfinished import (
    Pair,
    forget_unfinished,
    is_unfinished,
    note_unfinished,
    require_finished_downloads,
)
from app.settings import Settings
from app.storages.base import Storage
from app.storages.names import name_of_argument
from app.transfer.compare import Check
from app.transfer.filters import Filters, Rule
from app.transfer.index import Index
from app.transfer.run import MirrorOptions, MirrorRun


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
        reporter = Reporter(context)
        self._require_safe(context.arguments)
        options = self._options(context)
        source, target = self._storages(context)
        try:
            with self._noted(context.arguments, reporter), self._index(context.arguments) as index:
                report = MirrorRun(source, target, options, reporter, context.token, index).run()
        except Cancelled as stop:
            return Outcome(JobState.CANCELLED, stop.reason, f"Stopped after {reporter.sentence()}.")
        finally:
            target.close()
            source.close()
        return outcome_of(reporter.tally, report, options, direction_of(context.arguments))

    def _require_safe(self, arguments: Mapping[str, Any]) -> None:
        """Return when the uploads folder is the one it was, and an upload would not delete what it never held."""
        uploads, data_dir = self._settings.uploads_dir, self._settings.data_dir
        require_volume(uploads, data_dir)
        if direction_of(arguments) is Direction.DOWNLOAD:
            return
        require_known_folder_when_empty(uploads, data_dir)
        if arguments["delete"]:
            require_finished_downloads(data_dir, Pair.of(arguments))

    @contextmanager
    def _noted(self, arguments: Mapping[str, Any], reporter: Reporter) -> Iterator[None]:
        """Keep a note of a download until it has brought everything, unless it has changed nothing either."""
        if direction_of(arguments) is Direction.UPLOAD or arguments["dry_run"]:
            yield
            return
        data_dir, pair = self._settings.data_dir, Pair.of(arguments)
        was_unfinished = is_unfinished(data_dir, pair)
        note_unfinished(data_dir, pair)
        try:
            yield
        finally:
            if reporter.has_brought_everything or not (was_unfinished or reporter.has_changed_something):
                forget_unfinished(data_dir, pair)
            note_folder(self._settings.uploads_dir, data_dir)

    def _storages(self, context: JobContext) -> tuple[Storage, Storage]:
        """Return source and target."""
        is_upload = direction_of(context.arguments) is Direction.UPLOAD
        bucket = self._opening.bucket(context, writes=is_upload)
        folder = self._opening.folder(self._folder_path(context.arguments), self._settings.uploads_dir)
        if is_upload:
            return folder, bucket
        return BucketToRestore(bucket, deletes=context.arguments["delete"]), folder

    def _index(self, arguments: Mapping[str, Any]) -> Index:
        return self._opening.index(arguments, self._folder_path(arguments))

    def _folder_path(self, arguments: Mapping[str, Any]) -> Path:
        names = [name_of_argument(segment) for segment in str(arguments["source"]).split("/") if segment]
        return Path(self._settings.uploads_dir, *names)

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
            threads=self._settings.transfers_per_job,
            spool_dir=self._settings.data_dir,
        )

    def _deleted_before(self, context: JobContext) -> int:
        """Return how many deletions of a plan's mirror earlier attempts did; of any other nobody asks."""
        if confirmed_of(context.arguments) is None:
            return 0
        done = StepSelection(status=StepStatus.DONE, action="delete")
        return sum(1 for _ in self._jobs.each_step(context.job_id, done))

    def _may_drop(self, context: JobContext) -> bool:
        arguments = context.arguments
        whole_bucket = direction_of(arguments) is Direction.UPLOAD and not arguments["prefix"]
        return whole_bucket and may_drop(arguments) and self._opening.may_drop(context)
