"""The queries on the table of datasets."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import Session

from app.connections.model import ConnectionRow
from app.datasets.contract import Dataset
from app.datasets.model import DatasetRow
from app.db import Database
from app.errors import NotFound
from app.library.contract import CollectionKind
from app.library.model import CollectionRow
from app.library.rows import new_collection_row


class DatasetStore:
    """The rows of all datasets. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    ``owner_id`` narrows a method down to the datasets of one user; None: whoever's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, owner_id: int, values: Mapping[str, Any], connection_id: str | None) -> Dataset:
        """Keep a new dataset.

        Args:
            owner_id: whose it is.
            values: columns by name.
            connection_id: what it is bound to, if anything.

        Raises:
            NotFound: the connection went away meanwhile.
        """
        with self._database.writing() as session:
            collection = new_collection_row(CollectionKind.DATASET, owner_id, time.time())
            session.add(collection)
            session.flush()
            row = DatasetRow(collection_number=collection.number)
            row.connection_number = _connection_number(session, connection_id) if connection_id else None
            _set(collection, row, values)
            session.add(row)
            return _snapshot(collection, row, connection_id)

    def get(self, dataset_id: str, owner_id: int | None) -> Dataset:
        """Return a dataset.

        Raises:
            NotFound: there is none of this id.
        """
        with self._database.reading() as session:
            return _snapshot(*_found(session, dataset_id, owner_id))

    def all(self, owner_id: int | None) -> list[Dataset]:
        """Return datasets, oldest first."""
        query = _datasets(owner_id).order_by(CollectionRow.number)
        with self._database.reading() as session:
            return [_snapshot(*found) for found in session.execute(query)]

    def change(
        self, dataset_id: str, owner_id: int | None, values: Mapping[str, Any], connection_id: str | None
    ) -> Dataset:
        """Replace these columns, and the connection unless it is None.

        Raises:
            NotFound: there is no dataset of this id, or the connection went away meanwhile.
        """
        with self._database.writing() as session:
            collection, row, bound_to = _found(session, dataset_id, owner_id)
            _set(collection, row, values)
            if connection_id is not None:
                row.connection_number = _connection_number(session, connection_id)
            collection.updated_at = time.time()
            return _snapshot(collection, row, connection_id or bound_to)

    def remove(self, dataset_id: str, owner_id: int | None) -> Dataset:
        """Remove a dataset and return it as it was.

        Raises:
            NotFound: there is none of this id.
        """
        with self._database.writing() as session:
            collection, row, bound_to = _found(session, dataset_id, owner_id)
            session.delete(collection)
            return _snapshot(collection, row, bound_to)

    def bind_newest(self, owner_id: int, connection_id: str) -> None:
        """Bind the owner's newest unbound dataset to a connection, unless one of his is bound to it already.

        Raises:
            NotFound: the connection went away meanwhile.
        """
        with self._database.writing() as session:
            number = _connection_number(session, connection_id)
            newest_first = select(DatasetRow).join(CollectionRow).order_by(CollectionRow.number.desc()).limit(1)
            his = newest_first.where(CollectionRow.owner_id == owner_id)
            if session.scalar(his.where(DatasetRow.connection_number == number)) is not None:
                return
            newest = session.scalar(his.where(DatasetRow.connection_number.is_(None)))
            if newest is not None:
                newest.connection_number = number


def _datasets(owner_id: int | None) -> Select[CollectionRow, DatasetRow, str | None]:
    connection_id: SQLColumnExpression[str | None] = ConnectionRow.id  # of the outer join
    query = select(CollectionRow, DatasetRow, connection_id).select_from(CollectionRow).join(DatasetRow)
    query = query.outerjoin(ConnectionRow, DatasetRow.connection_number == ConnectionRow.number)
    return query if owner_id is None else query.where(CollectionRow.owner_id == owner_id)


def _found(session: Session, dataset_id: str, owner_id: int | None) -> tuple[CollectionRow, DatasetRow, str | None]:
    found = session.execute(_datasets(owner_id).where(CollectionRow.id == dataset_id)).one_or_none()
    if found is None:
        raise NotFound(f"There is no dataset {dataset_id}.")
    return found[0], found[1], found[2]


def _set(collection: CollectionRow, row: DatasetRow, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row if name == "name_in_storage" else collection, name, value)


def _connection_number(session: Session, connection_id: str) -> int:
    number = session.scalar(select(ConnectionRow.number).where(ConnectionRow.id == connection_id))
    if number is None:
        raise NotFound(f"There is no connection {connection_id}.")
    return number


def _snapshot(collection: CollectionRow, row: DatasetRow, connection_id: str | None) -> Dataset:
    return Dataset(
        collection.id,
        collection.name,
        collection.description,
        connection_id,
        row.name_in_storage,
        collection.owner_id,
        collection.created_at,
    )
