"""Carries out synchronisations: mirrors ``cval/`` of a bucket into its folder, then checks the layout of what is there.

Nothing is ever written to the bucket; permission to read is enough.
"""

import time
from dataclasses import replace
from pathlib import Path

from app.cancellation import Cancelled
from app.datasets.layout import problems_of
from app.datasets.synchronisation import PREFIX, SynchronisationService
from app.jobs.contract import JobContext, JobState, Outcome
from app.mirrors.direction import Direction
from app.mirrors.opening import Opening
from app.mirrors.outcome import outcome_of
from app.mirrors.reporter import Reporter
from app.mirrors.restoring import BucketToRestore
from app.settings import Settings
from app.transfer.events import Finished
from app.transfer.run import MirrorOptions, MirrorRun

STEPS_LIMIT = 1000
"""How many problems of the layout become steps of one run."""

REASON = "layout_invalid"


class SynchronisationHandler:
    """The handler of job kind ``synchronisation``; one for all jobs, thread-safe."""

    def __init__(self, settings: Settings, opening: Opening, synchronisation: SynchronisationService) -> None:
        self._settings = settings
        self._opening = opening
        self._synchronisation = synchronisation

    def __call__(self, context: JobContext) -> Outcome:
        """Run one synchronisation to its end; see `app.jobs.contract.Handler`."""
        connection_id = str(context.arguments["connection"])
        reporter = Reporter(context)
        try:
            outcome, folder = self._mirror(context, reporter, connection_id)
            return _judged(outcome, _check(context, reporter, folder))
        except Cancelled as stop:
            return Outcome(JobState.CANCELLED, stop.reason, f"Stopped after {reporter.sentence()}.")
        finally:
            self._synchronisation.let_go(connection_id)

    def _mirror(self, context: JobContext, reporter: Reporter, connection_id: str) -> tuple[Outcome, Path]:
        """Make the folder equal to the bucket; return how that went, and the folder."""
        bucket = self._opening.bucket(context, writes=False, token=context.token)
        try:
            folder = self._synchronisation.make_folder(connection_id)
            # The folder is a copy that can be fetched again, so that an emptied bucket may empty it.
            source, target = BucketToRestore(bucket, deletes=False), self._opening.folder(folder, confine=folder)
            options = self._options(context.threads)
            with self._opening.index(context.arguments, folder) as index:
                report = MirrorRun(source, target, options, reporter, context.token, index).run()
        finally:
            bucket.close()
        return outcome_of(reporter.tally, report, options, Direction.DOWNLOAD), folder

    def _options(self, threads: int) -> MirrorOptions:
        return MirrorOptions(
            name="",
            may_drop=False,
            source_must_exist=True,
            threads=threads,
            spool_dir=self._settings.data_dir,
        )


def _check(context: JobContext, reporter: Reporter, folder: Path) -> int:
    """Report what does not fit the layout of datasets; return how much that is."""
    count = 0
    for count, problem in enumerate(problems_of(folder), 1):
        context.token.raise_if_cancelled()
        if count <= STEPS_LIMIT:
            key = PREFIX + problem.path
            reporter(Finished("check", key, "skipped", 0, REASON, problem.message, time.time()))
    return count


def _judged(outcome: Outcome, problems: int) -> Outcome:
    """Return the outcome with what the check has found; a failure to mirror is the graver reason."""
    if not problems:
        return outcome
    more = f" The first {STEPS_LIMIT:,} of them are listed." if problems > STEPS_LIMIT else ""
    said = f"{outcome.message} {problems:,} files or folders do not fit the layout of datasets, see /steps.{more}"
    reason = outcome.reason if outcome.state is JobState.PARTIAL else REASON
    return replace(outcome, state=JobState.PARTIAL, reason=reason, message=said)
