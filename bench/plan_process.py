"""Plans a mirror that has nothing to do, in a process of its own: ``plan_process fill|plan ENTRIES FOLDER``.

Both listings are generated, so that nothing but planning is measured; the index is a real file.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from app.storages.base import Entry
from app.transfer.compare import Check, decider
from app.transfer.index import Index, Seen
from app.transfer.plan import plan_mirror
from app.transfer.steps import Same

PLACES = ("the tree", "the bucket")


def source(count: int) -> Iterator[Entry]:
    """Yield files as a walk would."""
    for number in range(count):
        yield Entry(_key(number), number % 4096 + 1, 1.7e9, stamp=_stamp(number))


def target(count: int) -> Iterator[Entry]:
    """Yield objects as a listing would."""
    for number in range(count):
        yield Entry(_key(number), number % 4096 + 1, 1.7e9, etag=_etag(number))


def fill(index: Index, count: int) -> None:
    """Note that all of them were equal."""
    for number in range(count):
        index.note(Seen(_key(number), number % 4096 + 1, _stamp(number), _etag(number)))
    index.flush()


def planned(index: Index, count: int) -> int:
    """Go through the whole plan and return how many keys it found equal by the index."""
    steps = plan_mirror(source(count), target(count), decider(Check.EXACT), index.seen())
    return sum(step.count for step in steps if isinstance(step, Same) and step.why == "index")


def _key(number: int) -> str:
    return f"folder-{number // 1000:05}/file-{number % 1000:03}.bin"


def _stamp(number: int) -> str:
    return f"17{number:017}.17{number:017}.{number}"


def _etag(number: int) -> str:
    return f"{number:032x}"


def main(what: str, count: int, folder: Path) -> None:
    """Write the index, or plan with it and print as JSON: seconds, and how many keys were found equal."""
    with Index.open(folder, *PLACES) as index:
        if what == "fill":
            return fill(index, count)
        started = time.perf_counter()
        equal = planned(index, count)
        wall = time.perf_counter() - started
    sys.stdout.write(json.dumps({"wall": wall, "equal": equal}))
    return None


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
