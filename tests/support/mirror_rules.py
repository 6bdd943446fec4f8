"""Checks how a mirror has ended, against the model and against what holds whatever happened meanwhile. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from app.transfer.events import PlanCompleted
from tests.support.mirror_model import Found, Odd, in_the_way, mirrored, odd
from tests.support.mirroring import Ended

SAYS = {"done": ("succeeded", "partial")}
"""The model's word for a mirror that came to its end, and those of jobs; all others are the same."""


SPREAD_THREADS = 2
"""With how many a batch is done; see `tests.support.spread_runs`."""


def complaints(end: Ended) -> list[str]:
    """Return what is wrong; nothing when all rules are kept."""
    return [f"{rule.__name__}: {sentence}" for rule in CHECKS for sentence in rule(end)]


def as_the_model_says(end: Ended) -> Iterator[str]:
    """Undisturbed, a mirror leaves what the model says, and nothing fails."""
    if not _is_foretold(end):
        return
    expected, word = mirrored(end.order, end.sources[0], _files(end.before))
    if end.word not in SAYS.get(word, (word,)):
        yield f"it ended {end.word}, not {word}"
    if (expected or {}) != (_files(end.after) or {}) or (not end.order.prefix and expected is None and end.after):
        yield f"the target holds {shown(end.after)}, not {shown(expected)}"
    if end.progress["failed"]:
        yield f"{end.progress['failed']} failed: {[each for each in end.finished if each.status == 'failed']}"
    if end.report is not None and end.report.dropped and not end.order.is_dry and end.after is not None:
        yield "it says that the target was dropped, and it is there"


def no_phantom_deletes(end: Ended) -> Iterator[str]:
    """Only what the source lacked is deleted, as far as rules, limit and omissions let it, once the plan is known."""
    order, deleted, is_known = end.order, set[str](), False
    for what, about in end.told:
        is_known = is_known or (what == "event" and isinstance(about, PlanCompleted))
        for key in about if what == "delete" else ():
            deleted.add(key)
            if not is_known or order.is_dry or not order.deletes or not order.allows(key) or not _may_go(end, key):
                yield f"{key!r} was deleted"
    if order.limit is not None and len(deleted) > order.limit:
        yield f"{len(deleted)} were deleted and {order.limit} allowed"


def no_deletion_after_a_failure(end: Ended) -> Iterator[str]:
    """What failed to come over, or to be listed, keeps all from being deleted after it."""
    has_failed = False
    for what, about in end.told:
        if what == "event" and getattr(about, "status", "") == "failed" and about.action in ("upload", "skip"):
            has_failed = True
        elif what == "delete" and has_failed:
            yield f"{about} were deleted after something had failed"


def no_torn_objects(end: Ended) -> Iterator[str]:
    """Whatever happened, each key holds what it held, or what somebody put there."""
    for key in _keys(end):
        allowed = {*_wanted(end, key), *end.foreign[key], _at(end.before, key)}
        if not (end.order.deletes and _may_go(end, key)):
            allowed -= {None} - {_at(end.before, key)} - end.foreign[key]
        if not end.order.allows(key) or end.order.is_dry:
            allowed = {_at(end.before, key), *end.foreign[key]}
        if _at(end.after, key) not in allowed:
            yield f"{key!r} holds {shown(_at(end.after, key))}, not one of {shown(allowed)}"


def success_is_equality(end: Ended) -> Iterator[str]:
    """What ended as succeeded has each key as the source had it at some moment of it."""
    order = end.order
    if end.word != "succeeded" or order.is_dry:
        return
    for key in filter(order.allows, _keys(end)):
        wanted, before = _wanted(end, key), _at(end.before, key)
        allowed = {each for each in wanted if each is not None} | end.foreign[key]
        if None in wanted:
            allowed.add(None if order.deletes and before is not Odd.PIPE and before is not Odd.LINK else before)
        if _is_covered(end, key) or isinstance(before, Odd):
            allowed.add(before)
        if order.check == "size" and isinstance(before, bytes):
            allowed |= {before} & {before for each in wanted if isinstance(each, bytes) and len(each) == len(before)}
        if _at(end.after, key) not in allowed:
            yield f"{key!r} holds {shown(_at(end.after, key))}, not one of {shown(allowed)}"


