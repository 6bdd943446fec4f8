"""What a connection has besides its address, and a key for each session.

Columns are added one by one: rebuilding the table of connections would empty what refers to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("connections", sa.Column("form", sa.String(length=24), nullable=False, server_default="keys"))
    op.add_column("connections", sa.Column("description", sa.Text(), nullable=False, server_default=""))
    op.add_column("connections", sa.Column("attributes", sa.Text(), nullable=True))
    op.add_column("connections", sa.Column("manifests", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("sessions", sa.Column("key_digest", sa.String(length=64), nullable=True))
    op.create_index("ix_sessions_key_digest", "sessions", ["key_digest"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_sessions_key_digest", "sessions")
    op.drop_column("sessions", "key_digest")
    for column in ("manifests", "attributes", "description", "form"):
        op.drop_column("connections", column)
