"""The faults, invariants and lessons that tests prove: what each is, what happens here, or why it cannot happen.

A test says by ``@pytest.mark.fault(9)`` what it proves. `tests.support.reliability` makes docs/reliability.md of both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        title: what.
        outcome: what happens then; of one that cannot happen here: why not.
        applies: whether it can.
    """

    title: str
    outcome: str
    applies: bool = True


def _not_here(title: str, because: str) -> Fault:
    return Fault(title, because, applies=False)


FAULTS = {
    1: Fault(
        "`kill -9` at any edge of a job's states",
        "The next start goes on with the job, under its own id; a cancel that was asked for stays one. Nothing is done twice that counts, and nothing is deleted that should not be.",
    ),
    2: Fault(
        "`kill -9` or SIGSTOP in the middle of a file, for longer than a heartbeat is believed",
        "Another process takes the job over. The old one begins no operation any more when it comes back, sends none again that it was stopped in, and can write nothing of the job.",
    ),
    3: Fault(
        "SIGTERM during a job", "Operations in hand finish, no new ones begin, and the job goes on at the next start."
    ),
    4: Fault(
        "Several processes race for one queue and one schedule",
        "Each job runs once, and each time of a schedule starts one.",
    ),
    5: Fault(
        "The database is locked, cut off, read-only or full; an upgrade fails half-way",
        "Jobs go on and are written later, requests get 503, and an upgrade has happened or not.",
    ),
    6: Fault(
        "No disk space, inodes, file descriptors or memory",
        "The operation fails with a reason, what is unfinished goes, nothing is deleted for it, and the process lives.",
    ),
    7: Fault(
        "A runner whose heartbeat stops, a machine that sleeps, a clock that jumps",
        "Jobs of the dead are taken back; those of the living are not, however odd the clock.",
    ),
    8: Fault(
        "gunicorn reloads or replaces its workers during a job",
        "The job goes on once, and requests are answered meanwhile.",
    ),
    9: Fault(
        "The storage answers 500, 502, 503 or 429, once, in bursts or for ever",
        "It is asked again after a pause, as late as it wishes, up to a minute; a lasting fault ends the job with its reason, after a bounded number of requests.",
    ),
    10: Fault(
        "Refused connections, names that nobody knows or that move, TLS that cannot be trusted",
        "A failure within seconds that says which; the next good address of a name is taken.",
    ),
    11: Fault(
        "A connection breaks before, within or after a request, also when the storage had done it",
        "It is done again or found done; the next run has nothing to do.",
    ),
    12: Fault(
        "The storage sends or takes a byte now and then, or nothing",
        "Each operation ends in bounded time. A cancel ends the job within some ten seconds, within about a minute in a batch of a worker of several machines.",
    ),
    13: Fault(
        "Bytes or checksums are damaged on the way, in either direction",
        "Never stored, never taken for whole; sent or read again.",
    ),
    14: Fault(
        "Keys that are wrong, expire, are taken back or lack a right; a clock that is off",
        "The job stops with the reason, or the files concerned fail; nothing is deleted because of it.",
    ),
    15: Fault(
        "An upload in parts that the storage forgets, refuses or finds too small",
        "Settled by a look at what is there, or failed; no part stays.",
    ),
    16: Fault("An answer with status 200 that holds an error, or nothing", "It is an error."),
    17: Fault(
        "A bucket that is missing, vanishes, is somebody else's, elsewhere, or was deleted just now",
        "Said in words; the time in which a deleted name cannot be used is waited for.",
    ),
    18: Fault(
        "A listing that lies: unsorted, repeated, outside of the prefix, endless, gigantic, without a usable token",
        "The listing fails, and a failed listing deletes nothing.",
    ),
    19: Fault(
        "Answers that are bombs: XML entities, depth, width, compression, headers",
        "Refused within bounded memory and time.",
    ),
    20: Fault(
        "Redirects, also in a loop or to another scheme",
        "Never followed with credentials; a bounded number of requests.",
    ),
    21: _not_here(
        "An endpoint that ignores preconditions or checksums is probed",
        "Nothing relies on them: what was sent and read is compared, so there is no probe. The tests of fault 13 run against servers that ignore them.",
    ),
    22: Fault(
        "Versioned, locked and archived objects",
        "Mirrors work and a second run has nothing to do; what may not be deleted or read is told per object.",
    ),
    23: Fault(
        "A file changes, grows, shrinks, is replaced or removed while it is read",
        "It is read again, or fails as changed; what is stored is one moment of it, and the old object stays till then.",
    ),
    24: Fault(
        "A folder is renamed, removed or closed to us during the scan",
        "The listing is incomplete, and then nothing is deleted. A file may vanish, and is absent then.",
    ),
    25: Fault("The source is unmounted, emptied or replaced between the plan and the deletions", "Nothing is deleted."),
    26: Fault(
        "Symbolic links that lead outside, in a circle, or come between a look and an opening",
        "Nothing outside is read, written or deleted.",
    ),
    27: Fault(
        "Pipes, sockets, devices, files whose size lies, sparse terabytes, endless growth",
        "Never waited for; told; a cancel works.",
    ),
    28: Fault(
        "Names that are long, not UTF-8, reserved, of control characters, or equal but for case or composition",
        "They come back as they were, or are told, and deletions that could concern them are withheld.",
    ),
    29: Fault(
        "Empty files, markers of folders, a file and a folder of one name",
        "Each is what it is on both sides; empty folders are not mirrored.",
    ),
    30: Fault("A million files in a folder, and very many folders", "Memory stays within 200 MiB."),
    31: _not_here(
        "The kernel loses notices of changed files", "Nothing waits for such notices: a schedule looks at all files."
    ),
    32: Fault("Paths in parameters that lead elsewhere", "422 or 404, and nothing starts, is read or is written."),
    33: Fault(
        "Addresses in parameters that lead inside",
        "Refused, however they are spelt, wherever a name leads and whoever redirects.",
    ),
    34: Fault(
        "Cancel meets start, end, another cancel, or a connection that is changed or deleted",
        "One final state, which the answers agree with.",
    ),
    35: _not_here(
        "Two requests with one Idempotency-Key",
        "That header is not offered. A plan is started once, and ids are never used again.",
    ),
    36: Fault(
        "Foreign pages, frames, host names and origins; large, deep, slow and senseless requests and patterns",
        "Refused with a status that says why; others are served meanwhile.",
    ),
    37: Fault("Each role asks for what is another's", "As if there were nothing, or 403; nothing changes."),
    38: Fault(
        "A secret in any place but its own",
        "In no answer, log, trace, metric, backup in the clear, row, message or command line; and none signs what goes elsewhere.",
    ),
    39: Fault(
        "The sealing key is replaced, lost or wrong", "Values are sealed anew, or the start is refused; none is lost."
    ),
    40: Fault(
        "A webhook's receiver is slow, down, redirects, or is inside",
        "Sent again for most of a day, signed, and never to a forbidden place.",
    ),
    41: Fault(
        "A schedule's time is missed, overlaps, or the clock is set", "Started once; intervals know no summer time."
    ),
    42: Fault("Passwords are guessed by many at once", "The limits hold over all processes."),
    43: Fault("Any order of edits, runs, cancels and faults", "The storage is what a model of twenty lines says."),
    44: Fault("A cluster before a storage that fails at random", "The history of what happened keeps every invariant."),
    45: Fault("Others synchronise the same tree", "rclone, s5cmd and we end with equal buckets."),
    46: Fault("An upgrade from the version before, with jobs that wait", "They go on, and nothing is lost."),
}
"""Numbers as in the list of faults that this product was designed against."""

