"""The tables of collections, their items, and uploads. No queries here."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.model import UserRow
from app.db import Base, rows_where, sorted_text
from app.library.contract import CollectionKind, ItemState


def _words(kind: type[CollectionKind] | type[ItemState]) -> Enum:
    return Enum(
        kind, values_callable=lambda members: [member.value for member in members], native_enum=False, length=16
    )


class CollectionRow(Base):
    """One collection; see `app.library.contract.Collection`.

    Attributes:
        last_position: the position of the newest item that was ever in it.
    """

    __tablename__ = "collections"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[CollectionKind] = mapped_column(_words(CollectionKind))
    owner_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id, ondelete="CASCADE"), index=True)
    name: Mapped[str | None] = mapped_column(sorted_text(255))
    description: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(JSON)
    published: Mapped[bool]
    deleted: Mapped[bool]
    purged: Mapped[bool]
    last_position: Mapped[int]
    created_at: Mapped[float]
    updated_at: Mapped[float]

    __table_args__ = ({"sqlite_autoincrement": True},)


class ItemRow(Base):
    """One item; see `app.library.contract.Item`.

    Attributes:
        file: the name of its file, which items that are copies of each other share; None while it has none.
    """

    __tablename__ = "items"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    collection_number: Mapped[int] = mapped_column(ForeignKey(CollectionRow.number, ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sorted_text())
    state: Mapped[ItemState] = mapped_column(_words(ItemState))
    file: Mapped[str | None] = mapped_column(String(36))
    size: Mapped[int] = mapped_column(BigInteger)
    md5: Mapped[str | None] = mapped_column(String(32))
    sha256: Mapped[str | None] = mapped_column(String(64))
    file_type: Mapped[str] = mapped_column(String(64))
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    description: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    visible: Mapped[bool]
    deleted: Mapped[bool]
    purged: Mapped[bool]
    created_at: Mapped[float]
    updated_at: Mapped[float]

    __table_args__ = (
        UniqueConstraint("collection_number", "position"),
        # Whether a file is somebody else's too is asked whenever one is purged.
        Index("ix_items_file", "file", **rows_where("file IS NOT NULL")),
        # How much of the library is a user's is asked at every arrival: all that needs is in here.
        Index("ix_items_held", "collection_number", "file", "size", **rows_where("file IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )


class UploadRow(Base):
    """One upload; how much of it has arrived is the length of its file."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[float]
