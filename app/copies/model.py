"""The table of copies: what copy jobs have to do, object by object, and how far each is. No queries here."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.copies.contract import Copy, CopyKind, CopyState
from app.db import Base, rows_where
from app.library.model import CollectionRow, ItemRow


def _words(kind: type[CopyKind] | type[CopyState]) -> Enum:
    return Enum(
        kind, values_callable=lambda members: [member.value for member in members], native_enum=False, length=16
    )


class CopyRow(Base):
    """One object of a copy job; see `app.copies.contract.Copy`. What is left after a crash is read here.

    Attributes:
        job_id: no foreign key, since jobs are forgotten by rules of their own.
    """

    __tablename__ = "copies"

    number: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(String(36), index=True)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[CopyKind] = mapped_column(_words(CopyKind))
    source: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    stored_key: Mapped[str | None] = mapped_column(Text)
    item_number: Mapped[int | None] = mapped_column(ForeignKey(ItemRow.number, ondelete="SET NULL"), index=True)
    collection_number: Mapped[int | None] = mapped_column(
        ForeignKey(CollectionRow.number, ondelete="SET NULL"), index=True
    )
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[CopyState] = mapped_column(_words(CopyState))
    cancelling: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[float]
    updated_at: Mapped[float]
    finished_at: Mapped[float | None]

    __table_args__ = (
        # Those that a job which ended otherwise has left behind are looked for now and then.
        Index("ix_copies_unfinished", "job_id", **rows_where("finished_at IS NULL")),
        {"sqlite_autoincrement": True},
    )

    def snapshot(self) -> Copy:
        """Return what the rest of the product sees of this row."""
        return Copy(**{name: getattr(self, name) for name in Copy.__slots__})
