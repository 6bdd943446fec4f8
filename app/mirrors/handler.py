"""Carries out mirror jobs: opens the two storages, runs the plan, reports to the job."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cancellation import Cancelled
from app.connections.address import refuse_forbidden_resolution
from app.jobs.contract import JobContext, JobState, Outcome
from app.mirrors.mounts import require_known_folder_when_empty, require_volume
from app.mirrors.outcome import outcome_of
from app.mirrors.reporter import Reporter
from app.settings import Settings
from app.storages.base import Storage
from app.storages.names import name_of
from app.storages.prefixed import PrefixedStorage
from app.storages.registry import open_storage
from app.storages.s3 import S3Address
from app.transfer.compare import Check
from app.transfer.filters import Filters, Rule
from app.transfer.guards import DeletionLimit
from app.transfer.run import MirrorOptions, MirrorRun


@dataclass(frozen=True, slots=True)
class StorageKeys:
    """The configured credentials, used where a job brings none."""

    access_key: str
    secret_key: str


class MirrorHandler:
    """The handler of job kind ``mirror``; one for all jobs, thread-safe.

    Args:
        keys: the credentials of the configured storage.
    """

    def __init__(self, settings: Settings, keys: StorageKeys) -> None:
        self._settings = settings
        self._keys = keys

    def __call__(self, context: JobContext) -> Outcome:
        """Run one mirror to its end; see `app.jobs.contract.Handler`."""
        options = self._options(context.arguments)
        reporter = Reporter(context)
        require_volume(self._settings.uploads_dir, self._settings.data_dir)
        require_known_folder_when_empty(self._settings.uploads_dir, self._settings.data_dir)
        refuse_forbidden_resolution(str(context.arguments["storage_url"]))
        source, target = self._source(context.arguments), self._target(context)
        try:
            report = MirrorRun(source, target, options, reporter, context.token).run()
        except Cancelled as stop:
            return Outcome(JobState.CANCELLED, stop.reason, f"Stopped after {reporter.tally.sentence()}.")
        finally:
            reporter.flush()
            target.close()
            source.close()
        return outcome_of(reporter.tally, report, options)

    def _source(self, arguments: Mapping[str, Any]) -> Storage:
        uploads = self._settings.uploads_dir
        names = [name_of(segment) for segment in str(arguments["source"]).split("/") if segment]
        return open_storage("local", root=Path(uploads, *names), confine=uploads)

    def _target(self, context: JobContext) -> Storage:
        arguments, secrets = context.arguments, context.secrets
        address = S3Address(
            endpoint=arguments["storage_url"],
            bucket=arguments["dest"],
            access_key=secrets.get("access_key", self._keys.access_key),
            secret_key=secrets.get("secret_key", self._keys.secret_key),
            region=self._settings.storage_region,
        )
        bucket = open_storage("s3", address=address, connections=self._settings.transfers_per_job + 2)
        return PrefixedStorage(bucket, arguments["prefix"]) if arguments["prefix"] else bucket

    def _options(self, arguments: Mapping[str, Any]) -> MirrorOptions:
        limit = arguments["max_delete"]
        return MirrorOptions(
            name=arguments["dest"],
            filters=Filters(Rule(*rule) for rule in arguments["rules"]),
            check=Check(arguments["check"]),
            deletes=arguments["delete"],
            may_drop=not arguments["prefix"],
            may_be_empty=self._settings.bucket_delete_enabled,
            limit=DeletionLimit.parse(limit) if limit is not None else None,
            dry_run=arguments["dry_run"],
            wait=arguments["wait"],
            threads=self._settings.transfers_per_job,
            spool_dir=self._settings.data_dir,
        )
