"""Synchronising again what is there already: nothing new, some changes, and changes that are hard to see."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3

from bench.servers import ACCESS_KEY, BUCKET, S3Server, s3_server
from bench.sitting import Run, Sitting, Tree, measured_upload, must_be_right
from bench.tools import Tool, Work
from bench.trees import change, differing, hide_edit, make_small_files

FIRST, NOTHING, CHANGED, HIDDEN, REPLACED = "first", "nothing", "changed", "hidden", "replaced"

Stage = Callable[["Kept", int], None]
"""Changes something, given the round."""


class Kept:
    """One tree, and for each tool a server and a folder of its own that stay from run to run."""

    def __init__(self, sitting: Sitting, root: Path, works: dict[str, Work]) -> None:
        self.sitting, self.root, self.works = sitting, root, works
        self.tools: Sequence[Tool] = [tool for tool in sitting.tools if tool.name in works]
        self.tree = Tree.read(root)

    def runs(self, case: str, number: int) -> Iterator[Run]:
        """Have each tool synchronise once, and put right afterwards what it did not find."""
        self.tree = Tree.read(self.root)
        for tool in self.sitting.in_order(self.tools, number):
            work = self.works[tool.name]
            yield measured_upload(case, number, tool, work, self.tree)
            _put_right(work.server, self.tree)


def repeats(sitting: Sitting) -> Iterator[Run]:
    """Run the wanted stages, all tools one after the other in each; the first synchronisation is recorded too."""
    with ExitStack() as stack:
        folder = stack.enter_context(sitting.folder())
        make_small_files(folder / "tree", sitting.scale.many_files, sitting.scale.many_bytes)
        works = {tool.name: _work(stack, folder, tool) for tool in sitting.tools if tool.syncs}
        kept = Kept(sitting, folder / "tree", works)
        for run in kept.runs(FIRST, 0):
            yield must_be_right(run)
        for work in works.values():
            _list_all(work.server)
        for number in range(sitting.rounds):
            for case, prepare in PREPARED_BY.items():
                if case in sitting.cases:
                    prepare(kept, number)
                    yield from kept.runs(case, number)


def _work(stack: ExitStack, folder: Path, tool: Tool) -> Work:
    place = folder / "".join(letter for letter in tool.name if letter.isalnum())
    (place / "state").mkdir(parents=True)
    return Work(stack.enter_context(s3_server(place / "server")), folder / "tree", place / "state")


def _list_all(server: S3Server) -> None:
    """Have the server list everything once, so that it has computed every etag for every tool.

    Measured with rclone 1.75: it hashes an object when it is first listed or asked for, which costs it 35
    microseconds each. Tools that ask for each object after its upload would have that behind them.
    """
    for _ in client_of(server).get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        pass


def _leave_all(_kept: Kept, _number: int) -> None:
    """Change nothing."""


def _change_some(kept: Kept, number: int) -> None:
    change(kept.root, kept.sitting.scale.changed_files, seed=number)


def _hide_one(kept: Kept, number: int) -> None:
    hide_edit(kept.root, seed=number)


def _replace_one(kept: Kept, number: int) -> None:
    """Store other bytes of the same length in the place of one object, as someone else could."""
    keys = sorted(kept.tree.manifest)
    key = keys[number * 37 % len(keys)]
    size = kept.tree.manifest[key][0]
    for work in kept.works.values():
        client_of(work.server).put_object(Bucket=BUCKET, Key=key, Body=bytes([number % 256]) * size)


PREPARED_BY: dict[str, Stage] = {
    NOTHING: _leave_all,
    CHANGED: _change_some,
    HIDDEN: _hide_one,
    REPLACED: _replace_one,
}
"""What is done before each stage, in their order."""


def _put_right(server: S3Server, tree: Tree) -> None:
    """Store what a tool missed, with its file's time where rclone looks for it, so that the next stage starts equal."""
    for key in differing(tree.manifest, server.stored()):
        path = tree.root / key
        seconds, nanoseconds = divmod(path.stat().st_mtime_ns, 10**9)
        client_of(server).put_object(
            Bucket=BUCKET, Key=key, Body=path.read_bytes(), Metadata={"mtime": f"{seconds}.{nanoseconds:09}"}
        )


def client_of(server: S3Server) -> Any:
    """Return a boto3 client of the server."""
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=server.secret_key,
        region_name="us-east-1",
    )
