"""The tables of connections, and of the proof that the sealing key is the right one. No queries here."""

from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.model import OrganisationRow, UserRow
from app.connections.contract import CredentialsForm
from app.db import Base

_FORM = Enum(
    CredentialsForm, values_callable=lambda members: [member.value for member in members], native_enum=False, length=24
)


class ConnectionRow(Base):
    """The stored address and credentials of one storage.

    Attributes:
        number: the order in which they were made.
        id: a UUID4, how everybody names it.
        kind: a kind of storage, such as ``s3``.
        address: JSON; what finds the storage, and nothing secret.
        sealed: its credentials, sealed for this row's id; None when it has none.
        owner_id: None once its owner was removed.
        organisation_id: None: it is its owner's alone.
        form, description, attributes, manifests: see `app.connections.contract.Connection`.
    """

    __tablename__ = "connections"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(63))
    address: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id, ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey(OrganisationRow.id, ondelete="SET NULL"), index=True)
    created_at: Mapped[float]
    updated_at: Mapped[float]
    form: Mapped[CredentialsForm] = mapped_column(_FORM, server_default=CredentialsForm.KEYS.value)
    description: Mapped[str] = mapped_column(Text, server_default="")
    attributes: Mapped[str | None] = mapped_column(Text)
    manifests: Mapped[list[str]] = mapped_column(JSON, server_default="[]")

    __table_args__ = ({"sqlite_autoincrement": True},)


class InstallationRow(Base):
    """The word that DATA_DIR and its database both hold; one row."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(36))


class SealingRow(Base):
    """The one row of something known, sealed: whoever cannot open it has another key than sealed the rest."""

    __tablename__ = "sealing"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[str] = mapped_column(Text)
