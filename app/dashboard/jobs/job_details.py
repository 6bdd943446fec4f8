"""What a job was asked to do, as names and values for people. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.dashboard import words
from app.jobs.contract import Job

_CHECKS = {
    "exact": "exact: by content where sizes are equal",
    "size": "size: what has the same size counts as equal",
    "always": "always: every file is sent",
}


def details_of(job: Job) -> Iterator[tuple[str, str]]:
    """Yield what was asked, but for where from, where to and filters, which stand by themselves."""
    arguments = job.arguments
    if job.kind == "mirror":
        yield "Direction", "download: into the folder" if _is_download(arguments) else "upload: into the bucket"
    if arguments.get("storage_url"):
        yield "Address", str(arguments["storage_url"])
    if arguments.get("prefix"):
        yield "Folder of the bucket", str(arguments["prefix"])
    if arguments.get("check"):
        yield "What counts as changed", _CHECKS.get(str(arguments["check"]), str(arguments["check"]))
    if job.kind == "mirror":
        yield "Deletions", _deletions(arguments)
    if arguments.get("wait"):
        yield "Wait between two files", words.duration(float(arguments["wait"]))
    if arguments.get("dry_run"):
        yield "Dry run", "only planned: nothing is changed"
    if job.attempt > 1:
        yield "Attempt", f"{job.attempt}: resumed after a stop of the service"


def filters_of(job: Job) -> list[tuple[str, str]]:
    """Return the rules in their order: the word ``include`` or ``exclude``, and the pattern. The last match decides."""
    return [(str(kind), str(pattern)) for kind, pattern in job.arguments.get("rules", ())]


def _is_download(arguments: Mapping[str, Any]) -> bool:
    return bool(arguments.get("direction") == "download")


def _deletions(arguments: Mapping[str, Any]) -> str:
    if not arguments.get("delete", not _is_download(arguments)):
        return "none"
    limit = arguments.get("max_delete")
    return f"what the source does not have, {limit} at most" if limit else "what the source does not have"
