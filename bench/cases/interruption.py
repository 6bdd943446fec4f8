"""A large upload that is killed half-way and begun again: what is sent a second time?"""

import time
from collections import Counter
from collections.abc import Iterator

from bench.relay import Relay
from bench.servers import s3_server
from bench.sitting import WALL, Run, Sitting, Tree, WrongResult, must_be_right, without_twins
from bench.tools import Tool, Work
from bench.trees import differing, make_large_files

RESUME = "resume"
SENT_AGAIN, PARTS_AGAIN, IN_FLIGHT = "bytes_sent_again", "parts_sent_again", "parts_in_flight"
LEFT_BEHIND = "bytes_left_behind"
DEADLINE_SECONDS = 300


def resumed_uploads(sitting: Sitting) -> Iterator[Run]:
    """Kill each tool when half of the file has been sent, let it finish, and count what was sent in both times.

    Once per tool: what is counted hardly depends on the machine.
    """
    with sitting.folder() as folder:
        make_large_files(folder / "tree", 1, sitting.scale.resumed_bytes)
        tree = Tree.read(folder / "tree")
        for tool in without_twins(sitting.tools):
            yield must_be_right(_interrupted(tool, sitting, tree))


def _interrupted(tool: Tool, sitting: Sitting, tree: Tree) -> Run:
    with sitting.folder() as folder, s3_server(folder / "server") as server, Relay(server.port) as relay:
        work = Work(server.behind(relay.port), tree.root, folder / "state")
        in_flight = _kill_half_way(tool, work, relay, sitting.scale.resumed_bytes // 2)
        started = time.perf_counter()
        tool.upload_again(work)
        wall = time.perf_counter() - started
        numbers = {
            WALL: wall,
            SENT_AGAIN: max(0, relay.sent - sitting.scale.resumed_bytes),
            PARTS_AGAIN: sum(times - 1 for times in Counter(relay.parts()).values()),
            IN_FLIGHT: in_flight,
            LEFT_BEHIND: server.unfinished_bytes(),
        }
        wrong = len(differing(tree.manifest, server.stored()))
    return Run(RESUME, tool.name, 0, wrong, numbers)


def _kill_half_way(tool: Tool, work: Work, relay: Relay, half: int) -> int:
    """Return how many parts were under way when the tool was killed."""
    under_way = tool.begin_upload(work)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while relay.sent < half and time.monotonic() < deadline:
        time.sleep(0.005)
    in_flight = len(relay.in_flight())
    under_way.kill()
    if relay.sent < half:
        raise WrongResult(f"{tool.name} did not send half of the file within {DEADLINE_SECONDS} s.")
    return in_flight
