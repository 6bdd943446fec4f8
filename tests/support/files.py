"""Folders of files for tests, and short views of listings."""

from app.storages.base import Omission


def make(folder, *names, data=b"data"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def keys_of(listing):
    return [listed.key for listed in listing]


def omissions_of(listing):
    return {listed.key: (listed.failed, listed.subtree) for listed in listing if isinstance(listed, Omission)}
