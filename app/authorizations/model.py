"""The table of authorizations. No queries here."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.model import UserRow
from app.db import Base


class AuthorizationRow(Base):
    """One authorization; see `app.authorizations.contract.Authorization`.

    Attributes:
        config: with each secret masked.
        sealed: the secrets of its config by their path, sealed for this row's id; None when it has none.
    """

    __tablename__ = "authorizations"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id, ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(64))
    config: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[str | None] = mapped_column(Text)
    authn_id: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[float]
    updated_at: Mapped[float]
    used_at: Mapped[float]

    __table_args__ = ({"sqlite_autoincrement": True},)
