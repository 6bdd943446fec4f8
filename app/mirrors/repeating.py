"""What would ask for a mirror again, read from the job that it became. Pure."""

from app.errors import NotRepeatable
from app.jobs.contract import Job
from app.mirrors.direction import direction_of
from app.mirrors.request import KIND, MirrorRequest
from app.transfer.compare import Check
from app.transfer.filters import Rule

OWN_KEYS = "Its keys came with the request and are not kept. Open it in the form, and type them again."


def request_of(job: Job) -> MirrorRequest:
    """Return a request that becomes a job with the same arguments; keys that came with the first one are not in it.

    What stood for a configured value then (the endpoint, the bucket, the limit of deletions) is named in it.

    Raises:
        NotRepeatable: the job is no mirror.
    """
    if job.kind != KIND:
        raise NotRepeatable("This job is no mirror of a folder, so it cannot be opened in the form.")
    arguments = job.arguments
    connection = arguments.get("connection")  # jobs of versions before connections have no such argument
    return MirrorRequest(
        direction=direction_of(arguments).value,
        source=str(arguments["source"]),
        dest=None if connection else str(arguments["dest"]),
        storage_url=None if connection else str(arguments["storage_url"]),
        connection=connection,
        wait=float(arguments["wait"]),
        prefix=str(arguments["prefix"]),
        delete=bool(arguments["delete"]),
        dry_run=bool(arguments["dry_run"]),
        rules=tuple(Rule(*rule) for rule in arguments["rules"]),
        max_delete=arguments.get("max_delete"),
        check=str(arguments.get("check", Check.EXACT.value)),
    )


def has_own_keys(job: Job) -> bool:
    """Return whether keys came with the request, so that a repetition needs them again.

    Jobs of versions that did not note this are taken for such as used the configured keys.
    """
    return bool(job.arguments.get("own_keys", False))
