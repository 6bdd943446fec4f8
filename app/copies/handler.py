"""The handler of copy jobs: opens both ends, carries what is left, and ends what will not be carried."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial

from app.cancellation import INTERRUPTED, Cancelled
from app.connections.fetch_policy import FetchPolicy
from app.copies.bringing import IntoLibrary
from app.copies.carrying import Carrier
from app.copies.contract import CopyState
from app.copies.drive.bringing import IntoImages
from app.copies.drive.contract import KINDS as DRIVE_KINDS
from app.copies.drive.folders import folder_of_job
from app.copies.drive.receiving import FromDrive
from app.copies.drive.storing import IntoDrive
from app.copies.fetching import Fetcher
from app.copies.ledger import Ending, Ledger
from app.copies.opening import Places
from app.copies.outcome import outcome_of, sentence
from app.copies.persisting import persisting
from app.copies.receiving import FromBucket, FromElsewhere
from app.copies.reporter import Reporter
from app.copies.run import CopyRun
from app.copies.settling import Settling
from app.copies.sources import BucketSource, LibrarySource
from app.copies.storing import IntoBucket
from app.copies.work import End, Work, work_of
from app.db import Database
from app.errors import DatabaseUnavailable, SluiceError
from app.jobs.contract import JobContext, JobState, Outcome
from app.library.describing import describer_of
from app.library.service import LibraryService
from app.settings import Settings
from app.storages.base import Storage
from app.transfer.operations import STOPS_THE_JOB


class CopyHandler:
    """The handler of job kind ``copy``; one for all jobs, thread-safe."""

    def __init__(self, settings: Settings, database: Database, library: LibraryService, places: Places) -> None:
        self._fetcher = Fetcher(FetchPolicy.of(settings))
        self._database, self._library, self._places = database, library, places
        self._settling = Settling(database, library)
        self._describer = describer_of(settings)

    def __call__(self, context: JobContext) -> Outcome:
        """Run one copy job to its end; see `app.jobs.contract.Handler`."""
        ledger, reporter = Ledger(self._database, context.job_id), Reporter(context)
        try:
            with self._carrier(context, ledger, reporter) as carrier:
                CopyRun(ledger, carrier, self._settling, reporter, context.token, context.threads).run()
            return outcome_of(persisting(context.token, ledger.standing))
        except Cancelled as stop:
            return self._stopped(context, ledger, reporter, stop)
        except SluiceError as error:
            if context.token.reason != INTERRUPTED:
                self._end_rest(context, reporter, Ending(CopyState.FAILED, error.reason, str(error)))
            raise

    @contextmanager
    def _carrier(self, context: JobContext, ledger: Ledger, reporter: Reporter) -> Iterator[Carrier]:
        """Open what the job needs, and close it when the block ends."""
        work = work_of(context.arguments)
        with ExitStack() as stack:
            if work.kind in DRIVE_KINDS:
                yield self._with_drive(stack, context, work, ledger, reporter)
                return
            if work.target is None:
                yield self._into_library(stack, context, work.source, reporter)
                return
            target = self._opened(stack, context, work.target, writes=True)
            if work.in_one_place:
                yield IntoBucket(BucketSource(target), target, ledger, reporter, by_itself=True)
            elif work.source is None:
                yield IntoBucket(LibrarySource(self._library), target, ledger, reporter, by_itself=False)
            else:
                source = BucketSource(self._opened(stack, context, work.source, writes=False))
                yield IntoBucket(source, target, ledger, reporter, by_itself=False)

    def _into_library(self, stack: ExitStack, context: JobContext, source: End | None, reporter: Reporter) -> Carrier:
        if source is None:
            return IntoLibrary(self._library, FromElsewhere(self._library, self._fetcher))
        bucket = self._opened(stack, context, source, writes=False)
        return IntoLibrary(self._library, FromBucket(self._library, bucket, reporter), STOPS_THE_JOB)

    def _with_drive(
        self, stack: ExitStack, context: JobContext, work: Work, ledger: Ledger, reporter: Reporter
    ) -> Carrier:
        (end,) = work.ends
        exports = work.target is not None
        opening = partial(self._places.drive, end.place, end.target, context.owner_id, writes=exports)
        drive = persisting(context.token, opening)
        files = stack.enter_context(closing(drive.files))
        if not exports:
            return IntoImages(self._library, FromDrive(self._library, files, reporter), self._describer)
        folder_id = persisting(context.token, partial(folder_of_job, files, ledger, drive.root_id))
        return IntoDrive(self._library, files, folder_id, ledger, reporter)

    def _opened(self, stack: ExitStack, context: JobContext, end: End, *, writes: bool) -> Storage:
        token = context.token
        opened = partial(self._places.opened, end.place, end.target, context.owner_id, writes=writes, token=token)
        return stack.enter_context(closing(persisting(context.token, opened)))

    def _stopped(self, context: JobContext, ledger: Ledger, reporter: Reporter, stop: Cancelled) -> Outcome:
        if not stop.is_pause:
            self._end_rest(context, reporter, Ending(CopyState.CANCELLED, stop.reason, "cancelled"))
        said = "Stopped."
        with suppress(DatabaseUnavailable):
            said = f"Stopped after {sentence(ledger.standing())}."
        return Outcome(JobState.CANCELLED, stop.reason, said)

    def _end_rest(self, context: JobContext, reporter: Reporter, ending: Ending) -> None:
        """End what is left; while the database cannot be used, that is left to whoever reads the copies."""
        with suppress(DatabaseUnavailable):
            self._settling.end_rest(context.job_id, ending, reporter.ended)
