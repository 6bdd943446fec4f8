"""What Google has granted, consents under way, sessions of its picker; what API keys may do, by scopes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("scopes", sa.JSON(), nullable=True))
    op.create_table(
        "grants",
        sa.Column("number", Whole, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", Whole, nullable=True),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("display_name", sa.String(length=255), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("renewing_until", sa.Double(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("last_used_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_grants_owner_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_grants")),
        sa.UniqueConstraint("connection_id", name=op.f("uq_grants_connection_id")),
        sa.UniqueConstraint("owner_id", "provider", "account", name=op.f("uq_grants_owner_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", Whole, nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_user_id", "consents", ["user_id"])
    op.create_index("ix_consents_expires_at", "consents", ["expires_at"])
    op.create_table(
        "picker_sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", Whole, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("counted_from", sa.Double(), nullable=False),
        sa.Column("calls", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_picker_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_picker_sessions")),
    )
    for column in ("user_id", "connection_id", "expires_at"):
        op.create_index(f"ix_picker_sessions_{column}", "picker_sessions", [column])


def downgrade() -> None:
    for table in ("picker_sessions", "consents", "grants"):
        op.drop_table(table)
    op.drop_column("api_keys", "scopes")
