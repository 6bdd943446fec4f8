"""Moving files where nothing is yet: many small ones and a few large ones up, many small ones down."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.servers import BUCKET, s3_server
from bench.sitting import Run, Sitting, Tree, measured_upload, must_be_right, record, without_twins
from bench.tools import Tool, Work
from bench.trees import differing, make_large_files, make_small_files, manifest

SMALL, LARGE, DOWNLOAD = "small", "large", "download"


def uploads_of_small_files(sitting: Sitting) -> Iterator[Run]:
    """Upload the small files into an empty bucket."""
    with sitting.folder() as folder:
        make_small_files(folder / "tree", sitting.scale.small_files, sitting.scale.small_bytes)
        yield from _uploads(SMALL, sitting, Tree.read(folder / "tree"))


def uploads_of_large_files(sitting: Sitting) -> Iterator[Run]:
    """Upload the large files into an empty bucket."""
    with sitting.folder() as folder:
        make_large_files(folder / "tree", sitting.scale.large_files, sitting.scale.large_bytes)
        yield from _uploads(LARGE, sitting, Tree.read(folder / "tree"))


def downloads_of_small_files(sitting: Sitting) -> Iterator[Run]:
    """Download the small files, put on the server's disk by none of the tools, into an empty folder."""
    with sitting.folder() as folder:
        make_small_files(folder / "tree", sitting.scale.small_files, sitting.scale.small_bytes)
        tree = Tree.read(folder / "tree")
        for number, tool in sitting.turns(without_twins(sitting.tools)):
            yield _download(number, tool, sitting, tree)


def _uploads(case: str, sitting: Sitting, tree: Tree) -> Iterator[Run]:
    for number, tool in sitting.turns(without_twins(sitting.tools)):
        with sitting.folder() as folder, s3_server(folder / "server") as server:
            work = Work(server, tree.root, folder / "state")
            yield must_be_right(measured_upload(case, number, tool, work, tree))


def _download(number: int, tool: Tool, sitting: Sitting, tree: Tree) -> Run:
    with sitting.folder() as folder:
        _stock(folder / "server", tree)
        with s3_server(folder / "server") as server:
            work = Work(server, folder / "down", folder / "state")
            work.tree.mkdir()
            os.sync()
            before = server.cpu()
            usage = tool.download(work)
            server_cpu = server.cpu() - before
            wrong = len(differing(tree.manifest, manifest(work.tree)))
    return must_be_right(record(DOWNLOAD, number, tool, usage, server_cpu, wrong))


def _stock(folder: Path, tree: Tree) -> None:
    """Put the tree where a server finds its bucket, as files with their times."""
    shutil.copytree(tree.root, folder / "objects" / BUCKET)
