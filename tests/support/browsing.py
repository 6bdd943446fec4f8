"""A connection without a database, for tests of looking around: it leads to a storage that the test holds."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from app.accounts.caller import Caller
from app.connections.contract import Connection
from app.errors import NotFound
from app.storages.base import Storage
from app.storages.memory import MemoryContent

T = TypeVar("T")

CONNECTION_ID = "6f9f3b1e-58a7-4d0c-9d52-0c8a4a3d7a10"
HEAD = '{"version": "1.1"}\n{"type": "images"}\n'


class OneConnection:
    """What `BrowsingService` needs of connections, for a single one; ``asked`` counts the questions to its storage."""

    def __init__(self, storage: Storage, prefix: str = "", manifests: tuple[str, ...] = ()) -> None:
        address: dict[str, Any] = {"endpoint": "http://127.0.0.1:9", "bucket": "photos", "region": "us-east-1"}
        if prefix:
            address["prefix"] = prefix
        self.storage = storage
        self.connection: Connection | None = Connection(
            7, CONNECTION_ID, "s3", "photos", address, 1, None, 1000.0, 1000.0, manifests=manifests
        )
        self.asked = 0

    def get(self, caller: Caller, connection_id: str) -> Connection:  # noqa: ARG002
        if self.connection is None or connection_id != self.connection.id:
            raise NotFound(f"There is no connection {connection_id}.")
        return self.connection

    def ask(self, caller: Caller, connection_id: str, question: Callable[[Storage], T], seconds: float = 10.0) -> T:  # noqa: ARG002
        self.get(caller, connection_id)
        self.asked += 1
        return question(self.storage)

    def change(self, **values: Any) -> None:
        """Have the connection be another one from now on."""
        assert self.connection is not None
        self.connection = replace(self.connection, updated_at=self.connection.updated_at + 1, **values)


def put(storage: Storage, key: str, data: bytes = b"x") -> None:
    """Store an object."""
    storage.write(key, MemoryContent(data, 0))


def manifest_of(names: Iterable[str]) -> bytes:
    """Return a manifest of these images, as CVAT's tool writes it."""
    return (HEAD + "".join(json.dumps(item_of(name)) + "\n" for name in names)).encode()


def item_of(name: str) -> dict[str, Any]:
    """Return the line of one image."""
    stem, dot, extension = name.rpartition(".")
    return {"name": stem, "extension": dot + extension, "width": 8, "height": 6, "meta": {"related_images": []}}
