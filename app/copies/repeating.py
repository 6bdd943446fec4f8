"""What was asked of a copy from a bucket into a bucket, read from its job and its copies."""

from dataclasses import dataclass

from app.copies.contract import KIND, OBJECTS_MAX, BucketPlace, Conflict, CopyKind, CopyQuery
from app.copies.store import CopyStore
from app.copies.work import work_of
from app.errors import NotRepeatable
from app.jobs.contract import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectCopy:
    """The arguments of `CopyService.direct`."""

    source: BucketPlace
    target: BucketPlace
    keys: list[str]
    conflict: Conflict
    prefix: str


def direct_copy_of(job: Job, store: CopyStore) -> DirectCopy:
    """Return what was asked for; all keys, whatever became of them.

    Raises:
        NotRepeatable: the job is another kind of copy, or what it copied is forgotten.
    """
    copies = store.find(CopyQuery(job_id=job.id, limit=OBJECTS_MAX, order="created_at"))
    work = work_of(job.arguments) if job.kind == KIND else None
    if work is None or work.kind is not CopyKind.DIRECT or work.source is None or work.target is None or not copies:
        raise NotRepeatable("Only copies from a bucket into a bucket can be run again from here.")
    first, *_ = copies = sorted(copies, key=lambda copy: copy.number)
    return DirectCopy(
        source=work.source.place,
        target=work.target.place,
        keys=[copy.source for copy in copies],
        conflict=Conflict(first.options["conflict"]),
        prefix=work.prefix,
    )
