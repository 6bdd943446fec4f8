"""The table of what binds a dataset, which is a collection of the library, to a connection. No queries here."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.connections.model import ConnectionRow
from app.db import Base
from app.library.model import CollectionRow


class DatasetRow(Base):
    """Where the files of one dataset are: in the mirror of a connection.

    Attributes:
        collection_number: the collection that the dataset is; it has its name, its description and its owner.
        connection_number: None: it is bound to no connection (yet, or its connection was deleted).
        name_in_storage: the folder below ``cval/`` that holds it; None: it is in ``cval/`` itself.
    """

    __tablename__ = "dataset_bindings"

    collection_number: Mapped[int] = mapped_column(
        ForeignKey(CollectionRow.number, ondelete="CASCADE"), primary_key=True
    )
    connection_number: Mapped[int | None] = mapped_column(
        ForeignKey(ConnectionRow.number, ondelete="SET NULL"), index=True
    )
    name_in_storage: Mapped[str | None] = mapped_column(String(255))
