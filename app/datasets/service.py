"""What the product can do with datasets: keep their names, bind them to connections, and read them from mirrors."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TypeVar

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write, require_user
from app.connections.contract import owner_of
from app.connections.service import ConnectionService
from app.datasets.annotations import annotations_of
from app.datasets.contract import Annotations, Dataset, Form, Frames, Part, Problem
from app.datasets.frames import frames_of
from app.datasets.layout import problems_of_dataset
from app.datasets.merging import merged
from app.datasets.names import checked_fields, is_id
from app.datasets.store import DatasetStore
from app.datasets.synchronisation import SynchronisationService
from app.db import Database
from app.errors import InvalidInput, NotAllowed, NotFound, SourceUnreadable, StorageMissing
from app.jobs.contract import Job

T = TypeVar("T")


class DatasetService:
    """The datasets of all users. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    A dataset is its owner's, and the admins'; whoever else asks for it is told that there is none.
    """

    def __init__(
        self, database: Database, connections: ConnectionService, synchronisation: SynchronisationService
    ) -> None:
        self._store = DatasetStore(database)
        self._connections = connections
        self._synchronisation = synchronisation

    def create(
        self,
        caller: Caller,
        name: str | None,
        description: str | None,
        connection_id: str | None = None,
        name_in_storage: str | None = None,
    ) -> Dataset:
        """Make a dataset; its storage is not asked.

        Args:
            caller: whose it will be.
            name: at most 32 characters.
            description: at most 256 characters.
            connection_id: whose mirror it is read from; it can be bound later.
            name_in_storage: the folder below ``cval/`` that holds it; None: it lies in ``cval/`` itself.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            NotAllowed: the caller may make none.
            NotFound: the caller may see no such connection.
        """
        require_user(caller, "make datasets")
        owner_id = owner_of(caller)
        if owner_id is None:
            raise NotAllowed("A dataset belongs to a user. Make it as one.")
        values = checked_fields(name, description, name_in_storage)
        self._require_visible(caller, connection_id)
        return self._store.add(owner_id, values, connection_id)

    def get(self, caller: Caller, dataset_id: str) -> Dataset:
        """Return a dataset.

        Raises:
            NotFound: there is none of this id.
        """
        return self._store.get(_required_id(dataset_id), _whose(caller))

    def all(self, caller: Caller) -> list[Dataset]:
        """Return the caller's datasets, oldest first; an admin gets everybody's."""
        return self._store.all(_whose(caller))

    def change(
        self,
        caller: Caller,
        dataset_id: str,
        name: str | None = None,
        description: str | None = None,
        connection_id: str | None = None,
        name_in_storage: str | None = None,
    ) -> Dataset:
        """Change what is given; None leaves it as it is. The fields are as in `create`.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            NotAllowed: the caller may read only.
            NotFound: there is no dataset of this id, or the caller may see no such connection.
        """
        require_may_write(caller)
        dataset = self.get(caller, dataset_id)
        values = checked_fields(name, description, name_in_storage)
        self._require_visible(caller, connection_id)
        return self._store.change(dataset.id, _whose(caller), values, connection_id)

    def remove(self, caller: Caller, dataset_id: str) -> Dataset:
        """Remove a dataset and return it as it was. What its storage and its mirror hold stays.

        Raises:
            NotAllowed: the caller may read only.
            NotFound: there is none of this id.
        """
        require_may_write(caller)
        return self._store.remove(_required_id(dataset_id), _whose(caller))

    def synchronise(self, caller: Caller, dataset_or_connection_id: str) -> Job:
        """Mirror now what a dataset is read from, and return the job.

        Args:
            caller: who asks.
            dataset_or_connection_id: the id of a dataset; or of a connection, to which the caller's newest unbound
                dataset is bound first if none of his is yet: the real client's own example knows no other way.

        Raises:
            InvalidInput: the dataset is bound to no connection.
            NotAllowed: the caller may start nothing.
            NotFound: the caller may see neither a dataset nor a connection of this id.
        """
        require_user(caller, "synchronise datasets")
        connection_id = self._connection_of(caller, dataset_or_connection_id)
        if connection_id is None:
            connection_id = self._connections.get(caller, _required_id(dataset_or_connection_id)).id
            self._store.bind_newest(caller.user_id, connection_id)
        return self._synchronisation.run_now(caller, connection_id)

    def frames(self, caller: Caller, dataset_id: str, part: Part, limit: int) -> Frames:
        """Return how many frames a part has in the mirror just now, and the ids of the first ``limit``.

        None while the dataset is unbound or not mirrored yet.

        Raises:
            NotFound: there is no dataset of this id, or the caller may not see its connection any more.
            SourceUnreadable: the mirror cannot be read.
        """

        def read(folder: Path, dataset: str) -> Frames:
            return frames_of(folder, dataset, part, limit)

        return self._read(caller, dataset_id, read, Frames(0, []))

    def annotations(self, caller: Caller, dataset_id: str, part: Part, form: Form, limit: int | None) -> Annotations:
        """Return what the mirror's annotations of one form say on a part: all of it, or the first ``limit`` records.

        Nothing while the dataset is unbound or not mirrored yet.

        Raises:
            InvalidInput: there is more than one answer may hold.
            NotFound: there is no dataset of this id, or the caller may not see its connection any more.
            SourceUnreadable: the mirror cannot be read.
        """

        def read(folder: Path, dataset: str) -> Annotations:
            return annotations_of(folder, dataset, part, form, limit)

        return self._read(caller, dataset_id, read, Annotations(form, 0, merged(form, limit).content))

    def problems(self, caller: Caller, dataset_id: str, limit: int = 1000) -> list[Problem]:
        """Return the first problems of the dataset's layout in the mirror, in an order that stays.

        None while the dataset is unbound or not mirrored yet.

        Raises:
            NotFound: there is no dataset of this id, or the caller may not see its connection any more.
            SourceUnreadable: the mirror cannot be read.
        """

        def read(folder: Path, dataset: str) -> list[Problem]:
            return list(islice(problems_of_dataset(folder, dataset), limit))

        return self._read(caller, dataset_id, read, [])

    def _read(self, caller: Caller, dataset_id: str, read: Callable[[Path, str], T], absent: T) -> T:
        dataset = self.get(caller, dataset_id)
        if dataset.connection_id is None:
            return absent
        folder = self._folder(caller, dataset.connection_id)
        try:
            return read(folder, dataset.name_in_storage or "") if folder.is_dir() else absent
        except (SourceUnreadable, StorageMissing):
            if folder.is_dir():
                raise
            return absent  # its connection was deleted meanwhile, and the mirror with it

    def _folder(self, caller: Caller, connection_id: str) -> Path:
        try:
            self._connections.get(caller, connection_id)
        except NotFound:
            raise NotFound("You may not see the connection of this dataset any more. Bind it to another.") from None
        return self._synchronisation.folder(connection_id)

    def _connection_of(self, caller: Caller, dataset_id: str) -> str | None:
        """Return the connection of a dataset, or None when there is no such dataset."""
        try:
            dataset = self.get(caller, dataset_id)
        except NotFound:
            return None
        if dataset.connection_id is None:
            raise InvalidInput(
                "dataset_id",
                "This dataset is bound to no storage. Bind it with storage_config.cloud_storage_id, "
                "or synchronise with the id of the storage.",
            )
        return dataset.connection_id

    def _require_visible(self, caller: Caller, connection_id: str | None) -> None:
        if connection_id is not None:
            self._connections.get(caller, _required_id(connection_id))


def _whose(caller: Caller) -> int | None:
    return None if caller.is_admin else caller.user_id


def _required_id(given: str) -> str:
    if not is_id(given):
        raise NotFound("Nothing has this id: the ids of datasets and connections are UUIDs.")
    return given
