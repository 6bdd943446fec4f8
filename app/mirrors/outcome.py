"""How a mirror ended, in a state, a reason and a sentence. Pure."""

from app.jobs.contract import JobState, Outcome
from app.mirrors.direction import Direction
from app.transfer.run import MirrorOptions, MirrorReport
from app.transfer.tally import Tally

SHARED_REASONS = frozenset({"file_changed", "file_unreadable", "file_missing", "access_denied", "source_unreadable"})
"""Reasons of files that become the job's when all failures share them."""


def outcome_of(tally: Tally, report: MirrorReport, options: MirrorOptions, direction: Direction) -> Outcome:
    """Judge a run that came to its end."""
    counted = direction.said(tally.sentence())
    if tally.failed:
        reason = _shared_reason(tally.reasons, tally.failed_actions, direction)
        return Outcome(JobState.PARTIAL, reason, f"{counted}. {_advice(report, direction)}")
    if tally.skipped and direction is Direction.UPLOAD:
        return Outcome(JobState.PARTIAL, "files_skipped", f"{counted}. What was skipped is listed by /steps.")
    if direction is Direction.DOWNLOAD and not options.dry_run and not _found_anything(tally):
        return Outcome(JobState.SUCCEEDED, None, f"{counted}. There was nothing to download.")
    return Outcome(JobState.SUCCEEDED, None, _success(counted, report, options))


def _found_anything(tally: Tally) -> bool:
    progress = tally.progress()
    return bool(progress["planned"]["uploads"] or progress["unchanged"] or tally.skipped)


def _shared_reason(reasons: set[str], actions: set[str], direction: Direction) -> str:
    if len(reasons) == 1 and reasons <= SHARED_REASONS:
        return next(iter(reasons))
    return "delete_failed" if actions <= {"delete", "drop"} else f"{direction.value}_failed"


def _advice(report: MirrorReport, direction: Direction) -> str:
    if report.withheld:
        return (
            f"{report.withheld} deletions were withheld, since not every file could be listed and "
            f"{direction.value}ed. See /steps."
        )
    return "What failed is listed by /steps."


def _success(counted: str, report: MirrorReport, options: MirrorOptions) -> str:
    if options.dry_run:
        return "A dry run: nothing was changed."
    if report.dropped:
        why = "does not exist" if report.source_was_missing else "holds no file"
        return f"{counted}. The source {why}, so the bucket was deleted."
    return f"{counted}."
