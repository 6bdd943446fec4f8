"""The table of datasets. No queries here."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.model import UserRow
from app.connections.model import ConnectionRow
from app.db import Base


class DatasetRow(Base):
    """One dataset, read from the mirror of a connection.

    Attributes:
        number: the order in which they were made.
        id: a UUID4, how everybody names it.
        connection_number: None: it is bound to no connection (yet, or its connection was deleted).
        name_in_storage: the folder below ``cval/`` that holds it; None: it is in ``cval/`` itself.
    """

    __tablename__ = "datasets"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id, ondelete="CASCADE"), index=True)
    name: Mapped[str | None] = mapped_column(String(32))
    description: Mapped[str | None] = mapped_column(String(256))
    connection_number: Mapped[int | None] = mapped_column(
        ForeignKey(ConnectionRow.number, ondelete="SET NULL"), index=True
    )
    name_in_storage: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[float]

    __table_args__ = ({"sqlite_autoincrement": True},)