INVARIANTS = {
    1: "No phantom deletes: a key goes only if it was absent from a complete listing of the source in that job, and no rule protected it.",
    2: "No torn objects: what is stored is one moment of a file.",
    3: "Succeeded means stored: the target then equals the source, by the job's rules.",
    4: "One writer for each place; who has lost a job writes nothing more.",
    5: "One final state for each job; what was planned is done, skipped, failed or not begun.",
    6: "A cancel is obeyed in bounded time, and then nothing changes.",
    7: "A dead runner's job is taken back; one that was to be cancelled is cancelled.",
    8: "No secret is told.",
    9: "Nothing outside of the source is read, and nothing outside of the prefix is written or deleted.",
    10: "A start that is asked for twice by a plan is one job.",
}
"""A test says ``@pytest.mark.fault("I1")``."""

LESSONS = {
    "commands": "No request can name a command, or a remote with options of its own (CVE-2026-49980).",
    "names": "Names in a bucket do not leave the folder that they are brought into (CVE-2026-71313).",
    "links": "Links do not lead out of it (CVE-2026-54572).",
    "archives": "Archives are never unpacked into paths (CVE-2026-59732).",
    "embedded": "The embedded storage shows nothing but its buckets, to whoever signs (CVE-2026-71309, CVE-2026-59733).",
    "redirects": "Redirects are not followed with credentials (two advisories of rclone's S3 client).",
    "profiler": "Metrics and listings want a token or this machine.",
    "traces": "A fault of ours shows no stack.",
    "logs": "Logs at the level debug hold no secrets.",
    "compare": "Secrets are compared in constant time, or found by a digest.",
    "headers": "Headers are bounded.",
    "origins": "Other origins start nothing.",
    "scopes": "A key can be limited to what its program needs.",
}
"""What rclone's advisories of 2026 teach; a test says ``@pytest.mark.fault("links")``."""