def counters_add_up(end: Ended) -> Iterator[str]:
    """What was planned is done, failed or withheld, and no step ends twice."""
    planned, done, order = end.progress["planned"], end.progress["done"], end.order
    counted = Counter((each.action, each.status) for each in end.finished)
    ended = sum(counted[action, status] for action in ("upload", "delete") for status in ("done", "failed", "planned"))
    left = planned["uploads"] + planned["deletes"] - ended
    withheld = end.report.withheld if end.report else None
    if left < 0 or (withheld is not None and left != withheld):
        yield f"{planned} planned, {counted} ended, {withheld} withheld"
    if (done["uploads"], done["deletes"]) != (counted["upload", "done"], counted["delete", "done"]):
        yield f"{done} counted and {counted} told"
    twice = Counter((each.action, each.key) for each in end.finished)
    yield from (f"{which} ended {n} times" for which, n in twice.items() if n > 1)
    if end.word == "succeeded" and (end.progress["failed"] or withheld):
        yield "it succeeded with failures"
    if end.report and _is_foretold(end):
        files = [key for key in _files(end.sources[0]) or {} if order.allows(key)]
        seen = end.progress["unchanged"] + counted["upload", "done"] + counted["upload", "planned"]
        if seen != len(files):
            yield f"{seen} files counted, of {len(files)}"
        written = sum(what == "written" for what, _ in end.told)
        if written != done["uploads"]:
            yield f"{written} written, {done['uploads']} counted"


def cancelled_is_over(end: Ended) -> Iterator[str]:
    """After a cancel no more operations begin than were in hand."""
    kinds = [what for what, _ in end.told]
    if "cancel" not in kinds:
        if end.word == "cancelled":
            yield "it was cancelled, and nobody did"
        return
    late = Counter(kinds[kinds.index("cancel") :])
    if late["write"] > (SPREAD_THREADS if end.order.is_spread else end.order.threads):
        yield f"after the cancel: {late}"
    if late["delete"] + late["drop"] + late["create"] > 1:
        yield f"after the cancel: {late}"
    is_early = any(isinstance(about, PlanCompleted) for _, about in end.told[kinds.index("cancel") :])
    if is_early and end.word in ("succeeded", "partial"):
        yield f"cancelled while it planned, it ended {end.word}"
    if late["write"] and end.word == "succeeded" and late["written"] < late["write"]:
        yield "a write that did not end counts as success"


def nothing_else(end: Ended) -> Iterator[str]:
    """Nothing beside the target is changed, and nothing at all by a dry run."""
    if end.outside:
        yield f"changed or left behind: {end.outside}"
    done = {what for what, _ in end.told} & {"write", "delete", "create", "drop"}
    if end.order.is_dry and done:
        yield f"a dry run did {done}"


CHECKS: Sequence[Callable[[Ended], Iterator[str]]] = (
    as_the_model_says,
    no_phantom_deletes,
    no_deletion_after_a_failure,
    no_torn_objects,
    success_is_equality,
    counters_add_up,
    cancelled_is_over,
    nothing_else,
)


def shown(what: object) -> str:
    """Return something that can be read, however long it is."""
    return re.sub(r"(large){9,}", "LARGE", repr(what))


def _is_foretold(end: Ended) -> bool:
    """Return whether the model knows: a folder cannot hold files below files, and the model knows no odd targets."""
    if end.order.is_upload or not end.is_calm:
        return end.is_calm
    expected, _ = mirrored(end.order, end.sources[0], _files(end.before))
    files = {*(expected or {}), *filter(end.order.allows, end.sources[0] or {})}
    return not any(in_the_way(key, files) for key in files) and not odd(end.before or {})


def _files(found: Found | None) -> dict[str, bytes] | None:
    return None if found is None else {key: data for key, data in found.items() if isinstance(data, bytes)}


def _keys(end: Ended) -> set[str]:
    return {key for found in (end.before, end.after, *end.sources, end.foreign) for key in found or {}}


def _at(found: Found | None, key: str) -> bytes | Odd | None:
    return (found or {}).get(key)


def _wanted(end: Ended, key: str) -> set[bytes | None]:
    """Return what the source had under a key, at one moment or another; None: nothing."""
    had = [(_at(source, key), end.order.covers(source, key)) for source in end.sources]
    return {None if isinstance(each, Odd) else each for each, is_covered in had if not is_covered}


def _is_covered(end: Ended, key: str) -> bool:
    return any(end.order.covers(source, key) for source in end.sources)


def _may_go(end: Ended, key: str) -> bool:
    """Return whether the source lacked it at one moment, as far as anybody knows."""
    return any(not isinstance(_at(source, key), bytes) and not end.order.covers(source, key) for source in end.sources)
