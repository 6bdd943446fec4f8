"""Deleting objects: into the bin, each by itself, several at once.

The folders that this leaves empty stay: another file may be on its way into one of them, and would go into the bin too.
"""

from collections.abc import Sequence

from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.tree import Tree
from app.storages.http_api.deleting import Kept, delete_each
from app.storages.http_api.threads import Threads


def delete_all(files: DriveFiles, tree: Tree, threads: Threads, keys: Sequence[str]) -> Kept:
    """Put the files of these keys into the bin, as `delete_each` does; a key that two files have stays."""
    return delete_each(threads, keys, lambda key: files.trash(tree.file(key).id))
